//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Detectors
import FoundationEssentials
import Testing

/// Every kind of file that a fixture has, in forms that no person writes: detection goes on, and what another file says is
/// still found.
@Suite struct HostileFilesTests {
    /// Files by their paths in a repository, the first fixture's that has one there.
    private static let samples: [String: String] = {
        var samples: [String: String] = [:]
        let root = RepositoriesTests.folder
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
        for name in names where !name.contains(".") {
            guard let checkout = try? Checkout(root: "\(root)/\(name)") else { continue }
            for file in checkout.files where samples[file.path] == nil {
                samples[file.path] = (try? checkout.read(file.path)).map { String(decoding: $0, as: UTF8.self) }
            }
        }
        return samples
    }()

    static let forms: [(name: String, change: @Sendable (String) -> String)] = [
        ("empty", { _ in "" }),
        ("mark alone", { _ in "\u{FEFF}" }),
        ("zero bytes", { _ in String(repeating: "\0", count: 1_000) }),
        ("byte order mark", { "\u{FEFF}" + $0 }),
        ("carriage returns", { $0.replacing("\n", with: "\r\n") }),
        ("merge conflict", { "<<<<<<< ours\n\($0)=======\n\($0)>>>>>>> theirs\n" }),
        ("cut", { String($0.prefix($0.count / 2)) }),
        ("deep brackets", { _ in String(repeating: "[", count: 20_000) }),
        ("deep braces", { _ in String(repeating: "{\"a\":", count: 20_000) }),
        ("deep parentheses", { _ in "x = " + String(repeating: "(", count: 20_000) }),
        (
            "long chains",
            { _ in "x = a" + String(repeating: "[0].b()", count: 20_000) + String(repeating: " + 1", count: 20_000) }
        ),
        (
            "deep operators",
            { _ in "x = " + String(repeating: "not ", count: 20_000) + String(repeating: "!-", count: 20_000) }
        ),
        ("deep elements", { _ in String(repeating: "<a>", count: 10_000) }),
        ("deep indentation", { _ in (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined() }),
        ("one long line", { _ in String(repeating: "abc ", count: 20_000) }),
        ("many lines", { _ in String(repeating: "a = [\"b\"]\n", count: 5_000) }),
        (
            "aliases",
            { _ in
                "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
                    + (1..<12).map {
                        "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]\n"
                    }
                    .joined()
            }
        ),
        (
            "entities",
            { _ in
                "<!DOCTYPE a [<!ENTITY b0 \"x\">"
                    + (1..<20).map { "<!ENTITY b\($0) \"&b\($0 - 1);&b\($0 - 1);&b\($0 - 1);\">" }.joined()
                    + "]><a>&b19;</a>"
            }
        ),
    ]

    @Test(arguments: forms.indices)
    func goesOnBehindFilesThatNobodyWrites(form: Int) throws {
        try #require(Self.samples.count > 100)
        // All files at once would hide one behind another: each alone, beside one that is sound.
        for (path, text) in Self.samples.sorted(by: { $0.key < $1.key }) where path != ".crystal-version" {
            let files = [path: Self.forms[form].change(text), ".crystal-version": "1.2.3\n"]
            let found = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
            let lines = found.findings.map { "\($0)" }
            #expect(
                lines.contains { $0.hasPrefix("toolchain crystal pin `1.2.3`") }, "\(Self.forms[form].name): \(path)")
            for warning in found.warnings {
                #expect(files[warning.evidence.path] != nil, "\(warning)")
                #expect(warning.problem.utf8.count < 1_000, "\(Self.forms[form].name): \(path)")
            }
        }
    }
}
