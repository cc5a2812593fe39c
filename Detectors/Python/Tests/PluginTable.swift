//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What names a pytest plugin, by the table that ships with the tool.
struct PluginTable: Sendable {
    /// By command line option, `--cov`.
    let options: [String: String]
    /// By configuration key, `asyncio_mode`.
    let keys: [String: String]
    /// By the module that `-p` or `pytest_plugins` names.
    let modules: [String: String]
    /// By fixture.
    let fixtures: [String: String]
    /// By marker.
    let marks: [String: String]

    fileprivate init() {
        let rows = DataTable("Python/pytest-plugins.tsv").rows.filter { $0.count == 3 }
        let kinds = Dictionary(grouping: rows) { $0[0] }.mapValues { rows in
            Dictionary(rows.map { ($0[1], $0[2]) }, uniquingKeysWith: { first, _ in first })
        }
        options = kinds["option"] ?? [:]
        keys = kinds["key"] ?? [:]
        modules = kinds["module"] ?? [:]
        fixtures = kinds["fixture"] ?? [:]
        marks = kinds["mark"] ?? [:]
    }
}

/// The table of plugins.
let pluginTable = PluginTable()
