//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import Toolchains

@testable import PythonStep

@Suite struct CompileArgumentsTests {
    @Test func asksForAllInputs() {
        var inputs = PythonInputs()
        inputs.projects = ["pyproject.toml"]
        inputs.extras = ["test"]
        inputs.groups = [PythonInputs.Group("dev"), PythonInputs.Group("ci", of: "sub/pyproject.toml")]
        inputs.requirementFiles = ["requirements/dev.txt"]
        inputs.constraintFiles = ["constraints.txt"]
        inputs.excludeNewer = "2024-01-01T00:00:00Z"
        inputs.buildExcludeNewer = "2025-01-01T00:00:00Z"
        let text = PythonStep.compileArguments(inputs).joined(separator: " ")
        #expect(text.hasSuffix("-- pyproject.toml requirements/dev.txt /fitout/step/requirements.txt"))
        for part in [
            "--extra test", "--group pyproject.toml:dev", "--group sub/pyproject.toml:ci",
            "--constraints constraints.txt --constraints /fitout/step/constraints.txt",
            "--exclude-newer 2024-01-01T00:00:00Z", "--exclude-newer-package setuptools=2025-01-01T00:00:00Z",
        ] { #expect(text.contains(part)) }
    }

    @Test func asksForAnotherPlatform() {
        let platform = PythonPlatform(minor: 13, architecture: .arm64, glibc: 36)
        let text = PythonStep.compileArguments(PythonInputs(), for: platform).joined(separator: " ")
        #expect(
            text.contains("--python /usr/bin/python3 ") && text.contains("--python-platform aarch64-manylinux_2_36 "))
    }

    @Test func findsTheProjectsOfTheRepository() throws {
        let folders = ["../../workspace/sub", "../../workspace"].map { LocalPythonProject(path: $0, isEditable: true) }
        #expect(try PythonStep.localProjects(folders).map(\.path) == ["", "sub"])
        #expect(throws: PythonStepError.outsideRepository("../../workspaces")) {
            try PythonStep.localProjects([LocalPythonProject(path: "../../workspaces", isEditable: false)])
        }
    }

    @Test(
        arguments: [
            ("3 13 x86_64 glibc 2.41 0\n", PythonPlatform(minor: 13, architecture: .amd64, glibc: 41)),
            (
                "3 14 aarch64 glibc 2.42 1",
                PythonPlatform(minor: 14, architecture: .arm64, glibc: 42, isFreeThreaded: true)
            ),
            ("2 7 x86_64 glibc 2.41 0", nil), ("3 13 riscv64 glibc 2.41 0", nil), ("", nil),
        ] as [(String, PythonPlatform?)])
    func readsTheInterpretersAnswer(answer: String, expected: PythonPlatform?) {
        #expect(PythonPlatform(answer: answer) == expected)
    }
}
