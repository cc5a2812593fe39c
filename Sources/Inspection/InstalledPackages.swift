//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
public import OCI

/// The packages that dpkg's database of an image names, and which files are theirs.
public struct InstalledPackages: Hashable, Sendable {
    /// A package.
    public struct Package: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The version.
        public let version: String
        /// The architecture.
        public let architecture: String
    }

    /// The packages, sorted by name.
    public let packages: [Package]
    /// The package that holds the file or link at a path.
    public let owners: [[UInt8]: String]

    /// Whether the database lies at `path`: what ``ImageTree/init(layers:keeping:)`` must keep.
    public static func isDatabase(_ path: [UInt8]) -> Bool {
        path.elementsEqual(status) || path.starts(with: info) && path.suffix(5).elementsEqual(".list".utf8)
    }

    private static let status = Array("var/lib/dpkg/status".utf8)
    private static let info = Array("var/lib/dpkg/info/".utf8)

    /// Reads the database of a tree; none of it is an image without packages.
    ///
    /// - Throws: ``InspectionError/database(reason:)`` if it is malformed.
    public init(in tree: ImageTree) throws(InspectionError) {
        var packages: [Package] = []
        do throws(DebianError) {
            for stanza in try ControlStanza.parse(tree.contents[Self.status] ?? [], source: "/var/lib/dpkg/status") {
                guard let name = stanza["Package"], stanza["Status"]?.hasSuffix(" config-files") != true else {
                    continue
                }
                packages.append(
                    Package(
                        name: name, version: stanza["Version"] ?? "", architecture: stanza["Architecture"] ?? ""))
            }
        } catch {
            throw .database(reason: "\(error)")
        }
        self.packages = packages.sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) }
        var owners: [[UInt8]: String] = [:]
        for (path, content) in tree.contents where path.starts(with: Self.info) {
            let file = String(decoding: path.dropFirst(Self.info.count).dropLast(5), as: UTF8.self)
            let package = String(file.prefix { $0 != ":" })
            for line in content.split(separator: UInt8(ascii: "\n")) {
                let path = resolved(Array(line.drop { $0 == UInt8(ascii: "/") }), in: tree)
                if let entry = tree.entries[path], entry.kind != .directory { owners[path] = package }
            }
        }
        self.owners = owners
    }
}

/// A path whose first component is a link into `/usr` as it lies on disk (Debian's merged `/usr`).
private func resolved(_ path: [UInt8], in tree: ImageTree) -> [UInt8] {
    let first = Array(path.prefix { $0 != UInt8(ascii: "/") })
    guard first.count < path.count, case .symlink(let target)? = tree.entries[first]?.kind else { return path }
    return Array(target.drop { $0 == UInt8(ascii: "/") }) + path[first.count...]
}

/// Why an image cannot be looked into.
public enum InspectionError: Error, Equatable, CustomStringConvertible {
    /// dpkg's database in the image is malformed.
    case database(reason: String)

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .database(let reason): "cannot read the package database of the image: \(reason)"
        }
    }
}

/// A package whose presence or version differs.
public struct PackageDifference: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The version in the first; nil where it has none.
    public let first: String?
    /// The version in the second; nil where it has none.
    public let second: String?
}

/// The packages whose presence or version differs between two images, sorted by name.
public func differences(from first: InstalledPackages, to second: InstalledPackages) -> [PackageDifference] {
    func versions(_ packages: InstalledPackages) -> [String: String] {
        Dictionary(packages.packages.map { ($0.name, $0.version) }) { "\($0), \($1)" }
    }
    let old = versions(first), new = versions(second)
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
        old[name] == new[name] ? nil : PackageDifference(name: name, first: old[name], second: new[name])
    }
}
