//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Java's keystore of trusted certificates in the format `JKS`, byte for byte as OpenJDK's `JavaKeyStore` stores it.
struct JavaKeystore {
    /// The certificates in the order in which they are kept.
    private(set) var certificates = JavaHashtable()
    /// When the entries were made, in milliseconds since 1970.
    let time: Int64

    init(time: Int64) { self.time = time }

    /// Adds a certificate, or replaces the one of that name. Names count in lower case.
    mutating func add(_ der: [UInt8], named name: String) {
        certificates[name.lowercased()] = der
    }

    mutating func remove(_ name: String) { certificates[name.lowercased()] = nil }

    /// The file, protected against changes by a digest with the password.
    func encoded(password: String) -> [UInt8] {
        let entries = certificates.entries
        var bytes: [UInt8] = [0xFE, 0xED, 0xFE, 0xED]
        bytes += word(2) + word(entries.count)
        for entry in entries {
            bytes += word(2)  // a trusted certificate
            bytes += text(entry.key)
            bytes += word(Int(time >> 32)) + word(Int(time & 0xFFFF_FFFF))
            bytes += text("X.509") + word(entry.value.count) + entry.value
        }
        let salt = password.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        return bytes + Array(Insecure.SHA1.hash(data: salt + Array("Mighty Aphrodite".utf8) + bytes))
    }

    private func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// `DataOutput.writeUTF`, for characters of the basic plane.
    private func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return word(bytes.count).suffix(2) + bytes
    }
}

/// The order of `java.util.Hashtable`, on which that of a keystore's entries depends.
struct JavaHashtable {
    typealias Entry = (key: String, value: [UInt8])

    private var buckets: [[Entry]] = Array(repeating: [], count: 11)
    private var count = 0

    /// `String.hashCode`.
    private static func hash(_ text: String) -> Int32 {
        text.utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
    }

    private func index(of key: String) -> Int { Int(Self.hash(key) & Int32.max) % buckets.count }

    subscript(key: String) -> [UInt8]? {
        get { buckets[index(of: key)].first { $0.key == key }?.value }
        set {
            let place = index(of: key)
            let known = buckets[place].firstIndex { $0.key == key }
            switch (known, newValue) {
            case (let known?, let value?): buckets[place][known].value = value
            case (let known?, nil):
                buckets[place].remove(at: known)
                count -= 1
            case (nil, let value?): insert((key, value))
            case (nil, nil): break
            }
        }
    }

    private mutating func insert(_ entry: Entry) {
        if count >= buckets.count * 3 / 4 { grow() }
        buckets[index(of: entry.key)].insert(entry, at: 0)
        count += 1
    }

    private mutating func grow() {
        let old = buckets
        buckets = Array(repeating: [], count: old.count * 2 + 1)
        for entry in old.reversed().joined() { buckets[index(of: entry.key)].insert(entry, at: 0) }
    }

    /// The entries in the order of `keys()`.
    var entries: [Entry] { Array(buckets.reversed().joined()) }
}
