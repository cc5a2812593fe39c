//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension ShellTracer {
    /// Walks through what `command` calls in the repository; false where it calls nothing of the repository.
    mutating func follow(_ command: TracedCommand) -> Bool {
        let call = command.call
        guard let first = call.first, active.count < depthLimit else { return false }
        if let body = functions[first] {
            return nested("function \(first)", arguments: Array(call.dropFirst())) { $0.run(body) }
        }
        switch first {
        case "source", ".":
            guard let path = call.dropFirst().first.flatMap(file), isShellScript(path) else { return false }
            return source(path, arguments: Array(call.dropFirst(2)), keepsState: true)
        case "bash", "sh", "dash", "zsh", "/bin/bash", "/bin/sh", "/usr/bin/bash", "su":
            return followShell(call, command)
        case "make", "gmake":
            return followMake(call, command)
        default:
            guard first.contains("/"), let path = file(first), !isWrapper(path), isShellScript(path) else {
                return false
            }
            return source(path, arguments: Array(call.dropFirst()), keepsState: false)
        }
    }

    private mutating func followShell(_ call: [String], _ command: TracedCommand) -> Bool {
        var rest = call.dropFirst()
        while let option = rest.first, option.hasPrefix("-") || option.hasPrefix("+") {
            rest = rest.dropFirst()
            if option.hasPrefix("-"), !option.hasPrefix("--"), option.hasSuffix("c") {
                guard let script = rest.first, !script.contains("$(") else { return false }
                let node = ShellParser.parse(script)
                return nested("command \(script)", arguments: arguments) { tracer in
                    tracer.place.firstLine = command.evidence.line ?? 1
                    tracer.run(node)
                }
            }
            if option == "-o" || option == "-O" { rest = rest.dropFirst() }
        }
        guard let path = rest.first.flatMap(file) else { return false }
        return source(path, arguments: Array(rest.dropFirst()), keepsState: false)
    }

    /// Walks through the recipes of make's targets; make itself is reported too, as the command that runs the tests.
    private mutating func followMake(_ call: [String], _ command: TracedCommand) -> Bool {
        var folder = directory
        var targets: [String] = []
        var rest = call.dropFirst()
        while let word = rest.popFirst() {
            if word == "-C", let target = rest.popFirst() {
                folder = self.folder(target)
            } else if word == "-f" || word == "-j" && rest.first.flatMap({ Int($0) }) != nil {
                rest = rest.dropFirst()
            } else if !word.hasPrefix("-"), !word.contains("=") {
                targets.append(word)
            }
        }
        guard let rules = MakeRules(in: folder, of: repository) else { return false }
        append(command)
        for target in targets {
            for recipe in rules.recipes(for: target) {
                nested("make \(folder):\(recipe.target)", arguments: []) { tracer in
                    tracer.directory = folder
                    tracer.trace(recipe.script, path: recipe.path, firstLine: recipe.line)
                }
            }
        }
        return true
    }

    private mutating func source(_ path: String, arguments: [String], keepsState: Bool) -> Bool {
        guard let text = repository.text(path) else { return false }
        let node = ShellParser.parse(text)
        return nested("script \(path)", arguments: arguments, keepsState: keepsState) { tracer in
            tracer.place = Place(path: path, firstLine: 1)
            tracer.run(node)
        }
    }

    @discardableResult
    private mutating func nested(
        _ name: String, arguments: [String], keepsState: Bool = false, _ body: (inout ShellTracer) -> Void
    ) -> Bool {
        guard !active.contains(name) else { return true }
        let (outerArguments, outerPlace, outerDirectory) = (self.arguments, place, directory)
        let (outerVariables, outerFunctions) = (variables, functions)
        active.append(name)
        self.arguments = arguments
        body(&self)
        active.removeLast()
        self.arguments = outerArguments
        place = outerPlace
        if !keepsState, !name.hasPrefix("function") {
            directory = outerDirectory
            variables = outerVariables
            functions = outerFunctions
        }
        return true
    }

    /// Whether the file only fetches and starts a build tool, whose arguments say more than its lines.
    private func isWrapper(_ path: String) -> Bool {
        ["gradlew", "mvnw", "millw", "mill", "sbt", "sbtx"].contains(path.split(separator: "/").last ?? "")
    }

    /// Whether the file is a script for a POSIX shell: by its name, or by its first line.
    private func isShellScript(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        if name.hasSuffix(".sh") || name.hasSuffix(".bash") { return true }
        if let dot = name.lastIndex(of: "."), dot != name.startIndex,
            ["py", "rb", "pl", "js", "ps1", "bat", "exe", "php"].contains(name[name.index(after: dot)...])
        {
            return false
        }
        guard let file = repository.checkout[path], file.size < sizeLimit, let first = repository.lines(path).first
        else {
            return false
        }
        return first.hasPrefix("#!")
            && ["sh", "bash", "dash", "ksh"].contains { shell in
                first.split(whereSeparator: { $0 == "/" || $0 == " " }).contains { $0 == shell }
            }
    }
}

/// Scripts that call scripts that call scripts…
private let depthLimit = 8
/// Generated configure scripts and installers are not about the repository.
private let sizeLimit = 200_000
