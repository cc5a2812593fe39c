//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout

/// Where files of a name stand in a list.
///
/// A hash table with chains through the list itself: most names of a large tree occur once and few are ever asked for, so
/// that making a table of them counts more than asking it. Its hashes are seeded, so that no repository can choose names
/// that meet in one chain.
struct NameTable: Sendable {
    private let seed = UInt64.random(in: .min ... .max)
    /// The first place of each chain, or -1; a power of two of them.
    private var first: [Int32]
    /// The place behind each place in its chain, or -1.
    private var next: [Int32]

    init(_ files: [CheckoutFile]) {
        var size = 1
        while size < files.count { size *= 2 }
        first = Array(repeating: -1, count: size)
        next = Array(repeating: -1, count: files.count)
        for place in files.indices.reversed() {
            let chain = chain(of: files[place].name)
            next[place] = first[chain]
            first[chain] = Int32(truncatingIfNeeded: place)
        }
    }

    /// The files of that name, in the order of the list.
    func files(named name: String, of files: [CheckoutFile]) -> [CheckoutFile] {
        var found: [CheckoutFile] = []
        var place = first[chain(of: name)]
        while place >= 0 {
            let file = files[Int(place)]
            if file.name == name { found.append(file) }
            place = next[Int(place)]
        }
        return found
    }

    private func chain(of name: String) -> Int {
        var hash = seed
        var word: UInt64 = 0
        var count: UInt64 = 0
        for byte in name.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count & 7 == 0 { hash = mixed(hash, word) }
        }
        hash = mixed(mixed(hash, word), count)
        return Int(truncatingIfNeeded: hash) & (first.count - 1)
    }
}

/// The two halves of the product of two words that depend on the arguments, together.
private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
}
