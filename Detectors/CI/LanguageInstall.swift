//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a command installs with a language's own package manager, as far as tests need it.
///
/// - Parameter varies: Whether the command is another one in each entry of a matrix, so that versions that it names are
///   one choice of many.
func dependencies(installedBy command: TracedCommand, in repository: Repository, varies: Bool) -> [Finding] {
    let call = command.call
    guard let program = call.first?.split(separator: "/").last.map(String.init) else { return [] }
    let arguments = Array(call.dropFirst())
    switch program {
    case "pip", "pip3", "pip2":
        return pipInstall(arguments, command, repository, varies: varies)
    case let python where python.hasPrefix("python"):
        guard let option = arguments.firstIndex(of: "-m"), option + 1 < arguments.count, arguments[option + 1] == "pip"
        else {
            return []
        }
        return pipInstall(Array(arguments[(option + 2)...]), command, repository, varies: varies)
    case "uv":
        if arguments.first == "pip" {
            return pipInstall(Array(arguments.dropFirst()), command, repository, varies: varies)
        }
        return arguments.first == "sync" || arguments.first == "run" ? projectParts(arguments, command) : []
    case "poetry", "pdm":
        return arguments.first == "install" || arguments.first == "sync" ? projectParts(arguments, command) : []
    case "cpanm", "cpan", "cpm":
        return modules(arguments, language: "perl", command)
    case "gem" where arguments.first == "install":
        return modules(Array(arguments.dropFirst()), language: "ruby", command)
    default:
        return []
    }
}

/// `pip install …`: files, extras of the project, groups, and requirements.
private func pipInstall(_ words: [String], _ command: TracedCommand, _ repository: Repository, varies: Bool)
    -> [Finding]
{
    var rest = words[...]
    while let first = rest.first, first != "install" {
        guard first.hasPrefix("-") else { return [] }
        rest = rest.dropFirst()
    }
    rest = rest.dropFirst()
    var findings: [Finding] = []
    func add(_ item: DependencyFinding.Item, in directory: String = "") {
        findings.append(
            .dependency(
                DependencyFinding(
                    manager: "uv", directory: directory, item, role: .test, reason: "installed in CI",
                    evidence: command.evidence)))
    }
    while let word = rest.popFirst() {
        switch word {
        case "-r", "--requirement", "-c", "--constraint":
            guard let path = rest.popFirst().map({ joinPath(command.directory, $0) }), repository.contains(path) else {
                continue
            }
            if isForAnotherPurpose(path) { continue }
            add(word == "-r" || word == "--requirement" ? .requirementsFile(path) : .constraintsFile(path))
        case "-e", "--editable":
            guard let target = rest.popFirst() else { continue }
            for (extra, directory) in extras(target, command.directory) { add(.extra(extra), in: directory) }
        case "--group":
            guard let group = rest.popFirst(), !group.contains("$") else { continue }
            add(.group(group))
        case _ where word.hasPrefix("-r") && word.utf8.count > 2:
            let path = joinPath(command.directory, String(word.dropFirst(2)))
            if repository.contains(path), !isForAnotherPurpose(path) { add(.requirementsFile(path)) }
        case _ where word.hasPrefix("-"):
            if pipOptionsWithValue.contains(word) { rest = rest.dropFirst() }
        case _ where word.hasPrefix(".") || word.hasPrefix("/") || word.hasSuffix(".whl") || word.hasSuffix(".gz"):
            for (extra, directory) in extras(word, command.directory) { add(.extra(extra), in: directory) }
        default:
            guard let finding = requirement(word, command, varies: varies) else { continue }
            findings.append(finding)
        }
    }
    return findings
}

/// The extras in `.[test,dev]`, `./sub[test]` and `/workspace[test]`, with the project's folder.
private func extras(_ target: String, _ directory: String) -> [(String, String)] {
    guard let open = target.firstIndex(of: "["), target.hasSuffix("]") else { return [] }
    let path = target[..<open].hasPrefix("/workspace") ? String(target[..<open].dropFirst(11)) : String(target[..<open])
    guard !path.contains("$"), !path.contains("*"), !path.hasPrefix("/"), !path.hasPrefix("file:") else { return [] }
    return target[target.index(after: open)...].dropLast().split(separator: ",").compactMap { part in
        let name = part.trimmingSpaces
        return name.contains("$") || name.isEmpty ? nil : (name, joinPath(directory, path))
    }
}

/// One requirement; nil for the tools of packaging and of the service itself, and for addresses.
private func requirement(_ word: String, _ command: TracedCommand, varies: Bool) -> Finding? {
    guard !word.contains("$"), !word.contains("://"), !word.contains("/"), word.first?.isLetter == true else {
        return nil
    }
    let name = String(word.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
    let canonical = name.lowercased().replacing(text: "_", with: "-").replacing(text: ".", with: "-")
    if systemPrograms.contains(canonical) {
        return .system(
            SystemFinding(.program(canonical), phase: .build, reason: "installed in CI", evidence: command.evidence))
    }
    if toolsOfCI.contains(canonical) { return nil }
    // A version out of a matrix is one of many, a plain name is a need of all.
    if varies, name.utf8.count != word.utf8.count { return nil }
    return .dependency(
        DependencyFinding(
            manager: "uv", directory: "", .requirement(word), role: .test, reason: "installed in CI",
            evidence: command.evidence))
}

/// The groups and extras that `uv sync`, `poetry install` and `pdm install` name.
private func projectParts(_ arguments: [String], _ command: TracedCommand) -> [Finding] {
    var findings: [Finding] = []
    var rest = arguments.dropFirst()
    while let word = rest.popFirst() {
        if arguments.first == "run", !word.hasPrefix("-") { break }
        let isGroup = ["--group", "--with", "-G", "--only-group"].contains(word)
        guard isGroup || ["--extra", "-E", "--extras"].contains(word), let value = rest.popFirst(), !value.contains("$")
        else {
            continue
        }
        if arguments.first == "run", word == "--with" { continue }
        for name in value.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) where name != ":all" {
            findings.append(
                .dependency(
                    DependencyFinding(
                        manager: "uv", directory: command.directory, isGroup ? .group(name) : .extra(name), role: .test,
                        reason: "installed in CI", evidence: command.evidence)))
        }
    }
    return findings
}

/// Modules that `cpanm` or `gem install` names.
private func modules(_ arguments: [String], language: String, _ command: TracedCommand) -> [Finding] {
    var findings: [Finding] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
        if word.hasPrefix("-") {
            if ["-v", "--version", "-l", "-L", "-i", "--mirror", "-M"].contains(word),
                language == "ruby" || word != "-v"
            {
                rest = rest.dropFirst()
            }
            continue
        }
        let name = word.prefix { $0 != "@" && $0 != "~" }
        guard let first = name.first, first.isLetter, !name.contains("/"), !name.contains("."), !name.contains("$"),
            !["bundler", "rubygems-update"].contains(name)
        else { continue }
        findings.append(
            .system(
                SystemFinding(
                    .module(language: language, name: String(name)), phase: .test, reason: "installed in CI",
                    evidence: command.evidence)))
    }
    return findings
}

/// Whether a requirements file is for documentation, style or releases, by its name.
private func isForAnotherPurpose(_ path: String) -> Bool {
    switch pythonRole(ofName: path.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? path) {
    case .documentation, .lint, .build: true
    default: false
    }
}

private let pipOptionsWithValue: Set<String> = [
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix", "--root", "--python",
    "--only-binary", "--no-binary", "--cache-dir", "--platform", "--progress-bar", "--src", "--upgrade-strategy", "-C",
    "--config-settings", "--global-option", "--exists-action", "--trusted-host", "--retries", "--timeout", "-P",
    "--resolution", "--exclude-newer", "--python-version",
]

/// Programs that Debian carries and that are not the business of Python's environment.
private let systemPrograms: Set<String> = ["meson", "ninja", "cmake", "scons", "gcovr", "clang-format"]

/// What packages, uploads, caches or only reports, and what is there anyway.
private let toolsOfCI: Set<String> = [
    "pip", "setuptools", "wheel", "virtualenv", "tox", "tox-gh-actions", "tox-gh", "tox-uv", "tox-travis", "nox", "uv",
    "poetry", "pipenv", "pdm", "hatch", "hatchling", "flit", "flit-core", "build", "twine", "codecov", "coveralls",
    "codacy-coverage", "python-coveralls", "pre-commit", "flake8", "black", "isort", "ruff", "pylint", "pycodestyle",
    "pyflakes", "mypy", "bandit", "codespell", "check-manifest", "cibuildwheel", "auditwheel", "delocate", "conan",
    "sphinx", "sphinx-rtd-theme", "mkdocs", "pip-tools", "pipx", "rstcheck", "doc8", "readme-renderer", "pyroma",
    "yamllint",
    "cpp-coveralls", "gcovr", "codecov-cli", "detox", "poetry-core", "pep517", "safety", "interrogate", "cmakelang",
    "pypandoc", "ansible-lint", "devpi-client", "tox-conda", "tox-venv", "tox-pyenv", "tox-wheel", "pip-audit",
    "pyright",
    "distribute", "certifi-win32",
]
