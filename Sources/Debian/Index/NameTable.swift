//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The names of an index while it is built: each gets a number when it is first met, whether real or virtual.
struct NameTable {
    private let text: UnsafeRawBufferPointer
    private var positions: [UInt32] = []
    private var lengths: [UInt32] = []
    /// The number plus one of the first and of the last package of each name.
    private var first: [UInt32] = []
    private var last: [UInt32] = []
    /// An open-addressing table of numbers plus one; its size is a power of two.
    private(set) var slots: [UInt32] = Array(repeating: 0, count: 1 << 10)

    /// How many names there are.
    var count: Int { positions.count }

    /// A table of names that are ranges of `text`.
    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    /// The number of the name at `range`.
    mutating func number(of range: Range<Int>) -> UInt32 {
        let name = UnsafeRawBufferPointer(rebasing: text[range])
        var slot = Int(IndexLayout.hash(name)) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if isName(number, name) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = UInt32(truncatingIfNeeded: positions.count)
        positions.append(UInt32(truncatingIfNeeded: range.lowerBound))
        lengths.append(UInt32(truncatingIfNeeded: range.count))
        first.append(0)
        last.append(0)
        slots[slot] = number + 1
        if positions.count * 2 > slots.count { grow() }
        return number
    }

    /// Adds a package to the name's chain and returns the package that was last before.
    mutating func append(package: UInt32, to name: UInt32) -> UInt32? {
        let previous = last[Int(name)]
        last[Int(name)] = package + 1
        if previous == 0 { first[Int(name)] = package + 1 }
        return previous == 0 ? nil : previous - 1
    }

    /// The table as it stands in the file. `providesStarts` holds where the providers of each name start, and the end.
    func records(providesStarts: [UInt32]) -> [UInt32] {
        var words: [UInt32] = []
        words.reserveCapacity(count * IndexLayout.Name.size)
        for name in 0..<count {
            words += [
                positions[name], lengths[name], first[name], providesStarts[name],
                providesStarts[name + 1] - providesStarts[name],
            ]
        }
        return words
    }

    private func isName(_ number: UInt32, _ name: UnsafeRawBufferPointer) -> Bool {
        let (position, length) = (Int(positions[Int(number)]), Int(lengths[Int(number)]))
        guard length == name.count, let base = text.baseAddress, let other = name.baseAddress else { return false }
        return memcmp(base + position, other, length) == 0
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for number in 0..<count {
            let start = Int(positions[number])
            let name = UnsafeRawBufferPointer(rebasing: text[start..<start + Int(lengths[number])])
            var slot = Int(IndexLayout.hash(name)) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: number) + 1
        }
    }
}
