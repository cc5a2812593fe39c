//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import HTTP
import OCI
import Registry
import Store
import Synchronization
import SystemPackage

/// A store in a folder of its own, images in it, and clients, for one test.
final class RegistryCase: Sendable {
    let root: FilePath
    let store: Store
    private let events = Mutex<[RegistryEvent]>([])

    init() throws {
        root = FilePath("/tmp/fitout-registry-" + String(UInt64.random(in: .min ... .max), radix: 36))
        store = try Store(at: root.appending("store"))
    }

    deinit { try? removeTree(root) }

    /// Why something was tried again.
    var retries: [String] {
        events.withLock { events in
            events.compactMap { if case .blob(_, _, _, .retrying(let reason)) = $0 { reason } else { nil } }
        }
    }

    var notes: [String] {
        events.withLock { $0.compactMap { if case .note(let text) = $0 { text } else { nil } } }
    }

    /// Runs `body` with a client as a process of its own would have one, and ends it.
    func talking<Output>(
        environment: [String: String] = [:], change: (inout RegistryConfiguration) -> Void = { _ in },
        _ body: (RegistryClient) async throws -> Output
    ) async throws -> Output {
        var configuration = RegistryConfiguration(environment: environment)
        configuration.retries.firstPause = .milliseconds(1)
        configuration.retries.longestPause = .milliseconds(5)
        // A busy machine may take minutes for an answer.
        configuration.http.connectTimeout = .seconds(3600)
        configuration.http.readTimeout = .seconds(3600)
        change(&configuration)
        let client = RegistryClient(configuration: configuration) { event in self.events.withLock { $0.append(event) } }
        do {
            let output = try await body(client)
            await client.shutdown()
            return output
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Bytes that are not the same everywhere.
    static func bytes(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ seed) &* 7 >> 2 ^ $0 >> 9) }
    }

    /// An image of layers of these sizes, which are no archives.
    func image(_ sizes: [Int] = [300_000, 1000], platform: Platform = Platform(architecture: "amd64")) throws -> Image {
        var layers: [ImageLayer] = []
        for (number, size) in sizes.enumerated() {
            let bytes = Self.bytes(size, number + platform.architecture.utf8.count)
            let descriptor = Descriptor(
                mediaType: MediaType.layer, digest: try store.insert(bytes), size: Int64(bytes.count))
            layers.append(ImageLayer(descriptor: descriptor, diffID: descriptor.digest, createdBy: "sample"))
        }
        return try Image(config: ImageConfig(platform: platform), layers: layers)
    }

    /// Pushes an image, by default one of two layers.
    @discardableResult
    func push(
        _ image: Image? = nil, to registry: FakeRegistry, _ name: String = "me/app:1", isDryRun: Bool = false,
        environment: [String: String] = [:], change: (inout RegistryConfiguration) -> Void = { _ in }
    ) async throws -> PushResult {
        let content = try PushContent([try image ?? self.image()], in: store)
        let reference = try ImageReference("\(registry.host)/\(name)")
        return try await talking(environment: environment, change: change) {
            try await $0.push(content, to: reference, remembering: store, isDryRun: isDryRun)
        }
    }

    /// Writes a file of credentials and gives the environment that names it.
    func credentials(_ json: String) throws -> [String: String] {
        try writeAtomically(Array(json.utf8), to: root.appending("config.json"))
        return ["DOCKER_CONFIG": root.string]
    }

    /// Writes a credential helper in a folder of its own, and gives that.
    func helper(_ name: String, _ script: String) throws -> FilePath {
        let folder = root.appending("bin")
        mkdir(folder.string, 0o755)
        try writeAtomically(
            Array("#!/bin/sh\n\(script)\n".utf8), to: folder.appending("docker-credential-\(name)"),
            mode: [.ownerReadWriteExecute])
        return folder
    }
}
