//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The command that runs tests in `call`, without wrappers of package managers; nil where it runs none.
func testCommand(_ call: [String]) -> [String]? {
    let words = withoutRunners(call)
    guard let program = words.first else { return nil }
    let name = program.split(separator: "/").last.map(String.init) ?? program
    return runsTests(name, Array(words.dropFirst()), path: program) ? Array(words) : nil
}

/// The command that checks sources in `call`, without wrappers of package managers; nil where it checks none.
func lintCommand(_ call: [String]) -> [String]? {
    let words = withoutRunners(call)
    guard let program = words.first else { return nil }
    let name = program.split(separator: "/").last.map(String.init) ?? program
    let operands = words.dropFirst().filter { !$0.hasPrefix("-") }
    let first = operands.first ?? ""
    if words.contains("--version") || words.contains("--help") { return nil }
    let isLint =
        switch name {
        case "flake8", "pylint", "rubocop", "golangci-lint", "eslint", "phpstan", "phpcs", "credo", "hlint", "ktlint",
            "standard", "biome", "oxlint", "stylelint", "luacheck", "swiftlint", "ansible-lint", "tflint":
            true
        case "ruff": first == "check"
        case "php-cs-fixer": words.contains("--dry-run")
        case "pint": words.contains("--test")
        case "black": words.contains("--check")
        case "cargo": first == "clippy"
        case "mix": first == "credo"
        case "npm", "pnpm", "yarn", "bun": first == "lint" || first == "run" && operands.dropFirst().first == "lint"
        case "npx", "bunx": ["eslint", "biome", "standard", "oxlint", "tslint", "prettier"].contains(first)
        case "make", "gmake", "just", "task", "composer", "deno": first == "lint"
        case "bundle": first == "exec" && ["rubocop", "standardrb"].contains(operands.dropFirst().first ?? "")
        case "gradlew", "gradle": operands.contains { ["spotlessCheck", "ktlintCheck", "detekt", "lint"].contains($0) }
        case "pre-commit", "prek": first == "run"
        case "go": first == "vet"
        case "dart", "flutter": first == "analyze"
        default: false
        }
    return isLint ? Array(words) : nil
}

/// The words of a command behind those with which package managers and displays run it.
private func withoutRunners(_ call: [String]) -> ArraySlice<String> {
    var words = call[...]
    // A program of a virtual environment is on PATH in any other.
    if let first = words.first, let folder = ["venv/bin/", ".venv/bin/", "env/bin/"].first(where: first.hasPrefix) {
        words[words.startIndex] = String(first.dropFirst(folder.count))
    }
    while let first = words.first {
        if ["poetry", "pipenv", "pdm", "uv", "hatch", "rye", "pixi"].contains(first), words.dropFirst().first == "run" {
            words = words.dropFirst(2)
            while let option = words.first, option.hasPrefix("-") {
                words = words.dropFirst(optionsOfRunners.contains(option) ? 2 : 1)
            }
        } else if let inner = containedCommand(words) {
            words = inner
        } else if ["xvfb-run", "dbus-run-session", "script"].contains(first) {
            words = words.dropFirst()
            while let option = words.first, option.hasPrefix("-") {
                words = words.dropFirst(["-s", "-n", "-e"].contains(option) ? 2 : 1)
            }
        } else {
            break
        }
    }
    return words
}

/// What `docker compose run SERVICE`, `conda run -n NAME` and the like run; nil for other commands.
private func containedCommand(_ words: ArraySlice<String>) -> ArraySlice<String>? {
    var rest = words
    func skipOptions(_ withValue: Set<String>) {
        while let option = rest.first, option.hasPrefix("-") {
            rest = rest.dropFirst(withValue.contains(option) ? 2 : 1)
        }
    }
    switch rest.popFirst() {
    case "docker":
        guard rest.popFirst() == "compose" else { return nil }
        fallthrough
    case "docker-compose":
        skipOptions(["-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory"])
        guard let verb = rest.popFirst(), verb == "run" || verb == "exec" else { return nil }
        skipOptions(["-e", "--env", "-u", "--user", "-w", "--workdir", "--name", "-v", "--volume", "-p", "--publish"])
        rest = rest.dropFirst()
    case "conda", "mamba", "micromamba":
        guard rest.popFirst() == "run" else { return nil }
        skipOptions(["-n", "--name", "-p", "--prefix"])
    case "mise", "asdf", "rbenv", "pyenv", "devbox":
        guard let verb = rest.popFirst(), verb == "exec" || verb == "x" else { return nil }
        while let word = rest.first, word == "--" || word.contains("@") { rest = rest.dropFirst() }
    case "cross-env", "dotenv":
        while let word = rest.first, word.contains("=") || word.hasPrefix("-") { rest = rest.dropFirst() }
    default: return nil
    }
    if rest.first == "--" { rest = rest.dropFirst() }
    return rest.isEmpty ? nil : rest
}

private func runsTests(_ name: String, _ arguments: [String], path: String) -> Bool {
    if arguments.contains("--version") || arguments.contains("--help") || arguments.contains("--collect-only") {
        return false
    }
    if alwaysTests.contains(name) { return true }
    let operands = arguments.filter { !$0.hasPrefix("-") }
    let first = operands.first ?? ""
    switch name {
    case "coverage": return arguments.first == "run"
    case "tox", "nox":
        return !operands.contains { lintEnvironments.contains($0) }
    case "go": return first == "test"
    case "cargo":
        return ["test", "nextest", "t", "tarpaulin"].contains(operands.first { !$0.hasPrefix("+") } ?? "")
    case "npm", "pnpm", "yarn", "bun", "deno":
        let script =
            ["run", "run-script", "workspace", "exec", "x"].contains(first) ? operands.dropFirst().first ?? "" : first
        return script == "test" || script == "t" || script == "tst" || script.hasPrefix("test:") || script == "ci-test"
            || script == "test-ci" || alwaysTests.contains(script)
    case "npx": return alwaysTests.contains(first)
    case "make", "gmake", "ninja", "samu":
        return operands.contains { isTestTarget($0) }
    case "cmake": return arguments.contains { isTestTarget($0) }
    case "meson": return first == "test"
    case "bundle":
        return first == "exec" && runsTests(operands.dropFirst().first ?? "", Array(operands.dropFirst(2)), path: "")
    case "rake": return operands.isEmpty || operands.contains { isTestTarget($0) || $0 == "default" }
    case "ruby", "perl", "node", "php":
        return operands.first.map { isTestPath($0) } ?? false || operands.first == "vendor/bin/phpunit"
    case "mvn", "mvnw":
        return !operands.isDisjoint(with: ["test", "verify", "install", "package"])
            && !arguments.contains { $0.hasPrefix("-DskipTests") || $0.hasPrefix("-Dmaven.test.skip") }
    case "gradle", "gradlew":
        return operands.contains {
            $0 == "test" || $0 == "check" || $0 == "build" || $0.hasSuffix(":test") || $0.hasSuffix(":check")
        }
            && !zip(arguments, arguments.dropFirst()).contains { $0 == "-x" && $1 == "test" }
    case "ant": return operands.contains { isTestTarget($0) }
    case "composer": return operands.contains { $0 == "test" || $0 == "phpunit" || $0.hasPrefix("test:") }
    case "mix":
        // `mix deps.get --only test` names an environment.
        return ["test", "coveralls", "espec"].contains { first == $0 || first.hasPrefix("\($0).") }
            || first == "do" && operands.contains { $0 == "test" || $0 == "test," }
    case "dart", "flutter", "gleam", "crystal":
        // `gleam format --check src test` names folders.
        return first == "test" || first == "spec"
            || ["run", "pub"].contains(first) && operands.contains { $0 == "test" }
    case "dune", "swift", "stack", "cabal", "lein", "zig", "sbt",
        "rebar3", "bazel",
        "bazelisk", "just", "task", "opam", "dotnet", "nimble", "gulp", "grunt", "turbo", "nx", "lerna", "mage", "raco",
        "lake", "forge", "hardhat", "fpm", "ng", "moon", "pants", "mise", "devbox", "alr", "rye", "gradlew.bat":
        return operands.contains {
            $0 == "test" || $0 == "runtest" || $0 == "spec" || $0 == "eunit" || $0 == "ct" || $0 == "check"
        }
    case "clojure", "clj":
        return arguments.contains {
            $0.hasPrefix("-X:") && $0.range(ofText: "test") != nil
                || $0.hasPrefix("-M:") && $0.range(ofText: "test") != nil
        }
    case "R", "Rscript", "julia":
        return arguments.starts(with: ["CMD", "check"])
            || arguments.contains { code in
                ["Pkg.test", "devtools::test", "testthat::", "devtools::check", "rcmdcheck"].contains {
                    code.range(ofText: $0) != nil
                }
            }
    case "luarocks": return first == "test"
    case "./Build", "Build": return first == "test"
    case let python where python.hasPrefix("python") || python.hasPrefix("pypy"):
        if let option = arguments.firstIndex(of: "-m"), option + 1 < arguments.count {
            let module = arguments[option + 1]
            return runsTests(module, Array(arguments[(option + 2)...]), path: module)
        }
        return operands.first.map {
            isTestPath($0) || $0 == "setup.py" && operands.contains("test")
                || $0 == "manage.py" && operands.contains("test")
        }
            ?? false
    default:
        return path.contains("/") && isTestPath(path) && !path.contains("install") && !path.contains("setup")
    }
}

/// Whether a script's name says that it runs tests.
private func isTestPath(_ path: String) -> Bool {
    let name = (path.split(separator: "/").last.map(String.init) ?? path).lowercased()
    let stem = name.split(separator: ".").first.map(String.init) ?? name
    let words = stem.split { $0 == "-" || $0 == "_" }
    let folders = path.split(separator: "/").dropLast()
    if folders.contains(where: { $0 == "test" || $0 == "tests" }), ["run", "runner", "all", "main"].contains(stem) {
        return true
    }
    if words.contains(where: { ["install", "setup", "deps", "lint", "build", "prepare", "get"].contains($0) }) {
        return false
    }
    return words.contains {
        ["test", "tests", "check", "runtest", "runtests", "testsuite", "unittest", "unittests", "testall"].contains($0)
    }
}

private func isTestTarget(_ target: String) -> Bool {
    // A path names a file to be made.
    if target.contains("/") || target.contains(".") { return false }
    let words = target.lowercased().split { $0 == "-" || $0 == "_" || $0 == ":" }
    return words.contains { testTargets.contains(String($0)) } && !words.contains { notTests.contains(String($0)) }
}

private let testTargets: Set<String> = [
    "test", "tests", "check", "checks", "testall", "unittest", "unittests", "spec", "distcheck", "pytest", "runtest",
    "runtests", "testsuite", "tap", "cucumber",
]
private let notTests: Set<String> = [
    "lint", "style", "format", "fmt", "types", "docs", "doc", "deps", "setup", "clean", "headers", "spelling",
    "install",
    "licenses", "license", "bench", "benchmark", "benchmarks", "memcheck", "valgrind", "fuzz", "stress", "coverage",
    "leaks", "flake8", "mypy", "whitespace", "requirements",
]
private let lintEnvironments: Set<String> = [
    "lint", "docs", "style", "flake8", "mypy", "black", "pep8", "check", "format", "typing", "isort", "pre-commit",
    "linters",
    "build", "package", "release", "manifest", "readme", "codestyle", "build_docs",
]
private let optionsOfRunners: Set<String> = [
    "--with", "--group", "--extra", "--python", "-p", "--env", "--project", "-e", "--package", "--directory",
    "--env-file",
]
private let alwaysTests: Set<String> = [
    "pytest", "py.test", "unittest", "nosetests", "nose", "nose2", "pynose", "trial", "stestr", "zope-testrunner",
    "ward",
    "behave", "ctest", "rspec", "minitest", "prove", "yath", "phpunit", "pest", "paratest", "bats", "shellspec", "jest",
    "vitest", "mocha", "ava", "tap", "tape", "karma", "cypress", "playwright", "busted", "cucumber", "gotestsum",
    "runghc-test",
    "meson-test", "lit", "dejagnu", "runtest", "cram", "rebar3-ct", "django-admin-test", "robot", "cutest", "c8", "nyc",
    "parallel_rspec", "turbo_tests", "flatware", "kyua", "ginkgo", "elm-test", "wtr", "uvu", "testem", "codecept",
    "kahlan", "behat", "tester",
]

extension Array where Element == String {
    fileprivate func isDisjoint(with other: Set<String>) -> Bool { !contains(where: other.contains) }
}
