//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Receives output piece by piece; a piece is valid only during the call. What it throws ends the writing.
public typealias ByteSink = (Span<UInt8>) throws -> Void

/// The receiver of output: the context of libarchive's write callback, and what encoders write to.
final class OutputSink {
    /// What the receiver threw.
    private(set) var failure: ArchiveError?
    /// How many bytes have come out.
    private(set) var count: Int64 = 0
    /// When set, output is dropped: what libarchive writes while it closes is not wanted.
    var isClosed = false
    private let receive: ByteSink

    init(_ receive: @escaping ByteSink) {
        self.receive = receive
    }

    /// The number of bytes taken, or -1 after a failure, as libarchive's write callback returns it.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        // A failure, because libarchive would otherwise fill up the entry that it is at, whatever size that has.
        if isClosed { return -1 }
        do {
            try receive(bytes.bindMemory(to: UInt8.self).span)
        } catch let error as ArchiveError {
            failure = error
            return -1
        } catch {
            failure = .refused(reason: "\(error)")
            return -1
        }
        count += Int64(bytes.count)
        return bytes.count
    }

    /// Hands on `bytes`, and throws what the receiver threw.
    func put(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        if bytes.isEmpty { return }
        if write(bytes) < 0 { throw failure ?? .unwritable(reason: "the output was refused") }
    }
}
