//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTP
import NIOCore
import NIOHTTP1
import Store

extension Downloader {
    /// The content of a URL that changes in the course of time, such as an archive's `InRelease`.
    ///
    /// The last copy stays in the store: it is used again if the server says that it is still current, and always
    /// when the configuration is offline. It is never used in place of an answer that did not come.
    ///
    /// - Parameter headers: what to ask with, for example `Accept`; a copy is for the same headers only.
    /// - Throws: ``DownloadError``; `isNotFound` tells whether there is no such document.
    public func document(
        _ url: String, maximumSize: Int, headers: [(String, String)] = []
    ) async throws(DownloadError) -> [UInt8] {
        if url.hasPrefix("file:") { return try localDocument(url, maximumSize: maximumSize) }
        guard let address = WebAddress(url) else { throw .invalidURL(WebAddress.withoutCredentials(url)) }
        let key = Digest.sha256(Array(([url] + headers.flatMap { [$0.0, $0.1] }).joined(separator: "\n").utf8))
        let copy = store.record(DocumentCopy.kind, key).flatMap { DocumentCopy($0) }
        if configuration.offline {
            guard let copy else { throw .offline(address.url) }
            return copy.body
        }
        var attempt = 1
        while true {
            do throws(FetchFailure) {
                let document = try await fetch(address, HTTPHeaders(headers), copy, maximumSize: maximumSize)
                if document != copy {
                    do throws(StoreError) { try store.setRecord(DocumentCopy.kind, key, document.bytes) } catch {
                        throw .final(.store(error))
                    }
                }
                return document.body
            } catch {
                guard case .again(let error, let pause) = error else { throw error.error }
                attempt += 1
                if attempt > configuration.retries.attempts { throw error }
                do { try await Task.sleep(for: configuration.retries.pause(before: attempt, asked: pause)) } catch {
                    throw .cancelled
                }
            }
        }
    }

    /// One attempt: the server's document, or the copy if that is what the server has.
    private func fetch(
        _ address: WebAddress, _ headers: HTTPHeaders, _ copy: DocumentCopy?, maximumSize: Int
    ) async throws(FetchFailure) -> DocumentCopy {
        var headers = headers
        if let copy {
            if !copy.tag.isEmpty { headers.replaceOrAdd(name: "If-None-Match", value: copy.tag) }
            if !copy.lastModified.isEmpty {
                headers.replaceOrAdd(name: "If-Modified-Since", value: copy.lastModified)
            }
        }
        let response: HTTPClientResponse
        do throws(HTTPError) { response = try await connections.follow(.GET, address, headers: headers).response } catch
        {
            throw FetchFailure(error)
        }
        if response.status == .notModified, let copy { return copy }
        guard response.status == .ok else {
            await connections.drain(response.body)
            throw FetchFailure(status: response.status, headers: response.headers, url: address.url)
        }
        var document = DocumentCopy(
            tag: response.headers.first(name: "ETag") ?? "",
            lastModified: response.headers.first(name: "Last-Modified") ?? "", body: [])
        do {
            for try await piece in response.body {
                guard document.body.count + piece.readableBytes <= maximumSize else {
                    throw FetchFailure.next(.tooLarge(url: address.url, maximum: maximumSize))
                }
                document.body.append(contentsOf: piece.readableBytesView)
            }
        } catch {
            throw FetchFailure(error, url: address.url)
        }
        return document
    }

    private func localDocument(_ url: String, maximumSize: Int) throws(DownloadError) -> [UInt8] {
        do throws(FetchFailure) {
            let file = try LocalFile(url)
            defer { file.close() }
            var bytes: [UInt8] = []
            while let piece = try file.read() {
                bytes += piece
                if bytes.count > maximumSize { throw .next(.tooLarge(url: url, maximum: maximumSize)) }
            }
            return bytes
        } catch {
            throw error.error
        }
    }
}

/// The last copy of a document, and what tells it from later versions.
private struct DocumentCopy: Equatable {
    static let kind = "document"

    var tag: String
    var lastModified: String
    var body: [UInt8]

    init(tag: String, lastModified: String, body: [UInt8]) {
        self.tag = tag
        self.lastModified = lastModified
        self.body = body
    }

    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3 else { return nil }
        tag = String(decoding: lines[0], as: UTF8.self)
        lastModified = String(decoding: lines[1], as: UTF8.self)
        body = Array(lines[2])
    }

    var bytes: [UInt8] { Array("\(tag)\n\(lastModified)\n".utf8) + body }
}
