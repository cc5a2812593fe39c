//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import OCI
import Registry
import Store
import SystemPackage
import TestSupport
import Testing

@Suite struct PullTests {
    private let test: RegistryCase

    init() throws { test = try RegistryCase() }

    /// A registry with an index of two platforms as `me/app:multi`, and one image as `me/app:1`.
    private func registry(
        _ behaviour: FakeRegistry.Behaviour = .init()
    ) async throws -> (registry: FakeRegistry, images: [Image]) {
        let registry = try await FakeRegistry(behaviour)
        let images = [
            try test.image(), try test.image([400], platform: Platform(architecture: "arm64", variant: "v8")),
        ]
        try fill(registry, images)
        return (registry, images)
    }

    private func fill(_ registry: FakeRegistry, _ images: [Image]) throws {
        let unknown = Descriptor(
            mediaType: MediaType.manifest, digest: .sha256([]), size: 0,
            platform: Platform(architecture: "unknown", os: "unknown"))
        let index = try canonicalJSON(Index(manifests: images.map(\.descriptor) + [unknown]))
        try registry.change { content in
            for image in images {
                for layer in image.manifest.layers {
                    content.blobs["me/app", default: [:]][layer.digest] = try test.store.read(layer.digest)
                }
                content.blobs["me/app", default: [:]][image.manifest.config.digest] = image.configBytes
                for name in ["\(image.descriptor.digest)", image.config.architecture] {
                    content.manifests["me/app \(name)"] = (MediaType.manifest, image.manifestBytes)
                }
            }
            content.manifests["me/app multi"] = (MediaType.index, index)
        }
    }

    private func images(_ registry: FakeRegistry, _ name: String, _ platform: Platform? = nil) async throws
        -> [RemoteImage]
    {
        try await test.talking { client in
            try await client.images(ImageReference("\(registry.host)/me/app:\(name)"), platform: platform)
        }
    }

    @Test func readsAnImageWithoutItsLayers() async throws {
        let (registry, images) = try await registry()
        let found = try await self.images(registry, "amd64")
        #expect(found.map(\.manifest) == [images[0].manifest] && found.map(\.config) == [images[0].config])
        #expect(found.first?.reference.digest == images[0].descriptor.digest)
        #expect(registry.log == ["GET /v2/me/app/manifests/amd64", "GET /v2/me/app/blobs/<digest>"])
        let accepted = registry.asked[0].headers["Accept"]
        #expect(
            accepted.contains(MediaType.index) && accepted.contains { $0.contains("docker.distribution.manifest.v2") })
    }

    @Test func readsEveryPlatformOfAnIndex() async throws {
        let (registry, images) = try await registry()
        #expect(try await self.images(registry, "multi").map(\.descriptor) == images.map(\.descriptor))
    }

    @Test func choosesAPlatform() async throws {
        let (registry, images) = try await registry()
        // `v8` is what every arm64 is.
        let found = try await self.images(registry, "multi", Platform(architecture: "arm64"))
        #expect(found.map(\.manifest) == [images[1].manifest])
        #expect(registry.log.filter { $0.contains("/blobs/") }.count == 1)
    }

    @Test(arguments: ["multi", "amd64"])
    func namesThePlatformsThatThereAre(name: String) async throws {
        let (registry, _) = try await registry()
        let error = await #expect(throws: RegistryError.self) {
            try await images(registry, name, Platform(architecture: "riscv64"))
        }
        #expect(error?.description.contains("is not for linux/riscv64") == true)
        #expect(error?.description.contains("linux/amd64") == true)
    }

    @Test func tellsThatThereIsNoSuchImage() async throws {
        let (registry, _) = try await registry()
        let reference = try ImageReference("\(registry.host)/me/app:absent")
        await #expect(throws: RegistryError.notFound(reference)) { try await images(registry, "absent") }
    }

    @Test func refusesAManifestOfAnotherDigest() async throws {
        let (registry, images) = try await registry()
        let name = "\(images[0].descriptor.digest)"
        registry.change { $0.manifests["me/app \(name)"]?.bytes.append(0x20) }
        let error = await #expect(throws: RegistryError.self) {
            try await test.talking { try await $0.document(ImageReference("\(registry.host)/me/app@\(name)")) }
        }
        guard case .wrongDigest(_, images[0].descriptor.digest, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func readsATruncatedManifestAgain() async throws {
        let once = Counter(1)
        var behaviour = FakeRegistry.Behaviour()
        behaviour.change = { asked, answer in
            var answer = answer
            if asked.path.contains("/manifests/"), once.takeOne() { answer.breakOffAfter = 20 }
            return answer
        }
        let (registry, images) = try await registry(behaviour)
        #expect(try await self.images(registry, "amd64").map(\.manifest) == [images[0].manifest])
    }

    @Test func readsNoManifestWithoutAnEnd() async throws {
        var behaviour = FakeRegistry.Behaviour()
        behaviour.change = { _, answer in
            var answer = answer
            answer.headers.replaceOrAdd(name: "Content-Length", value: "\(100 << 20)")
            answer.body = Array(repeating: 0x20, count: 5 << 20)
            answer.breakOffAfter = 5 << 20
            return answer
        }
        let (registry, _) = try await registry(behaviour)
        let error = await #expect(throws: RegistryError.self) { try await images(registry, "amd64") }
        #expect(error?.description.contains("more than 4194304 bytes") == true)
        #expect(registry.log.count == 1)
    }

    @Test(arguments: ["{", "[]", "{}", #"{"mediaType": "text/plain"}"#])
    func refusesWhatIsNoManifest(text: String) async throws {
        let (registry, _) = try await registry()
        registry.change { $0.manifests["me/app bad"] = (MediaType.manifest, Array(text.utf8)) }
        await #expect(throws: RegistryError.self) { try await images(registry, "bad") }
    }

    @Test(arguments: [-1, Int64.min, Int64.max])
    func refusesImpossibleSizes(size: Int64) async throws {
        let (registry, images) = try await registry()
        var manifest = images[0].manifest
        manifest.layers[0].size = size
        let bytes = try canonicalJSON(manifest)
        registry.change { $0.manifests["me/app bad"] = (MediaType.manifest, bytes) }
        let error = await #expect(throws: RegistryError.self) { try await self.images(registry, "bad") }
        #expect(error?.description.contains("cannot have \(size) bytes") == true)

        let layout = test.root.appending("layout")
        try writeLayout([images[0]], tag: "app:1", to: layout, from: test.store)
        let descriptor = Descriptor(mediaType: MediaType.manifest, digest: .sha256(bytes), size: Int64(bytes.count))
        try writeAtomically(bytes, to: layout.pushing("blobs/sha256").appending(descriptor.digest.hex))
        try writeAtomically(canonicalJSON(Index(manifests: [descriptor])), to: layout.appending("index.json"))
        #expect(throws: RegistryError.self) { try PushContent(ImageLayout(at: layout)) }
    }

    @Test func refusesALongChainOfIndexes() async throws {
        let (registry, images) = try await registry()
        var below = images[0].descriptor
        for _ in 0..<4 {
            let bytes = try canonicalJSON(Index(manifests: [below]))
            below = Descriptor(mediaType: MediaType.index, digest: .sha256(bytes), size: Int64(bytes.count))
            registry.change { $0.manifests["me/app \(below.digest)"] = (MediaType.index, bytes) }
            registry.change { $0.manifests["me/app deep"] = (MediaType.index, bytes) }
        }
        let error = await #expect(throws: RegistryError.self) { try await self.images(registry, "deep") }
        #expect(error?.description.contains("nested too deeply") == true)
    }

    @Test func refusesAConfigurationOfAnotherDigestOrSize() async throws {
        for bytes in [[UInt8](), Array(repeating: 0x20, count: 5000)] {
            let (registry, images) = try await registry()
            registry.change { $0.blobs["me/app"]?[images[0].manifest.config.digest] = bytes }
            await #expect(throws: RegistryError.self) { try await self.images(registry, "amd64") }
        }
    }

    private func layers(of registry: FakeRegistry, into store: Store) async throws -> [FilePath] {
        try await test.talking { client in
            let image = try await client.images(ImageReference("\(registry.host)/me/app:amd64"))[0]
            return try await client.layers(of: image, into: store)
        }
    }

    private func emptyStore() throws -> Store { try Store(at: test.root.appending("empty")) }

    @Test func downloadsLayersOnce() async throws {
        let (registry, images) = try await registry()
        let store = try emptyStore()
        let paths = try await layers(of: registry, into: store)
        #expect(paths == images[0].manifest.layers.map { store.blobPath($0.digest) })
        for layer in images[0].manifest.layers { try store.check(layer.digest) }
        let count = registry.log.count
        _ = try await layers(of: registry, into: store)
        #expect(registry.log.count == count + 2)
    }

    @Test func goesOnWhereADownloadBrokeOff() async throws {
        let once = Counter(1)
        var behaviour = FakeRegistry.Behaviour()
        behaviour.change = { asked, answer in
            var answer = answer
            if answer.body.count == 300_000, once.takeOne() { answer.breakOffAfter = 100_000 }
            return answer
        }
        let (registry, _) = try await registry(behaviour)
        _ = try await layers(of: registry, into: emptyStore())
        #expect(registry.asked.contains { $0.start > 0 })
    }

    @Test(arguments: [299_999, 300_001])
    func refusesALayerOfAnotherSize(size: Int) async throws {
        let (registry, images) = try await registry()
        let digest = images[0].manifest.layers[0].digest
        registry.change { $0.blobs["me/app"]?[digest] = RegistryCase.bytes(size, 5) }
        let store = try emptyStore()
        await #expect(throws: RegistryError.self) { try await layers(of: registry, into: store) }
        #expect(!store.contains(digest))
    }

    @Test func givesNoCredentialsToTheStorageBehindARegistry() async throws {
        let (storage, images) = try await registry()
        var behaviour = FakeRegistry.Behaviour()
        behaviour.intercept = { asked in
            if asked["Authorization"] == nil {
                return .status(.unauthorized, ["WWW-Authenticate": "Basic realm=\"x\""])
            }
            return asked.path.contains("/blobs/")
                ? .status(.temporaryRedirect, ["Location": storage.server.url + asked.path + "?signature=hidden"]) : nil
        }
        let front = try await FakeRegistry(behaviour)
        try fill(front, images)
        let environment = try test.credentials(#"{"auths": {"\#(front.host)": {"auth": "bWU6c2VjcmV0"}}}"#)
        let store = try emptyStore()
        try await test.talking(environment: environment) { client in
            let image = try await client.images(ImageReference("\(front.host)/me/app:amd64"))[0]
            _ = try await client.layers(of: image, into: store)
        }
        #expect(storage.log.count == 3 && storage.asked.allSatisfy { $0["Authorization"] == nil })
    }
}
