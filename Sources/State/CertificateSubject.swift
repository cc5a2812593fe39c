//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The subject of an X.509 certificate, as far as OpenSSL's hashed directories need it.
struct CertificateSubject {
    /// OpenSSL's `X509_NAME_hash`: the first four bytes of the canonical name's SHA-1, as eight hexadecimal digits.
    let hash: String
    /// SHA-1 of the whole certificate, which tells duplicates.
    let fingerprint: [UInt8]

    /// Reads a PEM file that holds exactly one certificate; nil for any other content.
    init?(pem: [UInt8]) {
        guard let der = decodePEM(pem) else { return nil }
        self.init(der: der)
    }

    init?(der: [UInt8]) {
        var outer = DERReader(der[...])
        guard let certificate = outer.next(), certificate.tag == 0x30 else { return nil }
        var fields = DERReader(certificate.content)
        guard let toBeSigned = fields.next(), toBeSigned.tag == 0x30 else { return nil }
        var parts = DERReader(toBeSigned.content)
        // version (optional), serialNumber, signature, issuer, validity, subject: RFC 5280, 4.1.
        guard var part = parts.next() else { return nil }
        if part.tag == 0xA0 {
            guard let serial = parts.next() else { return nil }
            part = serial
        }
        guard part.tag == 0x02, parts.next() != nil, parts.next() != nil, parts.next() != nil,
            let subject = parts.next(), subject.tag == 0x30,
            let canonical = CertificateSubject.canonical(subject.content)
        else { return nil }
        let digest = Array(Insecure.SHA1.hash(data: canonical))
        hash = hexadecimal(digest[..<4].reversed())
        fingerprint = Array(Insecure.SHA1.hash(data: der))
    }

    /// The name as OpenSSL compares it: each string as UTF-8, in lower case, with blanks folded; without the outermost
    /// header.
    private static func canonical(_ name: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var sets = DERReader(name)
        while let set = sets.next() {
            guard set.tag == 0x31 else { return nil }
            var attributes: [[UInt8]] = []
            var members = DERReader(set.content)
            while let member = members.next() {
                var parts = DERReader(member.content)
                guard member.tag == 0x30, let type = parts.next(), let value = parts.next() else { return nil }
                let text = string(value).map { DERReader.encode(tag: 0x0C, folded($0)) } ?? Array(value.whole)
                attributes.append(DERReader.encode(tag: 0x30, Array(type.whole) + text))
            }
            guard members.isAtEnd else { return nil }
            attributes.sort { $0.lexicographicallyPrecedes($1) }
            result += DERReader.encode(tag: 0x31, attributes.flatMap { $0 })
        }
        return sets.isAtEnd ? result : nil
    }

    /// A directory string as UTF-8; nil for values that OpenSSL leaves as they are.
    private static func string(_ value: DERReader.Element) -> [UInt8]? {
        let content = value.content
        func text(_ scalars: [UInt32]) -> [UInt8] {
            scalars.flatMap { Array(String(Unicode.Scalar($0).map(Character.init) ?? "\u{FFFD}").utf8) }
        }
        func units(_ width: Int) -> [UInt32] {
            stride(from: content.startIndex, to: content.endIndex - width + 1, by: width).map { start in
                content[start..<start + width].reduce(0) { $0 << 8 | UInt32($1) }
            }
        }
        switch value.tag {
        case 0x0C, 0x13, 0x16, 0x1A: return Array(content)
        case 0x14: return text(units(1))
        case 0x1E: return text(units(2))
        case 0x1C: return text(units(4))
        default: return nil
        }
    }

    private static func folded(_ text: [UInt8]) -> [UInt8] {
        let words = text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return Array(words.joined(separator: [0x20])).map {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0
        }
    }
}

/// The certificate of a PEM file (RFC 7468) that holds exactly one; nil for any other content.
func decodePEM(_ pem: [UInt8]) -> [UInt8]? {
    let begin = Array("-----BEGIN ".utf8)
    let all = lines(pem)
    let starts = all.indices.filter { all[$0].starts(with: begin) }
    guard starts.count == 1, let start = starts.first,
        all[start].starts(with: "-----BEGIN CERTIFICATE-----".utf8)
            || all[start].starts(with: "-----BEGIN TRUSTED CERTIFICATE-----".utf8),
        let end = all[start...].firstIndex(where: { $0.starts(with: "-----END ".utf8) })
    else { return nil }
    return decodeBase64(all[(start + 1)..<end].joined())
}

/// Reads the elements of a DER encoding (X.690) one after the other.
struct DERReader {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>
        /// The element with its header.
        let whole: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func next() -> Element? {
        let start = rest.startIndex
        guard rest.count >= 2 else { return nil }
        let tag = rest[start]
        var length = Int(rest[start + 1])
        var header = 2
        if length & 0x80 != 0 {
            let count = length & 0x7F
            guard (1...4).contains(count), rest.count >= 2 + count else { return nil }
            length = rest[(start + 2)..<(start + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
            header += count
        }
        guard rest.count - header >= length, tag & 0x1F != 0x1F else { return nil }
        let end = start + header + length
        defer { rest = rest[end...] }
        return Element(tag: tag, content: rest[(start + header)..<end], whole: rest[start..<end])
    }

    static func encode(tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var remaining = content.count
        repeat {
            length.insert(UInt8(truncatingIfNeeded: remaining), at: 0)
            remaining >>= 8
        } while remaining > 0
        if content.count >= 0x80 { length.insert(0x80 | UInt8(length.count), at: 0) }
        return [tag] + length + content
    }
}

/// Decodes base64 (RFC 4648), blanks ignored; nil for any other byte.
func decodeBase64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for byte in text {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        case UInt8(ascii: "="), 0x20, 0x09, 0x0A, 0x0D: continue
        default: return nil
        }
        buffer = buffer << 6 | UInt32(value)
        bits += 6
        if bits >= 8 {
            bits -= 8
            result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
        }
    }
    return result
}
