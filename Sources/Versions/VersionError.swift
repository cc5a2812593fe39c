//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a version or not a constraint.
public enum VersionError: Error, Equatable, CustomStringConvertible {
    /// The text is no version of the dialect.
    case malformedVersion(String, VersionDialect)
    /// The text is no constraint of the dialect; the reason is a clause such as "`>=` has no version".
    case malformedConstraint(String, VersionDialect, reason: String)
    /// The text has more bytes than any version or constraint needs.
    case tooLong(bytes: Int, limit: Int)

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .malformedVersion(let text, let dialect):
            "\(quoted(text)) is not a version (\(dialect.name))"
        case .malformedConstraint(let text, let dialect, let reason):
            "\(quoted(text)) is not a version constraint (\(dialect.name)): \(reason)"
        case .tooLong(let bytes, let limit):
            "a version text of \(bytes) bytes is longer than the \(limit) that are read"
        }
    }
}

/// Why a constraint's text is refused; its whole text is added where it is known.
struct ConstraintFault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// The text in backticks, fit for one line of a terminal: cut after 80 characters, control characters escaped.
func quoted(_ text: some StringProtocol) -> String {
    var result = "`"
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == 80 {
            result += "…"
            break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result + "`"
}
