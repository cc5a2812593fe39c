//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// The assignments of a qmake project file, but those in scopes of other systems
/// ([Scopes](https://doc.qt.io/qt-6/qmake-language.html#scopes)).
struct QMakeSettings {
    /// `QT += widgets`.
    struct Setting {
        let variable: String
        let words: [String]
        /// Whether the words are taken away.
        let isRemoval: Bool
        /// Whether a scope around it may not hold.
        let isConditional: Bool
        let evidence: Evidence
    }

    /// Whether a scope holds on Linux.
    private enum Scope {
        case holds, unknown, foreign
    }

    private(set) var settings: [Setting] = []
    private let path: String
    private var scopes: [Scope] = []
    /// The scope that an `else` would be the other side of.
    private var closed = Scope.unknown

    init(_ lines: [String], path: String) {
        self.path = path
        var text = ""
        var first = 1
        for (index, line) in lines.enumerated() {
            let bare = line.prefix { $0 != "#" }.trimmingBlanks
            if text.isEmpty { first = index + 1 }
            if bare.hasSuffix("\\"), text.utf8.count < 100_000 {
                text += bare.dropLast() + " "
            } else {
                read(text + bare, line: first)
                text = ""
            }
        }
        read(text, line: first)
    }

    private mutating func read(_ statement: String, line: Int) {
        var rest = statement[...]
        while rest.first == "}" {
            close()
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
        }
        guard let sign = rest.firstIndex(of: "="), sign > rest.startIndex else {
            guard rest.last == "{" else { return }
            scopes.append(scope(rest.dropLast().split(separator: ":").map(\.trimmingBlanks)))
            return
        }
        var left = rest[..<sign]
        let operation = left.last
        if let operation, "+-*~".contains(operation) { left = left.dropLast() }
        // `win32 { LIBS += -lfoo }` on one line.
        let opens = left.lastIndex(of: "{")
        if let opens {
            scopes.append(scope(left[..<opens].split(separator: ":").map(\.trimmingBlanks)))
            left = left[left.index(after: opens)...]
        }
        var parts = left.split(separator: ":").map(\.trimmingBlanks)
        var value = rest[rest.index(after: sign)...]
        var closes = 0
        while value.last == "}", !value.contains("{") {
            value = value.dropLast()
            closes += 1
        }
        if let variable = parts.popLast() {
            let around = scopes + (parts.isEmpty ? [] : [scope(parts)])
            if !parts.isEmpty { closed = around.last ?? .unknown }
            if !around.contains(.foreign) {
                settings.append(
                    Setting(
                        variable: variable, words: value.split(whereSeparator: \.isWhitespace).map(String.init),
                        isRemoval: operation == "-", isConditional: around.contains(.unknown),
                        evidence: Evidence(path, line: line)))
            }
        }
        for _ in 0..<closes { close() }
    }

    private mutating func close() {
        if let last = scopes.popLast() { closed = last }
    }

    private func scope(_ conditions: [String]) -> Scope {
        var result = Scope.holds
        for condition in conditions {
            let one: Scope =
                switch condition {
                case "else":
                    switch closed {
                    case .holds: .foreign
                    case .foreign: .holds
                    case .unknown: .unknown
                    }
                case "unix", "linux", "linux-*", "linux-g++", "unix|win32", "!win32", "!macx", "!mac", "!macos",
                    "!android":
                    .holds
                case _ where condition.hasPrefix("greaterThan(QT_MAJOR_VERSION,"),
                    _ where condition.hasPrefix("greaterThan( QT_MAJOR_VERSION,"):
                    condition.contains("4") ? .holds : .unknown
                case _ where foreign.contains(where: { condition.hasPrefix($0) && !condition.contains("unix") }):
                    .foreign
                default: .unknown
                }
            if one == .foreign { return .foreign }
            if one == .unknown { result = .unknown }
        }
        return result
    }
}

private let foreign = [
    "win", "mac", "osx", "darwin", "android", "ios", "wasm", "symbian", "maemo", "msvc", "mingw", "haiku", "freebsd",
    "openbsd", "netbsd", "!unix", "!linux", "qnx", "os2", "wince", "cygwin", "solaris",
]
