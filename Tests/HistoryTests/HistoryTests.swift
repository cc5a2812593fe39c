//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage
import Testing

@testable import History

struct HistoryTests {
    @Test(arguments: [
        ("tree a\nauthor A <a@b> 1 +0000\ncommitter C D <c@d> 1683200000 +0200\n\nmessage\n", "2023-05-04"),
        ("tree a\n\ncommitter C <c@d> 1683200000 +0200\n", nil),
        ("committer C <c@d> x +0200\n", nil), ("committer C <c@d> -5 +0200\n", nil), ("", nil),
    ])
    func readsTheCommittersDay(commit: String, day: String?) {
        #expect(committerDay(ofCommit: commit) == day)
    }

    @Test func aFolderThatIsNoRepositoryHasNoDay() async {
        let day = await newestCommitDay(of: FilePath("/proc/self"))
        #expect(day == nil)
    }

    @Test(arguments: [
        (["HEAD": "ref: refs/heads/main\n"], true), (["HEAD": "ref: refs/heads/a/b\n", "config": ""], true),
        (["HEAD": "ref: refs/heads/main\n", "refs/heads/main": "1"], false),
        (["HEAD": "ref: refs/heads/main\n", "packed-refs": ""], false),
        (["HEAD": "ref: refs/heads/main\n", "reftable/tables.list": ""], false),
        (["HEAD": "ref: refs/heads/main\n", "commondir": ".."], false),
        (["HEAD": "ref: refs/heads/../../x\n"], false), (["HEAD": "ref: refs/heads/main"], false),
        (["HEAD": String(repeating: "1", count: 40) + "\n"], false), (["HEAD": ""], false), (["config": ""], false),
    ])
    func knowsARepositoryWithoutCommits(metadata: [String: String], isUnborn expected: Bool) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in metadata {
            let file = root.appendingPathComponent(".git/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        #expect(isUnborn(FilePath(root.path)) == expected)
    }
}
