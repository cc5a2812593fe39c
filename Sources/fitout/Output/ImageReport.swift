//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Inspection
import OCI

/// What an image holds, as a tree: its layers, and in each the packages that have files there.
struct ImageReport {
    private let tree: ImageTree
    private let packages: InstalledPackages

    /// The report on what an image's layers hold.
    init(of tree: ImageTree) throws {
        self.tree = tree
        packages = try InstalledPackages(in: tree)
    }

    /// The lines below a line for the image, with titles for the layers.
    func text(titles: [String], sizes: [Int64]) -> String {
        let versions = Dictionary(packages.packages.map { ($0.name, $0.version) }) { first, _ in first }
        var sizesByLayer = [[String: Int64]](repeating: [:], count: sizes.count)
        for (path, entry) in tree.entries where sizesByLayer.indices.contains(entry.layer) {
            guard case .file(let size, _) = entry.kind else { continue }
            sizesByLayer[entry.layer][packages.owners[path] ?? "", default: 0] += size
        }
        var lines: [String] = []
        for (number, content) in sizesByLayer.enumerated() {
            let isLast = number == sizesByLayer.count - 1
            let total = content.values.reduce(0, +)
            lines.append(
                "\(isLast ? "└──" : "├──") \(titles[number])  \(byteCount(sizes[number])), \(byteCount(total)) unpacked"
            )
            let rows = content.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            for (index, row) in rows.enumerated() {
                let branch = (isLast ? "    " : "│   ") + (index == rows.count - 1 ? "└──" : "├──")
                let name = row.key.isEmpty ? "(no package)" : "\(row.key) \(versions[row.key] ?? "")"
                lines.append("\(branch) \(byteCount(row.value))  \(name)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
