//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Finds the settings with which the tests of a reusable Django application run, where nothing names them.
    ///
    /// An application has no `manage.py` of its own. Its tests need `DJANGO_SETTINGS_MODULE`, which its `tox.ini`, its
    /// pytest configuration, a script or `conftest.py` sets; without any of those, the settings that lie with the tests
    /// are meant for them.
    mutating func findDjangoSettings(_ scans: [(file: CheckoutFile, scan: ImportScan)]) {
        guard runners["django"] == nil, testCommands.isEmpty, usesDjango, !isSettingsNamed else { return }
        guard scans.contains(where: { $0.scan.mentioned.contains("django") }) else { return }
        runners["django tests"] = scans.first { $0.scan.mentioned.contains("django") }.map { Evidence($0.file.path) }
        // Settings that the tests make themselves are found when the tests are loaded.
        let loaders = scans.map(\.file).filter { $0.name == "conftest.py" || $0.name == "__init__.py" }
        if loaders.contains(where: { configuresDjango($0) }) { return }
        djangoSettings =
            sources().lazy
            .filter { [self] file in
                file.name.dropLast(3).contains("settings") && repository.lies(file, below: pythonTestFolders)
            }
            .prefix(20)
            .compactMap { [self] file in module(ofSettings: file).map { ($0, Evidence(file.path)) } }
            .first
    }

    /// Whether pytest's configuration or a variable names the settings.
    private var isSettingsNamed: Bool {
        isDeclared("pytest-django")
            || findings.contains { finding in
                if case .variable(let variable) = finding { variable.name == settingsVariable } else { false }
            }
    }

    private func configuresDjango(_ file: CheckoutFile) -> Bool {
        repository.lines(file.path).contains { line in
            line.contains(settingsVariable) || line.contains("settings.configure(") || line.contains("django.setup(")
        }
    }

    /// The dotted name of a module that holds Django's settings, from the project's folder; nil for another module.
    private func module(ofSettings file: CheckoutFile) -> String? {
        guard repository.lines(file.path).contains(where: { $0.hasPrefix("INSTALLED_APPS") }) else { return nil }
        let relative = directory.isEmpty ? file.path : String(file.path.dropFirst(directory.count + 1))
        var parts = relative.dropLast(3).split(separator: "/")
        if parts.first == "src" { parts.removeFirst() }
        let isName = parts.allSatisfy { part in
            part.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F
            }
        }
        return isName ? parts.joined(separator: ".") : nil
    }

    /// Reports the settings, and how tests run with them.
    mutating func djangoRunner() -> (command: String, evidence: Evidence)? {
        if let script = runners["script"], script.path.hasSuffix(".py"), runners["django tests"] != nil,
            !isDeclared("pytest-django")
        {
            return ("python \(script.path.dropFirst(directory.isEmpty ? 0 : directory.count + 1))", script)
        }
        guard let djangoSettings else { return nil }
        report(
            .variable(
                VariableFinding(settingsVariable, value: djangoSettings.module, evidence: djangoSettings.evidence)))
        if let evidence = runners["pytest"] {
            requirePlugin("pytest-django", reason: "the tests use Django", evidence: djangoSettings.evidence)
            return ("python -m pytest", evidence)
        }
        return ("python -m django test", djangoSettings.evidence)
    }
}

private let settingsVariable = "DJANGO_SETTINGS_MODULE"
