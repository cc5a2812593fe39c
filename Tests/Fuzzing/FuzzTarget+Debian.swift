//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Versions

extension FuzzTarget {
    /// What archives publish.
    static let debian = [
        FuzzTarget("control", words: ["\n\n", "\n ", ": ", "Package: a\n", "#", "\n .\n", "\r\n"]) { bytes in
            let stanzas = try accepted({ try ControlStanza.parse(bytes, source: "control") })
            for stanza in stanzas ?? [] {
                // Written and read again it is the same, but for the lines.
                let again = try accepted({ try ControlStanza.parseOne(Array(stanza.text.utf8), source: "control") })
                try expectSame(again.map { plain($0) }, plain(stanza), "a stanza")
            }
        },
        FuzzTarget("relations", words: [" | ", ", ", " (>= 1)", "(<<", " [amd64 !i386]", " <!nocheck>", ":any"]) {
            bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let list = try accepted({ try PackageRelation.list(text) }) else { return }
            let written = list.map(\.description).joined(separator: ", ")
            let again = try accepted({ try PackageRelation.list(written) })
            try expectSame(again, list, "relations")
            for relation in list { _ = relation.reduced(architecture: "amd64", profiles: ["nocheck"]) }
        },
        FuzzTarget(
            "release", words: ["SHA256:\n", "Date: ", "Valid-Until: ", "Sat, 21 Nov 2026 09:15:44 UTC", "../", "\n "]
        ) { bytes in
            let release = try accepted({ try ReleaseFile(signedText: bytes, source: "Release") })
            guard let release else { return }
            _ = try accepted({ try release.check(suite: release.suite, now: 1_700_000_000, allowExpired: false) })
            for path in ["main/binary-amd64/Packages.xz", "", "../x"] { _ = release.entry(path) }
        },
        FuzzTarget(
            "packages",
            words: [
                "Package: ", "Depends: ", "Provides: a (= 1)", "Filename: ../", "Size: ", "SHA256: ", "\n\n",
                "Essential: yes",
            ], samples: ["archives/Packages"]
        ) { try checkIndex($0) },
    ]
}

private func plain(_ stanza: ControlStanza) -> [[String]] { stanza.fields.map { [$0.name, $0.value] } }

private func checkIndex(_ bytes: [UInt8]) throws {
    let origin = IndexOrigin(baseURL: "http://a.example", suite: "trixie")
    let index = try accepted({ try PackageIndex(parsing: bytes, architecture: "amd64", origin: origin) })
    guard let index else { return }
    var names: [String] = []
    for line in bytes.split(separator: 0x0A).prefix(200) where line.starts(with: "Package: ".utf8) {
        names.append(String(decoding: line.dropFirst(9), as: UTF8.self))
    }
    for name in names {
        let found = try accepted({ try index.package(named: name) })
        guard let found, let package = found else { continue }
        if package.size < 0 { throw BrokenProperty("the package \(name) has a negative size") }
        for field in ["Depends", "Pre-Depends", "Provides", "Conflicts"] {
            _ = try accepted({ try package.relations(field) })
        }
    }
    _ = try accepted { () throws(DebianError) in
        try solve(names.prefix(3).map { PackageRelation(alternatives: [.init($0)]) }, in: index)
    }
}
