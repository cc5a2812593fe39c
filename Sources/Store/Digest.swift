//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A SHA-256 digest as OCI's descriptors write it: `sha256:` and 64 lower-case hexadecimal digits.
public struct Digest: Hashable, Sendable {
    // Four words instead of an array: comparing, hashing and copying a digest allocates nothing.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest that `text` names, or nil if it is not `sha256:` and 64 lower-case hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.starts(with: "sha256:".utf8) else { return nil }
        self.init(hexDigits: text.utf8.dropFirst(7))
    }

    /// The digest that 64 lower-case hexadecimal digits name, else nil.
    public init?(hex: String) {
        self.init(hexDigits: hex.utf8)
    }

    /// The digest of these 32 bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(bytes)
    }

    /// The digest of these bytes, of which there must be 32.
    init(_ bytes: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.prefix(32).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = (words[0], words[1], words[2], words[3])
    }

    private init?(hexDigits: some Collection<UInt8>) {
        guard hexDigits.count == 64 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, digit) in hexDigits.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    /// The 64 lower-case hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            var index = 0
            for word in [words.0, words.1, words.2, words.3] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    let nibble = UInt8(truncatingIfNeeded: word >> shift & 0xf)
                    buffer[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
                    index += 1
                }
            }
            return index
        }
    }

    /// Whether the two digests are the same 32 bytes.
    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    /// Feeds the digest into `hasher`.
    public func hash(into hasher: inout Hasher) {
        // Digests are evenly spread already: one word is as good as all.
        hasher.combine(words.0)
    }
}

extension Digest: Comparable {
    /// Orders digests as their hexadecimal digits are ordered.
    public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

extension Digest: CustomStringConvertible {
    /// `sha256:` and the 64 hexadecimal digits.
    public var description: String { "sha256:" + hex }
}

extension Digest: Codable {
    /// Decodes `sha256:…`, as OCI's JSON documents hold it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "`\(text)` is not a digest of the form sha256:…")
        }
        self = digest
    }

    /// Encodes `sha256:…`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
