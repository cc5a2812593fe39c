//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Environment
import Testing

@Suite struct SpecUpdateTests {
    /// What the repository asks for.
    private static var proposed: EnvironmentSpec {
        var spec = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "bookworm", comment: "the default"))
        spec.toolchains = [Annotated(ToolchainRequirement(tool: "python", version: "3.11"), comment: "tox.ini:2")]
        spec.packages = ["curl", "git", "make"].map { Annotated($0, comment: "Makefile:1") }
        var step = DependencyStep(manager: "uv")
        step.installsProject = Annotated(true, comment: "setup.py:3")
        step.extras = [Annotated("test", comment: "tox.ini:4"), Annotated("cli")]
        spec.dependencies = [step]
        spec.tasks = [Annotated(TaskCommand(name: "test", command: "pytest"), comment: "tox.ini:9")]
        return spec
    }

    private func merged(_ existing: String) throws -> SpecUpdate {
        try SpecUpdate(of: Array(existing.utf8), with: Self.proposed)
    }

    @Test func changesNothingWhereNothingIsMissing() throws {
        let text = Self.proposed.rendered()
        let update = try merged(text)
        #expect(update.text == text)
        #expect(update.notes == [])
    }

    @Test func addsSectionsAndStepsThatAreMissing() throws {
        let update = try merged("fitout: 1\nbase: debian:bookworm\n")
        let spec = try EnvironmentSpec(yaml: Array(update.text.utf8))
        var expected = Self.proposed.withoutComments
        expected.platforms = ["linux/amd64"]
        #expect(spec == expected)
        #expect(update.text.hasPrefix("fitout: 1\nbase: debian:bookworm\nplatforms: [linux/amd64]\ntoolchains:\n"))
    }

    @Test func keepsLayoutOrderAndComments() throws {
        let existing = """
            # Mine.
            base: debian:bookworm
            fitout: 1
            packages:     # what we need
            # first
            - make
            - jq   # I like it

            platforms: [linux/amd64]
            toolchains: {python: "3.11"}
            dependencies:
              - project: true
                manager: uv
                extras:
                    - docs
            tasks:
                test: |
                  pytest
            """
        let update = try merged(existing)
        #expect(
            update.text == """
                # Mine.
                base: debian:bookworm
                fitout: 1
                packages:     # what we need
                - curl               # Makefile:1
                - git                # Makefile:1
                # first
                - make
                - jq   # I like it

                platforms: [linux/amd64]
                toolchains: {python: "3.11"}
                dependencies:
                  - project: true
                    manager: uv
                    extras:
                        - test           # tox.ini:4
                        - cli
                        - docs
                tasks:
                    test: |
                      pytest

                """)
    }

    @Test func keepsValuesAndSaysSo() throws {
        let existing = Self.proposed.rendered().replacing("\"3.11\"", with: "\"3.12\"")
        let update = try merged(existing)
        #expect(update.text == existing)
        #expect(update.notes == ["toolchains python is `3.12`; the repository says `3.11` (tox.ini:2)"])
    }

    @Test func doesNotAddWhatTheUserHasMadeAComment() throws {
        let existing = Self.proposed.rendered().replacing("  - git ", with: "  # - git ")
            .replacing("      - cli", with: "      # - cli").replacing("  test: pytest", with: "  # test: pytest")
        let update = try merged(existing)
        #expect(update.text == existing)
    }

    @Test func doesNotAddASectionThatIsAComment() throws {
        let existing = "fitout: 1\nbase: debian:bookworm\n# tasks:\n#   test: make check\n"
        #expect(try !merged(existing).text.contains("\ntasks:"))
    }

    @Test func followsLineNumbersThatHaveMoved() throws {
        let existing = Self.proposed.rendered().replacing("tox.ini:4", with: "tox.ini:40")
        #expect(try merged(existing).text == Self.proposed.rendered())
        let own = Self.proposed.rendered().replacing("tox.ini:4", with: "by hand, see tox.ini:40")
        #expect(try merged(own).text == own)
    }

    @Test func namesWhatNothingAsksForAnyMore() throws {
        let existing = Self.proposed.rendered().replacing(
            "  - curl", with: "  - libpq-dev  # setup.py:9\n  - jq  # I like it\n  - curl")
        let update = try merged(existing)
        #expect(update.text == existing)
        #expect(update.notes == ["nothing asks for packages libpq-dev any more (setup.py:9)"])
    }

    @Test func takesAPackageWithARelationForTheSame() throws {
        let existing = Self.proposed.rendered().replacing("  - git ", with: "  - git (>= 1:2.40) ")
        #expect(try merged(existing).text == existing)
    }

    @Test func leavesListsInBracketsAlone() throws {
        let existing = "fitout: 1\nbase: debian:bookworm\nplatforms: [linux/amd64]\npackages: [curl, make]\n"
        let update = try merged(existing)
        #expect(update.text.contains("packages: [curl, make]\n"))
        #expect(update.notes.contains { $0.hasPrefix("`packages` is written in one line; it lacks - git") })
    }

    @Test func keepsLineEnds() throws {
        let existing = "fitout: 1\r\nbase: debian:bookworm\r\npackages:\r\n  - curl\r\n"
        let text = try merged(existing).text
        #expect(text.utf8.count { $0 == 10 } == text.utf8.count { $0 == 13 })
    }

    @Test func refusesWhatIsNoSpec() {
        #expect(throws: EnvironmentError.self) { try merged("fitout: 1\nbase: debian:bookworm\npackage: [x]\n") }
    }

    @Test(arguments: [
        ([], [], ""), (["a"], ["a"], ""), (["a"], ["b"], "--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n+b"),
        (["a", "b"], ["a", "x", "b"], "--- f\n+++ f\n@@ -1,2 +1,3 @@\n a\n+x\n b"),
    ])
    func printsDifferencesAsDiffDoes(old: [String], new: [String], expected: String) {
        #expect(unifiedDifference(from: old, to: new, name: "f") == expected)
    }

    @Test func putsDistantChangesIntoHunksOfTheirOwn() {
        let old = (1...30).map(String.init)
        var new = old
        new[2] = "x"
        new[25] = "y"
        let hunks = unifiedDifference(from: old, to: new, name: "f").split(separator: "\n").filter {
            $0.hasPrefix("@@")
        }
        #expect(hunks == ["@@ -1,6 +1,6 @@", "@@ -23,7 +23,7 @@"])
    }
}
