//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `text` as a JSON string (RFC 8259) with its quotation marks; only what must be escaped is.
public func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\u{0}"..<"\u{20}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

extension JSONNode.Value {
    /// The value on one line, with a blank after each colon and comma.
    public var text: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .string(let text): jsonString(text)
        case .array(let nodes): "[" + nodes.map(\.value.text).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(jsonString($0.key)): \($0.value.value.text)" }.joined(separator: ", ") + "}"
        }
    }
}
