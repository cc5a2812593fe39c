//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Packages and the packages that they use, as a lockfile lists them.
///
/// A package is known under one name or several: a lockfile of yarn names it by each constraint that it meets.
struct DependencyGraph {
    private var places: [String: [Int]] = [:]
    private var edges: [[String]] = []

    /// How many packages there are; the next one gets this number.
    var count: Int { edges.count }

    /// Adds a package.
    mutating func add(_ names: [String], using dependencies: [String] = []) {
        for name in names { places[name, default: []].append(edges.count) }
        edges.append(dependencies)
    }

    /// Adds to what the newest package uses.
    mutating func use(_ name: String) {
        if let last = edges.indices.last { edges[last].append(name) }
    }

    /// What a package uses.
    func dependencies(of package: Int) -> [String] { edges[package] }

    /// The numbers of the packages known as `name`.
    func packages(named name: String) -> [Int] { places[name] ?? [] }

    /// The packages that are used by those named, themselves included.
    func reached(from roots: some Sequence<String>) -> Set<Int> {
        var reached: Set<Int> = []
        var open = roots.flatMap { places[$0] ?? [] }
        while let package = open.popLast() {
            guard reached.insert(package).inserted else { continue }
            for name in edges[package] { open += places[name] ?? [] }
        }
        return reached
    }
}
