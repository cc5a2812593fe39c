//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

@Suite struct LanguageDetectorTests {
    private func sources(_ files: [String: String]) -> [String] {
        LanguageDetector().findings(in: Repository(Checkout(files: files))).map { text(of: $0) }
    }

    @Test func weighsByBytesAndNamesTheNearestFile() {
        let found = sources(["a/b.py": "12345", "z.py": "1", "main.go": "12"])
        #expect(found == ["source go 2 @ main.go", "source python 6 @ z.py"])
    }

    @Test(arguments: [
        "vendor/a.py", "node_modules/x/a.js", "docs/a.py", "examples/a.py", "a.min.js", "a_pb2.py", ".hidden/a.py",
        "web/generated/a.ts",
    ])
    func leavesOutWhatTheProjectHasNotWritten(path: String) {
        #expect(sources([path: "x", "package.json": "{}"]) == [])
    }

    @Test func followsGitAttributes() {
        let attributes = """
            # comment
            lib/generated/** linguist-generated
            manual/* linguist-documentation=true
            kept/** linguist-vendored=false
            *.py linguist-vendored
            """
        let found = sources([
            ".gitattributes": attributes, "lib/generated/a.rs": "x", "manual/a.rs": "x", "kept/a.rs": "x", "b.py": "x",
        ])
        #expect(found == ["source python 1 @ b.py", "source rust 1 @ kept/a.rs"])
    }

    @Test(arguments: [
        (["a.h", "a.c", "b.cpp"], "c"), (["a.h", "a.cpp"], "c++"), (["a.h", "a.m", "b.swift"], "objective-c"),
        (["a.m"], "matlab"), (["a.ts", "package.json"], "typescript"), (["a.pl", "pack.pl"], "prolog"),
        (["a.pl"], "perl"), (["a.v"], "verilog"), (["a.v", "v.mod"], "v"), (["a.fs", "a.fsproj"], "f#"),
    ])
    func tellsApartWhatSharesAnExtension(paths: [String], language: String) {
        let found = sources(Dictionary(uniqueKeysWithValues: paths.map { ($0, "x") }))
        #expect(found.contains { $0.hasPrefix("source \(language) ") }, "\(found)")
    }

    @Test func takesNoTranslationsForTypeScript() {
        #expect(sources(["a.ts": "<TS>"]) == [])
    }
}
