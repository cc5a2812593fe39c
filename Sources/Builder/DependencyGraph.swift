//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian

/// Which packages of a set depend on which (`Depends` and `Pre-Depends`, satisfied by name or by `Provides`).
struct DependencyGraph {
    /// For each package, the places of those that it depends on.
    let needs: [[Int]]

    init(of packages: [BinaryPackage]) throws(DebianError) {
        var providers: [String: [Int]] = [:]
        for (number, package) in packages.enumerated() {
            providers[package.name, default: []].append(number)
            for relation in try package.relations("Provides") {
                for alternative in relation.alternatives { providers[alternative.name, default: []].append(number) }
            }
        }
        var needs: [[Int]] = []
        for package in packages {
            var numbers: [Int] = []
            for relation in try package.relations("Pre-Depends") + package.relations("Depends") {
                numbers += relation.alternatives.flatMap { providers[$0.name] ?? [] }
            }
            needs.append(numbers)
        }
        self.needs = needs
    }

    /// All packages, each after those that it depends on, as far as they do not depend on each other in a circle;
    /// dependencies are followed from `starts` in turn.
    func order(from starts: [Int]) -> [Int] {
        var order: [Int] = []
        var visited = [Bool](repeating: false, count: needs.count)
        for start in starts { visit(start, &visited, &order) }
        return order
    }

    private func visit(_ start: Int, _ visited: inout [Bool], _ order: inout [Int]) {
        if visited[start] { return }
        // Iterative, because chains of dependencies are as long as the archive likes.
        visited[start] = true
        var path = [(number: start, next: 0)]
        while let top = path.last {
            if top.next < needs[top.number].count {
                path[path.count - 1].next += 1
                let need = needs[top.number][top.next]
                if !visited[need] {
                    visited[need] = true
                    path.append((need, 0))
                }
            } else {
                order.append(top.number)
                path.removeLast()
            }
        }
    }
}
