//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A package version by Debian policy 5.6.12: `[epoch:]upstream[-revision]`.
struct DebianVersion: ParsedVersion {
    var epoch: ArraySlice<UInt8> = []
    var upstream: ArraySlice<UInt8>
    var revision: ArraySlice<UInt8> = []

    var release: [Int] {
        var scanner = ByteScanner(upstream)
        var numbers: [Int] = []
        while let digits = scanner.scanDigits() {
            numbers.append(integer(digits) ?? .max)
            guard scanner.peek(1)?.isDigit == true, scanner.scan(UInt8(ascii: ".")) else { break }
        }
        return numbers
    }

    /// Debian has no prereleases, but a habit of writing them: `1.0~rc1`.
    var isPrerelease: Bool {
        guard let tilde = upstream.firstIndex(of: UInt8(ascii: "~")) else { return false }
        let word = text(upstream[(tilde + 1)...].prefix { $0.isLetter }.map(\.lowercased))
        return ["a", "alpha", "b", "beta", "dev", "pre", "rc"].contains(word)
    }

    var canonicalText: String { text(upstream) }

    var key: SortKey {
        var key = SortKey()
        key.append(digits: epoch)
        key.appendDebian(upstream)
        key.append(tag: SortKey.endOfRun)
        key.appendDebian(revision)
        key.append(tag: SortKey.endOfRun)
        return key
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            epoch = rest[..<colon]
            guard !epoch.isEmpty, epoch.allSatisfy(\.isDigit), let number = integer(epoch), number <= Int(Int32.max)
            else { return nil }
            rest = rest[(colon + 1)...]
        }
        if let hyphen = rest.lastIndex(of: UInt8(ascii: "-")) {
            revision = rest[(hyphen + 1)...]
            guard !revision.isEmpty, revision.allSatisfy({ $0.isAlphanumeric || "+.~".utf8.contains($0) }) else {
                return nil
            }
            rest = rest[..<hyphen]
        }
        upstream = rest
        guard upstream.first?.isAlphanumeric == true,
            upstream.allSatisfy({ $0.isAlphanumeric || ".+-~:".utf8.contains($0) })
        else { return nil }
    }

    /// The versions of a release without an epoch, `~` versions included.
    static func slice(_ numbers: [Int]) -> ReleaseSlice? {
        guard let first = try? Version(dotted(numbers), dialect: .debian),
            let next = try? Version(dotted(following(numbers)), dialect: .debian)
        else { return nil }
        var key = SortKey()
        key.append(number: 0)
        key.appendDebian(ArraySlice(dotted(numbers).utf8))
        return ReleaseSlice(
            lower: .before(key, named: first), first: nil, upper: .before(key.aboveAllThatStartWithIt, named: next))
    }

    /// Reads relations of policy 7.1 joined by commas; a bare version means `=`, and the obsolete `<` and `>` mean
    /// `<=` and `>=`.
    static func relations(_ bytes: ArraySlice<UInt8>) throws(ConstraintFault) -> ConstraintGroup {
        var group = ConstraintGroup()
        for clause in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            var scanner = ByteScanner(trimmed(clause))
            let relation = scanner.scan(firstOf: ["<<", "<=", ">>", ">=", "=", "<", ">"]) ?? "="
            let operand = trimmed(scanner.bytes[scanner.position...])
            guard let version = DebianVersion(operand) else {
                throw ConstraintFault(
                    operand.isEmpty ? "a relation is empty" : "\(quoted(text(operand))) is not a version")
            }
            let bound = Version(version, text: text(operand), dialect: .debian)
            switch relation {
            case "<<": group.require(to: .before(bound))
            case "<=", "<": group.require(to: .after(bound))
            case ">>": group.require(from: .after(bound))
            case ">=", ">": group.require(from: .before(bound))
            default: group.require(.exactly(bound))
            }
        }
        return group
    }
}

extension SortKey {
    /// Below every letter and sign, above the tilde.
    fileprivate static let endOfRun: UInt8 = 0x02

    /// Runs without digits and runs of digits in turn, as the policy compares them.
    fileprivate mutating func appendDebian(_ part: ArraySlice<UInt8>) {
        var scanner = ByteScanner(part)
        repeat {
            for byte in scanner.scan(while: { !$0.isDigit }) {
                // Letters go from 0x11 to 0x4A, signs follow them.
                switch byte {
                case UInt8(ascii: "~"): append(tag: 0x01)
                case _ where byte.isLetter: append(tag: byte - 0x30)
                default: append(tag: byte + 0x50)
                }
            }
            append(tag: Self.endOfRun)
            append(digits: scanner.scan(while: \.isDigit))
        } while !scanner.isAtEnd
    }
}
