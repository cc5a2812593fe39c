//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The constraints that tools without a dialect of their own share.
///
/// `>= 3.15`, `~> 1.5` (up to the next release of the last number but one), `^`, `~`, `!=`, wildcards, commas, spaces,
/// `and`, `&` or `&&` for "and", `or` or `||` for "or", and CMake's `3.15...3.28` and `3.15...<4`. A bare version is a prefix:
/// `3.12` admits 3.12.7, where `=3.12` is 3.12.0 alone.
enum GenericConstraint {
    static func parse(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> [ConstraintGroup] {
        var scanner = ByteScanner(bytes)
        var groups: [ConstraintGroup] = []
        var group = ConstraintGroup()
        var namesPrerelease = false
        var needsClause = true
        func close() {
            group.admitPrereleases(namesPrerelease)
            groups.append(group)
            group = ConstraintGroup()
            namesPrerelease = false
            needsClause = true
        }
        while !scanner.isAtEnd {
            let isNamed = try group.requireGeneric(&scanner)
            namesPrerelease = isNamed || namesPrerelease
            needsClause = false
            let isSpaced = scanner.skipSpaces()
            if scanner.scan("||") || (isSpaced && scanner.scan("or ")) {
                close()
            } else if scanner.scan("&&") || scanner.scan("&") || scanner.scan(",") || (isSpaced && scanner.scan("and "))
            {
                needsClause = true
            }
            scanner.skipSpaces()
        }
        guard !needsClause else { throw ConstraintFault("a clause is empty") }
        close()
        return groups
    }
}

extension ConstraintGroup {
    /// Adds the comparison at the scanner, and answers whether it names a prerelease.
    fileprivate mutating func requireGeneric(_ scanner: inout ByteScanner) throws(ConstraintFault) -> Bool {
        let comparison = scanner.scan(firstOf: [">=", "<=", "==", "!=", "~>", "~=", "^=", ">", "<", "=", "^", "~"])
        scanner.skipSpaces()
        let operand = scanner.scan { !$0.isSpace && !",|&".utf8.contains($0) }
        if comparison == nil, let (low, high) = split(operand) {
            return try requireRange(from: low, to: high)
        }
        let parts = operand.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let fixed = parts.prefix { !["*", "x", "X"].contains(text($0)) }
        if fixed.count < parts.count {
            try requireWildcard(comparison, ArraySlice(fixed.joined(separator: [UInt8(ascii: ".")])))
            return false
        }
        let generic = try version(operand)
        let bound = Version(generic, text: text(operand), dialect: .generic)
        let numbers = generic.release
        switch comparison {
        case nil: require(generic.tag.isEmpty ? GenericVersion.slice(numbers).interval : .exactly(bound))
        case "<": require(to: generic.isPrerelease ? .before(bound) : generic.start)
        case "~>", "~=":
            require(from: .before(bound), to: start(following(Array(numbers.prefix(max(1, numbers.count - 1))))))
        case "^", "^=":
            let index = numbers.firstIndex { $0 != 0 } ?? numbers.count - 1
            require(from: .before(bound), to: start(following(Array(numbers.prefix(index + 1)))))
        case "~": require(from: .before(bound), to: start(following(Array(numbers.prefix(2)))))
        case let comparison?: require(comparison, bound)
        }
        return generic.isPrerelease && comparison != "!="
    }

    private mutating func requireWildcard(_ comparison: String?, _ prefix: ArraySlice<UInt8>) throws(ConstraintFault) {
        guard comparison == nil || comparison == "=" || comparison == "==" || comparison == "!=" else {
            throw ConstraintFault("`\(comparison ?? "")` does not go with a wildcard")
        }
        guard !prefix.isEmpty else {
            if comparison == "!=" { require(oneOf: []) }
            return
        }
        let slice = GenericVersion.slice(try version(prefix).release)
        if comparison == "!=" {
            exclude(from: slice.lower, to: slice.upper)
        } else {
            require(slice.interval)
        }
    }

    /// CMake's version range; either end may be left out, a `<` before the upper one excludes it.
    private mutating func requireRange(
        from low: ArraySlice<UInt8>, to high: ArraySlice<UInt8>
    ) throws(ConstraintFault) -> Bool {
        var namesPrerelease = false
        if !low.isEmpty {
            let version = try version(low)
            namesPrerelease = version.isPrerelease
            require(from: .before(Version(version, text: text(low), dialect: .generic)))
        }
        let isExclusive = high.first == UInt8(ascii: "<")
        let end = high.dropFirst(isExclusive ? 1 : 0)
        if !end.isEmpty {
            let version = try version(end)
            let bound = Version(version, text: text(end), dialect: .generic)
            require(to: isExclusive ? version.start : .after(bound))
            namesPrerelease = namesPrerelease || version.isPrerelease
        }
        return namesPrerelease
    }

    private func split(_ operand: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        let dots = Array("...".utf8)
        guard operand.count > dots.count else { return nil }
        let start = operand.indices.dropLast(2).first { operand[$0..<($0 + 3)].elementsEqual(dots) }
        return start.map { (operand[..<$0], operand[($0 + 3)...]) }
    }

    private func version(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> GenericVersion {
        guard let version = GenericVersion(bytes) else {
            throw ConstraintFault(
                bytes.isEmpty ? "a comparison has no version" : "\(quoted(text(bytes))) is not a version")
        }
        return version
    }

    private func start(_ release: [Int]) -> Cut { GenericVersion(release: release).start }
}
