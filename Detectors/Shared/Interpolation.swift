//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// `$NAME`, `${NAME}` and `${NAME:-default}` with their values or defaults, as a shell, Compose and BuildKit read them;
/// what has neither is left out, unless `keepsUnknown`.
func interpolated(_ text: String, _ variables: [String: String], keepsUnknown: Bool = false) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
        result += rest[..<dollar]
        rest = rest[dollar...].dropFirst()
        if rest.first == "{", let close = rest.firstIndex(of: "}") {
            let body = rest[..<close].dropFirst()
            let name = String(body.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            if let value = variables[name], !value.isEmpty {
                result += value
            } else if let sign = body.firstIndex(of: "-") {
                result += body[sign...].dropFirst()
            } else if keepsUnknown {
                result += "${\(body)}"
            }
            rest = rest[close...].dropFirst()
        } else {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            result += variables[String(name)] ?? (keepsUnknown ? "$\(name)" : "")
            rest = rest[name.endIndex...]
        }
    }
    return result + rest
}
