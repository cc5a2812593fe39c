//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import OCI
import Registry
import Store
import SystemPackage
import TestSupport
import Testing

/// What Debian's registry, and skopeo, make of what is pushed.
@Suite(.enabled(if: has("docker-registry", "skopeo", for: "pushing to docker-registry")))
struct DockerRegistryTests {
    private let test: RegistryCase

    init() throws { test = try RegistryCase() }

    private func push(
        _ images: [Image], to name: String, environment: [String: String] = [:]
    ) async throws -> PushResult {
        let content = try PushContent(images, in: test.store)
        return try await test.talking(environment: environment) {
            try await $0.push(content, to: ImageReference(name), remembering: test.store)
        }
    }

    /// A request of this method and path is in the registry's log.
    private func requests(_ registry: DockerRegistry, _ text: String) -> Int {
        registry.log.split(separator: "\n").filter { $0.contains(text) && $0.hasPrefix("127.0.0.1") }.count
    }

    @Test func pushesWhatSkopeoReads() async throws {
        let registry = try await DockerRegistry(in: test.root)
        let images = [
            try test.image([3_000_000, 10]),
            try test.image([400], platform: Platform(architecture: "arm64", variant: "v8")),
        ]
        let result = try await push(images, to: "\(registry.host)/a/app:1")
        let copied = try await start(
            "skopeo",
            [
                "copy", "-q", "--all", "--preserve-digests", "--insecure-policy", "--src-tls-verify=false",
                "docker://\(registry.host)/a/app:1",
                "oci:\(test.root)/copy:1",
            ])
        #expect(copied.status == 0, "\(copied.errors)")
        let layout = try ImageLayout(at: test.root.appending("copy"))
        #expect(layout.index.manifests.map(\.digest) == [result.reference.digest])
        #expect(try layout.manifests().map(\.descriptor.digest) == images.map(\.descriptor.digest))
    }

    @Test func mountsAndSendsNothingTwice() async throws {
        let registry = try await DockerRegistry(in: test.root)
        let images = [try test.image()]
        _ = try await push(images, to: "\(registry.host)/a/app:1")
        let puts = requests(registry, "\"PUT /v2/a/app/blobs/uploads/")
        let other = try await push(images, to: "\(registry.host)/b/app:1")
        #expect(other.blobs.map(\.outcome) == Array(repeating: .mounted(from: "a/app"), count: 3))
        let again = try await push(images, to: "\(registry.host)/a/app:2")
        #expect(again.blobs.map(\.outcome) == Array(repeating: .existed, count: 3))
        #expect(puts == 3 && requests(registry, "\"PUT /v2/b/app/blobs/uploads/") == 0)
        #expect(requests(registry, "\"PUT /v2/a/app/blobs/uploads/") == 3)
    }

    @Test func showsAPasswordWhereOneIsWanted() async throws {
        let registry = try await DockerRegistry(in: test.root, isProtected: true)
        let image = try test.image()
        await #expect(throws: RegistryError.self) { try await push([image], to: "\(registry.host)/a/app:1") }
        let wrong = try test.credentials(#"{"auths": {"\#(registry.host)": {"username": "me", "password": "no"}}}"#)
        let error = await #expect(throws: RegistryError.self) {
            try await push([image], to: "\(registry.host)/a/app:1", environment: wrong)
        }
        #expect(error?.description.contains("do not allow it") == true)
        // podman's form, whose keys are repositories.
        let environment = try test.credentials(#"{"auths": {"\#(registry.host)/a": {"auth": "bWU6c2VjcmV0"}}}"#)
        _ = try await push([image], to: "\(registry.host)/a/app:1", environment: environment)
        let images = try await test.talking(environment: environment) {
            try await $0.images(ImageReference("\(registry.host)/a/app:1"))
        }
        #expect(images.map(\.manifest) == [image.manifest])
    }

    @Test func pullsWhatSkopeoPushes() async throws {
        let registry = try await DockerRegistry(in: test.root)
        let image = try test.image()
        try writeLayout([image], tag: "app:1", to: test.root.appending("layout"), from: test.store)
        for format in ["oci", "v2s2"] {
            let copied = try await start(
                "skopeo",
                [
                    "copy", "-q", "--format", format, "--insecure-policy", "--dest-tls-verify=false",
                    "oci:\(test.root)/layout:1", "docker://\(registry.host)/\(format)/app:1",
                ])
            #expect(copied.status == 0, "\(copied.errors)")
            let store = try Store(at: test.root.appending(format))
            let pulled = try await test.talking { client in
                let images = try await client.images(ImageReference("\(registry.host)/\(format)/app:1"))
                _ = try await client.layers(of: images[0], into: store)
                return images
            }
            // skopeo compresses layers on the way; what they hold stays the same.
            #expect(pulled.map(\.config.rootFileSystem) == [image.config.rootFileSystem])
            #expect(pulled[0].manifest.layers.count == 2)
            for layer in pulled[0].manifest.layers { try store.check(layer.digest) }
        }
    }
}
