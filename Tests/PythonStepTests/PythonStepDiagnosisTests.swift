//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PythonStep

@Suite struct PythonStepDiagnosisTests {
    @Test(
        arguments: [
            (
                "psycopg2/psycopg.h:35:10: fatal error: libpq-fe.h: No such file or directory",
                MissingInput.header("libpq-fe.h")
            ),
            ("      Error: pg_config executable not found.", .program("pg_config")),
            (
                "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
                .program("x86_64-linux-gnu-gcc")
            ),
            ("/usr/bin/ld: cannot find -lxml2: No such file or directory", .library("xml2")),
            ("Package libffi was not found in the pkg-config search path.", .module("libffi")),
            ("../meson.build:3:7: ERROR: Dependency \"openblas\" not found, tried pkgconfig", .module("openblas")),
            ("-- Could NOT find ZLIB (missing: ZLIB_LIBRARY)", .cmakePackage("ZLIB")),
            ("ModuleNotFoundError: No module named 'Cython'", .pythonModule("Cython")),
            ("error: can't find Rust compiler", .program("rustc")),
            ("everything is fine", nil),
        ] as [(String, MissingInput?)])
    func findsWhatABuildLacks(line: String, expected: MissingInput?) {
        #expect(MissingInput(output: ["before", line, "after"]) == expected)
    }

    @Test func namesTheDistributionThatDidNotBuild() {
        let output = """
            Resolved 3 packages in 2ms
              × Failed to build `psycopg2==2.9.9`
              ├─▶ The build backend returned an error
              ╰─▶ Call to `setuptools.build_meta.build_wheel` failed (exit status: 1)
                  [stderr]
                  Error: pg_config executable not found.
            """
        let error = PythonStep.diagnose(
            output: output, command: ["/fitout/uv/uv", "pip", "install", "x"], exitStatus: 1)
        guard case .buildFailed("psycopg2==2.9.9", .program("pg_config"), let lines) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(lines.count == 6)
        #expect("\(error)".contains("\n\nhint: add the Debian package"))
    }

    @Test func tellsWhatWasCompiledForTheWrongMachine() {
        let output = """
            error: Failed to download and build `markupsafe==3.0.4`
              cause: The built wheel `markupsafe-3.0.4-cp311-cp311-linux_x86_64.whl` is not compatible with the target \
            Python 3.11 on Linux aarch64. Consider using `--no-build` to disable building wheels.
            """
        let error = PythonStep.diagnose(output: output, command: [], exitStatus: 1)
        #expect(error == .compiled(["markupsafe==3.0.4"], architecture: "arm64"))
        #expect("\(error)".hasPrefix("cannot install for arm64: `markupsafe==3.0.4` must be compiled\n\nhint: "))
    }

    @Test func tellsContradictionsNetworkAndTheRestApart() {
        let contradiction =
            "  × No solution found when resolving dependencies:\n  ╰─▶ Because a and b,\n      we give up."
        #expect(
            PythonStep.diagnose(output: contradiction, command: [], exitStatus: 1)
                == .noSolution(
                    explanation: "No solution found when resolving dependencies:\nBecause a and b,\nwe give up."))
        let network = "error: Request failed after 3 retries\n  Caused by: dns error"
        #expect(
            PythonStep.diagnose(output: network, command: [], exitStatus: 2)
                == .networkUnreachable(output: ["error: Request failed after 3 retries", "  Caused by: dns error"]))
        let owner = "error: could not create 'x.egg-info': Value too large for defined data type"
        #expect(PythonStep.diagnose(output: owner, command: [], exitStatus: 1) == .foreignOwner(output: [owner]))
        #expect(
            PythonStep.diagnose(output: "boom", command: ["/fitout/uv/uv", "venv"], exitStatus: 2)
                == .failed(command: "uv venv", exitStatus: 2, output: ["boom"]))
    }

    @Test func carriesTheLastLinesOnly() {
        let output = (1...100).map { "\($0)" }.joined(separator: "\n")
        guard case .failed(_, _, let lines) = PythonStep.diagnose(output: output, command: [], exitStatus: 1) else {
            return
        }
        #expect(lines == (61...100).map { "\($0)" })
    }
}
