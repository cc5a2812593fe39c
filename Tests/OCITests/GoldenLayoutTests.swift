//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Foundation
import OCI
import Store
import SystemPackage
import Testing

/// The bytes of a small image, so that digests change only when somebody means them to: `Fixtures/images`.
///
/// `FITOUT_RECORD=1` writes them anew, and fails. The layer is not compressed, so that they do not depend on the
/// version of a library.
@Suite struct GoldenLayoutTests {
    @Test func writesTheSameLayoutForEver() throws {
        let workplace = try Workplace()
        var attributed = entry("usr/bin/ping", size: 5)
        attributed.attributes = [
            .init(name: "security.capability", value: [1, 0, 0, 2] + Array(repeating: 0, count: 16))
        ]
        let content = try tar(
            ValidatorTests.good + [
                attributed, entry("usr/größe", size: 1), entry("usr/" + String(repeating: "n", count: 120)),
            ])
        let image = try workplace.image([try workplace.layer(content, .none)])
        let written = workplace.path.appending("layout")
        try writeLayout([image], tag: "sample:1", to: written, from: workplace.store)
        let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/images/sample")
        if ProcessInfo.processInfo.environment["FITOUT_RECORD"] == "1" {
            if FileManager.default.fileExists(atPath: golden.path) { try FileManager.default.removeItem(at: golden) }
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(filePath: written.string), to: golden)
            Issue.record("recorded \(golden.path)")
        }
        #expect(try files(below: golden.path) == files(below: written.string))
        #expect(try validate(ImageLayout(at: FilePath(golden.path))) == [])
    }

    private func files(below folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            files[name] = FileManager.default.contents(atPath: folder + "/" + name)
        }
        return files
    }
}
