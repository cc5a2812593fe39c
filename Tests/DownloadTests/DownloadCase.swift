//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Download
import HTTP
import Store
import Synchronization
import SystemPackage

/// A store in a folder of its own, and downloaders into it, for one test.
final class DownloadCase: Sendable {
    let root: FilePath
    let store: Store
    private let states = Mutex<[DownloadProgress.State]>([])

    /// 300 kB that are not the same everywhere.
    static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2 ^ $0 >> 9) }
    static let digest = Digest.sha256(content)

    init() throws {
        root = FilePath("/tmp/fitout-download-\(UInt64.random(in: .min ... .max))")
        store = try Store(at: root.appending("store"))
    }

    deinit { try? removeTree(root) }

    /// The states that were reported, without repetitions and without `receiving`.
    var reported: [DownloadProgress.State] {
        states.withLock { states in
            states.reduce(into: []) { if $1 != .receiving && $0.last != $1 { $0.append($1) } }
        }
    }

    /// Runs `body` with a downloader as a process of its own would have one, and ends it.
    func downloading<Output>(
        environment: [String: String] = [:], change: (inout DownloadConfiguration) -> Void = { _ in },
        _ body: (Downloader) async throws -> Output
    ) async throws -> Output {
        var configuration = DownloadConfiguration(environment: environment)
        configuration.retries.firstPause = .milliseconds(1)
        configuration.retries.longestPause = .milliseconds(5)
        // A busy machine may take minutes for an answer.
        configuration.http.connectTimeout = .seconds(3600)
        configuration.http.readTimeout = .seconds(3600)
        change(&configuration)
        let downloader = Downloader(store: store, configuration: configuration) { progress in
            self.states.withLock { $0.append(progress.state) }
        }
        do {
            let output = try await body(downloader)
            try await downloader.shutdown()
            return output
        } catch {
            try await downloader.shutdown()
            throw error
        }
    }

    /// What is left of a download that broke off.
    var partial: FilePath { root.appending("store").appending("partial").appending(Self.digest.hex) }

    static func request(_ urls: String..., size: Int64? = Int64(content.count)) -> DownloadRequest {
        DownloadRequest(urls: urls, digest: digest, size: size, label: "thing")
    }
}
