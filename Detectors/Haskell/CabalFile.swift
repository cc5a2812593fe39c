//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A package description of Cabal, as far as it tells what building needs: fields by section.
///
/// The format is that of [Cabal](https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html): sections at
/// the margin, fields with a colon, values that go on in lines that are indented more. Fields for other systems than
/// Linux, and for compilers of old, are left out.
struct CabalFile {
    /// One field, its value cut at commas.
    struct Field {
        /// `library`, `executable`, `test-suite`, `benchmark`, `common`…; empty at the top.
        let section: String
        /// The name behind the section's keyword.
        let component: String
        /// In lower case.
        let name: String
        let values: [(text: String, line: Int)]
    }

    private(set) var fields: [Field] = []

    init(_ lines: [String]) {
        var section = ""
        var component = ""
        var open: (indent: Int, name: String, text: [(String, Int)])?
        // Conditions by their indentation; what stands below one that holds elsewhere is left out.
        var conditions: [(indent: Int, holds: Bool)] = []
        func close() {
            guard let field = open else { return }
            open = nil
            guard conditions.allSatisfy({ $0.indent >= field.indent || $0.holds }) else { return }
            fields.append(
                Field(section: section, component: component, name: field.name, values: Self.cut(field.text)))
        }
        for (index, line) in lines.enumerated() {
            let text = line.trimmingSpaces
            guard !text.isEmpty, !text.hasPrefix("--") else { continue }
            let indent = line.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
            if let field = open, indent > field.indent {
                open?.text.append((text, index + 1))
                continue
            }
            close()
            conditions.removeAll { $0.indent >= indent }
            let words = text.split(separator: " ", maxSplits: 1).map(String.init)
            let keyword = words.first?.lowercased() ?? ""
            if indent == 0, sectionNames.contains(keyword) {
                section = keyword
                component = words.count > 1 ? words[1].trimmingSpaces : ""
                conditions = []
            } else if ["if", "elif", "else"].contains(keyword) || text.hasPrefix("if(") {
                // Without a word on the system or the compiler, either branch may hold.
                conditions.append((indent, !Self.isForOthers(text)))
            } else if let colon = text.firstIndex(of: ":") {
                let name = text[..<colon].trimmingSpaces.lowercased()
                guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else { continue }
                let rest = String(text[text.index(after: colon)...]).trimmingSpaces
                open = (indent, name, rest.isEmpty ? [] : [(rest, index + 1)])
            }
        }
        close()
    }

    /// The values of the fields of these names.
    func values(_ names: String...) -> [(text: String, line: Int, section: String)] {
        fields.filter { names.contains($0.name) }.flatMap { field in
            field.values.map { ($0.text, $0.line, field.section) }
        }
    }

    private static func isForOthers(_ condition: String) -> Bool {
        let text = condition.lowercased().filter { $0 != " " }
        // What is for none of several others is for this one.
        if text.contains("!(os(") { return text.contains("os(linux)") }
        return otherSystems.contains { text.contains("os(\($0))") && !text.contains("!os(\($0))") }
            // What is there for compilers of old.
            || text.contains("impl(ghc<") && !text.contains("!impl(ghc<") || text.contains("!impl(ghc>")
            || text.contains("!os(linux)") || text.contains("impl(ghcjs)") && !text.contains("!impl(ghcjs)")
            || text.contains("arch(wasm32)") && !text.contains("!arch(wasm32)")
    }

    /// Cuts at commas; what stands between two may go over several lines.
    private static func cut(_ lines: [(String, Int)]) -> [(text: String, line: Int)] {
        var values: [(text: String, line: Int)] = []
        var current = ""
        var start = 0
        var depth = 0
        func close() {
            let text = current.trimmingSpaces
            if !text.isEmpty { values.append((text, start)) }
            current = ""
        }
        for (text, number) in lines {
            for character in text {
                if character == "{" || character == "(" { depth += 1 }
                if character == "}" || character == ")" { depth -= 1 }
                if character == ",", depth <= 0 {
                    close()
                    continue
                }
                if current.isEmpty {
                    guard character != " " else { continue }
                    start = number
                }
                current.append(character)
            }
            if !current.isEmpty { current.append(" ") }
        }
        close()
        return values
    }
}

private let sectionNames: Set<String> = [
    "library", "executable", "test-suite", "benchmark", "common", "flag", "source-repository", "foreign-library",
    "custom-setup",
]
private let otherSystems = ["windows", "mingw32", "darwin", "osx", "freebsd", "openbsd", "netbsd", "solaris", "ios"]
