//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout

/// Names of folders, in lower case, to ask a ``Repository`` with.
public final class FolderNames: Sendable {
    private let names: Set<String>
    private let orHidden: Bool

    /// A set of names; with `orHidden` all that begin with a dot as well.
    public init(orHidden: Bool = false, _ names: Set<String>) {
        self.names = names
        self.orHidden = orHidden
    }

    func contains(_ folder: Substring) -> Bool {
        names.contains(folder.lowercased()) || orHidden && folder.hasPrefix(".")
    }
}

/// The files of a checkout by name, extension and folder. Each list has the files nearest to the root first, then by path.
///
/// Files of one name are chained by their places instead of held in a list for each name: most names of a large tree
/// occur once.
struct FileIndex {
    let files: [CheckoutFile]
    private let firstOfName: [String: Int32]
    private let nextOfName: [Int32]
    private let byExtension: [Substring: [CheckoutFile]]
    private let byDirectory: [String: [CheckoutFile]]
    private let directories: Set<Substring>

    init(_ sorted: [CheckoutFile]) {
        var levels: [[CheckoutFile]] = []
        for file in sorted {
            while levels.count <= file.depth { levels.append([]) }
            levels[file.depth].append(file)
        }
        files = levels.flatMap(\.self)

        var first: [String: Int32] = [:]
        first.reserveCapacity(files.count)
        var next = [Int32](repeating: -1, count: files.count)
        for place in files.indices.reversed() {
            next[place] = first.updateValue(Int32(truncatingIfNeeded: place), forKey: files[place].name) ?? -1
        }
        firstOfName = first
        nextOfName = next
        byExtension = Dictionary(grouping: files) { pathExtension(of: $0.name) }

        // Files of one folder mostly follow each other, so that one look-up serves many.
        var folders: [String: [CheckoutFile]] = [:]
        var start = 0
        while start < files.count {
            let directory = files[start].directory
            let end = files[start...].firstIndex { $0.directory != directory } ?? files.count
            folders[directory, default: []] += files[start..<end]
            start = end
        }
        byDirectory = folders
        var directories: Set<Substring> = []
        for directory in folders.keys {
            var path = directory[...]
            while !path.isEmpty, directories.insert(path).inserted {
                path = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
            }
        }
        self.directories = directories
    }

    func files(named name: String) -> [CheckoutFile] {
        var found: [CheckoutFile] = []
        var place = firstOfName[name] ?? -1
        while place >= 0 {
            found.append(files[Int(place)])
            place = nextOfName[Int(place)]
        }
        return found
    }

    func files(withExtension ext: String) -> [CheckoutFile] { byExtension[ext[...]] ?? [] }

    func files(in directory: String) -> [CheckoutFile] { byDirectory[directory] ?? [] }

    func hasDirectory(_ directory: String) -> Bool {
        directory.isEmpty ? !files.isEmpty : directories.contains(directory[...])
    }
}

private func pathExtension(of name: String) -> Substring {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...]
}
