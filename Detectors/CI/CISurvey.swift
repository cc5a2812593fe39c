//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// What the jobs of continuous integrations say about the environment that the tests need.
struct CISurvey {
    let repository: Repository
    private(set) var findings: [Finding] = []
    private var taken: Set<String> = []
    private var wholeTests: [Finding] = []
    private var partialTests: [Finding] = []

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
        // Commands for all tests come before those for some.
        findings += wholeTests + partialTests
        reportVariables(chosen)
        reportLint(traces)
    }

    /// The command that checks the sources, from any job: a script of that name before a program of its own.
    private mutating func reportLint(_ traces: [CIJobTrace]) {
        var candidates: [(words: [String], command: TracedCommand)] = []
        for trace in traces where !trace.job.isForeign {
            for (command, step) in trace.commands where !step.isConditional && !step.varies && !command.isConditional {
                guard !command.isRecipe, let words = lintCommand(command.call),
                    !words.contains(where: { $0.contains("$") || $0.contains("\n") }),
                    command.directory.isEmpty || repository.hasDirectory(command.directory)
                else { continue }
                candidates.append((words, command))
            }
        }
        guard let chosen = candidates.first(where: { $0.words.contains("lint") }) ?? candidates.first else { return }
        let line = chosen.words.map(shellQuoted).joined(separator: " ")
        let folder = chosen.command.directory
        findings.append(
            .task(
                TaskFinding(
                    "lint", command: folder.isEmpty ? line : "cd \(shellQuoted(folder)) && \(line)", standing: .used,
                    evidence: chosen.command.evidence)))
    }

    private mutating func report(_ trace: CIJobTrace) {
        findings += trace.job.bases.map(Finding.base)
        findings += trace.job.toolchains.map(Finding.toolchain)
        findings += trace.job.packages.filter { finding in
            if case .package(let name) = finding.requirement { !isCrossTool(name) } else { true }
        }.map(Finding.system)
        findings += trace.job.services.map(Finding.service)
        let common = packagesOfAllEntries(trace)
        for (command, step) in trace.commands {
            reportPackages(command, step, common, isForeign: trace.job.isForeign)
            if !step.varies, !command.isConditional {
                findings += toolchains(installedBy: command.call).compactMap {
                    toolchainHint($0.tool, $0.version, evidence: command.evidence).map(Finding.toolchain)
                }
            }
            if !command.isConditional, let service = serviceStarted(by: command.call, command.evidence) {
                findings.append(.service(service))
            }
            for finding in dependencies(installedBy: command, in: repository, varies: step.varies) {
                findings.append(finding)
            }
        }
        for (command, step) in trace.testCommands where !step.isConditional && !step.varies { reportTest(command) }
    }

    /// For each script of a matrix, the packages that all of its entries install: one of many compilers or cross tools is
    /// not the project's.
    private func packagesOfAllEntries(_ trace: CIJobTrace) -> [Evidence: Set<SystemRequirement>] {
        var variants: [Evidence: [String: Set<SystemRequirement>]] = [:]
        for step in trace.job.steps where step.varies { variants[step.evidence, default: [:]][step.script] = [] }
        for (command, step) in trace.commands where step.varies {
            variants[step.evidence]?[step.script]?.formUnion(
                packages(installedBy: command, isForeign: trace.job.isForeign))
        }
        return variants.mapValues { sets in
            sets.values.dropFirst().reduce(sets.values.first ?? []) { $0.intersection($1) }
        }
    }

    /// What a command installs, by Debian's names; a job on another distribution names that one's.
    private func packages(installedBy command: TracedCommand, isForeign: Bool) -> [SystemRequirement] {
        if isForeign, let needs = needsForForeign(installedBy: command.call) { return needs.map(\.need) }
        return (debianPackages(installedBy: command.call, input: command.input) ?? []).map { .package($0) }
    }

    private mutating func reportPackages(
        _ command: TracedCommand, _ step: CIJob.Step, _ common: [Evidence: Set<SystemRequirement>], isForeign: Bool
    ) {
        for need in packages(installedBy: command, isForeign: isForeign) {
            if step.varies, common[step.evidence]?.contains(need) != true { continue }
            if case .package(let name) = need, isCrossTool(name) { continue }
            guard taken.insert("need \(need)").inserted else { continue }
            findings.append(.system(SystemFinding(need, phase: .test, evidence: command.evidence)))
        }
    }

    /// A test command counts where it can be run as it stands.
    private mutating func reportTest(_ traced: TracedCommand) {
        var command = traced
        // pytest finds the modules that `--pyargs` names from any folder; an empty one is made for it to run in.
        if traced.call.contains("--pyargs"), !repository.hasDirectory(traced.directory),
            !traced.call.contains(where: { $0.contains("../") })
        {
            command.directory = ""
        }
        guard let words = testCommand(command.call), !command.isConditional, !command.isRecipe,
            let program = words.first,
            !["tox", "nox", "nix", "docker", "c8", "nyc"].contains(program),
            !words.contains(where: { $0.contains("$") || $0.contains("/workspace") || $0.contains("\n") })
        else { return }
        let line = withoutReports(words).map(shellQuoted).joined(separator: " ")
        let place = command.directory.isEmpty ? line : "cd \(shellQuoted(command.directory)) && \(line)"
        guard isThere(command, program), taken.insert("task \(place)").inserted else {
            return
        }
        // What tests a part of the project only stands in where nothing is known of the whole.
        let isPart =
            runsPart(words) || !command.directory.isEmpty && languageManifests.contains(where: repository.contains)
        let finding = Finding.task(
            TaskFinding("test", command: place, standing: isPart ? .inferred : .used, evidence: command.evidence))
        if !isPart {
            wholeTests.append(finding)
        } else if program != "go", program != "cargo" {
            // The languages' own runners have a command for all tests that needs no evidence.
            partialTests.append(finding)
        }
    }

    /// Whether the folder that a command runs in is one of the repository's and not made by an earlier step, and with it
    /// what a build tool reads there.
    private func isThere(_ command: TracedCommand, _ program: String) -> Bool {
        if ["ninja", "samu", "meson", "ctest", "cmake"].contains(program) { return false }
        var folder = command.directory
        if program == "make" || program == "gmake" {
            if let option = command.call.firstIndex(of: "-C"), option + 1 < command.call.count {
                folder = joinPath(folder, command.call[option + 1])
            }
            guard MakeRules(in: folder, of: repository) != nil else { return false }
        }
        // A program or script of the repository, not one that was built or installed into the tree.
        let arguments = command.call.drop { $0 != program }
        let script =
            program.contains("/") ? program : (interpreters.contains(program) ? arguments.dropFirst().first : nil)
        if let script, !script.hasPrefix("-"), script != "./Build", !script.hasPrefix("vendor/bin/"),
            !script.hasPrefix("node_modules/"),
            !repository.contains(joinPath(folder, script))
        {
            return false
        }
        return folder.isEmpty || repository.hasDirectory(folder)
    }

    /// Variables that at least half of the jobs set, and all of those alike.
    private mutating func reportVariables(_ traces: [CIJobTrace]) {
        var byName: [String: Set<String>] = [:]
        var counts: [String: Int] = [:]
        for trace in traces {
            for variable in trace.job.variables { byName[variable.name, default: []].insert(variable.value ?? "") }
            for name in Set(trace.job.variables.map(\.name)) { counts[name, default: 0] += 1 }
        }
        for variable in traces.flatMap(\.job.variables) {
            guard let value = variable.value, byName[variable.name]?.count == 1,
                2 * (counts[variable.name] ?? 0) >= traces.count, isPlain(variable.name, value),
                taken.insert("variable \(variable.name)").inserted
            else { continue }
            findings.append(.variable(variable))
        }
    }
}

/// The words of a test command without the options that only gather coverage or write reports.
private func withoutReports(_ words: [String]) -> [String] {
    var kept: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
        guard word.hasPrefix("--cov") || word.hasPrefix("--junit") || word.hasPrefix("--color") else {
            kept.append(word)
            continue
        }
        // Busted hands the next word on to its output.
        if let last = kept.last, last.hasSuffix("Xoutput") { kept.removeLast() }
        // pytest takes a word that is no option as the option's value.
        if !word.contains("="), word != "--no-cov", let value = rest.first, !value.hasPrefix("-") {
            rest = rest.dropFirst()
        }
    }
    return kept
}

/// Whether a test command names some of the tests, or another variant of the program.
private func runsPart(_ words: [String]) -> Bool {
    let operands = words.dropFirst().filter { !$0.hasPrefix("-") }
    switch words.first {
    case "go":
        return !operands.contains("./...")
            || words.contains { option in
                ["-tags", "--tags", "-run", "-fuzz", "-bench"].contains { option.hasPrefix($0) }
            }
    case "cargo":
        return words.contains { ["-p", "--package", "--manifest-path", "--test", "--bench", "--target"].contains($0) }
    case "npm", "pnpm", "yarn", "bun":
        return operands.contains { $0.hasPrefix("test:") || $0.hasPrefix("test-") }
    case "rspec":
        return words.contains { $0 == "--tag" || $0 == "-t" } || operands.contains { $0.contains("/") }
    case "bundle" where operands.dropFirst().first == "rspec", "bin/rspec":
        return words.contains { $0 == "--tag" || $0 == "-t" } || operands.dropFirst(2).contains { $0.contains("/") }
    case "phpunit", "vendor/bin/phpunit":
        return words.contains { option in
            ["--testsuite", "--filter", "--group"].contains { option.hasPrefix($0) }
        }
    case "make", "gmake", "rake":
        return !operands.contains { ["test", "tests", "check", "spec", "default"].contains($0) } && !operands.isEmpty
    default:
        return operands.contains {
            $0.contains("::") || $0.hasSuffix(".py") || $0.hasSuffix("_spec.rb") || $0.hasSuffix(".t")
        }
    }
}

/// Whether a package is for building or running programs of another processor or system.
private func isCrossTool(_ name: String) -> Bool {
    [
        "crossbuild-essential", "mingw", "multilib", "-i386", "linux-gnueabi", "aarch64-linux", "arm-linux", "powerpc",
        "s390x",
        "riscv64", "qemu-user", "qemu-system", "binfmt-support", "wine",
    ].contains { name.range(ofText: $0) != nil }
}

/// Whether a variable is about the project rather than about the service, its caches or its secrets.
private func isPlain(_ name: String, _ value: String) -> Bool {
    if value.isEmpty || value.contains("$") || value.contains("\n") || value.contains("/home/") { return false }
    if value.contains("/Users/") || value.contains("/opt/") || value.contains("/builds/")
        || value.contains("/workspace")
    {
        return false
    }
    guard let first = name.utf8.first, first < 0x30 || first > 0x39,
        name.utf8.allSatisfy({ $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".") })
    else { return false }
    // A version is for an action to set up.
    if value.contains("."), value.allSatisfy({ $0.isNumber || ".x*".contains($0) }) { return false }
    let upper = name.uppercased()
    if upper.hasSuffix("_TAG") { return false }
    if foreignVariables.contains(upper) || foreignPrefixes.contains(where: upper.hasPrefix) { return false }
    return ![
        "TOKEN", "SECRET", "API_KEY", "APIKEY", "ACCESS_KEY", "CREDENTIAL", "CACHE", "_VERSION", "_SHA", "IMAGE",
        "_PACKAGES",
    ]
    .contains {
        upper.contains($0)
    }
}

private let foreignPrefixes = [
    "CODECOV", "COVERALLS", "GITHUB_", "PIP_", "CI_", "TOX_", "HOMEBREW_", "SCCACHE_", "CCACHE_", "CIBW_", "DOCKER_",
    "FDO_", "NPM_CONFIG_", "CARGO_", "RUSTUP_", "UV_", "POETRY_", "CONDA_", "GIT_", "TRAVIS", "ACTIONS_", "BUILDKIT",
    "COVERAGE_",
    "SONAR", "AZURE_", "AWS_", "VCPKG_", "GRADLE_", "MAVEN_", "COMPOSER_", "YARN_", "GH_", "COV_", "FF_", "ASAN_",
    "TSAN_", "UBSAN_",
    "LSAN_", "MSAN_", "VALGRIND_", "MACOSX_", "XCODE_", "PHP_", "NODE_COVERALLS",
]
private let foreignVariables: Set<String> = [
    "CI", "FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "CLICOLOR", "TERM", "RUST_BACKTRACE", "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "DEBIAN_FRONTEND", "MAKEFLAGS", "CC", "CXX", "PYTHON", "PATH", "HOME", "TOXENV", "PRE_COMMIT_HOME", "JAVA_OPTS",
    "PYTHONDEVMODE", "COLUMNS", "LANG", "LC_ALL", "GO111MODULE", "CFLAGS", "CXXFLAGS", "LDFLAGS", "CPPFLAGS", "FC",
    "DIST",
    "OS", "PLATFORM", "ARCH", "CHANNEL", "BUILD_TYPE", "NPROC", "JOBS", "COMPILER", "GOPROXY",
]

private let interpreters: Set<String> = ["python", "python3", "ruby", "perl", "node", "php", "bash", "sh"]
