//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What the jobs of continuous integrations say about the environment that the tests need.
struct CISurvey {
    let repository: Repository
    private(set) var findings: [Finding] = []
    private var taken: Set<String> = []

    init(_ repository: Repository) { self.repository = repository }

    /// Reports what the jobs that run the project's tests use, or, where none is known to run tests, what all jobs use
    /// that are not for something else.
    mutating func read(_ jobs: [CIJob]) {
        let traces = jobs.map { CIJobTrace($0, in: repository) }
        let testing = traces.filter { !$0.testCommands.isEmpty }
        let ordinary = testing.filter { !$0.isSpecial }
        let plain = traces.filter { !$0.isSpecial }
        let chosen = [ordinary, testing, plain].first { !$0.isEmpty } ?? []
        for trace in chosen { report(trace) }
        reportVariables(chosen)
    }

    private mutating func report(_ trace: CIJobTrace) {
        findings += trace.job.bases.map(Finding.base)
        findings += trace.job.toolchains.map(Finding.toolchain)
        findings += trace.job.packages.map(Finding.system)
        findings += trace.job.services.map(Finding.service)
        for (command, step) in trace.commands {
            reportPackages(command, step)
            for finding in dependencies(installedBy: command, in: repository, varies: step.varies) { findings.append(finding) }
        }
        for (command, step) in trace.testCommands where !step.isConditional && !step.varies { reportTest(command) }
    }

    private mutating func reportPackages(_ command: TracedCommand, _ step: CIJob.Step) {
        for name in debianPackages(installedBy: command.call, input: command.input) ?? [] {
            // One of the many compilers of a matrix is not the project's.
            if step.varies, isVersioned(name) || step.isConditional { continue }
            guard taken.insert(name).inserted else { continue }
            findings.append(
                .system(
                    SystemFinding(
                        .package(name), phase: .test, isOptional: false, reason: "", evidence: command.evidence)))
        }
    }

    /// A test command counts where it can be run as it stands.
    private mutating func reportTest(_ command: TracedCommand) {
        guard let words = testCommand(command.call), !command.isConditional, let program = words.first,
            !["tox", "nox", "nix", "docker", "c8", "nyc"].contains(program),
            !words.contains(where: { $0.contains("$") || $0.contains("/workspace") || $0.contains("\n") })
        else { return }
        let line = words.filter { !isCoverageOption($0) }.map(shellQuoted).joined(separator: " ")
        let place = command.directory.isEmpty ? line : "cd \(shellQuoted(command.directory)) && \(line)"
        guard !command.directory.contains("$"), !command.directory.hasPrefix("/"), taken.insert("task \(place)").inserted else {
            return
        }
        findings.append(.task(TaskFinding("test", command: place, standing: .used, evidence: command.evidence)))
    }

    /// Variables that all jobs which set them set alike.
    private mutating func reportVariables(_ traces: [CIJobTrace]) {
        var byName: [String: Set<String>] = [:]
        let variables = traces.flatMap(\.job.variables)
        for variable in variables { byName[variable.name, default: []].insert(variable.value ?? "") }
        for variable in variables {
            guard let value = variable.value, byName[variable.name]?.count == 1, isPlain(variable.name, value),
                taken.insert("variable \(variable.name)").inserted
            else { continue }
            findings.append(.variable(variable))
        }
    }
}

private func isCoverageOption(_ word: String) -> Bool {
    word.hasPrefix("--cov") || word.hasPrefix("--junit") || word.hasPrefix("--color")
}

private func isVersioned(_ name: String) -> Bool {
    guard let dash = name.lastIndex(of: "-") else { return false }
    return name[name.index(after: dash)...].allSatisfy { $0.isNumber || $0 == "." }
}

/// Whether a variable is about the project rather than about the service, its caches or its secrets.
private func isPlain(_ name: String, _ value: String) -> Bool {
    if value.isEmpty || value.contains("$") || value.contains("\n") || value.contains("/home/") { return false }
    if value.contains("/Users/") || value.contains("/opt/") || value.contains("/builds/") { return false }
    let upper = name.uppercased()
    if foreignVariables.contains(upper) || foreignPrefixes.contains(where: upper.hasPrefix) { return false }
    return !["TOKEN", "SECRET", "API_KEY", "APIKEY", "ACCESS_KEY", "CREDENTIAL", "CACHE", "_VERSION", "_SHA", "IMAGE"].contains {
        upper.contains($0)
    }
}

private let foreignPrefixes = [
    "CODECOV", "COVERALLS", "GITHUB_", "PIP_", "CI_", "TOX_", "HOMEBREW_", "SCCACHE_", "CCACHE_", "CIBW_", "DOCKER_",
    "NPM_CONFIG_", "CARGO_", "RUSTUP_", "UV_", "POETRY_", "CONDA_", "GIT_", "TRAVIS", "ACTIONS_", "BUILDKIT", "COVERAGE_",
    "SONAR", "AZURE_", "AWS_", "VCPKG_", "GRADLE_", "MAVEN_", "COMPOSER_", "YARN_", "GH_", "COV_", "FF_", "NODE_COVERALLS",
]
private let foreignVariables: Set<String> = [
    "CI", "FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "CLICOLOR", "TERM", "RUST_BACKTRACE", "RUSTFLAGS", "RUSTDOCFLAGS",
    "DEBIAN_FRONTEND", "MAKEFLAGS", "CC", "CXX", "PYTHON", "PATH", "HOME", "TOXENV", "PRE_COMMIT_HOME", "JAVA_OPTS",
    "PYTHONDEVMODE", "COLUMNS", "LANG", "LC_ALL", "GO111MODULE", "CFLAGS", "CXXFLAGS", "LDFLAGS", "CPPFLAGS", "FC", "DIST",
    "OS", "PLATFORM", "ARCH", "CHANNEL", "BUILD_TYPE", "NPROC", "JOBS", "COMPILER",
]
