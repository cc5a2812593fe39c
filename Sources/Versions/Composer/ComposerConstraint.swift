//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Composer's constraints: `||` or `|` for "or", commas or spaces for "and", `^`, `~`, `*`, hyphen ranges, `@beta`.
///
/// `~1.2` goes up to 2.0, other than in npm. Bounds without a stability start at the development versions of their
/// release, as in Composer, and the range's own stability then keeps those out.
enum ComposerConstraint {
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
        var scanner = ByteScanner(bytes)
        var group = ConstraintGroup()
        var floor = Version.stable
        while !scanner.isAtEnd {
            let comparison = scanner.scan(firstOf: ["<>", "!=", ">=", "<=", "==", "=", ">", "<", "^", "~"])
            scanner.skipSpaces()
            let operand = try scanner.scanOperand()
            floor = min(floor, operand.stability)
            if comparison == nil, let end = try scanner.scanHyphenEnd() {
                floor = min(floor, end.stability)
                try group.requireHyphen(from: operand, to: end)
            } else {
                try group.require(comparison ?? "=", operand)
            }
            scanner.skipSpaces()
            _ = scanner.scan(UInt8(ascii: ","))
            scanner.skipSpaces()
        }
        group.prereleases = .stability(atLeast: floor)
        return group
    }
}

/// A version in a constraint, with its stability flag taken off.
private struct ComposerOperand {
    /// Nil for `*`.
    var version: ComposerVersion?
    var isWildcard = false
    var stability = Version.stable
}

extension ByteScanner {
    fileprivate mutating func scanOperand() throws(ConstraintFault) -> ComposerOperand {
        let word = scan { !$0.isSpace && $0 != UInt8(ascii: ",") }
        try skipAlias()
        var operand = ComposerOperand()
        var bytes = word
        if let mark = bytes.lastIndex(of: UInt8(ascii: "@")) {
            let flag = text(bytes[bytes.index(after: mark)...]).lowercased()
            guard let stability = ["dev", "alpha", "beta", "rc", "stable"].firstIndex(of: flag) else {
                throw ConstraintFault("\(quoted("@" + flag)) is not a stability")
            }
            operand.stability = stability
            bytes = bytes[..<mark]
            if bytes.isEmpty { return operand }
        }
        if let reference = bytes.firstIndex(of: UInt8(ascii: "#")) { bytes = bytes[..<reference] }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isWildcard: (ArraySlice<UInt8>) -> Bool = { text($0) == "*" || text($0) == "x" || text($0) == "X" }
        if parts.allSatisfy(isWildcard) { return operand }
        if let last = parts.last, isWildcard(last) {
            operand.isWildcard = true
            bytes = ArraySlice(parts.prefix { !isWildcard($0) }.joined(separator: [UInt8(ascii: ".")]))
        }
        guard let version = ComposerVersion(bytes), !operand.isWildcard || !version.hasSuffix else {
            let isBranch = text(word).lowercased().hasPrefix("dev-")
            throw ConstraintFault(
                word.isEmpty
                    ? "a comparison has no version"
                    : "\(quoted(text(word))) \(isBranch ? "is a branch, which has no order" : "is not a version")")
        }
        operand.version = version
        operand.stability = min(operand.stability, version.stability)
        return operand
    }

    /// `1.0.x-dev as 1.0.0` demands what stands on the left.
    private mutating func skipAlias() throws(ConstraintFault) {
        let start = position
        guard skipSpaces(), scan("as"), skipSpaces() else {
            position = start
            return
        }
        guard !scan(while: { !$0.isSpace && $0 != UInt8(ascii: ",") }).isEmpty else {
            throw ConstraintFault("`as` has no alias")
        }
    }

    /// The right side of ` - `, or nil and nothing scanned.
    fileprivate mutating func scanHyphenEnd() throws(ConstraintFault) -> ComposerOperand? {
        let start = position
        guard skipSpaces(), scan(UInt8(ascii: "-")), skipSpaces() else {
            position = start
            return nil
        }
        return try scanOperand()
    }
}

extension ConstraintGroup {
    fileprivate mutating func require(
        _ comparison: String, _ operand: ComposerOperand
    ) throws(ConstraintFault) {
        guard let composer = operand.version else {
            guard comparison == "=" else { throw ConstraintFault("`\(comparison)` does not go with a wildcard") }
            return
        }
        let numbers = composer.numbers
        if operand.isWildcard {
            guard comparison == "=" else { throw ConstraintFault("`\(comparison)` does not go with a wildcard") }
            return require(from: composer.start, to: ComposerVersion(release: following(numbers)).start)
        }
        let version = Version(composer, dialect: .composer)
        let start = composer.hasSuffix ? Cut.before(version) : composer.start
        switch comparison {
        case "=", "==": require(.exactly(version))
        case "!=", "<>": exclude(from: .before(version), to: .after(version))
        case ">": require(from: .after(version))
        case ">=": require(from: start)
        case "<": require(to: start)
        case "<=": require(to: .after(version))
        case "~":
            let fixed = Array(numbers.prefix(max(1, numbers.count - 1)))
            require(from: start, to: ComposerVersion(release: following(fixed)).start)
        default:
            let index = numbers.firstIndex { $0 != 0 } ?? numbers.count - 1
            let fixed = Array(numbers.prefix(min(index, 2) + 1))
            require(from: start, to: ComposerVersion(release: following(fixed)).start)
        }
    }

    fileprivate mutating func requireHyphen(
        from: ComposerOperand, to: ComposerOperand
    ) throws(ConstraintFault) {
        guard let low = from.version, let high = to.version, !from.isWildcard, !to.isWildcard else {
            throw ConstraintFault("a hyphen range does not go with wildcards")
        }
        let start = low.hasSuffix ? Cut.before(Version(low, dialect: .composer)) : low.start
        let isComplete = high.numbers.count > 2 || high.hasSuffix
        require(
            from: start,
            to: isComplete
                ? .after(Version(high, dialect: .composer))
                : ComposerVersion(release: following(high.numbers)).start)
    }
}
