//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// A line of `deps`: a requirement, `-r file`, `-c file`, `.[extra]`.
    mutating func addEnvironmentLine(
        _ line: String, marker: String? = nil, source: String, file: String, evidence: Evidence
    ) {
        let text = withoutComment(line)
        let (option, value) = optionOfLine(text)
        switch option {
        case "-r": takeEnvironmentFile(joinPath(directory, value), source: source, evidence: evidence)
        case "-c": takeConstraints(joinPath(directory, value), role: .test, evidence: evidence)
        case "-e": addEnvironmentLine(value, source: source, file: file, evidence: evidence)
        case "-": break
        default:
            if let project = otherProject(text) {
                report(.requirement(project), role: .test, reason: source, evidence: evidence)
            } else if text.hasPrefix("."), let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"),
                open < close
            {
                for extra in text[text.index(after: open)..<close].split(separator: ",") {
                    testExtras[canonicalName(String(extra).trimmingSpaces)] = evidence
                }
            } else if let requirement = PythonRequirement(text), !text.hasSuffix("{packages}") {
                guard !isOwnName(requirement.name) else {
                    for extra in requirement.extras { testExtras[extra] = evidence }
                    return
                }
                let full = marker.map { requirement.adding(marker: $0) } ?? requirement
                if testRunners.contains(requirement.name) { environmentHasRunner = true }
                require(full.text, role: .test, reason: source, evidence: evidence)
            } else if text.contains("#egg=") {
                let name = text.split(separator: "#egg=").last.map(String.init) ?? ""
                require("\(name) @ \(text.split(separator: "#")[0])", role: .test, reason: source, evidence: evidence)
            }
        }
    }

    /// The path of another project of the repository, as pip takes it from the repository's root, with its extras.
    private func otherProject(_ text: String) -> String? {
        let place = text.prefix { $0 != "[" }
        let folder = joinPath(directory, String(place))
        guard place.contains("/"), !place.contains(":"), !folder.isEmpty, folder != directory, !folder.hasPrefix(".."),
            ["pyproject.toml", "setup.py", "setup.cfg"].contains(where: { repository.contains(joinPath(folder, $0)) })
        else { return nil }
        return "./\(folder)\(text.dropFirst(place.count))"
    }

    /// Takes the requirements file of an environment.
    mutating func takeEnvironmentFile(_ file: String, source: String, evidence: Evidence) {
        takeFile(file, role: .test, reason: source, evidence: evidence)
        let names = RequirementsFile(repository, path: file).requirements.compactMap {
            PythonRequirement($0.text)?.name
        }
        if !testRunners.isDisjoint(with: names) { environmentHasRunner = true }
    }

    /// The arguments of `pip install` or `session.install`.
    mutating func addInstalled(_ words: [String], source: String, evidence: Evidence) {
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            switch word {
            case "-r", "--requirement", "-c", "--constraint", "-e", "--editable", "--group":
                guard index < words.count else { return }
                if word == "--group" {
                    testGroups[canonicalName(words[index])] = evidence
                } else {
                    let letter = word.hasPrefix("--") ? word.dropFirst(2).prefix(1) : word.dropFirst().prefix(1)
                    addEnvironmentLine("-\(letter) \(words[index])", source: source, file: "", evidence: evidence)
                }
                index += 1
            case "--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--python", "--target", "-t",
                "--no-binary",
                "--only-binary":
                index += 1
            default:
                if word.hasPrefix("-") && !word.hasPrefix("-r") && !word.hasPrefix("-c") && !word.hasPrefix("-e") {
                    continue
                }
                if isBootstrapTool(word) { continue }
                addEnvironmentLine(word, source: source, file: "", evidence: evidence)
            }
        }
    }

    /// A program that a test environment or a test runs, where it is none that the environment installs itself.
    mutating func addProgram(
        _ name: String, reason: String, phase: SystemFinding.Phase = .test, isOptional: Bool = false, evidence: Evidence
    ) {
        let program = name.split(separator: "/").last.map(String.init) ?? name
        guard !program.isEmpty, !program.contains("{"), !program.contains("*"), !program.contains("$"),
            program.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !ordinaryPrograms.contains(program),
            !program.hasPrefix("python"),
            !program.contains("."), program.utf8.first != UInt8(ascii: "-"), !isDeclared(program), !isOwnName(program),
            !ownPrograms.contains(program), program == program.lowercased(), program.utf8.count > 1
        else { return }
        system(.program(program), phase, isOptional: isOptional, reason: reason, evidence: evidence)
    }

    /// Whether the name is the project's own.
    func isOwnName(_ other: String) -> Bool { name.map { canonicalName($0) == canonicalName(other) } ?? false }

    private func isBootstrapTool(_ word: String) -> Bool {
        guard let requirement = PythonRequirement(word) else { return false }
        return ["pip", "setuptools", "wheel", "virtualenv", "tox", "nox", "build"].contains(requirement.name)
            && requirement.specifier.isEmpty
    }
}

private func optionOfLine(_ text: String) -> (option: String, value: String) {
    guard text.hasPrefix("-") else { return ("", text) }
    for (names, option) in [
        (["--requirement", "-r"], "-r"), (["--constraint", "-c"], "-c"), (["--editable", "-e"], "-e"),
    ] {
        for name in names where text.hasPrefix(name) {
            return (option, String(text.dropFirst(name.count).drop { $0 == "=" || $0 == " " }).trimmingSpaces)
        }
    }
    return ("-", "")
}

/// Programs that every image has, or that the Python environment brings.
private let ordinaryPrograms: Set<String> = [
    "sh", "bash", "dash", "echo", "cat", "ls", "rm", "cp", "mv", "mkdir", "rmdir", "ln", "touch", "true", "false",
    "test", "[",
    "sed", "grep", "awk", "sort", "uniq", "head", "tail", "cut", "tr", "wc", "tee", "sleep", "date", "env", "find",
    "xargs",
    "tar", "gzip", "gunzip", "chmod", "chown", "pwd", "which", "id", "uname", "hostname", "kill", "dirname", "basename",
    "printf",
    "expr", "seq", "yes", "nice", "timeout", "diff", "cmp", "mktemp", "readlink", "realpath", "stat", "du", "df", "dd",
    "od",
    "md5sum", "sha1sum", "sha256sum", "base64", "perl", "dpkg", "apt", "apt-get", "sudo", "su", "login", "exit", "cd",
    "source",
    "pip", "pip3", "pytest", "py.test", "coverage", "tox", "nox", "nosetests", "flake8", "mypy", "black", "isort",
    "pylint",
    "poetry", "pipenv", "uv", "pdm", "hatch", "virtualenv", "sphinx-build", "twine", "codecov", "pre-commit", "conda",
    "mamba",
    "cmd", "powershell", "cmd.exe", "open", "launchctl", "osascript", "sw_vers", "brew", "choco", "reg", "dir", "type",
    "yum",
    "dnf", "xcrun", "sysctl", "rpm", "*", "docker", "docker-compose", "podman", "kubectl", "systemctl", "service",
    "python",
    "screencapture", "tzutil", "set", "foo", "bar", "baz", "command", "program", "cmd1", "cmd2", "ssh-agent", "ioreg",
    "wmic", "tasklist", "taskkill", "ver",
    "ruff", "easy_install", "py", "ipython", "jupyter", "gunicorn", "uvicorn", "celery", "django-admin", "alembic",
]
