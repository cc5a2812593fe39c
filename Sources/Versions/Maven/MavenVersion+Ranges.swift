//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension MavenVersion {
    /// Reads a [version requirement](https://maven.apache.org/pom.html#dependency-version-requirement-specification):
    /// intervals such as `[1.2,2.0)` joined by commas, or a bare version, which recommends itself and admits all.
    static func ranges(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var scanner = ByteScanner(bytes)
        guard scanner.current == UInt8(ascii: "[") || scanner.current == UInt8(ascii: "(") else {
            guard !bytes.isEmpty, let version = MavenVersion(bytes) else {
                throw ConstraintFault("it is neither a version nor an interval such as `[1.0,2.0)`")
            }
            var group = ConstraintGroup()
            group.recommended = Version(version, text: text(bytes), dialect: .maven)
            return group
        }
        var intervals: [VersionInterval] = []
        repeat {
            scanner.skipSpaces()
            intervals.append(try scanner.scanInterval())
            scanner.skipSpaces()
        } while scanner.scan(UInt8(ascii: ","))
        guard scanner.isAtEnd else { throw ConstraintFault("\(quoted(scanner.rest)) follows an interval") }
        var group = ConstraintGroup()
        group.require(oneOf: intervals)
        return group
    }
}

extension ByteScanner {
    fileprivate mutating func scanInterval() throws(ConstraintFault) -> VersionInterval {
        let opensInclusive = current == UInt8(ascii: "[")
        guard scan(UInt8(ascii: "[")) || scan(UInt8(ascii: "(")) else {
            throw ConstraintFault("an interval starts with `[` or `(`")
        }
        let inner = scanClause { "])[(".utf8.contains($0) }
        let closesInclusive = current == UInt8(ascii: "]")
        guard scan(UInt8(ascii: "]")) || scan(UInt8(ascii: ")")) else {
            throw ConstraintFault("an interval ends with `]` or `)`")
        }
        let ends = inner.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        if ends.count == 1 {
            guard opensInclusive, closesInclusive, let version = try bound(ends[0]) else {
                throw ConstraintFault("an exact version stands in `[` and `]`")
            }
            return .exactly(version)
        }
        guard ends.count == 2 else { throw ConstraintFault("an interval has two ends") }
        let lower = try bound(ends[0])
        let upper = try bound(ends[1])
        if let lower, let upper, upper < lower { throw ConstraintFault("`\(upper)` comes before `\(lower)`") }
        return VersionInterval(
            lower: lower.map { opensInclusive ? .before($0) : .after($0) },
            upper: upper.map { closesInclusive ? .after($0) : .before($0) })
    }

    private func bound(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> Version? {
        let bytes = trimmed(bytes)
        guard !bytes.isEmpty else { return nil }
        guard let version = MavenVersion(bytes) else {
            throw ConstraintFault("\(quoted(text(bytes))) is not a version")
        }
        return Version(version, text: text(bytes), dialect: .maven)
    }
}
