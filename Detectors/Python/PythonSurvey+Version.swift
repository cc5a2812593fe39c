//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Remembers a build tool that takes the version from version control.
    mutating func noteVersionSource(_ tool: String, evidence: Evidence) {
        guard versionSource == nil, versionVariables[tool] != nil || tool == "versioneer" else { return }
        versionSource = (tool, evidence)
    }

    /// Reports the variable that stands for the version where there is no version control to take it from.
    mutating func reportVersionVariable() {
        guard let source = versionSource, !repository.checkout.hasGitMetadata else { return }
        // A source distribution has its version in PKG-INFO, and these tools read it there.
        let hasMetadata = repository.contains(path("PKG-INFO"))
        guard !hasMetadata, let prefix = versionVariables[source.tool] else { return }
        let suffix = (name ?? "").uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        let takesName = prefix.hasSuffix("_FOR_")
        guard !takesName || !suffix.isEmpty else { return }
        let found = treeVersion()
        report(
            .variable(
                VariableFinding(
                    takesName ? prefix + suffix : prefix, value: found?.version ?? "0.0.0",
                    evidence: found?.evidence ?? source.evidence)))
    }

    /// The version that the tree itself states: the manifest, the newest heading of a changelog, `__version__`.
    private func treeVersion() -> (version: String, evidence: Evidence)? {
        if let version, version.first?.isNumber == true, let manifest { return (version, manifest) }
        for file in changelogs() {
            for (index, line) in repository.lines(file).prefix(200).enumerated() {
                if let version = headingVersion(line) { return (version, Evidence(file, line: index + 1)) }
            }
        }
        let module = (name ?? "").replacing(text: "-", with: "_")
        for folder in ["", "src/"] {
            for file in ["__init__.py", "_version.py", "__about__.py", "version.py"].map({
                path("\(folder)\(module)/\($0)")
            }) {
                guard repository.contains(file), let bytes = repository.bytes(file) else { continue }
                for statement in pythonStatements(bytes) where statement.tokens.count >= 3 {
                    let tokens = Array(statement.tokens)
                    guard ["__version__", "version", "VERSION"].contains(tokens[0].text), tokens[1].isSymbol("="),
                        let text = tokens[2].literal, text.first?.isNumber == true
                    else { continue }
                    return (text, Evidence(file, line: statement.line))
                }
            }
        }
        return nil
    }
}

/// The variables that the tools read instead of asking version control; `_FOR_` is followed by the distribution's name.
private let versionVariables = [
    "setuptools-scm": "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_",
    "setuptools-git-versioning": "SETUPTOOLS_SCM_PRETEND_VERSION",
    // It does not tell setuptools-scm the distribution's name.
    "hatch-vcs": "SETUPTOOLS_SCM_PRETEND_VERSION", "vcs-versioning": "VCS_VERSIONING_PRETEND_VERSION_FOR_",
    "pbr": "PBR_VERSION", "poetry-dynamic-versioning": "POETRY_DYNAMIC_VERSIONING_BYPASS",
    "pdm": "PDM_BUILD_SCM_VERSION",
    "uv-dynamic-versioning": "UV_DYNAMIC_VERSIONING_BYPASS", "flit-scm": "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_",
]
