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

    /// All interests, in the order of the packages.
    private(set) var interests: [Interest] = []
    /// For each trigger, the packages that wait for it, by their places in the table.
    private var waiting: [String: [Int]] = [:]
    /// The triggers that are paths.
    private var paths: [EntryPath: String] = [:]
    /// Triggers that packages name in `activate`, by their places in the table.
    private var activated: [[String]] = []

    init(_ packages: PackageTable) {
        for (index, record) in packages.records.enumerated() {
            var names: [String] = []
            for words in TriggerInterests.directives(of: record) {
                let name = words[1]
                guard words[0].hasPrefix("interest") else {
                    if words[0].hasPrefix("activate") { names.append(name) }
                    continue
                }
                let interest = Interest(package: record.stem, name: name, awaits: !words[0].hasSuffix("-noawait"))
                interests.append(interest)
                waiting[name, default: []].append(index)
                if interest.isPath, let path = EntryPath(name) { paths[path] = name }
            }
            activated.append(names)
        }
    }

    /// The packages that wait for a trigger, by their places in the table.
    func packages(waitingFor trigger: String) -> [Int] { waiting[trigger] ?? [] }

    private static func directives(of record: PackageTable.Record) -> [[String]] {
        lines(record.control("triggers") ?? []).compactMap { line in
            let text = line.prefix { $0 != UInt8(ascii: "#") }
            let words = text.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
            return words.count == 2 ? words : nil
        }
    }

    /// The triggers that the package at a place names in `activate`.
    func activations(named index: Int) -> [String] { activated[index] }

    /// The triggers that unpacking a package activates: those that it names, and paths that it ships.
    func activations(by record: PackageTable.Record, at index: Int) -> [String] {
        activated[index] + record.package.paths.compactMap { paths[$0] }
    }
}
