//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

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
}
