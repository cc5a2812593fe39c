//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension PEP440Version {
    /// Reads version specifiers joined by commas; none at all admits every release.
    static func specifiers(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var group = ConstraintGroup()
        var namesPrerelease = false
        for clause in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: true) {
            var scanner = ByteScanner(trimmed(clause))
            if scanner.isAtEnd { continue }
            guard let comparison = scanner.scan(firstOf: ["===", "~=", "==", "!=", "<=", ">=", "<", ">"]) else {
                throw ConstraintFault("\(quoted(scanner.rest)) has no comparison such as `>=`")
            }
            let operand = trimmed(scanner.bytes[scanner.position...])
            namesPrerelease = try group.require(comparison, operand, dialect: .pep440) || namesPrerelease
        }
        group.admitPrereleases(namesPrerelease)
        return group
    }

    static func slice(_ numbers: [Int], dialect: VersionDialect) -> ReleaseSlice {
        let release = PEP440Version(release: numbers)
        let version = Version(release, dialect: dialect)
        return ReleaseSlice(
            lower: release.start(dialect), first: .before(version),
            upper: PEP440Version(release: following(numbers)).start(dialect))
    }

    /// Before every version of this release, development releases included.
    func start(_ dialect: VersionDialect) -> Cut {
        .before(key(through: .release), named: Version(self, dialect: dialect))
    }

    /// After this version and every local version of it.
    func end(_ dialect: VersionDialect) -> Cut {
        .after(key(through: .dev).aboveAllThatStartWithIt, named: Version(self, dialect: dialect))
    }

    /// Before this version; before its own prereleases too when it is none itself.
    func exclusiveEnd(_ dialect: VersionDialect) -> Cut {
        guard !isPrerelease else { return .before(Version(self, dialect: dialect)) }
        return .before(key(through: post == nil ? .release : .post), named: Version(self, dialect: dialect))
    }

    /// After this version; after its post-releases too when it is none itself.
    func exclusiveStart(_ dialect: VersionDialect) -> Cut {
        let part: Part = dev != nil || post != nil ? .dev : pre != nil ? .pre : .release
        return .after(key(through: part).aboveAllThatStartWithIt, named: Version(self, dialect: dialect))
    }

    /// After this version and all its local versions, or after the one local version that it names.
    func matchingEnd(_ dialect: VersionDialect) -> Cut {
        local.isEmpty ? end(dialect) : .after(Version(self, dialect: dialect))
    }
}

extension ConstraintGroup {
    /// Adds one PEP 440 comparison, and answers whether it names a prerelease.
    mutating func require(
        _ comparison: String, _ operand: ArraySlice<UInt8>, dialect: VersionDialect
    ) throws(ConstraintFault) -> Bool {
        if operand.suffix(2).elementsEqual(".*".utf8) {
            try requirePrefix(comparison, operand.dropLast(2), dialect: dialect)
            return false
        }
        guard let version = PEP440Version(operand) else {
            throw ConstraintFault("\(quoted(text(operand))) is not a version")
        }
        guard version.local.isEmpty || ["===", "==", "!="].contains(comparison) else {
            throw ConstraintFault("`\(comparison)` does not take a local version such as \(quoted(text(operand)))")
        }
        let named = Version(version, text: text(operand), dialect: dialect)
        switch comparison {
        case "===":
            var interval = VersionInterval.exactly(named)
            interval.literal = named.spelling
            require(interval)
        case "==": require(from: .before(named), to: version.matchingEnd(dialect))
        case "!=":
            exclude(from: .before(named), to: version.matchingEnd(dialect))
            return false
        case ">=": require(from: .before(named))
        case "<=": require(to: version.end(dialect))
        case ">": require(from: version.exclusiveStart(dialect))
        case "<": require(to: version.exclusiveEnd(dialect))
        default:
            guard version.release.count > 1 else {
                throw ConstraintFault("`~=` needs at least two numbers, as in `~=\(version.release[0]).0`")
            }
            let end = PEP440Version(epoch: version.epoch, release: following(version.release.dropLast()))
            require(from: .before(named), to: end.start(dialect))
        }
        return version.isPrerelease
    }

    /// Adds `==1.2.*` or `!=1.2.*`.
    private mutating func requirePrefix(
        _ comparison: String, _ prefix: ArraySlice<UInt8>, dialect: VersionDialect
    ) throws(ConstraintFault) {
        guard let version = PEP440Version(prefix), !version.isPrerelease, version.post == nil, version.local.isEmpty
        else {
            throw ConstraintFault("\(quoted(text(prefix))) cannot stand before `.*`")
        }
        let start = version.start(dialect)
        let end = PEP440Version(epoch: version.epoch, release: following(version.release)).start(dialect)
        switch comparison {
        case "==": require(from: start, to: end)
        case "!=": exclude(from: start, to: end)
        default: throw ConstraintFault("`.*` goes with `==` and `!=` only")
        }
    }
}
