//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension ControlStanza {
    /// The stanzas of a control file.
    ///
    /// Empty lines separate stanzas, and lines that start with `#` are comments. `source` names the file in errors, and
    /// a file of more than `limit` bytes is refused.
    public static func parse(
        _ bytes: [UInt8], source: String, limit: Int = 64 << 20
    ) throws(DebianError) -> [ControlStanza] {
        guard bytes.count <= limit else {
            throw .control(
                source: source, line: 1, problem: "has \(bytes.count) bytes, more than the limit of \(limit)")
        }
        var parser = ControlParser(source: source)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            try parser.add(bytes[start..<end])
            start = end + 1
        }
        parser.endStanza()
        return parser.stanzas
    }

    /// The only stanza of a control file; more or fewer than one is an error.
    public static func parseOne(
        _ bytes: [UInt8], source: String, limit: Int = 64 << 20
    ) throws(DebianError) -> ControlStanza {
        let stanzas = try parse(bytes, source: source, limit: limit)
        guard let stanza = stanzas.first, stanzas.count == 1 else {
            throw .control(source: source, line: 1, problem: "has \(stanzas.count) stanzas instead of one")
        }
        return stanza
    }
}

/// Collects lines into stanzas.
private struct ControlParser {
    let source: String
    var stanzas: [ControlStanza] = []
    private var fields: [ControlStanza.Field] = []
    private var line = 0

    init(source: String) {
        self.source = source
    }

    mutating func add(_ raw: ArraySlice<UInt8>) throws(DebianError) {
        line += 1
        // A line that ends with CR LF may have blanks before, and even between.
        let bytes = trimmingEnd(raw)
        guard let first = bytes.first else { return endStanza() }
        if first == UInt8(ascii: "#") { return }
        if isBlank(first) {
            guard !fields.isEmpty else { throw problem("a continuation line belongs to no field") }
            fields[fields.count - 1].value += "\n" + (try text(bytes))
            return
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw problem("a field needs a colon after its name")
        }
        let name = bytes[..<colon]
        guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw problem("a field name has only printable ASCII characters")
        }
        let value = bytes[(colon + 1)...].drop(while: isBlank)
        let field = ControlStanza.Field(name: try text(name), value: try text(value), line: line)
        if let earlier = ControlStanza(fields: fields).field(field.name) {
            throw problem("`\(field.name)` stands twice, first in line \(earlier.line)")
        }
        fields.append(field)
    }

    mutating func endStanza() {
        if !fields.isEmpty { stanzas.append(ControlStanza(fields: fields)) }
        fields = []
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(DebianError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw problem("the line is not UTF-8") }
        return text
    }

    private func problem(_ problem: String) -> DebianError {
        .control(source: source, line: line, problem: problem)
    }
}

/// Whether a byte is a space or a tab.
func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private func trimmingEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let last = bytes.last, isBlank(last) || last == UInt8(ascii: "\r") { bytes.removeLast() }
    return bytes
}
