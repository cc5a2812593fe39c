//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import OCI
import Registry
import Store
import SystemPackage
import Testing

@Suite struct PushTests {
    private let test: RegistryCase

    init() throws { test = try RegistryCase() }

    @Test func bringsBlobsFirstAndTheTagLast() async throws {
        let registry = try await FakeRegistry()
        let image = try test.image()
        let result = try await test.push(image, to: registry)
        #expect(result.reference.description == "\(registry.host)/me/app:1@\(image.descriptor.digest)")
        #expect(result.blobs.map(\.outcome) == [.uploaded, .uploaded, .uploaded])
        #expect(result.blobs.map(\.digest) == image.manifest.layers.map(\.digest) + [image.manifest.config.digest])
        let manifest = try #require(registry.stored.manifests["me/app 1"])
        #expect(manifest.bytes == image.manifestBytes && manifest.mediaType == MediaType.manifest)
        #expect(registry.log.suffix(2) == ["HEAD /v2/me/app/manifests/1", "PUT /v2/me/app/manifests/1"])
        #expect(registry.log.filter { $0.hasPrefix("PUT /v2/me/app/blobs/uploads/") }.count == 3)
    }

    @Test func sendsNothingTwice() async throws {
        let registry = try await FakeRegistry()
        try await test.push(to: registry)
        let count = registry.log.count
        let result = try await test.push(to: registry)
        #expect((result.blobs + result.documents).map(\.outcome) == [.existed, .existed, .existed, .existed])
        #expect(registry.log.dropFirst(count).allSatisfy { $0.hasPrefix("HEAD ") || $0 == "GET /v2/" })
        try await test.push(to: registry, "me/app:2")
        #expect(registry.log.last == "PUT /v2/me/app/manifests/2")
    }

    @Test func mountsWhatAnotherRepositoryHas() async throws {
        let registry = try await FakeRegistry()
        try await test.push(to: registry)
        let result = try await test.push(to: registry, "me/other")
        #expect(result.blobs.map(\.outcome) == Array(repeating: .mounted(from: "me/app"), count: 3))
        #expect(registry.stored.blobs["me/other"]?.count == 3)
        #expect(registry.stored.manifests["me/other latest"] != nil)
        #expect(registry.log.filter { $0.hasPrefix("PUT /v2/me/other/blobs") }.isEmpty)
    }

    @Test func sendsWhatCannotBeMounted() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.mounts = false
        let registry = try await FakeRegistry(behaviour)
        try await test.push(to: registry)
        let result = try await test.push(to: registry, "me/other")
        #expect(result.blobs.map(\.outcome) == [.uploaded, .uploaded, .uploaded])
        // The session that the registry opened instead of mounting is the one that is used.
        #expect(registry.log.filter { $0 == "POST /v2/me/other/blobs/uploads/" }.isEmpty)
    }

    @Test func mountsFromNowhereTwice() async throws {
        let registry = try await FakeRegistry()
        try await test.push(to: registry)
        registry.change { $0.blobs["me/app"] = [:] }
        let result = try await test.push(to: registry, "me/other")
        #expect(result.blobs.map(\.outcome) == [.uploaded, .uploaded, .uploaded])
    }

    @Test func tellsWhatItWouldDoAndChangesNothing() async throws {
        let registry = try await FakeRegistry()
        let image = try test.image()
        let first = try await test.push(image, to: registry, isDryRun: true)
        #expect((first.blobs + first.documents).map(\.outcome) == Array(repeating: .uploaded, count: 4))
        #expect(first.blobs.map(\.size) == [300_000, 1000, image.manifest.config.size])
        try await test.push(image, to: registry)
        let known = try await test.push(image, to: registry, isDryRun: true)
        #expect((known.blobs + known.documents).map(\.outcome) == Array(repeating: .existed, count: 4))
        let count = registry.log.count
        let other = try await test.push(image, to: registry, "me/other:1", isDryRun: true)
        #expect(other.blobs.map(\.outcome) == Array(repeating: .mounted(from: "me/app"), count: 3))
        #expect(registry.log.dropFirst(count).allSatisfy { $0.hasPrefix("HEAD ") || $0 == "GET /v2/" })
        #expect(registry.stored.blobs["me/other"] == nil)
    }

    @Test func putsAnIndexOverSeveralPlatforms() async throws {
        let registry = try await FakeRegistry()
        let images = [
            try test.image(), try test.image([400], platform: Platform(architecture: "arm64", variant: "v8")),
        ]
        let content = try PushContent(images, in: test.store)
        let reference = try ImageReference("\(registry.host)/me/app:1")
        _ = try await test.talking { try await $0.push(content, to: reference, remembering: test.store) }
        #expect(content.root.mediaType == MediaType.index)
        #expect(registry.stored.manifests["me/app 1"]?.mediaType == MediaType.index)
        for image in images {
            #expect(registry.stored.manifests["me/app \(image.descriptor.digest)"]?.bytes == image.manifestBytes)
        }
        #expect(registry.log.last == "PUT /v2/me/app/manifests/1")
    }

    @Test(arguments: ["layout", "layout.tar"])
    func pushesALayout(name: String) async throws {
        let registry = try await FakeRegistry()
        let image = try test.image()
        let path = test.root.appending(name)
        if name.hasSuffix("tar") {
            try writeArchive([image], tag: "app:1", to: path, from: test.store)
        } else {
            try writeLayout([image], tag: "app:1", to: path, from: test.store)
        }
        let content = try PushContent(ImageLayout(at: path))
        let reference = try ImageReference("\(registry.host)/me/app:1@\(image.descriptor.digest)")
        let result = try await test.talking { try await $0.push(content, to: reference, remembering: test.store) }
        #expect(result.reference == reference)
        #expect(registry.stored.blobs["me/app"]?[image.manifest.layers[0].digest]?.count == 300_000)
    }

    @Test func refusesADigestThatIsNotTheImages() async throws {
        let registry = try await FakeRegistry()
        let other = "sha256:" + String(repeating: "0", count: 64)
        await #expect(throws: RegistryError.self) { try await test.push(to: registry, "me/app@\(other)") }
        #expect(registry.log.isEmpty)
    }

    @Test func refusesABlobThatIsDamagedOnThisSide() async throws {
        let registry = try await FakeRegistry()
        let image = try test.image()
        let digest = image.manifest.layers[0].digest
        try removeTree(test.store.blobPath(digest))
        try writeAtomically(RegistryCase.bytes(300_000, 99), to: test.store.blobPath(digest))
        await #expect(throws: RegistryError.damaged(digest)) { try await test.push(image, to: registry) }
        #expect(registry.stored.manifests.isEmpty)
    }

    @Test func tellsOfABlobThatIsGone() async throws {
        let registry = try await FakeRegistry()
        let image = try test.image()
        let path = test.store.blobPath(image.manifest.layers[0].digest)
        try removeTree(path)
        await #expect(throws: RegistryError.store(.system(verb: "read", path: path, .noSuchFileOrDirectory))) {
            try await test.push(image, to: registry)
        }
    }
}
