//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The one form in which documents are written, so that equal values have equal digests: keys in order, no white space.
public func canonicalJSON(_ value: some Encodable) throws(OCIError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return Array(try encoder.encode(value)) } catch { throw .malformed(document: "json", reason: "\(error)") }
}

/// The value that a JSON document holds.
///
/// - Parameter document: what to call it in a message.
public func parse<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type, document: String) throws(OCIError) -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
        throw .malformed(document: document, reason: reason(error))
    } catch {
        throw .malformed(document: document, reason: "\(error)")
    }
}

private func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "`\(key.stringValue)` is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        (context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription)
    @unknown default: "it is not what the specification asks for"
    }
}
