//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

@Suite struct PythonFormatsTests {
    @Test(arguments: [
        ("Foo_Bar [b,A] >= 1.0 , <2 ; python_version<'3'", "Foo_Bar[b,a]>=1.0,<2; python_version<'3'"),
        ("name (>=1)", "name>=1"),
        ("n @ https://example.org/n.whl ; extra == 'x'", "n @ https://example.org/n.whl ; extra == 'x'"),
        ("a", "a"),
    ])
    func normalisesRequirements(text: String, expected: String) {
        #expect(PythonRequirement(text)?.text == expected)
    }

    @Test(arguments: ["", "!!!", "-e .", "a b", "a[b", ".", "https://example.org/a.whl"])
    func refusesWhatIsNoRequirement(text: String) {
        #expect(PythonRequirement(text) == nil)
    }

    @Test(arguments: [
        ("py{39,310}-{a,b}", ["py39-a", "py39-b", "py310-a", "py310-b"]), ("3.1{0-2}", ["3.10", "3.11", "3.12"]),
        ("py{,3}", ["py", "py3"]), ("lint", ["lint"]),
    ])
    func writesOutGenerativeNames(text: String, expected: [String]) {
        #expect(expandBraces(text) == expected)
    }

    @Test(
        arguments: [
            ("py310: a", "a"), ("py{38,39}-x,!y: -r b.txt", "-r b.txt"), ("python -m pytest {posargs: a}", nil),
            ("a>=1", nil),
            ("git+https://example.org/x", nil),
        ] as [(String, String?)])
    func findsConditionsOfTox(text: String, expected: String?) {
        #expect(leadingCondition(text)?.rest == expected)
    }

    @Test(arguments: [
        ("sys_platform == 'win32'", false), ("sys_platform != 'win32' and python_version < '3.9'", true),
        ("python_version < '3'", false), ("python_version == '2.7' or os_name == 'posix'", true), ("", true),
    ])
    func tellsWhichMarkersCanHold(marker: String, expected: Bool) {
        #expect(markerMayHold(marker) == expected)
    }

    @Test(
        arguments: [
            ("3.12", "3.12"), ("cpython@3.11.4", "3.11.4"), ("cpython-3.12.1-linux-x86_64-gnu", "3.12.1"),
            ("3.13t", "3.13"),
            (">=3.10,<4", ">=3.10,<4"), ("pypy3.10-7.3.12", nil), ("miniconda3-4.7", nil), ("3.14.0rc2", "3.14.0rc2"),
        ] as [(String, String?)])
    func readsInterpreterNames(name: String, expected: String?) {
        #expect(interpreterVersion(name) == expected)
    }

    @Test(
        arguments: [
            ("## [1.2.0] - 2021-03-04", "2021-03-04"), ("1.2 (March 4, 2021)", "2021-03-04"),
            ("4th Feb 2020", "2020-02-04"),
            ("1.2.3", nil), ("  2020-01-01 indented", nil), ("2020-13-01", nil),
        ] as [(String, String?)])
    func readsDaysOfHeadings(line: String, expected: String?) {
        #expect(headingDay(line) == expected)
    }

    @Test func readsUTF16() {
        #expect(decodeText([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00]) == "a\n")
        #expect(decodeText([0xFE, 0xFF, 0x00, 0x61]) == "a")
        #expect(decodeText([0xFF, 0xFE, 0x61]) == "")
    }

    @Test func followsIncludesOnceAndSurvivesCycles() {
        let repository = Repository(
            Checkout(files: [
                "a/r.txt": "-r s.txt\n-rs.txt\nx==1 \\\n  --hash=sha256:0\n-e .[t]\n", "a/s.txt": "-r r.txt\ny",
            ]))
        let file = RequirementsFile(repository, path: "a/r.txt")
        #expect(file.requirements.map(\.text) == ["y", "x==1"])
        #expect(file.projectExtras.map(\.text) == ["t"])
    }

    @Test(arguments: [
        ("poetry run pytest -q", "pytest", true), ("python -m unittest discover", "unittest", true),
        ("A=1 coverage run -m pytest", "coverage", true), ("coverage report", "coverage", false),
        ("flake8 .", "flake8", false),
        ("python -b -m twisted.trial x", "twisted.trial", true), ("uv run --group test pytest", "pytest", true),
    ])
    func recognisesTestCommands(command: String, program: String, runsTests: Bool) {
        let parsed = ShellCommand(command)
        #expect(parsed.program == program)
        #expect(parsed.runsTests == runsTests)
    }

    @Test func tablesAreWellFormed() {
        let packages = DataTable("Python/system-packages.tsv").rows
        #expect(Set(packages.map { $0.first ?? "" }).count >= 120)
        #expect(packages.allSatisfy { $0.count == 4 && ["always", "sdist-only", "not-binary"].contains($0[1]) })
        #expect(packages.allSatisfy { canonicalName($0[0]) == $0[0] })
        let imports = DataTable("Python/imports.tsv").rows
        #expect(imports.count > 1000 && imports.allSatisfy { $0.count == 2 && PythonRequirement($0[1]) != nil })
        #expect(DataTable("Python/pytest-plugins.tsv").rows.allSatisfy { $0.count == 3 })
        #expect(standardLibrary["distutils"]?.replacement == "setuptools")
        #expect(DataTable("none").rows.isEmpty)
    }
}
