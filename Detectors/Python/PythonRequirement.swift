//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A requirement of a Python distribution ([PEP 508](https://peps.python.org/pep-0508/)).
struct PythonRequirement: Hashable {
    /// The requirement as it is handed on, one line.
    let text: String
    /// The normalised name ([PEP 503](https://peps.python.org/pep-0503/)).
    let name: String
    /// The normalised names of the extras.
    let extras: [String]
    /// The version specifier without parentheses, empty where there is none.
    let specifier: String
    /// The URL after `@`, where there is one.
    let url: String?
    /// The environment marker, empty where there is none.
    let marker: String

    /// Reads a requirement; nil where the text is none.
    init?(_ text: some StringProtocol) {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard let first = name.first, let last = name.last, first.isLetter || first.isNumber,
            last.isLetter || last.isNumber
        else { return nil }
        var rest = line[name.endIndex...].drop { $0 == " " }
        var extras: [String] = []
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            extras = rest[rest.index(after: rest.startIndex)..<end].split(separator: ",").map {
                canonicalName(String($0).trimmingSpaces)
            }
            rest = rest[rest.index(after: end)...].drop { $0 == " " }
        }
        var url: String?
        var marker = ""
        if rest.first == "@" {
            let target = rest.dropFirst().drop { $0 == " " }
            let end = target.range(ofText: " ;") ?? target.endIndex
            url = String(target[..<end]).trimmingSpaces
            marker = target[end...].drop { $0 == " " || $0 == ";" }.description
            rest = ""
        } else if let semicolon = rest.firstIndex(of: ";") {
            marker = String(rest[rest.index(after: semicolon)...]).trimmingSpaces
            rest = rest[..<semicolon]
        }
        let specifier = String(rest.filter { $0 != "(" && $0 != ")" }).trimmingSpaces
        guard specifier.isEmpty || "<>=!~".contains(specifier.first ?? " ") else { return nil }
        self.name = canonicalName(String(name))
        self.extras = extras
        self.specifier = specifier
        self.url = url
        self.marker = marker
        var canonical = String(name)
        if !extras.isEmpty { canonical += "[\(extras.joined(separator: ","))]" }
        canonical += url.map { " @ \($0)" } ?? specifier.replacingSpaces
        if !marker.isEmpty { canonical += (url == nil ? "" : " ") + "; \(marker)" }
        self.text = canonical
    }

    /// The requirement with `condition` added to its marker.
    func adding(marker condition: String) -> PythonRequirement {
        let base = marker.isEmpty ? text : String(text.prefix(text.count - marker.count)).droppingMarkerSeparator
        let joined = marker.isEmpty ? condition : "(\(marker)) and \(condition)"
        return PythonRequirement("\(base)\(url == nil ? "" : " "); \(joined)") ?? self
    }

    /// The version of an exact pin, `==1.2`.
    var pinnedVersion: String? {
        guard specifier.hasPrefix("=="), !specifier.contains(","), !specifier.contains("*") else { return nil }
        return String(specifier.drop { $0 == "=" || $0 == " " })
    }
}

/// The name as indexes compare it: lower case, runs of `-`, `_` and `.` as one `-`.
func canonicalName(_ name: String) -> String {
    var result = ""
    var isSeparated = false
    for scalar in name.unicodeScalars {
        if scalar == "-" || scalar == "_" || scalar == "." {
            isSeparated = true
            continue
        }
        if isSeparated, !result.isEmpty { result += "-" }
        isSeparated = false
        result.unicodeScalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    return result
}

extension String {
    fileprivate var replacingSpaces: String { filter { $0 != " " } }

    fileprivate var droppingMarkerSeparator: String {
        var text = self
        while let last = text.last, last == " " || last == ";" { text.removeLast() }
        return text
    }
}
