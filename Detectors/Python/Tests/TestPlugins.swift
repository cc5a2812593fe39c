//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Requires the plugins that the tests use by a fixture, a marker or `pytest_plugins`.
    mutating func reportPlugins(_ scans: [(file: CheckoutFile, scan: ImportScan)]) {
        guard runners["pytest"] != nil else { return }
        let defined = scans.reduce(into: Set<String>()) { $0.formUnion($1.scan.functions) }
        for (file, scan) in scans {
            for plugin in scan.plugins where !isLocalModule(plugin.module) {
                readPluginName(
                    plugin.module, reason: "pytest_plugins", evidence: Evidence(file.path, line: plugin.line))
            }
            for (name, line) in scan.parameters.sorted(by: { $0.key < $1.key }) where !defined.contains(name) {
                guard let plugin = pluginTable.fixtures[name] else { continue }
                let evidence = Evidence(file.path, line: line)
                requirePlugin(plugin, reason: "fixture `\(name)` in \(evidence)", evidence: evidence)
            }
            for (name, line) in scan.marks.sorted(by: { $0.key < $1.key }) {
                guard let plugin = pluginTable.marks[name], !isOwnMark(name) else { continue }
                let evidence = Evidence(file.path, line: line)
                requirePlugin(plugin, reason: "marker `\(name)` in \(evidence)", evidence: evidence)
            }
        }
    }

    /// Whether pytest's configuration registers the marker, so that it is the project's own.
    private func isOwnMark(_ name: String) -> Bool {
        for file in ["pytest.ini", "setup.cfg", "tox.ini", "pyproject.toml"] where repository.contains(path(file)) {
            let isRegistered = repository.lines(path(file)).contains { line in
                let text = line.drop { $0 == " " || $0 == "\"" || $0 == "'" || $0 == "\t" }
                return text.hasPrefix("\(name):") || text.hasPrefix("markers = \(name):")
            }
            if isRegistered { return true }
        }
        return false
    }
}
