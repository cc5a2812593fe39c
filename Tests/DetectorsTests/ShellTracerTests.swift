//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

/// The packages that a script would install on Debian.
@Suite struct ShellTracerTests {
    private func packages(_ script: String, files: [String: String] = [:]) -> [String] {
        var tracer = ShellTracer(Repository(Checkout(files: files)))
        tracer.trace(script, path: "script", firstLine: 1)
        return tracer.commands.flatMap { debianPackages(installedBy: $0.call, input: $0.input) ?? [] }
    }

    @Test(arguments: [
        ("apt-get install a1 b2", ["a1", "b2"]),
        ("sudo apt-get install -y --no-install-recommends aa bb=1.2 cc:amd64 dd/sid ${X}", ["aa", "bb", "cc", "dd"]),
        ("sudo -E env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 -t sid install -qq aa", ["aa"]),
        ("apt install ./x.deb https://example.org/y.deb libc6:i386 gone- 'py*' plus+ g++", ["plus", "g++"]),
        ("apt-get update && apt-get \\\n  install -y aa \\\n  bb; echo done", ["aa", "bb"]),
        ("apt-get remove aa; apt-get update; apt-cache show bb", []),
        ("brew install aa; dnf install bb; apk add cc; pacman -S dd", []),
        ("eatmydata apt-get install aa | tee log", ["aa"]),
        ("bash -c 'apt-get install aa && apt-get install bb'", ["aa", "bb"]),
        ("echo apt-get install aa # apt-get install bb", []),
        ("cat <<EOF\napt-get install aa\nEOF\napt-get install bb", ["bb"]),
    ])
    func readsInstallations(script: String, expected: [String]) {
        #expect(packages(script) == expected)
    }

    @Test(arguments: [
        ("P='aa bb'; apt-get install $P", ["aa", "bb"]),
        ("P='aa bb'; apt-get install \"$P\"", []),
        ("P=(aa bb); apt-get install \"${P[@]}\"", ["aa", "bb"]),
        ("P=aa; P+=' bb'; apt-get install $P", ["aa", "bb"]),
        ("apt-get install ${P:-aa}", ["aa"]),
        ("P=\"aa $UNKNOWN bb\"; apt-get install $P", ["aa", "bb"]),
        ("P=$(unknown); apt-get install $P cc", ["cc"]),
        ("for p in aa bb; do apt-get install $p-dev; done", ["aa-dev", "bb-dev"]),
        ("apt-get install lib{aa,bb}-dev", ["libaa-dev", "libbb-dev"]),
        ("f() { apt-get install \"$1\"; }\nf aa\nf bb", ["aa", "bb"]),
        ("f() { f; apt-get install aa; }\nf", ["aa"]),
    ])
    func expandsWhatIsKnown(script: String, expected: [String]) {
        #expect(packages(script) == expected)
    }

    @Test(arguments: [
        ("if [ \"$(uname)\" = Darwin ]; then apt-get install aa; else apt-get install bb; fi", ["bb"]),
        ("[[ $OSTYPE == darwin* ]] && apt-get install aa", []),
        ("case $(uname -s) in Linux) apt-get install aa;; *) apt-get install bb;; esac", ["aa"]),
        ("if command -v brew; then apt-get install aa; elif which apt-get; then apt-get install bb; fi", ["bb"]),
        ("if [ \"$UNKNOWN\" = 1 ]; then apt-get install aa; else apt-get install bb; fi", ["aa", "bb"]),
        ("if [ -f /etc/redhat-release ]; then apt-get install aa; fi; test -f no || apt-get install bb", ["bb"]),
        ("while read -r line; do apt-get install aa; done < list", ["aa"]),
        ("if ! false; then apt-get install aa; fi", ["aa"]),
    ])
    func decidesConditions(script: String, expected: [String]) {
        #expect(packages(script) == expected)
    }

    @Test(arguments: [
        ("xargs apt-get install < apt.txt", ["aa", "bb"]),
        ("cat apt.txt | xargs -r sudo apt-get install -y", ["aa", "bb"]),
        ("grep -v '^#' apt.txt | tr '\\n' ' ' | xargs apt-get install", ["aa", "bb"]),
        ("apt-get install $(cat apt.txt)", ["aa", "bb"]),
        ("./ci/deps.sh", ["cc"]),
        ("cd ci && . ./deps.sh && apt-get install $ALSO", ["cc", "dd"]),
        ("bash -eux ci/deps.sh", ["cc"]),
        ("make deps", ["ee", "ff"]),
        ("\"$GITHUB_WORKSPACE/ci/loop.sh\"", ["gg"]),
    ])
    func followsFilesOfTheRepository(script: String, expected: [String]) {
        let files = [
            "apt.txt": "# list\naa # why\nbb\n", "ci/deps.sh": "#!/bin/sh\napt-get install cc\nALSO=dd\n",
            "ci/loop.sh": "apt-get install gg\n./ci/loop.sh\n",
            "Makefile": "APT = apt-get\ndeps: base\n\t@$(APT) install ff\n.PHONY: deps\nbase:\n\tapt-get install ee\n",
        ]
        #expect(packages(script, files: files) == expected)
    }

    @Test(arguments: [
        "if", "case x in", "for", "$(", "'", "\"${", "((", "a() {", "}", "fi", ";;", "<<", "make -C", "xargs", "[[",
    ])
    func endsWithAnyText(script: String) {
        #expect(packages(script).isEmpty)
        #expect(packages("\(script)\napt-get install aa\n\(script)").count <= 1)
    }

    @Test func namesTheLineOfACommand() {
        var tracer = ShellTracer(Repository(Checkout(files: [:])))
        tracer.trace("true\n\nfoo \\\n  bar\nbaz", path: "x.yml", firstLine: 10)
        #expect(tracer.commands.map { $0.evidence.description } == ["x.yml:12", "x.yml:14"])
    }
}

@Suite struct TestCommandTests {
    @Test(arguments: [
        "pytest -x", "python3 -m pytest", "python -m unittest discover", "python setup.py test", "poetry run pytest",
        "uv run --extra test pytest", "make check", "make unit-test", "go test ./...", "cargo +nightly test",
        "npm run test:ci",
        "yarn test", "bundle exec rake", "prove -lr t", "mvn -B verify", "./gradlew check", "tests/run.sh",
        "./runtests.py",
        "xvfb-run -a pytest", "coverage run -m pytest", "vendor/bin/phpunit", "R CMD check .", "dune runtest",
    ])
    func knowsCommandsThatRunTests(command: String) {
        #expect(testCommand(programCall(shellWords(command))) != nil)
    }

    @Test(arguments: [
        "pytest --version", "make docs-check", "make", "go vet ./...", "cargo clippy", "npm run lint",
        "mvn -DskipTests package",
        "tox -e lint", "python setup.py build", "./install-test-deps.sh", "pip install pytest", "make tests/x.test",
        "coverage xml",
        "gradle build -x test",
    ])
    func knowsCommandsThatDoNot(command: String) {
        #expect(testCommand(programCall(shellWords(command))) == nil)
    }
}
