//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// States as clauses what packages need and exclude, each package when it is first about to be installed.
struct PackageClauses {
    /// A dependency of a package: the clause that states it, and the alternatives in the order to try.
    struct Dependency {
        var clause: Int
        var options: [Int]
    }

    private(set) var universe: Universe
    private var dependencies: [Int: [Dependency]] = [:]

    init(_ universe: Universe) {
        self.universe = universe
    }

    /// The dependency of that position of a package whose clauses are stated; nil past the last one.
    func dependency(_ position: Int, of name: Int) -> Dependency? {
        guard let own = dependencies[name], position < own.count else { return nil }
        return own[position]
    }

    /// Adds the clauses of a package unless that is done; returns one that is violated, if there is one.
    mutating func expand(_ name: Int, into clauses: inout ClauseSet) -> Int? {
        guard dependencies[name] == nil, let location = universe.candidates[name] else { return nil }
        let part = universe.index.parts[location.part]
        var violated: Int?
        var own: [Dependency] = []
        var options: [Int] = []
        let range = part.dependencies(ofPackage: location.package)
        var start = range.lowerBound
        for number in range {
            let relation = part.relation(number)
            for option in universe.options(relation, part: location.part) where !options.contains(option) {
                options.append(option)
            }
            if relation.hasAlternative && number + 1 < range.upperBound { continue }
            if !options.contains(name) {
                let literals = [.absent(name)] + options.map(Literal.installed)
                let added = clauses.add(literals, .dependency(of: name, relations: start..<number + 1))
                if added.isViolated { violated = violated ?? added.clause }
                own.append(Dependency(clause: added.clause, options: universe.preferring(options)))
            }
            options = []
            start = number + 1
        }
        for number in part.exclusions(ofPackage: location.package) {
            for other in universe.options(part.relation(number), part: location.part) where other != name {
                let added = clauses.add([.absent(name), .absent(other)], .exclusion(of: name, other: other))
                if added.isViolated { violated = violated ?? added.clause }
            }
        }
        dependencies[name] = own
        return violated
    }
}
