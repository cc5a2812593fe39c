//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension PackageRelation {
    /// The relation that `text` spells, such as `libssl-dev (>= 3) | libgnutls28-dev`.
    public init(_ text: String) throws(DebianError) {
        let relations = try PackageRelation.list(text)
        guard let relation = relations.first, relations.count == 1 else {
            throw .relation(text, problem: relations.isEmpty ? "is empty" : "is more than one relation")
        }
        self = relation
    }

    /// The relations of a field such as `Depends`.
    public static func list(_ text: String) throws(DebianError) -> [PackageRelation] {
        let bytes = [UInt8](text.utf8)
        let result: Result<[PackageRelation], RelationScanner.Problem> = bytes.withUnsafeBytes { bytes in
            Result { () throws(RelationScanner.Problem) in try scan(bytes) }
        }
        switch result {
        case .success(let relations): return relations
        case .failure(let problem): throw .relation(text, problem: problem.text)
        }
    }

    private static func scan(_ bytes: UnsafeRawBufferPointer) throws(RelationScanner.Problem) -> [PackageRelation] {
        var scanner = RelationScanner(bytes, 0..<bytes.count)
        var relations: [PackageRelation] = []
        var alternatives: [Alternative] = []
        while let item = try scanner.next() {
            var alternative = Alternative(text(bytes, item.name))
            alternative.qualifier = item.qualifier.map { text(bytes, $0) }
            if let comparison = item.comparison {
                alternative.bound = Bound(comparison, text(bytes, item.version))
            }
            alternative.architectures =
                try item.architectures.map { range throws(RelationScanner.Problem) in
                    try terms(text(bytes, range))
                } ?? []
            let isMixed = Set(alternative.architectures.map(\.isNegated)).count > 1
            if isMixed { throw RelationScanner.Problem(text: "an architecture list mixes plain and `!` terms") }
            for range in item.profiles { alternative.profiles.append(try terms(text(bytes, range))) }
            alternatives.append(alternative)
            if !item.hasAlternative {
                relations.append(PackageRelation(alternatives: alternatives))
                alternatives = []
            }
        }
        return relations
    }

    private static func terms(_ text: String) throws(RelationScanner.Problem) -> [Term] {
        // Bytes, because a space and a combining mark behind it are no space as a character.
        let terms = text.utf8.split(whereSeparator: isSpace).map { word in
            let isNegated = word.first == UInt8(ascii: "!")
            return Term(String(Substring(isNegated ? word.dropFirst() : word)), isNegated: isNegated)
        }
        guard !terms.isEmpty, !terms.contains(where: \.name.isEmpty) else {
            throw RelationScanner.Problem(text: "a term is missing in brackets")
        }
        return terms
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
}
