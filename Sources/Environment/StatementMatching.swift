//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// How a version stands to one statement.
enum Match: Equatable {
    case meets
    case misses
    /// The statement cannot be read as a version or a constraint, or names none.
    case silent
}

extension ToolchainFinding {
    /// Whether `version` is what this statement asks for.
    ///
    /// A pin or a hint that names a whole release admits that release with any patch level: a repository pinned to
    /// 3.11.4 runs on the 3.11.2 that a suite carries.
    func match(_ version: String) -> Match {
        let text = constraint.trimmingBlanks()
        if text.isEmpty { return .silent }
        switch kind {
        case .pin, .hint, .lock:
            if let named = releaseNumbers(text) {
                let significant = named.prefix(significantComponents(of: tool))
                guard let offered = releaseNumbers(version) else { return .silent }
                return offered.starts(with: significant) ? .meets : .misses
            }
            return matchRange(text, version)
        case .range, .fallback:
            return matchRange(text, version)
        }
    }

    private func matchRange(_ text: String, _ version: String) -> Match {
        do throws(VersionError) {
            return try VersionRange(text, dialect: dialect).contains(version) ? .meets : .misses
        } catch {
            return .silent
        }
    }
}

/// How many leading components of a version of `tool` name a release line; the rest are patch levels.
func significantComponents(of tool: String) -> Int {
    ["java", "node", "gcc", "clang", "postgres", "erlang"].contains(tool) ? 1 : 2
}

/// The numbers of a plain version such as `3.11`, `v20.1.0`, `ruby-3.2.1` or `go1.22`; nil for anything with
/// operators, wildcards or words.
func releaseNumbers(_ text: String) -> [Int]? {
    var rest = text[...]
    if let digit = rest.firstIndex(where: \.isNumber) {
        let prefix = rest[..<digit].lowercased()
        guard
            ["", "v", "go", "ruby-", "python-", "python", "openjdk-", "temurin-", "cpython-", "cpython@", "cp", "py"]
                .contains(prefix)
        else { return nil }
        rest = rest[digit...]
    }
    var numbers: [Int] = []
    for part in rest.split(separator: ".", omittingEmptySubsequences: false) {
        let digits = part.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        numbers.append(number)
        if digits.count < part.count {
            let tail = part.dropFirst(digits.count)
            guard let first = tail.first, first.isLetter || "-+~_".contains(first) else { return nil }
            break
        }
    }
    return numbers.isEmpty ? nil : numbers
}

extension String {
    func trimmingBlanks() -> String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
