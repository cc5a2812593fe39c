//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import Store

/// A blob on its way: what there is of it, and from which version of which file.
struct Transfer: ~Copyable {
    var file: PartialFile
    /// How many bytes it must have, if that is known.
    let size: Int64?

    private let store: Store
    /// Where the bytes came from, and what told that version of the file from others (ETag or Last-Modified).
    private var source: Source?

    /// How many bytes an attempt must bring to count as none: so much that a download of any size ends at some time.
    static let progressThatCounts: Int64 = 64 << 10

    init(_ file: consuming PartialFile, size: Int64?, in store: Store) {
        source = file.size == 0 ? nil : store.record(Source.kind, file.digest).flatMap { Source($0) }
        self.file = file
        self.size = size
        self.store = store
    }

    /// Whether it is the blob already.
    var isComplete: Bool { file.size > 0 && file.currentDigest == file.digest }

    /// What asks for the missing rest alone: RFC 9110, sections 13.1.5 and 14.2.
    func rangeHeaders(_ url: String) -> HTTPHeaders {
        guard file.size > 0 else { return [:] }
        var headers: HTTPHeaders = ["Range": "bytes=\(file.size)-"]
        // The rest of the same content from another mirror is as good; the digest tells.
        if let source, source.url == url { headers.add(name: "If-Range", value: source.validator) }
        return headers
    }

    /// Makes ready for the body of this response, which may be the rest or the whole.
    mutating func accept(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, url: String) throws(FetchFailure) {
        var total = headers.first(name: "Content-Length").flatMap { Int64($0) }
        if status == .partialContent {
            guard let range = ContentRange(headers.first(name: "Content-Range") ?? ""), range.start == file.size else {
                throw .anew(.unreachable(url: url, reason: "the server sent another part of the file than asked for"))
            }
            total = range.total
        } else if file.size > 0 {
            do throws(StoreError) { try restart() } catch { throw .final(.store(error)) }
        }
        if let size, let total, size != total {
            throw .anew(.wrongSize(url: url, expected: size, actual: total))
        }
        do throws(StoreError) { try remember(headers, url: url, total: total) } catch { throw .final(.store(error)) }
    }

    /// Appends bytes, no more than there should be.
    mutating func append(_ bytes: some Collection<UInt8>, url: String) throws(FetchFailure) {
        if let size, file.size + Int64(bytes.count) > size {
            throw .anew(.wrongSize(url: url, expected: size, actual: file.size + Int64(bytes.count)))
        }
        var failure: StoreError?
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            do throws(StoreError) { try file.write(UnsafeRawBufferPointer(buffer)) } catch { failure = error }
        }
        if isContiguous == nil {
            do throws(StoreError) {
                try file.write(Array(bytes))
            } catch {
                failure = error
            }
        }
        if let failure { throw .final(.store(failure)) }
    }

    /// Throws unless the file is the one expected.
    func verify(url: String) throws(FetchFailure) {
        if let size, file.size < size {
            throw .again(.wrongSize(url: url, expected: size, actual: file.size), after: nil)
        }
        let actual = file.currentDigest
        if actual != file.digest { throw .anew(.wrongDigest(url: url, expected: file.digest, actual: actual)) }
    }

    mutating func restart() throws(StoreError) {
        source = nil
        try file.restart()
    }

    consuming func commit() throws(StoreError) {
        let digest = file.digest
        try file.commit()
        try store.removeRecord(Source.kind, digest)
    }

    private mutating func remember(_ headers: HTTPHeaders, url: String, total: Int64?) throws(StoreError) {
        guard let source = Source(headers, url: url), source != self.source else { return }
        self.source = source
        // What is small is sooner downloaded again than this written.
        if total ?? .max >= 4 << 20 { try store.setRecord(Source.kind, file.digest, source.bytes) }
    }
}

/// A version of a file on a server.
private struct Source: Equatable {
    static let kind = "partial"

    var url: String
    /// What `If-Range` takes: a strong ETag, or else the time of the last change.
    var validator: String

    init?(_ headers: HTTPHeaders, url: String) {
        let tag = headers.first(name: "ETag").flatMap { $0.hasPrefix("\"") ? $0 : nil }
        guard let validator = tag ?? headers.first(name: "Last-Modified") else { return nil }
        self.url = url
        self.validator = validator
    }

    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 2 else { return nil }
        url = String(decoding: lines[0], as: UTF8.self)
        validator = String(decoding: lines[1], as: UTF8.self)
    }

    var bytes: [UInt8] { Array("\(url)\n\(validator)".utf8) }
}

/// Which part of a file a response holds: RFC 9110, section 14.4.
struct ContentRange: Equatable {
    var start: Int64
    /// The size of the whole file, unless it says `*`.
    var total: Int64?

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, let start = Int64(bounds[0]), let end = Int64(bounds[1]), 0 <= start, start <= end
        else { return nil }
        self.start = start
        total = parts[1] == "*" ? nil : Int64(parts[1])
        if parts[1] != "*" && total == nil { return nil }
    }
}
