//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Registry
import Testing

@Suite struct ImageReferenceTests {
    static let digest = "sha256:" + String(repeating: "0a", count: 32)

    @Test(arguments: [
        ("debian", "docker.io/library/debian"), ("debian:13", "docker.io/library/debian:13"),
        ("me/app:1.0_x-y", "docker.io/me/app:1.0_x-y"), ("index.docker.io/debian", "docker.io/library/debian"),
        ("registry-1.docker.io/me/app", "docker.io/me/app"), ("docker.io/library/debian", "docker.io/library/debian"),
        ("ghcr.io/me/app:1", "ghcr.io/me/app:1"), ("localhost/app", "localhost/app"),
        ("localhost:5000/app:1", "localhost:5000/app:1"), ("127.0.0.1:5000/a/b/c", "127.0.0.1:5000/a/b/c"),
        ("[::1]:5000/app:1", "[::1]:5000/app:1"), ("[fe80::1]/app", "[fe80::1]/app"),
        ("REGISTRY.example/app", "registry.example/app"),
        ("a/b@\(digest)", "docker.io/a/b@\(digest)"), ("h.example/b:t@\(digest)", "h.example/b:t@\(digest)"),
        ("h.example/a--b/c__d/e.f_g", "h.example/a--b/c__d/e.f_g"),
    ])
    func readsAReference(text: String, full: String) throws {
        let reference = try ImageReference(text)
        #expect(reference.description == full)
        #expect(try ImageReference(full) == reference)
    }

    @Test(arguments: [
        ("", "the repository is missing"), ("h.example/", "the repository is missing"),
        ("https://ghcr.io/a", "it is a URL"), ("a:", "`` is no tag"), ("a:.b", "`.b` is no tag"),
        ("a:b@sha256:12", "`sha256:12` is no digest"), ("a/B", "the repository `a/B` has capital letters"),
        ("h.example/a//b", "`a//b` is no repository"), ("h.example/a_-b", "`a_-b` is no repository"),
        ("h.example/-a", "`-a` is no repository"), ("h.example/a.", "`a.` is no repository"),
        ("h.example/a___b", "`a___b` is no repository"), ("h.example/a b", "`a b` is no repository"),
        ("h.example:0/a", "`0` is no port"), ("h.example:65536/a", "`65536` is no port"),
        ("h.example:/a", "`` is no port"), ("h..example/a", "`h..example` is no host"),
        ("-h.example/a", "`-h.example` is no host"), ("[x:1]/a", "`[x:1]` is no host"), ("../a", "`..` is no host"),
        ("h.example/ä", "`ä` is no repository"), ("h.exämple/a", "`h.exämple` is no host"),
    ])
    func refusesWhatIsNoReference(text: String, reason: String) {
        let error = #expect(throws: RegistryError.self) { try ImageReference(text) }
        #expect(error?.description.contains(": \(reason)\n\nhint: ") == true, "\(String(describing: error))")
    }

    @Test func limitsTheLengthOfTagsAndRepositories() throws {
        #expect(try ImageReference("a:" + String(repeating: "x", count: 128)).tag?.count == 128)
        #expect(throws: RegistryError.self) { try ImageReference("a:" + String(repeating: "x", count: 129)) }
        #expect(try ImageReference("h.example/" + String(repeating: "x", count: 255)).repository.count == 255)
        #expect(throws: RegistryError.self) { try ImageReference("h.example/" + String(repeating: "x", count: 256)) }
    }
}
