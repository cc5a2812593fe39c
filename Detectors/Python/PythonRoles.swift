//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a group, extra, environment or file of requirements is there for, by its name.
func pythonRole(ofName name: String) -> DependencyFinding.Role? {
    let words = canonicalName(name).split { $0 == "-" || $0 == "_" || $0 == "/" || $0 == " " }.map(String.init)
    for (role, names) in roleNames where words.contains(where: names.contains) { return role }
    if words.contains(where: { $0.hasPrefix("test") || $0.hasSuffix("tests") || $0.hasSuffix("test") }) { return .test }
    return nil
}

/// The role of a named list of requirements. One that holds a test runner is for testing whatever its name, unless it
/// documents or `hasTests` says that another one has the name for that.
func pythonRole(ofName name: String, requirements: [String], hasTests: Bool) -> DependencyFinding.Role? {
    let named = pythonRole(ofName: name)
    if named == .test || named == .documentation || hasTests { return named }
    let names = Set(requirements.compactMap { PythonRequirement($0)?.name })
    return names.isDisjoint(with: testRunners) ? named : .test
}

/// Distributions that run tests.
let testRunners: Set<String> = [
    "pytest", "nose", "nose2", "pynose", "pytest-cov", "pytest-xdist", "zope-testrunner", "stestr", "testrepository",
    "pytest-django", "pytest-asyncio", "green", "ward", "unittest2",
]

private let roleNames: [(DependencyFinding.Role, Set<String>)] = [
    (
        .test,
        [
            "test", "tests", "testing", "pytest", "unittest", "unittests", "unit", "unittesting", "ci", "check",
            "qa-tests",
            "tester", "testsuite", "cov-tests", "travis",
        ]
    ),
    (.documentation, ["docs", "doc", "rtd", "sphinx", "documentation", "readthedocs", "mkdocs"]),
    (
        .lint,
        [
            "lint", "linting", "linter", "linters", "style", "format", "formatting", "mypy", "typing", "types",
            "typecheck",
            "pre-commit", "precommit", "flake8", "ruff", "black", "pylint", "quality", "qa", "checkqa", "pyright",
            "typos",
            "codestyle",
        ]
    ),
    (
        .development,
        ["dev", "develop", "development", "devel", "developer", "all", "full", "complete", "local", "debug"]
    ),
    (.build, ["build", "release", "publish", "packaging", "dist", "deploy", "wheel", "wheels"]),
]
