//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension TOMLParser {
    /// Reads `[a.b]` or `[[a.b]]`, and returns the table that it opens.
    mutating func header() throws(TOMLError) -> TOMLDraft {
        let line = line
        let start = self
        index += 1
        let isElement = take(UInt8(ascii: "["))
        var path = try key()
        guard take(UInt8(ascii: "]")), !isElement || take(UInt8(ascii: "]")) else {
            throw error("a table header ends with `\(isElement ? "]]" : "]")`")
        }
        let name = path.removeLast()
        var parent = root
        for key in path { parent = try start.enclosing(key, in: parent) }

        let existing = parent[name]
        if isElement {
            let array: TOMLDraft
            if let existing {
                guard case .tables = existing.kind else { throw start.taken(name, by: existing) }
                array = existing
            } else {
                array = TOMLDraft(.tables, line: line, depth: try start.depth(in: parent))
                parent.add(name, array)
            }
            let table = TOMLDraft(.table(.header), line: line, depth: try start.depth(in: array))
            array.add(table)
            return table
        }
        if let existing {
            guard case .table(.implied) = existing.kind else { throw start.taken(name, by: existing) }
            existing.kind = .table(.header)
            existing.line = line
            return existing
        }
        let table = TOMLDraft(.table(.header), line: line, depth: try start.depth(in: parent))
        parent.add(name, table)
        return table
    }

    /// Reads `a.b = value` into `table`.
    mutating func pair(in table: TOMLDraft) throws(TOMLError) {
        let line = line
        let start = self
        var path = try key()
        guard take(UInt8(ascii: "=")) else { throw error("a key is followed by `=`") }
        let name = path.removeLast()
        var parent = table
        for key in path { parent = try start.dotted(key, in: parent) }
        if let existing = parent[name] { throw start.taken(name, by: existing) }
        skipSpace()
        let draft = try value(depth: depth(in: parent))
        draft.line = line
        parent.add(name, draft)
    }

    /// The table `key` in `parent` on the way to what a header names.
    private func enclosing(_ key: [UInt8], in parent: TOMLDraft) throws(TOMLError) -> TOMLDraft {
        guard let existing = parent[key] else {
            let table = TOMLDraft(.table(.implied), line: line, depth: try depth(in: parent))
            parent.add(key, table)
            return table
        }
        switch existing.kind {
        case .table(.implied), .table(.header), .table(.dotted): return existing
        case .tables: return existing.last ?? existing
        default: throw taken(key, by: existing)
        }
    }

    /// The table `key` in `parent` on the way to what a dotted key names.
    private func dotted(_ key: [UInt8], in parent: TOMLDraft) throws(TOMLError) -> TOMLDraft {
        guard let existing = parent[key] else {
            let table = TOMLDraft(.table(.dotted), line: line, depth: try depth(in: parent))
            parent.add(key, table)
            return table
        }
        switch existing.kind {
        case .table(.implied):
            existing.kind = .table(.dotted)
            return existing
        case .table(.dotted):
            return existing
        default:
            throw taken(key, by: existing)
        }
    }

    /// The depth of what stands in `parent`.
    func depth(in parent: TOMLDraft) throws(TOMLError) -> Int {
        guard parent.depth < Self.maximumDepth else {
            throw error("more than \(Self.maximumDepth) tables and arrays stand within each other")
        }
        return parent.depth + 1
    }

    private func taken(_ key: [UInt8], by existing: TOMLDraft) -> TOMLError {
        error("the key `\(String(decoding: key, as: UTF8.self))` is already there on line \(existing.line)")
    }

    /// Reads a key with its dots, and the space around it. It has one part at least.
    private mutating func key() throws(TOMLError) -> [[UInt8]] {
        var path: [[UInt8]] = []
        repeat {
            skipSpace()
            switch peek {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                path.append(try quoted())
            default:
                let part = take(while: Self.isBare)
                guard !part.isEmpty else { throw error("a key should stand here") }
                path.append(Array(part))
            }
            skipSpace()
        } while take(UInt8(ascii: "."))
        return path
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
