//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reads a tar archive, plain or compressed, byte for byte: names keep their bytes, nothing is guessed or repaired, and
/// positions and extension headers can be seen. ustar, pax and GNU's long names are understood.
///
/// Used like ``ArchiveReader``.
public struct TarReader: ~Copyable {
    /// How an archive ended.
    public struct Trailer: Equatable, Sendable {
        /// How many zero blocks stand at the end of the entries; a proper end of archive has at least two.
        public var zeroBlocks: Int
        /// Whether anything but zeros follows the first zero block, which readers of layers do not see.
        public var hasDataBehind: Bool

        /// An ending.
        public init(zeroBlocks: Int = 0, hasDataBehind: Bool = false) {
            self.zeroBlocks = zeroBlocks
            self.hasDataBehind = hasDataBehind
        }
    }

    /// Where the present entry's first header block starts in the uncompressed archive, extension headers included.
    public private(set) var headerOffset: Int64 = 0
    /// Where the present entry's content starts in the uncompressed archive.
    public private(set) var contentOffset: Int64 = 0
    /// The keys of the pax records that belong to the present entry, in their order.
    public private(set) var paxKeys: [String] = []
    /// Whether a pax header for all that follows (type `g`) has been seen.
    public private(set) var hasGlobalHeader = false
    /// How the archive ended; complete when ``readTrailer()`` has returned.
    public private(set) var trailer = Trailer()

    private var input: BlockInput
    private var remaining: Int64 = 0
    private var padding: Int64 = 0
    private var globalRecords: [PaxRecord] = []
    private var atEnd = false

    /// Opens `source`, whose compression is recognised by its content.
    ///
    /// - Parameter limit: how many bytes it may hold uncompressed before reading ends with
    ///   ``ArchiveError/tooLarge(limit:)``.
    public init(_ source: ArchiveSource, limit: Int64 = .max) throws(ArchiveError) {
        input = BlockInput(try Decompressor(source), limit: limit)
    }

    /// The header of the next entry; nil at the end of the archive. What is left of the present content is skipped.
    public mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        try input.skip(remaining + padding)
        (remaining, padding) = (0, 0)
        if atEnd { return nil }
        headerOffset = input.position
        var fields = TarFields(records: globalRecords)
        paxKeys = []
        while let header = try nextHeader() {
            switch header.type {
            case UInt8(ascii: "x"), UInt8(ascii: "X"):
                let records = try PaxRecord.parse(try extensionContent(header))
                paxKeys += records.map(\.key)
                fields.records += records
            case UInt8(ascii: "g"):
                hasGlobalHeader = true
                globalRecords += try PaxRecord.parse(try extensionContent(header))
                fields.records = globalRecords + fields.records
            case UInt8(ascii: "L"): fields.longName = untilZero(try extensionContent(header))
            case UInt8(ascii: "K"): fields.longLink = untilZero(try extensionContent(header))
            case UInt8(ascii: "S"): throw .malformed(reason: "sparse files are not supported")
            default:
                let (entry, size) = try fields.entry(header)
                contentOffset = input.position
                (remaining, padding) = (size, (512 - size % 512) % 512)
                return entry
            }
        }
        guard paxKeys.isEmpty, fields.longName == nil, fields.longLink == nil else {
            throw .malformed(reason: "the archive ends behind an extension header")
        }
        return nil
    }

    /// Moves to the next block of the present entry's content; false at its end.
    public mutating func nextBlock() throws(ArchiveError) -> Bool {
        guard remaining > 0 else { return false }
        guard try input.take(atMost: remaining) else { throw .malformed(reason: "the archive ends inside an entry") }
        remaining -= Int64(input.taken.count)
        return true
    }

    /// Lends the present block.
    public func withBlock<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(input.taken.bindMemory(to: UInt8.self).span)
    }

    /// The whole content of the present entry, from the present position to its end.
    ///
    /// - Parameter limit: how many bytes it may have.
    public mutating func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        guard remaining <= limit else { throw .tooLarge(limit: Int64(limit)) }
        var content: [UInt8] = []
        content.reserveCapacity(Int(min(remaining, 1 << 20)))
        while try nextBlock() { content.append(contentsOf: input.taken) }
        return content
    }

    /// Reads what follows the last entry, after ``next()`` has returned nil.
    public mutating func readTrailer() throws(ArchiveError) -> Trailer {
        while try input.take(atMost: 512) {
            let isZero = input.taken.allSatisfy { $0 == 0 }
            if !isZero { trailer.hasDataBehind = true }
            if isZero && !trailer.hasDataBehind && input.taken.count == 512 { trailer.zeroBlocks += 1 }
        }
        return trailer
    }

    private mutating func nextHeader() throws(ArchiveError) -> TarHeader? {
        guard let block = try input.read(512) else {
            atEnd = true
            return nil
        }
        if block.allSatisfy({ $0 == 0 }) {
            atEnd = true
            trailer.zeroBlocks = 1
            return nil
        }
        return try TarHeader(block)
    }

    /// The content of an extension header: at most a mebibyte, as much as any tool writes.
    private mutating func extensionContent(_ header: TarHeader) throws(ArchiveError) -> [UInt8] {
        guard header.size <= 1 << 20 else { throw .malformed(reason: "an extension header is too long") }
        guard let content = try input.read(Int(header.size)) else {
            throw .malformed(reason: "the archive ends inside an extension header")
        }
        try input.skip((512 - header.size % 512) % 512)
        return content
    }
}

/// Uncompressed bytes taken piece by piece from a ``Decompressor``.
struct BlockInput: ~Copyable {
    /// How many bytes have been taken.
    private(set) var position: Int64 = 0
    /// What the last ``take(atMost:)`` took, valid until the next call.
    private(set) var taken = UnsafeRawBufferPointer(start: nil, count: 0)
    private var decompressor: Decompressor
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
    private let limit: Int64

    init(_ decompressor: consuming Decompressor, limit: Int64) {
        self.decompressor = decompressor
        self.limit = limit
    }

    /// Takes between one and `count` bytes; false at the end.
    mutating func take(atMost count: Int64) throws(ArchiveError) -> Bool {
        while rest.isEmpty {
            guard try decompressor.nextBlock() else {
                taken = UnsafeRawBufferPointer(start: nil, count: 0)
                return false
            }
            // Valid until the next block is asked for, which happens here alone.
            rest = decompressor.block
        }
        let length = Int(min(count, Int64(rest.count)))
        taken = UnsafeRawBufferPointer(rebasing: rest[..<length])
        rest = UnsafeRawBufferPointer(rebasing: rest[length...])
        position += Int64(length)
        guard position <= limit else { throw .tooLarge(limit: limit) }
        return true
    }

    /// Exactly `count` bytes; nil when there are none at all.
    mutating func read(_ count: Int) throws(ArchiveError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard try take(atMost: Int64(count - bytes.count)) else {
                if bytes.isEmpty { return nil }
                throw .malformed(reason: "the archive ends inside a header")
            }
            bytes.append(contentsOf: taken)
        }
        return bytes
    }

    /// Passes over `count` bytes, which must be there.
    mutating func skip(_ count: Int64) throws(ArchiveError) {
        var left = count
        while left > 0 {
            guard try take(atMost: left) else { throw .malformed(reason: "the archive ends inside an entry") }
            left -= Int64(taken.count)
        }
    }
}
