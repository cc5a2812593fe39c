//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A path inside an image: relative, `/`-separated bytes without `.`, `..`, empty components, or a leading or
/// trailing slash.
///
/// Bytes, because Debian's archives may hold names that are not UTF-8, and because `String` would call two distinct
/// names equal when they are canonically equivalent.
public struct EntryPath: Hashable, Sendable {
    /// The canonical bytes, never empty.
    public let bytes: [UInt8]

    /// Canonicalises `raw`: leading `/` and `./`, doubled slashes and a trailing slash are dropped.
    ///
    /// Nil when nothing is left, when a component is `..`, or when a byte is zero.
    public init?(_ raw: some Sequence<UInt8>) {
        let raw = Array(raw)
        if EntryPath.isCanonical(raw) {
            bytes = raw
            return
        }
        var canonical: [UInt8] = []
        var component: [UInt8] = []
        func isDot(_ bytes: [UInt8]) -> Bool { bytes == [0x2E] }
        func append() -> Bool {
            defer { component.removeAll(keepingCapacity: true) }
            if component.isEmpty || isDot(component) { return true }
            if component == [0x2E, 0x2E] { return false }
            if !canonical.isEmpty { canonical.append(0x2F) }
            canonical += component
            return true
        }
        for byte in raw {
            if byte == 0 { return nil }
            if byte != 0x2F {
                component.append(byte)
            } else if !append() {
                return nil
            }
        }
        if !append() || canonical.isEmpty { return nil }
        bytes = canonical
    }

    /// The same from text.
    public init?(_ text: String) {
        self.init(text.utf8)
    }

    private init(canonical: [UInt8]) {
        bytes = canonical
    }

    private static func isCanonical(_ path: [UInt8]) -> Bool {
        path.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in 0...bytes.count {
                guard index == bytes.count || bytes[index] == 0x2F else {
                    if bytes[index] == 0 { return false }
                    continue
                }
                switch index - start {
                case 0: return false
                case 1 where bytes[start] == 0x2E: return false
                case 2 where bytes[start] == 0x2E && bytes[start + 1] == 0x2E: return false
                default: start = index + 1
                }
            }
            return true
        }
    }

    /// Hashes the bytes as one piece.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// The path of the directory that holds this entry; nil for one at the root.
    public var parent: EntryPath? {
        guard let slash = bytes.lastIndex(of: 0x2F) else { return nil }
        return EntryPath(canonical: Array(bytes[..<slash]))
    }

    /// The last component.
    public var name: [UInt8] {
        guard let slash = bytes.lastIndex(of: 0x2F) else { return bytes }
        return Array(bytes[(slash + 1)...])
    }

    /// What is left without the first component; a path of one component as it is.
    var withoutFirstComponent: EntryPath {
        guard let slash = bytes.firstIndex(of: 0x2F) else { return self }
        return EntryPath(canonical: Array(bytes[(slash + 1)...]))
    }

    /// This path with one more component, or several separated by `/`; nil where `EntryPath.init` would refuse.
    public func appending(_ text: String) -> EntryPath? {
        EntryPath(bytes + [0x2F] + Array(text.utf8))
    }

    /// `other` below this path.
    public func appending(_ other: EntryPath) -> EntryPath {
        EntryPath(canonical: bytes + [0x2F] + other.bytes)
    }

    /// Whether this path lies below `directory`.
    public func isBelow(_ directory: EntryPath) -> Bool {
        bytes.count > directory.bytes.count && bytes[directory.bytes.count] == 0x2F
            && bytes.starts(with: directory.bytes)
    }
}

extension EntryPath: Comparable {
    /// Byte order.
    public static func < (lhs: EntryPath, rhs: EntryPath) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }
}

extension EntryPath: CustomStringConvertible {
    /// The path as text for messages; bytes that are not UTF-8 are repaired.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
