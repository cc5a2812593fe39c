//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON

/// A token for some scopes, and until when it may be used.
struct AccessToken: Sendable {
    let value: String
    /// In the time of ``RegistryConfiguration/uptime``.
    let expiry: Duration

    func isUsable(at now: Duration) -> Bool { now < expiry }
}

/// What a token server answers: docker's token authentication specification, "Token Response Fields".
struct TokenResponse: Sendable {
    let value: String
    let lifetime: Duration
    /// A new identity token in place of the old one.
    let identityToken: String?

    /// Nil for anything else; why is not told, because the text is a secret.
    init?(_ bytes: [UInt8]) {
        guard let root = try? parseJSON(bytes) else { return nil }
        func text(_ key: String) -> String? { root[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        // What goes into a header must not end it.
        guard let value = text("token") ?? text("access_token"), value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        self.value = value
        let seconds = min(max(root["expires_in"]?.int ?? 60, 0), 7 * 86400)
        // The registry's clock and the way there take their part.
        lifetime = .seconds(seconds) - min(.seconds(10), .seconds(seconds) / 2)
        identityToken = text("refresh_token")
    }
}

/// Fields as a query or a form has them (WHATWG URL, "application/x-www-form-urlencoded").
func formEncoded(_ fields: [(String, String)]) -> String {
    fields.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
}

/// `text` with everything but unreserved characters (RFC 3986, section 2.3) and `:`, `/` and `,` as `%` and two digits.
func percentEncoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: ","):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            result += "%" + (digits.count == 1 ? "0" : "") + digits
        }
    }
    return result
}
