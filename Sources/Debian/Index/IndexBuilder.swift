//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Turns the text of a `Packages` file into the file that `IndexPart` reads.
///
/// One pass: a stanza's fields are found as ranges of the text, and only what the solver needs is parsed.
struct IndexBuilder {
    private typealias Layout = IndexLayout

    private let text: UnsafeRawBufferPointer
    private let architecture: [UInt8]
    private let source: String
    private var names: NameTable
    private var packages: [UInt32] = []
    private var relations: [UInt32] = []
    /// Name provided, package, version offset and length of each entry of a `Provides` field.
    private var provides: [UInt32] = []

    /// The parsed form of `text`, keeping the packages of `architecture` and `all`. `source` names the text in errors.
    static func build(
        _ text: UnsafeRawBufferPointer, architecture: String, source: String
    ) throws(DebianError) -> [UInt8] {
        guard text.count < Int(UInt32.max) else {
            throw .control(source: source, line: 1, problem: "has \(text.count) bytes, more than 4 GiB")
        }
        var builder = IndexBuilder(text, architecture, source)
        try builder.readStanzas()
        return builder.file()
    }

    private init(_ text: UnsafeRawBufferPointer, _ architecture: String, _ source: String) {
        self.text = text
        self.architecture = [UInt8](architecture.utf8)
        self.source = source
        names = NameTable(text)
        packages.reserveCapacity(text.count / 70)
        relations.reserveCapacity(text.count / 16)
        provides.reserveCapacity(text.count / 120)
    }

    private mutating func readStanzas() throws(DebianError) {
        var fields = StanzaFields()
        var line = 0
        var first = 1
        var start = 0
        while start < text.count {
            let end = endOfLine(text, from: start)
            line += 1
            if end == start {
                try add(&fields, end: start, line: first)
                first = line + 1
            } else if !fields.add(text, start..<end) {
                throw .control(source: source, line: line, problem: "is neither a field nor a continuation line")
            }
            start = end + 1
        }
        try add(&fields, end: text.count, line: first)
    }

    private mutating func add(_ fields: inout StanzaFields, end: Int, line: Int) throws(DebianError) {
        defer { fields.reset() }
        guard let start = fields.start else { return }
        guard !fields[.package].isEmpty, !fields[.version].isEmpty else {
            throw .control(source: source, line: line, problem: "a stanza has no `Package` or no `Version`")
        }
        let isAll = equal(fields[.architecture], "all")
        guard isAll || text[fields[.architecture]].elementsEqual(architecture) else { return }

        let number = UInt32(truncatingIfNeeded: packages.count / Layout.Package.size)
        let name = names.number(of: fields[.package])
        let firstRelation = relations.count / Layout.Relation.size
        var counts: [UInt32] = []
        for range in [fields[.preDepends], fields[.depends], fields[.conflicts], fields[.breaks]] {
            let before = relations.count
            try addRelations(range, line: line)
            counts.append(UInt32(truncatingIfNeeded: (relations.count - before) / Layout.Relation.size))
        }
        // Only the order of the names matters here: apt decides between equal providers by it.
        for field in [StanzaField.recommends, .suggests, .replaces, .enhances] {
            var scanner = RelationScanner(text, fields[field])
            while let item = try scan(&scanner, line: line) { _ = names.number(of: item.name) }
        }
        try addProvides(fields[.provides], package: number, line: line)

        let next = names.append(package: number, to: name)
        if let last = next { packages[Int(last) * Layout.Package.size + Layout.Package.next] = number + 1 }
        packages += [
            name, word(start), word(end - start), word(fields[.version].lowerBound), word(fields[.version].count),
            flags(fields), 0, word(firstRelation),
        ]
        packages += counts
    }

    private mutating func addRelations(_ range: Range<Int>, line: Int) throws(DebianError) {
        var scanner = RelationScanner(text, range)
        while let item = try scan(&scanner, line: line) {
            var flags = Layout.code(of: item.comparison)
            if item.hasAlternative { flags |= Layout.RelationFlag.hasAlternative }
            if let qualifier = item.qualifier {
                if equal(qualifier, "any") {
                    flags |= Layout.RelationFlag.anyArchitecture
                } else if !equal(qualifier, "native") && !text[qualifier].elementsEqual(architecture) {
                    flags |= Layout.RelationFlag.otherArchitecture
                }
            }
            relations += [
                names.number(of: item.name), flags, word(item.version.lowerBound), word(item.version.count),
            ]
        }
    }

    private mutating func addProvides(_ range: Range<Int>, package: UInt32, line: Int) throws(DebianError) {
        var scanner = RelationScanner(text, range)
        while let item = try scan(&scanner, line: line) {
            provides += [
                names.number(of: item.name), package, word(item.version.lowerBound), word(item.version.count),
            ]
        }
    }

    private func scan(_ scanner: inout RelationScanner, line: Int) throws(DebianError) -> RelationScanner.Item? {
        do throws(RelationScanner.Problem) {
            return try scanner.next()
        } catch {
            throw .control(source: source, line: line, problem: "a relation of this stanza is malformed: \(error.text)")
        }
    }

    private func flags(_ fields: StanzaFields) -> UInt32 {
        let priorities = ["required", "important", "standard", "optional", "extra"]
        var flags = UInt32(
            truncatingIfNeeded: priorities.firstIndex { equal(fields[.priority], $0) } ?? priorities.count)
        if equal(fields[.essential], "yes") { flags |= Layout.Flag.essential }
        if equal(fields[.important], "yes") || equal(fields[.protected], "yes") { flags |= Layout.Flag.important }
        if equal(fields[.multiArch], "same") { flags |= Layout.Flag.sameArchitecture }
        if equal(fields[.multiArch], "foreign") { flags |= Layout.Flag.foreign }
        if equal(fields[.multiArch], "allowed") { flags |= Layout.Flag.allowed }
        return flags
    }

    private func equal(_ range: Range<Int>, _ text: String) -> Bool {
        range.count == text.utf8.count && self.text[range].elementsEqual(text.utf8)
    }

    private func word(_ value: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: value)
    }

    /// Groups the providers by name and puts the tables together.
    private mutating func file() -> [UInt8] {
        let count = provides.count / 4
        var starts = [UInt32](repeating: 0, count: names.count + 1)
        for entry in 0..<count { starts[Int(provides[entry * 4]) + 1] += 1 }
        for name in 0..<names.count { starts[name + 1] += starts[name] }
        var grouped = [UInt32](repeating: 0, count: count * Layout.Provides.size)
        var next = starts
        for entry in 0..<count {
            let name = Int(provides[entry * 4])
            let target = Int(next[name]) * Layout.Provides.size
            next[name] += 1
            for part in 0..<Layout.Provides.size { grouped[target + part] = provides[entry * 4 + 1 + part] }
        }
        let header = [
            Layout.magic, Layout.version, word(packages.count / Layout.Package.size), word(names.count),
            word(names.slots.count), word(relations.count / Layout.Relation.size), word(count), word(text.count),
        ]
        let tables = [header, packages, names.records(providesStarts: starts), names.slots, relations, grouped]
        var file: [UInt8] = []
        file.reserveCapacity(tables.reduce(text.count) { $0 + $1.count * 4 })
        for table in tables { table.withUnsafeBytes { file.append(contentsOf: $0) } }
        file.append(contentsOf: text)
        return file
    }
}
