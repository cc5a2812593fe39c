//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian

/// The packages in an order in which dpkg can configure them: what a package depends on comes before it.
///
/// Where packages depend on each other in a circle, the one that comes first by name is configured last, except that
/// Pre-Depends are kept.
func configurationOrder(of packages: [BinaryPackage]) throws(DebianError) -> [BinaryPackage] {
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
    // Essential packages first, as a bootstrapped system has them before anything else.
    let starts = packages.indices.sorted {
        (packages[$0].isEssential ? 0 : 1, packages[$0].name) < (packages[$1].isEssential ? 0 : 1, packages[$1].name)
    }
    var order: [BinaryPackage] = []
    var visited = [Bool](repeating: false, count: packages.count)
    for start in starts where !visited[start] {
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
                order.append(packages[top.number])
                path.removeLast()
            }
        }
    }
    return order
}
