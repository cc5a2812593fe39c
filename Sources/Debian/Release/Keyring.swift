//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import DebianKeyrings
import Store
public import SystemPackage

/// The keys that an archive is trusted by.
public enum Keyring: Hashable, Sendable {
    /// A keyring that comes with the tool: `debian` or `ubuntu`.
    case builtIn(String)
    /// A file of OpenPGP keys, binary or ASCII-armoured.
    case file(FilePath)

    /// Puts the keys, in the binary form that gpgv reads, into the store; returns where they are.
    func path(in store: Store) throws(DebianError) -> FilePath {
        let bytes = try bytes()
        do throws(StoreError) {
            return store.blobPath(try store.insert(bytes))
        } catch {
            throw .cannot("keep keyring \(self)", cause: error.description)
        }
    }

    private func bytes() throws(DebianError) -> [UInt8] {
        switch self {
        case .builtIn(let name):
            var count = 0
            guard let bytes = debianKeyring(name, &count) else {
                throw .cannot("use keyring \(self)", cause: "no keyring of that name comes with the tool")
            }
            return Array(UnsafeBufferPointer(start: bytes, count: count))
        case .file(let path):
            let bytes = try read(path, limit: 16 << 20)
            guard bytes.starts(with: "-----BEGIN PGP".utf8) else { return bytes }
            guard let binary = removingArmour(bytes) else {
                throw .cannot("use keyring \(path)", cause: "its ASCII armour is malformed")
            }
            return binary
        }
    }
}

extension Keyring: CustomStringConvertible {
    /// The name, or the path.
    public var description: String {
        switch self {
        case .builtIn(let name): "`\(name)`"
        case .file(let path): "`\(path)`"
        }
    }
}

/// The bytes of a file.
func read(_ path: FilePath, limit: Int) throws(DebianError) -> [UInt8] {
    do {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            let size = try Int(file.seek(offset: 0, from: .end))
            guard size <= limit else { throw Errno.fileTooLarge }
            return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let piece = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let read = try file.read(fromAbsoluteOffset: Int64(count), into: piece)
                    if read == 0 { break }
                    count += read
                }
            }
        }
    } catch {
        throw .cannot("read \(path)", cause: "\(error)")
    }
}

/// The OpenPGP packets in ASCII armour (RFC 9580, section 6); nil if it is malformed.
///
/// The optional checksum is not looked at: a damaged key verifies nothing.
private func removingArmour(_ armour: [UInt8]) -> [UInt8]? {
    var packets: [UInt8] = []
    var isHeader = false
    var isBody = false
    for line in String(decoding: armour, as: UTF8.self).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    {
        let line = line.trimmingBlanks
        if line.hasPrefix("-----BEGIN PGP") {
            isHeader = true
        } else if line.hasPrefix("-----END PGP") {
            guard isBody else { return nil }
            (isHeader, isBody) = (false, false)
        } else if isHeader && line.isEmpty {
            (isHeader, isBody) = (false, true)
        } else if isBody, !line.isEmpty, !line.hasPrefix("=") {
            guard let bytes = decodeBase64(line) else { return nil }
            packets += bytes
        }
    }
    return isBody || isHeader || packets.isEmpty ? nil : packets
}

private func decodeBase64(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    return bytes
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = self
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
