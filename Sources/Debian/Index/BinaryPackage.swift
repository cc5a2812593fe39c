//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// A binary package as an archive's index describes it.
public struct BinaryPackage: Hashable, Sendable {
    /// The package's name.
    public let name: String
    /// The full version, with epoch and revision.
    public let version: String
    /// The architecture, or `all`.
    public let architecture: String
    /// The digest of the .deb file.
    public let sha256: Digest
    /// The size of the .deb file in bytes.
    public let size: Int64
    /// The path of the .deb file below the archive's base URL.
    public let filename: String
    /// Where the package comes from.
    public let origin: IndexOrigin
    /// The whole stanza of the index.
    public let control: ControlStanza

    /// The package that a stanza of a `Packages` file describes.
    ///
    /// Throws if the stanza lacks name, version, architecture, digest, size or file name, or one of them is malformed.
    public init(_ control: ControlStanza, origin: IndexOrigin) throws(DebianError) {
        func required(_ name: String) throws(DebianError) -> String {
            guard let value = control[name], !value.isEmpty else {
                throw .package(control["Package"] ?? "?", problem: "`\(name)` is missing")
            }
            return value
        }
        name = try required("Package")
        version = try required("Version")
        architecture = try required("Architecture")
        filename = try required("Filename")
        let size = try required("Size")
        let hex = try required("SHA256")
        guard let bytes = Int64(size), bytes >= 0 else { throw .package(name, problem: "`\(size)` is not a size") }
        guard let digest = Digest(hex: hex) else { throw .package(name, problem: "`\(hex)` is not a SHA-256 digest") }
        let isInside = !filename.hasPrefix("/") && !filename.split(separator: "/").contains("..")
        guard isInside else { throw .package(name, problem: "`\(filename)` leads out of the archive") }
        self.size = bytes
        sha256 = digest
        self.control = control
        self.origin = origin
    }

    /// Where the .deb file is.
    public var url: String {
        var url = origin.baseURL.hasSuffix("/") ? origin.baseURL : origin.baseURL + "/"
        for byte in filename.utf8 {
            // RFC 3986 wants `~` and `+` as they are in a path; what is not a path character is escaped.
            if isPathByte(byte) {
                url.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                url += "%" + hexDigit(byte >> 4) + hexDigit(byte & 15)
            }
        }
        return url
    }

    /// The name of the source package.
    public var sourceName: String {
        guard let source = control["Source"] else { return name }
        return String(source.prefix { $0 != " " && $0 != "(" })
    }

    /// The version of the source package.
    public var sourceVersion: String {
        guard let source = control["Source"], let open = source.firstIndex(of: "("), source.hasSuffix(")") else {
            return version
        }
        return String(source[source.index(after: open)...].dropLast())
    }

    /// Whether the package says `Essential: yes`.
    public var isEssential: Bool { control["Essential"] == "yes" }
    /// `required`, `important`, `standard`, `optional` or `extra`.
    public var priority: String { control["Priority"] ?? "optional" }
    /// `no`, `same`, `foreign` or `allowed`.
    public var multiArch: String { control["Multi-Arch"] ?? "no" }
    /// The estimated size when installed, in KiB.
    public var installedSize: Int64 { control["Installed-Size"].flatMap { Int64($0) } ?? 0 }

    /// The relations of a field such as `Depends`, `Pre-Depends`, `Replaces` or `Provides`; none if it is absent.
    public func relations(_ field: String) throws(DebianError) -> [PackageRelation] {
        guard let text = control[field] else { return [] }
        return try PackageRelation.list(text)
    }
}

private func isPathByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "-._~/+:@!$&'()*,;=".utf8.contains(byte)
    }
}

private func hexDigit(_ value: UInt8) -> String {
    String(value, radix: 16, uppercase: true)
}
