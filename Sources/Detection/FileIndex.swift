//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Checkout

/// Files of one directory.
public struct FileGroup {
    /// The directory.
    public let parent: CheckoutDirectory
    /// The files, by name; at least one.
    public let files: ArraySlice<CheckoutFile>
}

/// Files by their directory.
struct FileGroups: Sendable {
    fileprivate(set) var files: [CheckoutFile] = []
    /// The places of the first file of each directory.
    private var starts: [Int32] = []

    fileprivate mutating func append(_ file: CheckoutFile) {
        if files.last?.parent !== file.parent { starts.append(Int32(truncatingIfNeeded: files.count)) }
        files.append(file)
    }

    var groups: some Sequence<FileGroup> {
        starts.indices.lazy.map { place in
            let range = range(place)
            return FileGroup(parent: files[range.lowerBound].parent, files: files[range])
        }
    }

    /// The files of the directories for which `holds`.
    func filter(_ holds: (CheckoutDirectory) -> Bool) -> [CheckoutFile] {
        var result: [CheckoutFile] = []
        for place in starts.indices {
            let range = range(place)
            if holds(files[range.lowerBound].parent) { result += files[range] }
        }
        return result
    }

    /// How many files are in directories for which `holds`.
    func count(_ holds: (CheckoutDirectory) -> Bool) -> Int {
        starts.indices.reduce(0) { sum, place in
            let range = range(place)
            return holds(files[range.lowerBound].parent) ? sum + range.count : sum
        }
    }

    private func range(_ place: Int) -> Range<Int> {
        Int(starts[place])..<(place + 1 < starts.count ? Int(starts[place + 1]) : files.count)
    }
}

/// The files of a checkout by name, extension and folder. Each list has the files nearest to the root first, then by path.
struct FileIndex: Sendable {
    let files: [CheckoutFile]
    private let names: NameTable
    private let byExtension: [Substring: FileGroups]
    private let directories: [String: CheckoutDirectory]
    /// The files in each directory, by its number.
    private let byDirectory: [Range<Int>]

    /// The index of files that are sorted by their paths.
    init(_ sorted: [CheckoutFile]) {
        files = nearestFirst(sorted)
        names = NameTable(files)
        byExtension = groupedByExtension(files)

        var directories: [String: CheckoutDirectory] = [:]
        var ranges: [Range<Int>] = []
        // Among the files of one depth, those of one directory follow each other.
        var start = 0
        while start < files.count {
            let parent = files[start].parent
            let end = files[start...].firstIndex { $0.parent !== parent } ?? files.count
            if parent.number >= ranges.count {
                ranges += Array(repeating: 0..<0, count: parent.number - ranges.count + 1)
            }
            ranges[parent.number] = start..<end
            var above: CheckoutDirectory? = parent
            while let directory = above, directories.updateValue(directory, forKey: directory.path) == nil {
                above = directory.parent
            }
            start = end
        }
        self.directories = directories
        byDirectory = ranges
    }

    func files(named name: String) -> [CheckoutFile] { names.files(named: name, of: files) }

    func groups(withExtension ext: String) -> FileGroups { byExtension[ext[...]] ?? FileGroups() }

    func files(in directory: String) -> ArraySlice<CheckoutFile> {
        guard let number = directories[directory]?.number, number < byDirectory.count else { return [] }
        return files[byDirectory[number]]
    }

    /// The directory at `path`, if a file lies in it or below it.
    func directory(_ path: String) -> CheckoutDirectory? { directories[path] }
}

/// The files nearest to the root first, then in their order.
private func nearestFirst(_ files: [CheckoutFile]) -> [CheckoutFile] {
    var starts: [Int] = []
    for file in files {
        while starts.count <= file.depth { starts.append(0) }
        starts[file.depth] += 1
    }
    var sum = 0
    for depth in starts.indices {
        sum += starts[depth]
        starts[depth] = sum - starts[depth]
    }
    var places = [Int32](repeating: 0, count: files.count)
    for (place, file) in files.enumerated() {
        places[starts[file.depth]] = Int32(truncatingIfNeeded: place)
        starts[file.depth] += 1
    }
    return places.map { files[Int($0)] }
}

/// The files by what stands behind the last dot of their names; empty for names without one, or with none but the first.
private func groupedByExtension(_ files: [CheckoutFile]) -> [Substring: FileGroups] {
    var places: [Substring: Int] = [:]
    var groups: [FileGroups] = []
    // Few extensions make up most of a tree, so that a small table in front of the dictionary answers nearly always.
    var recent = [(ext: Substring, place: Int)](repeating: ("", -1), count: 256)
    for file in files {
        let ext = pathExtension(of: file.name)
        let slot = ext.utf8.reduce(ext.utf8.count) { $0 &* 31 &+ Int($1) } & 255
        if recent[slot].place < 0 || recent[slot].ext != ext {
            let place = places[ext] ?? groups.count
            if place == groups.count {
                places[ext] = place
                groups.append(FileGroups())
            }
            recent[slot] = (ext, place)
        }
        groups[recent[slot].place].append(file)
    }
    return places.mapValues { groups[$0] }
}

private func pathExtension(of name: String) -> Substring {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return "" }
    return name[name.utf8.index(after: dot)...]
}
