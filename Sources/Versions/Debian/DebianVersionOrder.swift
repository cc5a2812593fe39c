//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The order of package versions by Debian policy 5.6.12, on raw bytes and without allocation.
///
/// Any bytes can be compared; what is not a version is ordered by the same rules, as dpkg does.
public enum DebianVersionOrder {
    /// Negative when `lhs` is the earlier version, positive when it is the later one, 0 when they are equal.
    public static func compare(_ lhs: borrowing Span<UInt8>, _ rhs: borrowing Span<UInt8>) -> Int {
        let one = Parts(lhs)
        let two = Parts(rhs)
        let epochs = comparePart(lhs, 0..<one.epochEnd, rhs, 0..<two.epochEnd)
        guard epochs == 0 else { return epochs }
        let upstreams = comparePart(
            lhs, one.upstreamStart..<one.upstreamEnd, rhs, two.upstreamStart..<two.upstreamEnd)
        guard upstreams == 0 else { return upstreams }
        return comparePart(lhs, one.revisionStart..<lhs.count, rhs, two.revisionStart..<rhs.count)
    }

    /// Negative when `lhs` is the earlier version, positive when it is the later one, 0 when they are equal.
    public static func compare(_ lhs: String, _ rhs: String) -> Int {
        compare(lhs.utf8.span, rhs.utf8.span)
    }

    /// Where the epoch, the upstream version and the revision lie: the first colon and the last hyphen divide them.
    private struct Parts {
        var epochEnd = 0
        var upstreamStart = 0
        var upstreamEnd: Int
        var revisionStart: Int

        init(_ bytes: borrowing Span<UInt8>) {
            upstreamEnd = bytes.count
            revisionStart = bytes.count
            var index = 0
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: ":") {
                    epochEnd = index
                    upstreamStart = index + 1
                    break
                }
                index += 1
            }
            index = bytes.count - 1
            while index >= upstreamStart {
                if bytes[index] == UInt8(ascii: "-") {
                    upstreamEnd = index
                    revisionStart = index + 1
                    break
                }
                index -= 1
            }
        }
    }

    /// Compares runs without digits by weight and runs of digits by value, in turn.
    private static func comparePart(
        _ lhs: borrowing Span<UInt8>, _ lhsRange: Range<Int>, _ rhs: borrowing Span<UInt8>, _ rhsRange: Range<Int>
    ) -> Int {
        var left = lhsRange.lowerBound
        var right = rhsRange.lowerBound
        while left < lhsRange.upperBound || right < rhsRange.upperBound {
            while true {
                let one = left < lhsRange.upperBound ? weight(lhs[left]) : 0
                let two = right < rhsRange.upperBound ? weight(rhs[right]) : 0
                if one != two { return one - two }
                if one == 0 { break }
                left += 1
                right += 1
            }
            while left < lhsRange.upperBound, lhs[left] == UInt8(ascii: "0") { left += 1 }
            while right < rhsRange.upperBound, rhs[right] == UInt8(ascii: "0") { right += 1 }
            var firstDifference = 0
            while left < lhsRange.upperBound, lhs[left].isDigit, right < rhsRange.upperBound, rhs[right].isDigit {
                if firstDifference == 0 { firstDifference = Int(lhs[left]) - Int(rhs[right]) }
                left += 1
                right += 1
            }
            if left < lhsRange.upperBound, lhs[left].isDigit { return 1 }
            if right < rhsRange.upperBound, rhs[right].isDigit { return -1 }
            if firstDifference != 0 { return firstDifference }
        }
        return 0
    }

    /// A tilde comes before the end, the end and digits before letters, letters before all else.
    static func weight(_ byte: UInt8) -> Int {
        if byte.isDigit { return 0 }
        if byte.isLetter { return Int(byte) }
        return byte == UInt8(ascii: "~") ? -1 : Int(byte) + 256
    }
}
