//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import AsyncHTTPClient
import NIOCore
import Store
import Synchronization
import SystemPackage

/// The bytes of a blob that is to be sent: in memory, or in a part of a file.
enum BlobContent: Sendable {
    case bytes([UInt8])
    case file(FilePath, offset: Int64)

    init(_ source: ArchiveSource) {
        self =
            switch source {
            case .memory(let bytes): .bytes(bytes)
            case .file(let path): .file(FilePath(path), offset: 0)
            case .fileRange(let path, let offset, _): .file(FilePath(path), offset: offset)
            }
    }

    /// A body of `range`, of which at no time more is in memory than a piece.
    ///
    /// - Parameter sent: is told the bytes of each piece when it is taken.
    func body(_ range: Range<Int64>, sent: @escaping @Sendable (Int) -> Void) -> BlobBody {
        BlobBody(self, range, sent: sent)
    }

    /// Whether the first `size` bytes have this digest.
    func isSound(_ digest: Digest, size: Int64) -> Bool {
        switch self {
        case .bytes(let bytes): return Digest.sha256(bytes) == digest
        case .file(let path, let offset):
            var hasher = DigestHasher()
            var position: Int64 = 0
            guard let file = try? SystemPackage.FileDescriptor.open(path, .readOnly, options: .closeOnExec) else {
                return false
            }
            // It was only read from: closing it cannot lose anything.
            defer { try? file.close() }
            var buffer = [UInt8](repeating: 0, count: BlobBody.pieceSize)
            while position < size {
                let wanted = Int(min(Int64(buffer.count), size - position))
                let count = try? buffer.withUnsafeMutableBytes { buffer in
                    let count = try file.read(
                        fromAbsoluteOffset: offset + position, into: .init(rebasing: buffer[..<wanted]))
                    hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    return count
                }
                guard let count, count > 0 else { return false }
                position += Int64(count)
            }
            return hasher.finalize() == digest
        }
    }
}

/// A range of a blob as the body of a request. Each request that it is given to reads it from the beginning.
final class BlobBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    static let pieceSize = 256 << 10

    private let content: BlobContent
    private let range: Range<Int64>
    private let sent: @Sendable (Int) -> Void
    private let state = Mutex<RegistryError?>(nil)

    init(_ content: BlobContent, _ range: Range<Int64>, sent: @escaping @Sendable (Int) -> Void) {
        (self.content, self.range, self.sent) = (content, range, sent)
    }

    /// Why the blob could not be read, if it could not: the HTTP client wraps it.
    var failure: RegistryError? { state.withLock(\.self) }

    /// The body of a request, whose length is known.
    var body: HTTPClientRequest.Body { .stream(self, length: .known(Int64(range.count))) }

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    final class Iterator: AsyncIteratorProtocol {
        private let body: BlobBody
        private var position: Int64
        private var file: SystemPackage.FileDescriptor?

        init(_ body: BlobBody) {
            self.body = body
            position = body.range.lowerBound
        }

        deinit { try? file?.close() }

        func next() async throws -> ByteBuffer? {
            let count = Int(Swift.min(Int64(BlobBody.pieceSize), body.range.upperBound - position))
            guard count > 0 else { return nil }
            let piece: ByteBuffer
            switch body.content {
            case .bytes(let bytes): piece = ByteBuffer(bytes: bytes[Int(position)..<Int(position) + count])
            case .file(let path, let offset): piece = try read(path, offset + position, count)
            }
            position += Int64(count)
            body.sent(count)
            return piece
        }

        private func read(_ path: FilePath, _ position: Int64, _ count: Int) throws -> ByteBuffer {
            var buffer = ByteBuffer()
            buffer.reserveCapacity(count)
            do {
                let file = try self.file ?? SystemPackage.FileDescriptor.open(path, .readOnly, options: .closeOnExec)
                self.file = file
                while buffer.readableBytes < count {
                    let present = buffer.readableBytes
                    let got = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count - present) { free in
                        try file.read(
                            fromAbsoluteOffset: position + Int64(present),
                            into: UnsafeMutableRawBufferPointer(rebasing: free[..<(count - present)]))
                    }
                    if got == 0 { throw Errno.ioError }
                }
                return buffer
            } catch {
                let errno = error as? Errno ?? .ioError
                body.state.withLock { $0 = .store(.system(verb: "read", path: path, errno)) }
                throw error
            }
        }
    }
}
