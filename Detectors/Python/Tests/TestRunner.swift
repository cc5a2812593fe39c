//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Remembers the signs of test runners in the tests.
    mutating func noteRunners(_ scans: [(file: CheckoutFile, scan: ImportScan)]) {
        for (file, scan) in scans {
            for entry in scan.required {
                let evidence = Evidence(file.path, line: entry.line)
                if entry.module == "pytest" || entry.module.hasPrefix("pytest.") || entry.module.hasPrefix("_pytest") {
                    runners["pytest"] = runners["pytest"] ?? evidence
                } else if entry.module.hasPrefix("nose") {
                    runners["nose"] = runners["nose"] ?? evidence
                } else if entry.module.hasPrefix("twisted.trial") {
                    runners["trial"] = runners["trial"] ?? evidence
                }
            }
            if file.name == "conftest.py" { runners["pytest"] = runners["pytest"] ?? Evidence(file.path) }
            if scan.functions.contains("test_suite") { runners["suites"] = runners["suites"] ?? Evidence(file.path) }
            if scan.hasTestFunctions { runners["functions"] = runners["functions"] ?? Evidence(file.path) }
            if scan.hasTestCases || scan.mentioned.contains("unittest") {
                runners["unittest"] = runners["unittest"] ?? Evidence(file.path)
            }
        }
        let roles = rolesForTesting
        if let found = declarations.first(where: { $0.requirement.name == "pytest" && roles.contains($0.role) }) {
            runners["pytest"] = runners["pytest"] ?? found.evidence
        }
        for (name, key) in [("manage.py", "django"), (".stestr.conf", "stestr")] where repository.contains(path(name)) {
            runners[key] = Evidence(path(name))
        }
        for name in ["runtests.py", "run_tests.py", "runtests", "test.sh", "tests/runtests.py", "tests/run_tests.py"]
        where repository.contains(path(name)) {
            runners["script"] = runners["script"] ?? Evidence(path(name))
        }
    }

    /// Reports the command that runs the tests, as the files show it, and the runner where nothing declares it.
    mutating func reportRunner() {
        let isDeclaredCommand = !testCommands.isEmpty
        let programs = testCommands.flatMap { $0.parts(separatedBy: " && ") }
            .map { ShellCommand($0).program }
        if programs.contains("nosetests") || programs.contains("nose") {
            runners["nose"] = runners["nose"] ?? runners["unittest"]
        }
        for (name, distribution) in programDistributions where programs.contains(name) {
            guard let evidence = testEvidence, !isOwnName(distribution) else { continue }
            requirePlugin(distribution, reason: "the test command runs it", evidence: evidence)
        }
        guard let choice = inferredRunner() else { return }
        if choice.command == "pytest" || choice.command == "python -m pytest" {
            let isNose = runners["pytest"] == nil && runners["nose"] != nil
            let reason = isNose ? "runs the tests written for nose" : "tests are written for it"
            if !isDeclaredCommand || runners["pytest"] != nil || isNose {
                requirePlugin(isNose ? "pytest<8" : "pytest", reason: reason, evidence: choice.evidence)
            }
        }
        task("test", choice.command, .inferred, evidence: choice.evidence)
    }

    private var testEvidence: Evidence? {
        findings.lazy.compactMap { finding -> Evidence? in
            if case .task(let task) = finding, task.name == "test" { task.evidence } else { nil }
        }.first
    }

    /// The runner that the tests are written for; the strongest sign counts.
    private mutating func inferredRunner() -> (command: String, evidence: Evidence)? {
        if let evidence = runners["stestr"] { return ("stestr run", evidence) }
        if let evidence = runners["django"], usesDjango, runners["pytest"] == nil {
            return ("python manage.py test", evidence)
        }
        if let choice = djangoRunner() { return choice }
        if let evidence = runners["pytest"] { return ("pytest", evidence) }
        if let evidence = runners["script"], evidence.path.hasSuffix(".py"), runners["nose"] == nil {
            return ("python \(evidence.path.dropFirst(directory.isEmpty ? 0 : directory.count + 1))", evidence)
        }
        if let evidence = runners["trial"], let name {
            return ("python -m twisted.trial \(canonicalName(name).replacing(text: "-", with: "_"))", evidence)
        }
        if let choice = suiteRunner() { return choice }
        if let evidence = runners["nose"] ?? runners["functions"] { return ("pytest", evidence) }
        if let evidence = runners["unittest"] { return (unittestCommand(evidence.path), evidence) }
        return nil
    }

    /// The runner of tests that functions put together: zope.testrunner where it is declared and modules have the
    /// function `test_suite`, otherwise what `python setup.py test` did with the argument `test_suite`.
    private func suiteRunner() -> (command: String, evidence: Evidence)? {
        if runners["functions"] != nil { return nil }
        if let evidence = runners["suites"], isDeclared("zope.testrunner") {
            let folder =
                evidence.path.dropFirst(directory.isEmpty ? 0 : directory.count + 1).hasPrefix("src/") ? "src" : "."
            return ("zope-testrunner --test-path=\(folder)", evidence)
        }
        guard let testSuite else { return nil }
        return ("python -m unittest \(testSuite.name)", testSuite.evidence)
    }

    var usesDjango: Bool {
        isDeclared("django", in: Set(Role.allCases)) || locked["django"] != nil || runtime.isEmpty
    }

    /// `unittest` discovers from a folder that is a package or holds the tests.
    private func unittestCommand(_ file: String) -> String {
        let relative = directory.isEmpty ? file : String(file.dropFirst(directory.count + 1))
        let folder = parentPath(relative)
        let pattern =
            file.hasSuffix("_test.py") ? " -p '*_test.py'" : file.hasSuffix("_tests.py") ? " -p '*_tests.py'" : ""
        let isPackage = repository.contains(joinPath(directory, "\(folder)/__init__.py"))
        if folder.isEmpty || folder.hasPrefix("src/") { return "python -m unittest discover\(pattern)" }
        let top = isPackage ? " -t ." : ""
        return "python -m unittest discover -s \(shellQuoted(folder))\(top)\(pattern)"
    }
}

/// The distributions of test programs.
private let programDistributions = [
    ("pytest", "pytest"), ("py.test", "pytest"), ("nose2", "nose2"), ("stestr", "stestr"),
    ("zope-testrunner", "zope.testrunner"),
    ("zope.testrunner", "zope.testrunner"), ("trial", "twisted"), ("green", "green"), ("ward", "ward"),
    ("behave", "behave"),
    ("coverage", "coverage"), ("testr", "testrepository"),
]
