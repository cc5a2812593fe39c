//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Store
import SystemPackage
import Testing

@Suite struct DigestTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    // FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func hashes(text: String, hex: String) throws {
        let digest = Digest.sha256(Array(text.utf8))
        #expect(digest.hex == hex)
        #expect(digest.description == "sha256:" + hex)
        #expect(Digest(digest.description) == digest)
        #expect(Digest(hex: hex) == digest)
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(digest.bytes.count == 32)
    }

    @Test(arguments: [
        "", "sha256:", "sha256:e3b0c442", "md5:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\u{e9}",
    ])
    func refusesWhatIsNoDigest(text: String) {
        #expect(Digest(text) == nil)
    }

    @Test(arguments: [0, 31, 33])
    func refusesAnotherNumberOfBytes(count: Int) {
        #expect(Digest(bytes: Array(repeating: 1, count: count)) == nil)
    }

    @Test func ordersAsItsDigitsAreOrdered() {
        let digests = (0..<100).map { Digest.sha256(Array("\($0)".utf8)) }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }

    @Test func isATextInJSON() throws {
        let digest = Digest.sha256([])
        let json = try JSONEncoder().encode([digest])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(digest)\"]")
        #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Digest].self, from: Data("[\"x\"]".utf8)) }
    }

    @Test func copiedHashersGoOnAlone() {
        var first = DigestHasher()
        first.update(Array("ab".utf8))
        var second = first
        first.update(Array("c".utf8))
        second.update(Array("d".utf8))
        #expect(first.finalize() == Digest.sha256(Array("abc".utf8)))
        #expect(second.finalize() == Digest.sha256(Array("abd".utf8)))
    }

    @Test func hashesFilesOfManyPieces() throws {
        let bytes = (0..<(700 << 10)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try writeAtomically(bytes, to: scratch.path("file"))
        #expect(try Digest.sha256(fileAt: scratch.path("file")) == Digest.sha256(bytes))
        #expect(throws: StoreError.system(verb: "open", path: scratch.path("absent"), .noSuchFileOrDirectory)) {
            try Digest.sha256(fileAt: scratch.path("absent"))
        }
    }
}
