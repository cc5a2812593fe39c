//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Requirements as [Cargo](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html) reads them:
/// comparators joined by commas, where a bare version is a caret requirement.
enum CargoRequirement {
    static let comparatorLimit = 32

    static func parse(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var group = ConstraintGroup()
        var named: [[Int]] = []
        let clauses = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard clauses.count <= comparatorLimit else {
            throw ConstraintFault("it has more than \(comparatorLimit) comparators")
        }
        for clause in clauses {
            var scanner = ByteScanner(trimmed(clause))
            let comparison = scanner.scan(firstOf: [">=", "<=", ">", "<", "=", "~", "^"])
            scanner.skipSpaces()
            guard !scanner.isAtEnd else { throw ConstraintFault("a comparator has no version") }
            let operand = scanner.rest
            guard let partial = scanner.scanPartialVersion(allowsWildcards: true), scanner.isAtEnd,
                !partial.hasWildcard || !operand.utf8.drop(while: \.isNumberOrDot).contains(where: \.isDigit)
            else {
                throw ConstraintFault("\(quoted(operand)) is not a version")
            }
            guard !partial.numbers.isEmpty || (clauses.count == 1 && comparison == nil) else {
                throw ConstraintFault("`*` stands alone")
            }
            group.requireSemantic(comparison ?? (partial.hasWildcard ? "=" : "^"), partial, dialect: .cargo)
            if !partial.prerelease.isEmpty { named.append(partial.numbers) }
        }
        group.admitPrereleases(ofReleases: named)
        return group
    }
}

extension UInt8 {
    fileprivate var isNumberOrDot: Bool { isDigit || self == UInt8(ascii: ".") }
}
