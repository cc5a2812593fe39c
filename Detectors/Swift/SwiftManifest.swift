//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// What a `Package.swift` declares
/// ([PackageDescription](https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html)), read from
/// its tokens: the manifest is a program, and is not run.
struct SwiftManifest {
    struct Item {
        let name: String
        let evidence: Evidence
    }

    /// A library of the system: its packages in APT's archives and its name for pkg-config.
    struct SystemLibrary {
        var name = ""
        var module: String?
        var packages: [String] = []
        let evidence: Evidence
    }

    let path: String
    private(set) var name: String?
    private(set) var toolsVersion: Item?
    private(set) var executableProducts: [Item] = []
    private(set) var executableTargets: [Item] = []
    private(set) var testTargets: [Item] = []
    private(set) var systemLibraries: [SystemLibrary] = []
    private(set) var linkedLibraries: [Item] = []
    /// The folders of packages that the package takes from beside it.
    private(set) var localPackages: [Item] = []
    /// The last components of the addresses, in lower case and without `.git`.
    private(set) var dependencies: [Item] = []

    private var provided: Set<String> = []

    init(_ path: String, _ repository: Repository) {
        self.path = path
        for (index, line) in repository.lines(path).prefix(20).enumerated() {
            let text = line.filter { !$0.isWhitespace }.lowercased()
            guard text.hasPrefix("//swift-tools-version:") else { continue }
            let version = text.dropFirst(22).prefix { $0.isNumber || $0 == "." }
            if version.first?.isNumber == true {
                toolsVersion = Item(name: String(version), evidence: Evidence(path, line: index + 1))
            }
            break
        }
        let tokens = withoutOtherSystems(scriptTokens(repository.text(path) ?? "", .swift))
        read(tokens)
    }

    private mutating func read(_ tokens: [ScriptToken]) {
        let calls = closedCalls(tokens)
        for index in tokens.indices where tokens[index].kind == .word {
            guard let end = calls[index + 1] else { continue }
            let arguments = tokens[(index + 1)...end]
            let evidence = Evidence(path, line: tokens[index].line)
            let isMember = index > 0 && tokens[index - 1].isSymbol(".")
            func named(_ label: String) -> String? {
                guard let place = arguments.firstIndex(where: { $0.isWord(label) }), place + 2 < arguments.endIndex,
                    arguments[place + 1].isSymbol(":"), arguments[place + 2].kind == .string
                else { return nil }
                return arguments[place + 2].text
            }
            switch tokens[index].text {
            case "Package":
                if name == nil { name = named("name") }
                // Before system library targets, a package was one.
                if let module = pkgConfig(arguments) {
                    let packages = aptPackages(providers(arguments), calls)
                    provided.formUnion(packages)
                    systemLibraries.append(
                        SystemLibrary(name: name ?? "", module: module, packages: packages, evidence: evidence))
                }
            case "executable" where isMember:
                if let name = named("name") { executableProducts.append(Item(name: name, evidence: evidence)) }
            case "executableTarget" where isMember:
                if let name = named("name") { executableTargets.append(Item(name: name, evidence: evidence)) }
            case "testTarget" where isMember:
                testTargets.append(Item(name: named("name") ?? "", evidence: evidence))
            case "systemLibrary" where isMember:
                let packages = aptPackages(arguments, calls)
                provided.formUnion(packages)
                systemLibraries.append(
                    SystemLibrary(
                        name: named("name") ?? "", module: named("pkgConfig"), packages: packages, evidence: evidence))
            case "linkedLibrary" where isMember:
                let isForOthers =
                    arguments.contains { $0.isWord("platforms") } && !arguments.contains { $0.isWord("linux") }
                if let library = arguments.first(where: { $0.kind == .string }), !isForOthers {
                    linkedLibraries.append(Item(name: library.text, evidence: evidence))
                }
            case "package" where isMember, "Package" where isMember:
                if let folder = named("path") { localPackages.append(Item(name: folder, evidence: evidence)) }
                guard let address = named("url") ?? named("id") else { continue }
                var last = address.split { $0 == "/" || $0 == ":" }.last.map { $0.lowercased() } ?? ""
                if last.hasSuffix(".git") { last = String(last.dropLast(4)) }
                dependencies.append(Item(name: last, evidence: evidence))
            case "apt", "Apt", "aptItem":
                readProvider(tokens, index, arguments, evidence)
            default: break
            }
        }
    }

    /// Providers of the package as a whole, or in constants; those of targets are read with their targets.
    private mutating func readProvider(
        _ tokens: [ScriptToken], _ index: Int, _ arguments: ArraySlice<ScriptToken>, _ evidence: Evidence
    ) {
        let names = arguments.filter { $0.kind == .string }.flatMap {
            $0.text.split(separator: " ").map(String.init)
        }
        let missing = names.filter { provided.insert($0).inserted }
        if !missing.isEmpty { systemLibraries.append(SystemLibrary(packages: missing, evidence: evidence)) }
    }

    private func aptPackages(_ arguments: ArraySlice<ScriptToken>, _ calls: [Int: Int]) -> [String] {
        arguments.indices.flatMap { index -> [String] in
            guard ["apt", "aptItem", "Apt"].contains(arguments[index].text), let end = calls[index + 1],
                end < arguments.endIndex
            else { return [] }
            return arguments[index...end].filter { $0.kind == .string }.flatMap {
                $0.text.split(separator: " ").map(String.init)
            }
        }
    }

    /// The `pkgConfig:` of a call itself, not of calls within it.
    private func pkgConfig(_ arguments: ArraySlice<ScriptToken>) -> String? {
        argument("pkgConfig", of: arguments).flatMap { place in
            place + 2 < arguments.endIndex && arguments[place + 2].kind == .string ? arguments[place + 2].text : nil
        }
    }

    /// The `providers:` of a call itself.
    private func providers(_ arguments: ArraySlice<ScriptToken>) -> ArraySlice<ScriptToken> {
        guard let place = argument("providers", of: arguments) else { return [] }
        var depth = 0
        for index in arguments.indices[place...] {
            if arguments[index].isSymbol("[") { depth += 1 }
            if arguments[index].isSymbol("]") {
                depth -= 1
                if depth == 0 { return arguments[place...index] }
            }
        }
        return arguments[place...]
    }

    /// Where a label of a call stands, outside of calls and lists within it.
    private func argument(_ label: String, of arguments: ArraySlice<ScriptToken>) -> Int? {
        var depth = 0
        for index in arguments.indices {
            if arguments[index].isSymbol("(") || arguments[index].isSymbol("[") { depth += 1 }
            if arguments[index].isSymbol(")") || arguments[index].isSymbol("]") { depth -= 1 }
            if depth == 1, arguments[index].isWord(label) { return index }
        }
        return nil
    }
}

/// For each parenthesis where the one stands that closes it, the end of the file where none does; what nests deeper than
/// 30 levels is left out, so that reading all calls takes time in proportion to the text.
private func closedCalls(_ tokens: [ScriptToken]) -> [Int: Int] {
    var result: [Int: Int] = [:]
    var open: [Int] = []
    for index in tokens.indices {
        if tokens[index].isSymbol("(") {
            open.append(index)
        } else if tokens[index].isSymbol(")"), let start = open.popLast(), open.count < 30 {
            result[start] = index
        }
    }
    for start in open.prefix(30) { result[start] = tokens.count - 1 }
    return result
}

/// The tokens without the branches of `#if` that are for systems other than Linux; of conditions of other kinds all
/// branches are kept.
private func withoutOtherSystems(_ tokens: [ScriptToken]) -> [ScriptToken] {
    var result: [ScriptToken] = []
    var stack: [(isKept: Bool, isDecided: Bool)] = []
    var index = 0
    while index < tokens.count {
        guard tokens[index].isSymbol("#"), index + 1 < tokens.count,
            ["if", "elseif", "else", "endif"].contains(tokens[index + 1].text)
        else {
            if stack.allSatisfy(\.isKept) { result.append(tokens[index]) }
            index += 1
            continue
        }
        let end = tokens[index...].firstIndex { $0.kind == .lineEnd } ?? tokens.endIndex
        let condition = tokens[(index + 2)..<max(end, index + 2)]
        switch tokens[index + 1].text {
        case "if":
            let branch = isForLinux(condition)
            stack.append((branch ?? true, branch == true))
        case "elseif":
            if let last = stack.popLast() {
                let branch = isForLinux(condition)
                stack.append((!last.isDecided && branch != false, last.isDecided || branch == true))
            }
        case "else":
            if let last = stack.popLast() { stack.append((!last.isDecided, true)) }
        default: _ = stack.popLast()
        }
        index = end
    }
    return result
}

/// Whether a condition such as `os(Linux)` or `canImport(Darwin)` is met on Linux; nil for those that do not say.
private func isForLinux(_ condition: ArraySlice<ScriptToken>) -> Bool? {
    let words = condition.filter { $0.kind == .word }.map(\.text)
    guard words.contains("os") || words.contains("canImport") else { return nil }
    let isNegated = condition.first?.isSymbol("!") ?? false
    let names = Set(words).subtracting(["os", "canImport"])
    if names.contains("Linux") || names.contains("Glibc") { return !isNegated }
    return names.isSubset(of: appleNames) ? isNegated : nil
}

private let appleNames: Set<String> = [
    "macOS", "iOS", "tvOS", "watchOS", "visionOS", "OSX", "Darwin", "AppKit", "UIKit", "SwiftUI", "Windows", "Android",
    "Combine", "Musl", "WinSDK",
]
