//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reads `noxfile.py` without running it: the session that runs the tests, what it installs, its Pythons.
    mutating func readNox() {
        let file = path("noxfile.py")
        guard repository.contains(file), let bytes = repository.bytes(file) else { return }
        let statements = pythonStatements(bytes)
        let scope = PythonScope(statements) { [repository, directory] name in
            name.contains(".") && !name.hasSuffix(".py") && repository.contains(joinPath(directory, name))
        }
        let sessions = noxSessions(statements, scope: scope)
        for session in sessions {
            for version in session.pythons {
                if let plain = pythonVersion(ofFactor: version) ?? plainVersion(version) {
                    python(.hint, plain, evidence: Evidence(file, line: session.line))
                }
            }
        }
        let test = sessions.first { session in
            session.calls.contains { $0.name.hasSuffix(".run") && ShellCommand(noxCommand($0.arguments)).runsTests }
        }
        guard let session = test, !hasTestEnvironment else { return }
        var commands: [String] = []
        for call in session.calls {
            let evidence = Evidence(file, line: call.line)
            let words = call.arguments.filter { $0.key.isEmpty }.flatMap {
                $0.value.strings.isEmpty ? [] : $0.value.strings
            }
            if call.name.hasSuffix(".install") || call.name.hasSuffix("run_always") && words.contains("install") {
                addInstalled(
                    words.filter { $0 != "pip" && $0 != "python" && $0 != "-m" && $0 != "install" }, source: "nox",
                    evidence: evidence)
                for pair in call.arguments where pair.key.isEmpty {
                    for name in pair.value.files {
                        takeEnvironmentFile(path(name), source: "nox", evidence: evidence)
                    }
                }
            } else if call.name.hasSuffix(".run") {
                let command = ShellCommand(noxCommand(call.arguments))
                if let installed = command.installed {
                    addInstalled(installed, source: "nox", evidence: evidence)
                } else if command.runsTests {
                    commands.append(
                        isDeclared("coverage") || isDeclared("pytest-cov") ? command.text : command.withoutCoverage)
                }
            }
        }
        let line = session.calls.first { $0.name.hasSuffix(".run") }?.line ?? session.line
        if !commands.isEmpty {
            task("test", commands.joined(separator: " && "), .declared, evidence: Evidence(file, line: line))
        }
    }
}

private struct NoxSession {
    let line: Int
    let pythons: [String]
    var calls: [(name: String, arguments: [PythonPair], line: Int)] = []
}

/// The functions decorated with `nox.session` that are not for linting or documentation.
private func noxSessions(_ statements: [PythonStatement], scope: PythonScope) -> [NoxSession] {
    var result: [NoxSession] = []
    var decorator: (line: Int, pythons: [String])?
    var open: (indent: Int, session: NoxSession, role: DependencyFinding.Role?)?
    func close() {
        if let done = open, done.role == nil || done.role == .test || done.role == .development {
            result.append(done.session)
        }
        open = nil
    }
    for statement in statements {
        if let current = open, statement.indent <= current.indent { close() }
        if statement.tokens.first?.isSymbol("@") == true {
            var parser = PythonExpressionParser(statement.tokens.dropFirst())
            let expression = parser.expression()
            switch expression {
            case .call(let function, let arguments) where function.dottedName?.hasSuffix("session") == true:
                let entries = scope.entries(of: arguments)
                let pythons =
                    entries.first { $0.key == "python" || $0.key == "py" || $0.key.isEmpty }?.value.strings ?? []
                decorator = (statement.line, pythons)
            default:
                if expression.dottedName?.hasSuffix("session") == true { decorator = (statement.line, []) }
            }
        } else if statement.keyword == "def", let found = decorator {
            let name = statement.tokens.dropFirst().first?.text ?? ""
            open = (statement.indent, NoxSession(line: found.line, pythons: found.pythons), pythonRole(ofName: name))
            decorator = nil
        } else if open != nil {
            var parser = PythonExpressionParser(statement.tokens)
            if case .call(let function, let arguments) = parser.expression(), let name = function.dottedName {
                open?.session.calls.append((name, scope.entries(of: arguments), statement.line))
            }
        }
    }
    close()
    return result
}

private func noxCommand(_ arguments: [PythonPair]) -> String {
    arguments.filter { $0.key.isEmpty }.flatMap { $0.value.strings }.map(shellQuoted).joined(separator: " ")
}

private func plainVersion(_ text: String) -> String? {
    text.hasPrefix("3.") && text.dropFirst(2).allSatisfy(\.isNumber) ? text : nil
}
