//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// Which packages wait for which triggers (deb-triggers(5)).
struct TriggerInterests {
    struct Interest {
        let package: String
        let name: String
        let awaits: Bool

        var isPath: Bool { name.utf8.first == UInt8(ascii: "/") }
    }

    let interests: [Interest]
    private let paths: [(trigger: String, path: EntryPath)]

    init(_ packages: PackageTable) {
        var interests: [Interest] = []
        for record in packages.records where record.progress != .absent {
            for words in TriggerInterests.directives(of: record) where words[0].hasPrefix("interest") {
                interests.append(
                    Interest(package: record.stem, name: words[1], awaits: !words[0].hasSuffix("-noawait")))
            }
        }
        self.interests = interests
        paths = interests.filter(\.isPath).compactMap { interest in EntryPath(interest.name).map { (interest.name, $0) }
        }
    }

    private static func directives(of record: PackageTable.Record) -> [[String]] {
        lines(record.control("triggers") ?? []).compactMap { line in
            let text = line.prefix { $0 != UInt8(ascii: "#") }
            let words = text.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
            return words.count == 2 ? words : nil
        }
    }

    /// The triggers that a package waits for, in the order of its file.
    func names(of record: PackageTable.Record) -> [String] {
        interests.filter { $0.package == record.stem }.map(\.name)
    }

    /// The triggers that installing a package activates.
    func activations(by record: PackageTable.Record) -> Set<String> {
        var names = Set(TriggerInterests.directives(of: record).filter { $0[0].hasPrefix("activate") }.map { $0[1] })
        for (trigger, path) in paths where record.package.paths.contains(where: { $0 == path || $0.isBelow(path) }) {
            names.insert(trigger)
        }
        return names
    }
}
