//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

/// Values that build scripts name: version catalogs, `gradle.properties`, variables and extra properties.
struct GradleValues {
    /// A library or plugin of a catalog.
    struct Entry {
        /// `group:name`, or a plugin's id.
        let name: String
        let version: String
        let evidence: Evidence
    }

    private(set) var versions: [String: String] = [:]
    private(set) var libraries: [String: Entry] = [:]
    private(set) var plugins: [String: Entry] = [:]
    private(set) var bundles: [String: [String]] = [:]
    private var catalogs: Set<String> = []
    private var properties: [String: String] = [:]
    private var variables: [String: ArraySlice<ScriptToken>] = [:]
    private var owners: [String: GradleScript] = [:]
    private let cache = ReleaseCache()

    init(_ repository: Repository, in directory: String, scripts: [GradleScript]) {
        for entry in repository.properties(joinPath(directory, "gradle.properties")) {
            properties[entry.key] = entry.value
        }
        for file in repository.files(in: joinPath(directory, "gradle")) where file.name.hasSuffix(".versions.toml") {
            if let root = repository.toml(file.path) {
                read(root, catalog: String(file.name.dropLast(14)), file.path)
            }
        }
        for script in scripts { readVariables(script) }
    }

    /// A [version catalog](https://docs.gradle.org/current/userguide/version_catalogs.html); its keys are written with
    /// dots where scripts use them.
    private mutating func read(_ root: TOMLNode, catalog: String, _ path: String) {
        catalogs.insert(catalog)
        for pair in root["versions"]?.table ?? [] {
            versions["\(catalog).\(accessor(pair.key))"] = version(pair.value)
        }
        func resolved(_ node: TOMLNode?) -> String {
            if let reference = node?["ref"]?.string { return versions["\(catalog).\(accessor(reference))"] ?? "" }
            return node.flatMap(version) ?? ""
        }
        for pair in root["libraries"]?.table ?? [] {
            let parts = (pair.value.string ?? pair.value["module"]?.string ?? "").split(separator: ":").map(String.init)
            let group = parts.first ?? pair.value["group"]?.string ?? ""
            let name = parts.count > 1 ? parts[1] : pair.value["name"]?.string ?? ""
            let version = parts.count > 2 ? parts[2] : resolved(pair.value["version"])
            libraries["\(catalog).\(accessor(pair.key))"] = Entry(
                name: "\(group):\(name)", version: version, evidence: Evidence(path, line: pair.value.line))
        }
        for pair in root["plugins"]?.table ?? [] {
            let parts = (pair.value.string ?? "").split(separator: ":").map(String.init)
            let id = parts.first ?? pair.value["id"]?.string ?? ""
            let version = parts.count > 1 ? parts[1] : resolved(pair.value["version"])
            plugins["\(catalog).\(accessor(pair.key))"] = Entry(
                name: id, version: version, evidence: Evidence(path, line: pair.value.line))
        }
        for pair in root["bundles"]?.table ?? [] {
            bundles["\(catalog).\(accessor(pair.key))"] = pair.value.strings.map { "\(catalog).\(accessor($0))" }
        }
    }

    private func accessor(_ key: String) -> String { key.split { "-_.".contains($0) }.joined(separator: ".") }

    private func version(_ node: TOMLNode) -> String? {
        node.string ?? node.int.map { "\($0)" } ?? node["strictly"]?.string ?? node["require"]?.string
            ?? node["prefer"]?.string
    }

    /// `val x = …`, `def x = …`, `ext.x = …`, `ext { x = … }`, `extra["x"] = …`, `set("x", …)` and `x: …` in a map.
    private mutating func readVariables(_ script: GradleScript) {
        let tokens = script.tokens
        for index in tokens.indices.dropLast(2) {
            let token = tokens[index]
            let name = token.text
            var start: Int?
            if token.kind == .word {
                if tokens[index + 1].isSymbol("="), !tokens[index + 2].isSymbol("=") {
                    start = index + 2
                } else if tokens[index + 1].isSymbol(":"), tokens[index + 2].kind == .word,
                    let place = tokens[index..<min(index + 6, tokens.count)].firstIndex(where: { $0.isSymbol("=") })
                {
                    start = place + 1
                } else if tokens[index + 1].isSymbol(":"), tokens[index + 2].kind != .word {
                    start = index + 2
                } else if tokens[index + 1].isWord("by"), tokens[index + 2].isWord("extra") {
                    start = index + 3
                }
            } else if token.kind == .string, index > 1 {
                let isKey = tokens[index - 1].isSymbol("[") && tokens[index + 1].isSymbol("]")
                if isKey, index + 3 < tokens.count, tokens[index + 2].isSymbol("=") { start = index + 3 }
                if tokens[index - 1].isSymbol("("), tokens[index - 2].isWord("set"), tokens[index + 1].isSymbol(",") {
                    start = index + 2
                }
                if tokens[index + 1].isWord("to") { start = index + 2 }
            }
            guard let start, start < tokens.count, variables[name] == nil else { continue }
            let value = script.statement(from: start)
            let isText = value.contains { $0.kind == .number || $0.kind == .string || $0.kind == .word }
            guard isText, !value.contains(where: { $0.isSymbol("{") }) else { continue }
            variables[name] = value
            owners[name] = script
        }
    }

    /// The release of Java that an expression names: `21`, `"1.8"`, `JavaVersion.VERSION_17`,
    /// `libs.versions.jdk.get().toInt()`, `project.findProperty("javaVersion") ?: 17`.
    func java(_ expression: ArraySlice<ScriptToken>, in script: GradleScript, depth: Int = 0) -> String? {
        guard depth < 20 else { return nil }
        var index = expression.startIndex
        var namesProperty = false
        while index < expression.endIndex {
            let token = expression[index]
            switch token.kind {
            case .number:
                if javaReleaseNumber(token.text) != nil { return javaRelease(token.text) }
            case .string:
                if namesProperty {
                    if let value = named(token.text, depth: depth) { return value }
                } else if let value = text(token.text, depth: depth) {
                    return value
                }
            case .word:
                let (parts, end) = script.dottedName(at: index, in: expression)
                if parts[0] == "if" || parts[0] == "when" || parts[0] == "switch" { return nil }
                if let last = parts.last, last.hasPrefix("VERSION_") || last.hasPrefix("JVM_"),
                    javaReleaseNumber(last) != nil
                {
                    return javaRelease(last)
                }
                namesProperty = ["property", "findProperty", "gradleProperty", "getProperty", "extra", "ext", "get"]
                    .contains(parts.last ?? "")
                if let value = value(of: parts, depth: depth) { return value }
                index = end
                continue
            case .symbol, .lineEnd: break
            }
            index += 1
        }
        return nil
    }

    private func text(_ text: String, depth: Int) -> String? {
        if text.first == "$" {
            let name = text.dropFirst().filter { $0 != "{" && $0 != "}" }
            return value(of: name.split(separator: ".").map(String.init), depth: depth)
        }
        return javaReleaseNumber(text) != nil && text.allSatisfy { $0.isNumber || $0 == "." } ? javaRelease(text) : nil
    }

    /// The value to which names joined by dots lead; calls at their end, such as `get` and `toInt`, are passed over.
    private func value(of parts: [String], depth: Int) -> String? {
        if parts.count > 2, catalogs.contains(parts[0]), parts[1] == "versions" {
            for count in (1...(parts.count - 2)).reversed() {
                let key = parts[2..<(2 + count)].joined(separator: ".")
                if let value = versions["\(parts[0]).\(key)"] { return plausible(value) }
            }
            return nil
        }
        var rest = parts[...]
        while let last = rest.last, calls.contains(last), rest.count > 1 { rest.removeLast() }
        guard let name = rest.last, !calls.contains(name) else { return nil }
        if rest.count > 1, let value = properties[rest.joined(separator: ".")] { return plausible(value) }
        return named(name, depth: depth)
    }

    /// A variable of the scripts, or a property of the build.
    private func named(_ name: String, depth: Int) -> String? {
        if let known = cache.releases[name] { return known }
        // A variable that leads to itself has no value.
        cache.releases[name] = .some(nil)
        var release: String?
        if let value = variables[name], let script = owners[name] {
            release = java(value, in: script, depth: depth + 1)
        }
        release = release ?? properties[name].flatMap(plausible)
        cache.releases[name] = .some(release)
        return release
    }

    private func plausible(_ text: String) -> String? { javaReleaseNumber(text) == nil ? nil : javaRelease(text) }

    /// A text that a variable or a property holds, for versions of plugins and libraries.
    func string(_ text: String) -> String {
        guard text.hasPrefix("$") else { return text }
        let name = text.dropFirst().filter { $0 != "{" && $0 != "}" }.split(separator: ".").last.map(String.init) ?? ""
        return properties[name] ?? variables[name]?.first { $0.kind == .string }?.text ?? ""
    }

    /// Coordinates whose version is a variable, `group:name:$version`.
    func resolvedCoordinates(_ text: String) -> String {
        guard text.contains("$"), text.utf8.count < 1_000 else { return text }
        return text.split(separator: ":", omittingEmptySubsequences: false).map { string(String($0)) }
            .joined(separator: ":")
    }

    /// The libraries behind `libs.spring.web` and `libs.bundles.web`.
    func libraries(named parts: [String]) -> [Entry] {
        guard parts.count > 1, catalogs.contains(parts[0]) else { return [] }
        if parts[1] == "bundles" {
            let key = ([parts[0]] + parts.dropFirst(2).filter { $0 != "get" }).joined(separator: ".")
            return (bundles[key] ?? []).compactMap { libraries[$0] }
        }
        let key = parts.filter { $0 != "get" }.joined(separator: ".")
        return libraries[key].map { [$0] } ?? []
    }

    /// The plugin behind `libs.plugins.spring.boot`.
    func plugin(named parts: [String]) -> Entry? {
        guard parts.count > 2, parts[1] == "plugins" else { return nil }
        return plugins[([parts[0]] + parts.dropFirst(2)).joined(separator: ".")]
    }
}

/// What variables have been found to hold, so that each is evaluated once.
private final class ReleaseCache {
    var releases: [String: String?] = [:]
}

private let calls: Set<String> = [
    "get", "toInt", "toString", "toInteger", "asInteger", "orNull", "orElse", "getOrElse", "value", "asText", "map",
    "asProvider", "requiredVersion", "let", "parseInt", "of", "toVersion", "fromTarget", "forClassVersion", "Integer",
    "languageVersion", "JavaLanguageVersion", "JavaVersion", "JvmTarget", "it", "project", "rootProject", "providers",
    "majorVersion", "also", "run", "trim", "valueOf", "as", "Int", "String", "int", "release", "set",
]
