//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// `update-catalog` of `sgml-base`: lists catalogs of SGML's public identifiers in others.
func updateCatalog(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "update-catalog", in: shell,
        flags: ["--add", "--remove", "--quiet", "--super", "--update-super"])
    if options.has("--update-super") { return try updateSuperCatalog(&shell) }
    if options.has("--super") {
        shell.activatedTriggers.insert("/etc/sgml")
        return 0
    }
    guard options.operands.count == 2, options.has("--add") != options.has("--remove") else { return 1 }
    let (catalog, entry) = (options.operands[0], options.operands[1])
    var content: [[UInt8]]
    if let known = try shell.read(catalog) {
        guard let pattern = Regex(Array(entry.utf8), extended: true, shell.effort) else {
            throw shell.unsupported("`update-catalog` with `\(entry)`")
        }
        content = lines(known).map(Array.init).filter { pattern.firstMatch(in: $0) == nil }
        shell.tree.write(shell.absolute(catalog) + ".old", known)
    } else {
        guard let template = try shell.read("/usr/share/sgml-base/catalog.centralized") else { return 2 }
        content = lines(template).map { line in
            guard let range = Array(line).firstRange(of: Array("CATALOG".utf8)) else { return Array(line) }
            return Array(line.prefix(range.lowerBound)) + Array(catalog.utf8) + line.dropFirst(range.upperBound)
        }
    }
    if options.has("--add") { content.append(Array("CATALOG \(entry)".utf8)) }
    return shell.tree.write(shell.absolute(catalog), joined(content)) ? 0 : 2
}

private func updateSuperCatalog(_ shell: inout Shell) throws(ShellSignal) -> Int {
    guard let directory = shell.tree.place(of: "/etc/sgml"), shell.tree.node(at: "/etc/sgml") != nil else { return 2 }
    var text = """
        --
        ## This file is created by update-catalog with update-super.
        ## Please see update-catalog(8) for how to modify this file.
        --

        """
    for entry in shell.tree.entries(of: directory) {
        let path = "/" + (try shell.text(entry.bytes))
        guard entry.name.first != UInt8(ascii: "."), path.hasSuffix(".cat"), let content = try shell.read(path),
            referencesExist(shell, SGMLCatalogToken.all(in: content), in: "/etc/sgml")
        else { continue }
        text += "CATALOG \(path)\n"
    }
    let path = "/var/lib/sgml-base/supercatalog"
    if let known = try shell.read(path) { shell.tree.write(path + ".old", known) }
    return shell.tree.write(path, Array(text.utf8)) ? 0 : 2
}

/// Whether every catalog that a catalog includes is there.
private func referencesExist(_ shell: Shell, _ tokens: [SGMLCatalogToken], in directory: String) -> Bool {
    var base = directory
    var keyword = ""
    for token in tokens {
        switch keyword {
        case "base": base = token.text
        case "catalog":
            let path = token.text.hasPrefix("/") ? token.text : base + "/" + token.text
            guard shell.node(path)?.isFile == true else { return false }
        default: break
        }
        let word = token.text.lowercased()
        keyword = keyword.isEmpty && (word == "base" || word == "catalog") ? word : ""
    }
    return true
}

/// A word or a quoted literal of a catalog (OASIS technical resolution 9401).
private struct SGMLCatalogToken {
    let text: String

    static func all(in content: [UInt8]) -> [SGMLCatalogToken] {
        var tokens: [SGMLCatalogToken] = []
        var rest = content[...]
        while let first = rest.first {
            if first <= 0x20 {
                rest.removeFirst()
            } else if rest.starts(with: "--".utf8) {
                let end = Array(rest.dropFirst(2)).firstRange(of: Array("--".utf8))?.upperBound ?? rest.count
                rest = rest.dropFirst(2 + end)
            } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                let literal = rest.dropFirst().prefix { $0 != first }
                tokens.append(SGMLCatalogToken(text: String(decoding: literal, as: UTF8.self)))
                rest = rest.dropFirst(literal.count + 2)
            } else {
                let word = rest.prefix { $0 > 0x20 }
                tokens.append(SGMLCatalogToken(text: String(decoding: word, as: UTF8.self)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }
}
