//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A command line of a test environment, as it is run with the environment's programs on PATH.
struct ShellCommand {
    /// The command.
    let text: String

    /// Its words; quotes are respected, what the shell would expand stays as it is.
    var words: [String] { shellWords(text) }

    init(_ text: String) {
        var line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for wrapper in [
            "poetry run ", "pipenv run ", "pdm run ", "uv run ", "hatch run ", "rye run ", "@", "pixi run ",
        ] {
            guard line.hasPrefix(wrapper) else { continue }
            line = String(line.dropFirst(wrapper.count))
            // Options of the wrapper stand before the command.
            while line.hasPrefix("--"), let space = line.firstIndex(of: " ") {
                let option = line[..<space]
                line = String(line[line.index(after: space)...])
                if optionsWithValue.contains(String(option)), let next = line.firstIndex(of: " ") {
                    line = String(line[line.index(after: next)...])
                }
            }
        }
        self.text = line
    }

    /// The program that runs, behind variables, `env` and the interpreter's `-m`.
    var program: String {
        var words = self.words[...]
        while let first = words.first, first.contains("=") && !first.hasPrefix("-") || first == "env" || first == "exec"
        {
            words = words.dropFirst()
        }
        guard let first = words.first else { return "" }
        let name = first.split(separator: "/").last.map(String.init) ?? first
        guard name.hasPrefix("python"), let module = words.firstIndex(of: "-m"), module + 1 < words.endIndex else {
            return name
        }
        return words[module + 1]
    }

    /// Whether it runs tests.
    var runsTests: Bool {
        let name = program
        if testPrograms.contains(name) { return true }
        if words.contains("-m"), let last = name.split(separator: ".").last, name.contains(".") {
            return ["test", "tests", "runtests", "selftest", "testing"].contains(last)
        }
        if name == "coverage" { return words.contains("run") }
        if name.hasPrefix("python") || name == "make" {
            return words.dropFirst().contains { word in
                let file = word.split(separator: "/").last.map(String.init) ?? word
                return file.hasPrefix("runtests") || file.hasPrefix("run_tests") || file == "test"
                    || file.hasPrefix("test_")
                    || file == "tests" || file == "run-tests.py" || file == "test.py" || file == "tests.py"
                    || file == "check"
                    || file == "unittest" || name == "make" && file == "coverage"
            }
        }
        return name.hasPrefix("runtests") || name.hasPrefix("run_tests") || name.hasPrefix("run-tests")
    }

    /// Whether it only gathers or sends what a test run measured.
    var onlyReports: Bool {
        let name = program
        if ["codecov", "coveralls", "codacy", "codeclimate", "diff-cover"].contains(name) { return true }
        if name == "stestr" { return words.contains("slowest") || words.contains("last") }
        return name == "coverage" && !words.contains("run")
    }

    /// Whether it checks the source's form, or does with setup.py what a current setuptools no longer can.
    var isForeignToTests: Bool {
        if checkers.contains(program) { return true }
        guard let script = words.firstIndex(where: { $0.hasSuffix("setup.py") }), script + 1 < words.count else {
            return false
        }
        return ["test", "nosetests", "pytest", "develop", "dev", "install", "check", "flake8", "lint"].contains(
            words[script + 1])
    }

    /// The command without `coverage run`, as where coverage is not installed.
    var withoutCoverage: String {
        guard program == "coverage", let run = words.firstIndex(of: "run") else { return text }
        var rest = words[(run + 1)...]
        while let option = rest.first, option.hasPrefix("-"), option != "-m" {
            rest = rest.dropFirst()
            if !option.contains("="),
                ["--source", "--rcfile", "--omit", "--include", "--concurrency", "--context"].contains(option)
            {
                rest = rest.dropFirst()
            }
        }
        return (["python"] + rest.map(shellQuoted)).joined(separator: " ")
    }

    /// The requirements, files and extras that `pip install` or `uv pip install` names.
    var installed: [String]? {
        let words = self.words
        guard let install = words.firstIndex(of: "install"), install > 0,
            words[..<install].contains(where: { $0.hasSuffix("pip") })
        else { return nil }
        return Array(words[(install + 1)...])
    }
}

/// The commands without those that are not needed for testing; those stay that prepare or run tests.
func testsOnly(_ commands: [String]) -> [String] {
    commands.filter { command in
        let parsed = ShellCommand(command)
        return !parsed.isForeignToTests && !parsed.onlyReports
    }
}

private let checkers: Set<String> = [
    "flake8", "mypy", "black", "isort", "pylint", "ruff", "check-manifest", "twine", "sphinx-build", "bandit",
    "pre-commit",
    "pyflakes", "pycodestyle", "pep8", "pydocstyle", "doc8", "yapf", "vulture", "safety", "interrogate", "codespell",
    "pyright",
    "readme_renderer", "rst-lint", "restructuredtext-lint", "pyroma", "autopep8", "towncrier", "build", "cog",
]

private let optionsWithValue: Set<String> = [
    "--with", "--group", "--extra", "--python", "--env", "--project", "--only-group",
]

private let testPrograms: Set<String> = [
    "pytest", "py.test", "unittest", "nosetests", "nose", "nose2", "pynose", "trial", "stestr", "zope-testrunner",
    "testr",
    "zope.testrunner", "twisted.trial", "ward", "green", "behave", "lettuce", "mamba", "robot", "doctest",
    "django-admin",
    "ptr", "avocado", "sphinx.testing", "pytest-3", "xvfb-run", "ostestr", "testtools.run", "subunit.run",
]

/// The words of a command line, quotes removed.
func shellWords(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isOpen = false
    var quote: Character?
    var isEscaped = false
    for character in text {
        if isEscaped {
            word.append(character)
            isEscaped = false
        } else if character == "\\", quote != "'" {
            isEscaped = true
            isOpen = true
        } else if let open = quote {
            if character == open { quote = nil } else { word.append(character) }
        } else if character == "\"" || character == "'" {
            quote = character
            isOpen = true
        } else if character.isWhitespace {
            if isOpen || !word.isEmpty { words.append(word) }
            word = ""
            isOpen = false
        } else {
            word.append(character)
        }
    }
    if isOpen || !word.isEmpty { words.append(word) }
    return words
}
