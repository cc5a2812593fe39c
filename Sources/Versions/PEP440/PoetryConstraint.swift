//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Poetry's constraints: PEP 440 specifiers, `^`, `~`, wildcards, bare versions that mean `==`, `||` or `|` for "or",
/// commas or spaces for "and".
enum PoetryConstraint {
    static func parse(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> [ConstraintGroup] {
        var scanner = ByteScanner(bytes)
        var groups: [ConstraintGroup] = []
        repeat {
            groups.append(try group(scanner.scanClause { $0 == UInt8(ascii: "|") }))
        } while scanner.scan("||") || scanner.scan("|")
        return groups
    }

    private static func group(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        guard !bytes.isEmpty else { throw ConstraintFault("an alternative is empty") }
        var group = ConstraintGroup()
        var namesPrerelease = false
        var scanner = ByteScanner(bytes)
        while !scanner.isAtEnd {
            let comparison = scanner.scan(firstOf: ["===", "~=", "==", "!=", "<>", "<=", ">=", "<", ">", "^", "~"])
            scanner.skipSpaces()
            let operand = scanner.scan { !$0.isSpace && $0 != UInt8(ascii: ",") }
            let isNamed = try group.requirePoetry(comparison ?? "==", operand)
            namesPrerelease = isNamed || namesPrerelease
            scanner.skipSpaces()
            _ = scanner.scan(UInt8(ascii: ","))
            scanner.skipSpaces()
        }
        group.admitPrereleases(namesPrerelease)
        return group
    }
}

extension ConstraintGroup {
    fileprivate mutating func requirePoetry(
        _ comparison: String, _ operand: ArraySlice<UInt8>
    ) throws(ConstraintFault) -> Bool {
        if isWildcard(operand), comparison == "==" { return false }
        switch comparison {
        case "<>": return try require("!=", operand, dialect: .poetry)
        case "==", "!=": return try require(comparison, foldingWildcards(operand), dialect: .poetry)
        case "^", "~":
            guard let version = PEP440Version(operand) else {
                throw ConstraintFault("`\(comparison)` needs a version, not \(quoted(text(operand)))")
            }
            let end = comparison == "^" ? caretEnd(version.release) : following(Array(version.release.prefix(2)))
            require(
                from: .before(Version(version, dialect: .poetry)),
                to: PEP440Version(epoch: version.epoch, release: end).start(.poetry))
            return version.isPrerelease
        default: return try require(comparison, operand, dialect: .poetry)
        }
    }

    /// `*`, `x`, `*.*`.
    private func isWildcard(_ operand: ArraySlice<UInt8>) -> Bool {
        let parts = operand.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.allSatisfy {
            $0.elementsEqual("*".utf8) || $0.elementsEqual("x".utf8) || $0.elementsEqual("X".utf8)
        }
    }

    /// `2.*.*` says what `2.*` says.
    private func foldingWildcards(_ operand: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var operand = operand
        while operand.suffix(4).elementsEqual(".*.*".utf8) { operand = operand.dropLast(2) }
        return operand
    }

    /// The release that breaks compatibility: the first number that is not 0, or the last given, goes up.
    private func caretEnd(_ release: [Int]) -> [Int] {
        let index = release.firstIndex { $0 != 0 } ?? release.count - 1
        return following(Array(release.prefix(min(index, 2) + 1)))
    }
}
