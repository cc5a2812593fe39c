//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Checkout
import Detection
import Environment
import Versions

/// A catalog of six suites with one Python each, in the shipped order of preference.
let sampleCatalog = Catalog(
    day: "2026-06-01",
    suites: [
        suite("trixie", python: "3.13.5", "2024-10-07", node: "20.19.2"),
        suite("bookworm", python: "3.11.2", "2022-10-24", node: "18.20.4"),
        suite("noble", "ubuntu", python: "3.12.3", "2023-10-02", node: "18.19.1"),
        suite("jammy", "ubuntu", python: "3.10.12", "2021-10-04", node: "12.22.9"),
        suite("sid", isStable: false, python: "3.14.2", "2025-10-07", node: "22.22.0"),
        suite("bullseye", python: "3.9.2", "2020-10-05", node: "12.22.12"),
    ])

private func suite(
    _ name: String, _ distribution: String = "debian", isStable: Bool = true, python: String, _ released: String,
    node: String
) -> SuiteOffer {
    SuiteOffer(
        name: name, distribution: distribution, isStable: isStable,
        tools: [
            "python": [ToolOffer(version: python, packages: ["python3", "python3-venv"], released: released)],
            "node": [ToolOffer(version: node, packages: ["nodejs", "npm"])],
        ])
}

/// Reports what it is given.
private struct Reporter: Detector {
    let name = "reporter"
    let summary = "what it is given"
    let reported: [Finding]

    func findings(in repository: Repository) -> [Finding] { reported }
}

/// The plan for these findings.
func planned(
    _ findings: [Finding], suite: String? = nil, catalog: Catalog = sampleCatalog
) throws(CatalogError) -> EnvironmentPlan {
    let detection = detect(in: Repository(Checkout(files: [:])), using: [Reporter(reported: findings)])
    return try plan(detection, catalog: catalog, suite: suite)
}

/// What a repository says of Python.
func python(_ kind: StatementKind, _ constraint: String, _ path: String = "pyproject.toml", _ line: Int = 1) -> Finding
{
    tool("python", kind, constraint, path, line)
}

/// What a repository says of a tool.
func tool(
    _ tool: String, _ kind: StatementKind, _ constraint: String, _ path: String = "pyproject.toml", _ line: Int = 1
) -> Finding {
    .toolchain(
        ToolchainFinding(
            tool: tool, kind: kind, constraint: constraint, dialect: tool == "python" ? .pep440 : .npm,
            evidence: Evidence(path, line: line)))
}

/// Hints at these versions of Python, one line each.
func tested(_ versions: String...) -> [Finding] {
    versions.enumerated().map { python(.hint, $0.element, "tox.ini", $0.offset + 1) }
}

/// A part of the step in `directory`.
func part(
    _ item: DependencyFinding.Item, _ role: DependencyFinding.Role = .runtime, in directory: String = "",
    manager: String = "uv", line: Int = 1
) -> Finding {
    .dependency(
        DependencyFinding(
            manager: manager, directory: directory, item, role: role,
            evidence: Evidence(directory.isEmpty ? "pyproject.toml" : "\(directory)/pyproject.toml", line: line)))
}
