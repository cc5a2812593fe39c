//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Concurrency
import HTTP
import NIOCore
import NIOHTTP1
import Store
import SystemPackage

extension Downloader {
    /// Downloads the blob from the first mirror that has it.
    func download(_ request: DownloadRequest, _ digest: Digest) async throws(DownloadError) {
        let urls = configuration.offline ? request.urls.filter { $0.hasPrefix("file:") } : request.urls
        if urls.isEmpty {
            throw configuration.offline ? .offline(request.label) : .noURL(label: request.label)
        }
        guard var transfer = try await begin(request, digest) else { return }
        if !transfer.isComplete { try await download(request, fromAnyOf: urls, &transfer) }
        // To wait for the disk takes a thread; on one of its own, many files wait together.
        do { _ = try await parallelMap([transfer.file.synchronization]) { try $0() } } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .cancelled
        }
        let size = transfer.file.size
        do throws(StoreError) { try transfer.commit() } catch { throw .store(error) }
        report(request, size, .finished)
    }

    /// Downloads what is missing from the first mirror that has it.
    private func download(
        _ request: DownloadRequest, fromAnyOf urls: [String], _ transfer: inout Transfer
    ) async throws(DownloadError) {
        var errors: [DownloadError] = []
        for (index, url) in urls.enumerated() {
            do throws(DownloadError) {
                return try await download(request, from: url, &transfer)
            } catch .store(let error) {
                throw .store(error)
            } catch .cancelled {
                throw .cancelled
            } catch {
                errors.append(error)
                if index + 1 < urls.count { report(request, transfer.file.size, .retrying(reason: error.reason)) }
            }
        }
        if let only = errors.first, errors.count == 1 { throw only }
        throw .everyMirror(label: request.label, errors)
    }

    /// Downloads what is missing from one mirror, in as many attempts as are allowed.
    private func download(
        _ request: DownloadRequest, from url: String, _ transfer: inout Transfer
    ) async throws(DownloadError) {
        var attempt = 1
        var furthest = transfer.file.size
        var startedAnew = false
        while true {
            do throws(FetchFailure) {
                if url.hasPrefix("file:") {
                    try copy(request, from: url, &transfer)
                } else {
                    try await fetch(request, from: url, &transfer)
                }
                return try transfer.verify(url: WebAddress.withoutCredentials(url))
            } catch {
                switch error {
                case .final(let error), .next(let error):
                    throw error
                case .anew(let error):
                    do throws(StoreError) { try transfer.restart() } catch { throw .store(error) }
                    if startedAnew { throw error }
                    startedAnew = true
                    report(request, 0, .retrying(reason: error.reason))
                case .again(let error, let pause):
                    if transfer.file.size >= furthest + Transfer.progressThatCounts { attempt = 0 }
                    furthest = max(furthest, transfer.file.size)
                    attempt += 1
                    if attempt > configuration.retries.attempts { throw error }
                    report(request, transfer.file.size, .retrying(reason: error.reason))
                    do { try await Task.sleep(for: configuration.retries.pause(before: attempt, asked: pause)) } catch {
                        throw .cancelled
                    }
                }
            }
        }
    }

    /// One attempt: asks for what is missing, and appends what comes.
    private func fetch(
        _ request: DownloadRequest, from url: String, _ transfer: inout Transfer
    ) async throws(FetchFailure) {
        guard let address = WebAddress(url) else { throw .next(.invalidURL(WebAddress.withoutCredentials(url))) }
        let headers = transfer.rangeHeaders(address.url)
        let response: HTTPClientResponse
        do throws(HTTPError) { response = try await connections.follow(.GET, address, headers: headers).response } catch
        {
            throw FetchFailure(error)
        }
        switch response.status.code {
        case 200, 206:
            try transfer.accept(response.status, response.headers, url: address.url)
        case 416:
            await connections.drain(response.body)
            // There is nothing after what is here: it is the whole file, or another one.
            if transfer.isComplete { return }
            throw .anew(.status(url: address.url, 416))
        default:
            await connections.drain(response.body)
            throw FetchFailure(status: response.status, headers: response.headers, url: address.url)
        }
        do {
            for try await piece in response.body {
                try transfer.append(piece.readableBytesView, url: address.url)
                report(request, transfer.file.size, .receiving)
            }
        } catch {
            throw FetchFailure(error, url: address.url)
        }
    }

    /// Reads a `file:` URL.
    private func copy(
        _ request: DownloadRequest, from url: String, _ transfer: inout Transfer
    ) throws(FetchFailure) {
        let file = try LocalFile(url)
        defer { file.close() }
        do throws(StoreError) { try transfer.restart() } catch { throw .final(.store(error)) }
        while let piece = try file.read(), !piece.isEmpty {
            try transfer.append(piece, url: url)
            report(request, transfer.file.size, .receiving)
        }
    }

    private func begin(_ request: DownloadRequest, _ digest: Digest) async throws(DownloadError) -> Transfer? {
        do {
            guard let file = try await store.partialFile(digest) else {
                report(request, request.size ?? 0, .cached)
                return nil
            }
            return Transfer(file, size: request.size, in: store)
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .cancelled
        }
    }
}
