//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import TOML
import Versions
import YAML

extension FuzzTarget {
    /// Formats of which nothing is known but the grammar, and versions.
    static let formats = [
        FuzzTarget(
            "yaml", words: ["- ", ": ", "&a ", "*a", "<<: ", "!!str ", "|\n", ">-\n", "[", "{", "? ", "\n---\n", "#"]
        ) { bytes in
            _ = try accepted({ try parseYAMLDocuments(bytes, allowingDuplicateKeys: true) })
            _ = try accepted({ try parseYAML(bytes) })
            // Any text comes back from the scalar that is written for it.
            guard let text = String(validating: bytes, as: UTF8.self) else { return }
            for document in ["a: \(yamlScalar(text))\n", "{a: \(yamlScalar(text, inFlow: true))}\n"] {
                guard let node = try accepted({ try parseYAML(Array(document.utf8)) }) else {
                    throw BrokenProperty("a scalar that is refused: \(document)")
                }
                try expectSame(node?["a"]?.string, text, "a scalar")
            }
        },
        FuzzTarget(
            "toml", words: ["[", "[[a]]\n", "a.b = ", "\"\"\"", "'''", "{", "1979-05-27T07:32:00Z", "0x", "\\u"]
        ) { bytes in
            _ = try accepted({ try parseTOML(bytes) })
        },
        FuzzTarget("json", words: ["[", "{", "\"a\": ", "\\ud800", "\\u0000", "null", "// ", "/*", ","]) { bytes in
            _ = try accepted({ try parseJSON(bytes) })
            _ = try accepted({ try parseJSON(bytes, lenient: true) })
            guard let text = String(validating: bytes, as: UTF8.self) else { return }
            let node = try accepted({ try parseJSON(Array(jsonString(text).utf8)) })
            try expectSame(node?.string, text, "a string")
        },
        FuzzTarget(
            "versions", words: ["~", "^", ">=", "||", ",", "~>", "[1,2)", "1.x", "rc1", "+", ":", "!=", " - ", "@dev"]
        ) {
            try checkVersions($0)
        },
    ]
}

/// The first line is a constraint, the others are versions.
private func checkVersions(_ bytes: [UInt8]) throws {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
    }
    for dialect in VersionDialect.allCases {
        let range = try accepted({ try VersionRange(lines[0], dialect: dialect) })
        var versions: [Version] = []
        for line in lines.dropFirst().prefix(6) {
            if let version = try accepted({ try Version(line, dialect: dialect) }) {
                versions.append(version)
            }
        }
        if let range {
            for version in versions {
                let isInside = range.contains(version)
                try expectSame(range.intersection(range).contains(version), isInside, "\(dialect) range with itself")
            }
            _ = range.admitsSome(release: lines.last ?? "")
        }
        for first in versions {
            for second in versions {
                try expectSame(first < second, second > first, "\(dialect) order")
                if first < second && second < first {
                    throw BrokenProperty("\(first) and \(second) precede each other")
                }
                if first == second && first < second { throw BrokenProperty("\(first) precedes its equal \(second)") }
            }
        }
    }
}
