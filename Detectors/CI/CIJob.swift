//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A job of a continuous integration as it runs on Linux, whatever service runs it.
struct CIJob {
    /// A script of the job.
    struct Step {
        var script: String
        /// The file that holds it, and the line of its first line.
        var evidence: Evidence
        /// The folder that it runs in, from the repository's root.
        var directory = ""
        /// Variables that are set for it.
        var variables: [String: String] = [:]
        /// Whether the script is another one in each entry of the job's matrix.
        var varies = false
        /// Whether it runs only under a condition whose outcome is not known.
        var isConditional = false
    }

    /// The job's own name.
    var name: String
    /// Where it begins.
    var evidence: Evidence
    /// The systems that it runs on: `runs-on: ubuntu-22.04` names `jammy`.
    var bases: [BaseFinding] = []
    /// The versions that it runs with.
    var toolchains: [ToolchainFinding] = []
    /// Debian packages that the configuration names outside of scripts.
    var packages: [SystemFinding] = []
    /// The services beside it.
    var services: [ServiceFinding] = []
    /// Variables of the whole job.
    var variables: [VariableFinding] = []
    /// Its scripts in order.
    var steps: [Step] = []
    /// Whether it runs on another distribution than Debian and its derivatives.
    var isForeign = false
    /// Whether an ordinary push does without it: it is started by hand or on a schedule, or may fail.
    var isOptional = false
}

/// What the steps of a job do, as far as it tells what the job is for.
struct CIJobTrace {
    let job: CIJob
    /// The commands that its scripts would run, each with the script's step.
    var commands: [(command: TracedCommand, step: CIJob.Step)] = []

    init(_ job: CIJob, in repository: Repository) {
        self.job = job
        for step in job.steps {
            var tracer = ShellTracer(
                repository, directory: step.directory,
                variables: Dictionary(
                    job.variables.compactMap { finding in finding.value.map { (finding.name, $0) } },
                    uniquingKeysWith: { _, last in last }
                ).merging(step.variables) { _, own in own })
            tracer.trace(step.script, path: step.evidence.path, firstLine: step.evidence.line ?? 1)
            commands += tracer.commands.map { ($0, step) }
        }
    }

    /// The commands that run tests.
    var testCommands: [(command: TracedCommand, step: CIJob.Step)] {
        commands.filter { testCommand($0.command.call) != nil }
    }

    /// Whether its name says that it is for something else than running the tests as a developer does.
    var isSpecial: Bool {
        if job.isForeign || job.isOptional { return true }
        let words = job.name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return words.contains(where: specialWords.contains)
    }
}

private let specialWords: Set<String> = [
    "lint", "linter", "linting", "style", "format", "fmt", "clippy", "rustfmt", "docs", "doc", "documentation",
    "release",
    "publish", "deploy", "deployment", "mingw", "mingw64", "cross", "i386", "i686", "x86", "32bit", "ubuntu32",
    "linux32", "32", "m32", "armhf", "arm",
    "arm64", "aarch64", "armv7", "s390x", "ppc64le", "riscv64", "mips", "big", "endian", "android", "ios", "wasm",
    "wasm32",
    "wasi", "emscripten", "fuzz", "fuzzing", "cifuzz", "oss", "asan", "ubsan", "tsan", "msan", "sanitizer",
    "sanitizers",
    "sanitize", "valgrind", "helgrind", "bench", "benchmark", "benchmarks", "wheels", "wheel", "pypi", "coverity",
    "codeql",
    "analysis", "analyze", "sonar", "sonarcloud", "scan", "windows", "macos", "osx", "darwin", "freebsd", "openbsd",
    "netbsd", "solaris", "msvc", "msys2", "msys", "cygwin", "alpine", "fedora", "centos", "rhel", "opensuse", "arch",
    "archlinux", "musl", "miri", "nightly", "upstream", "pypy", "jython", "downstream", "docker", "dependabot", "stale",
    "labeler", "typing", "mypy", "typecheck", "conda", "homebrew", "flatpak", "snap", "rpm", "deb", "debian-package",
    "nix",
    "vcpkg", "conan", "spellcheck", "codespell", "sdist", "dist",
]
