//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian

/// Debconf's questions with the answers that a non-interactive installation gives: the defaults of the templates.
struct Debconf {
    private struct Question {
        var template: ControlStanza
        var value: String?
        var flags: Set<String> = []
    }

    private var questions: [String: Question] = [:]
    private var loaded: Set<String> = []
    var isActive = false
    /// Packages whose `config` script has run.
    var configured: Set<String> = []

    /// Adds the questions of a package's `templates`.
    mutating func load(_ templates: [UInt8], of package: String) throws(DebianError) {
        guard loaded.insert(package).inserted else { return }
        for template in try ControlStanza.parse(templates, source: "templates of \(package)") {
            guard let name = template["Template"], questions[name] == nil else { continue }
            questions[name] = Question(template: template)
        }
    }

    func exists(_ name: String) -> Bool { questions[name] != nil }

    func value(of name: String) -> String? {
        questions[name].map { $0.value ?? $0.template["Default"] ?? "" }
    }

    mutating func set(_ name: String, to value: String?) { questions[name]?.value = value }

    func field(_ field: String, of name: String) -> String? {
        field == "value" ? value(of: name) : questions[name].map { $0.template[field] ?? "" }
    }

    func flag(_ flag: String, of name: String) -> Bool? { questions[name].map { $0.flags.contains(flag) } }

    mutating func setFlag(_ flag: String, of name: String, to value: Bool) {
        if value { questions[name]?.flags.insert(flag) } else { questions[name]?.flags.remove(flag) }
    }

    mutating func register(_ template: String, as name: String) {
        guard let question = questions[template], questions[name] == nil else { return }
        questions[name] = Question(template: question.template)
    }

    mutating func remove(_ name: String) { questions[name] = nil }

    mutating func substitute(_ key: String, with value: String, in name: String) {
        guard var question = questions[name] else { return }
        for index in question.template.fields.indices {
            let parts = question.template.fields[index].value.split(
                separator: "${\(key)}", omittingEmptySubsequences: false)
            question.template.fields[index].value = parts.joined(separator: value)
        }
        questions[name] = question
    }
}

/// The commands of `/usr/share/debconf/confmodule`.
private let debconfCommands = [
    "get", "set", "reset", "input", "go", "fget", "fset", "subst", "title", "settitle", "stop", "version", "capb",
    "beginblock", "endblock", "purge", "metaget", "info", "progress", "exist", "register", "unregister", "data",
    "x_loadtemplatefile", "x_setlc",
]

let debconfFunctions: [String: ShellFunction] = debconfCommands.reduce(into: [:]) { functions, name in
    let function: ShellFunction = { (shell, arguments) throws(ShellSignal) in try answer(&shell, name, arguments) }
    functions["db_" + name] = function
}

extension Shell {
    /// What sourcing `confmodule` does: load the templates and run the package's `config`.
    mutating func startDebconf() throws(ShellSignal) -> Int {
        debconf.isActive = true
        let package = script.package
        for record in packages.records where record.progress != .absent || record.package.name == package {
            guard let templates = record.control("templates") else { continue }
            do { try debconf.load(templates, of: record.package.name) } catch {
                throw unsupported("templates that cannot be read: \(error)")
            }
        }
        if script.name != "config", debconf.configured.insert(package).inserted,
            let config = packages[package]?.control("config")
        {
            let saved = script
            script.name = "config"
            defer { script = saved }
            let status = try run(script: config, name: "config", arguments: ["configure", ""])
            guard status == 0 else { throw unsupported("`config` exits with \(status)") }
        }
        // The module gives standard output to debconf and lets scripts write to standard error.
        descriptors[3] = descriptors[1]
        descriptors[1] = descriptors[2]
        return 0
    }
}

private func answer(_ shell: inout Shell, _ command: String, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard shell.debconf.isActive else { throw shell.unsupported("`db_\(command)` before `confmodule`") }
    // The module saves `IFS` and brings it back; what was not set is empty from then on.
    if shell.variables["IFS"] == nil { shell.variables["IFS"] = "" }
    func operand(_ index: Int) -> String { index < arguments.count ? arguments[index] : "" }
    let question = operand(0)
    switch command {
    case "get", "metaget":
        let value = command == "get" ? shell.debconf.value(of: question) : shell.debconf.field(operand(1), of: question)
        shell.variables["RET"] = value ?? "\(question) doesn't exist"
        return value == nil ? 10 : 0
    case "fget":
        let value = shell.debconf.flag(operand(1), of: question)
        shell.variables["RET"] = value.map { $0 ? "true" : "false" } ?? "\(question) doesn't exist"
        return value == nil ? 10 : 0
    case "exist":
        shell.variables["RET"] = shell.debconf.exists(question) ? "true" : "false"
        return 0
    case "set", "reset", "fset", "subst", "unregister", "input":
        let name = command == "input" ? operand(1) : question
        guard shell.debconf.exists(name) else {
            shell.variables["RET"] = "\(name) doesn't exist"
            return 10
        }
        switch command {
        case "set": shell.debconf.set(question, to: arguments.dropFirst().joined(separator: " "))
        case "reset": shell.debconf.set(question, to: nil)
        case "fset": shell.debconf.setFlag(operand(1), of: question, to: operand(2) == "true")
        case "subst":
            shell.debconf.substitute(operand(1), with: arguments.dropFirst(2).joined(separator: " "), in: question)
        case "unregister": shell.debconf.remove(question)
        default:
            // Nobody is there to be asked: the question is skipped.
            shell.variables["RET"] = "question skipped"
            return 30
        }
        shell.variables["RET"] = ""
        return 0
    case "register":
        shell.debconf.register(question, as: operand(1))
        return 0
    case "capb":
        shell.variables["RET"] = "multiselect escape"
        return 0
    case "version":
        shell.variables["RET"] = "2.1"
        return 0
    case "x_loadtemplatefile":
        guard let templates = try shell.read(question) else { return 20 }
        do { try shell.debconf.load(templates, of: question) } catch {
            throw shell.unsupported("templates that cannot be read: \(error)")
        }
        return 0
    case "data": throw shell.unsupported("`db_\(command)`")
    default:
        shell.variables["RET"] = ""
        return 0
    }
}
