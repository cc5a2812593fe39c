//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

extension Shell {
    /// Words to fields: expansion, splitting, pathnames, quote removal (POSIX XCU 2.6).
    mutating func expand(_ words: [ShellWord]) throws(ShellSignal) -> [String] {
        var fields: [String] = []
        for word in words { fields += try expandFields(word) }
        return fields
    }

    /// A word to one text, without splitting or pathnames, as in an assignment.
    mutating func expandText(_ word: ShellWord) throws(ShellSignal) -> String {
        ShellPattern.unescape(try expandPattern(word))
    }

    /// A word to a pattern, in which quoted text stands escaped.
    mutating func expandPattern(_ word: ShellWord) throws(ShellSignal) -> String {
        var pattern = ""
        for part in word.parts {
            switch part {
            case .literal(let text, let quoted): pattern += quoted ? ShellPattern.escape(text) : text
            case .parameter(let expansion, let quoted):
                let values = try value(of: expansion)
                let text = values.texts.joined(separator: " ")
                pattern += quoted ? ShellPattern.escape(text) : escapingBackslashes(text)
            case .substitution(let command, let quoted):
                let text = try output(of: command)
                pattern += quoted ? ShellPattern.escape(text) : escapingBackslashes(text)
            case .arithmetic(let expression): pattern += String(try evaluate(expression))
            }
            try spend(pattern.utf8.count)
        }
        return pattern
    }

    private func escapingBackslashes(_ text: String) -> String {
        text.utf8.contains(UInt8(ascii: "\\"))
            ? text.split(separator: "\\", omittingEmptySubsequences: false)
                .joined(separator: "\\\\") : text
    }

    private mutating func expandFields(_ word: ShellWord) throws(ShellSignal) -> [String] {
        if case .literal(let text, quoted: false)? = word.parts.first, text == "~" || text.hasPrefix("~/") {
            throw unsupported("`~`")
        }
        var fields = FieldBuilder(separators: variables["IFS"] ?? " \t\n")
        for part in word.parts {
            switch part {
            case .literal(let text, let quoted): fields.append(quoted ? ShellPattern.escape(text) : text)
            case .parameter(let expansion, let quoted):
                let values = try value(of: expansion)
                if quoted && !values.isList {
                    fields.append(ShellPattern.escape(values.texts.joined(separator: " ")))
                } else if quoted {
                    fields.append(list: values.texts.map(ShellPattern.escape))
                } else {
                    for (index, text) in values.texts.enumerated() {
                        if index > 0 { fields.finish() }
                        fields.split(escapingBackslashes(text))
                    }
                }
            case .substitution(let command, let quoted):
                let text = try output(of: command)
                if quoted { fields.append(ShellPattern.escape(text)) } else { fields.split(escapingBackslashes(text)) }
            case .arithmetic(let expression): fields.append(String(try evaluate(expression)))
            }
            try spend(fields.size)
        }
        fields.finish()
        var expanded: [String] = []
        for field in fields.fields {
            if !skipsGlobs, ShellPattern.isPattern(field) {
                let paths = try glob(field)
                expanded += paths.isEmpty ? [ShellPattern.unescape(field)] : paths
            } else {
                expanded.append(ShellPattern.unescape(field))
            }
        }
        return expanded
    }

    // MARK: Parameters

    private mutating func value(
        of expansion: ParameterExpansion
    ) throws(ShellSignal) -> (texts: [String], isList: Bool) {
        let isList = expansion.name == "@"
        let plain = parameter(expansion.name)
        let isMissing = plain == nil || (expansion.treatsEmptyAsUnset && plain?.allSatisfy(\.isEmpty) == true)
        switch expansion.operation {
        case .none:
            guard let plain else {
                if failsOnUnset {
                    try write("\(name): \(line): \(expansion.name): parameter not set\n", to: 2)
                    throw .exit(2)
                }
                return ([""], false)
            }
            return (plain, isList)
        case .unsupported: throw unsupported("an operator of bash in `${\(expansion.name)…}`")
        case .length: return ([String((plain ?? []).joined(separator: " ").utf8.count)], false)
        case .useDefault:
            if let plain, !isMissing { return (plain, isList) }
            return ([try expandText(expansion.word)], false)
        case .assignDefault:
            if let plain, !isMissing { return (plain, isList) }
            let text = try expandText(expansion.word)
            variables[expansion.name] = text
            return ([text], false)
        case .failUnset:
            if let plain, !isMissing { return (plain, isList) }
            throw .exit(2)
        case .useAlternate: return isMissing ? ([""], false) : ([try expandText(expansion.word)], false)
        case .dropShortestPrefix, .dropLongestPrefix, .dropShortestSuffix, .dropLongestSuffix:
            let text = Array((plain ?? []).joined(separator: " ").utf8)
            let pattern = Array(try expandPattern(expansion.word).utf8)
            return ([String(decoding: trimmed(text, pattern, expansion.operation), as: UTF8.self)], false)
        }
    }

    private func trimmed(
        _ text: [UInt8], _ pattern: [UInt8], _ operation: ParameterExpansion.Operator
    ) -> ArraySlice<UInt8> {
        let lengths = Array(0...text.count)
        switch operation {
        case .dropShortestPrefix, .dropLongestPrefix:
            let order = operation == .dropShortestPrefix ? lengths : lengths.reversed()
            for length in order where effort.spend(length + pattern.count) {
                if ShellPattern.matches(text[..<length], pattern[...]) { return text[length...] }
            }
        default:
            let order = operation == .dropLongestSuffix ? lengths : lengths.reversed()
            for start in order where effort.spend(text.count - start + pattern.count) {
                if ShellPattern.matches(text[start...], pattern[...]) { return text[..<start] }
            }
        }
        return text[...]
    }

    /// The value of a parameter, nil where unset; several texts for `@` and `*`.
    private func parameter(_ name: String) -> [String]? {
        switch name {
        case "@", "*": return arguments
        case "#": return [String(arguments.count)]
        case "?": return [String(status)]
        case "$": return ["1"]
        case "-": return [exitsOnError ? "e" : ""]
        case "!": return nil
        case "0": return [self.name]
        default:
            if let index = Int(name) { return index <= arguments.count ? [arguments[index - 1]] : nil }
            return variables[name].map { [$0] }
        }
    }

    // MARK: Pathnames

    /// The existing paths that match a pattern, sorted.
    private func glob(_ pattern: String) throws(ShellSignal) -> [String] {
        let isAbsolute = pattern.hasPrefix("/")
        var found = [isAbsolute ? "/" : ""]
        let components = pattern.split(separator: "/").map(String.init)
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            var next: [String] = []
            for base in found {
                if !ShellPattern.isPattern(component) {
                    let path = base + ShellPattern.unescape(component)
                    if node(path, followingLast: !isLast) != nil { next.append(isLast ? path : path + "/") }
                    continue
                }
                guard let place = tree.place(of: absolute(base)) else { continue }
                for entry in tree.entries(of: place) {
                    try spend(entry.name.count + component.utf8.count)
                    if entry.name.first == UInt8(ascii: "."), !component.hasPrefix(".") { continue }
                    guard ShellPattern.matches(entry.name, Array(component.utf8)) else { continue }
                    let path = base + (try text(entry.name))
                    if isLast { next.append(path) } else if node(path)?.isDirectory == true { next.append(path + "/") }
                }
            }
            found = next
        }
        let suffix = pattern.hasSuffix("/") ? "/" : ""
        return suffix.isEmpty ? found : found.filter { node($0)?.isDirectory == true }.map { $0 + suffix }
    }
}

/// Collects fields while parts of a word are expanded.
private struct FieldBuilder {
    private(set) var fields: [String] = []
    /// How many bytes there are, and some for each field.
    private(set) var size = 0
    private var current: String?
    private let separators: [UInt8]

    init(separators: String) { self.separators = Array(separators.utf8) }

    mutating func append(_ text: String) {
        current = (current ?? "") + text
        size += text.utf8.count
    }

    mutating func finish() {
        if let current { fields.append(current) }
        current = nil
        size += 16
    }

    /// `"$@"`: every text a field, the first and last joined to what stands around them.
    mutating func append(list texts: [String]) {
        for (index, text) in texts.enumerated() {
            if index > 0 { finish() }
            append(text)
        }
    }

    /// Splits `text` at the separators.
    mutating func split(_ text: String) {
        var piece: [UInt8] = []
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A }
        for byte in text.utf8 {
            if separators.contains(byte) {
                if !piece.isEmpty { append(String(decoding: piece, as: UTF8.self)) }
                if current == nil, !isBlank(byte) { current = "" }
                piece = []
                finish()
            } else {
                piece.append(byte)
            }
        }
        if !piece.isEmpty { append(String(decoding: piece, as: UTF8.self)) }
    }
}
