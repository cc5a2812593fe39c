//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One run of the solver: the packages that apt would install for some wishes.
///
/// The run follows apt: what is wished for is marked first, then dependencies are followed depth first in the order of
/// the fields, and each one that nothing marked meets takes its first possible alternative. Where such a choice turns
/// out to be impossible, a clause says so and the walk starts again, so that a solution is found whenever there is one.
struct Resolution {
    /// Something to be installed: its alternatives.
    struct Wish {
        var text: String
        var options: [Int]
        var clause = -1
    }

    /// How many conflicts a run may meet before it gives up.
    static let conflictLimit = 20_000

    private(set) var packages: PackageClauses
    private(set) var clauses = ClauseSet()
    private var base: [Wish]
    private var wishes: [Wish]

    /// The packages of the solution in the order in which they were marked.
    private(set) var order: [Int] = []
    /// The package that each package was first needed by; absent for what was wished for.
    private(set) var dependents: [Int: Int] = [:]
    /// The packages that belong to the base.
    private(set) var basePackages: Set<Int> = []
    /// The packages that meet the wishes.
    private(set) var requested: Set<Int> = []
    private var marked: [Bool] = []

    init(_ universe: Universe, base: [Wish], wishes: [Wish]) {
        packages = PackageClauses(universe)
        self.base = base
        self.wishes = wishes
    }

    /// Finds the solution; returns a violated clause if there is none.
    mutating func run() throws(DebianError) -> Int? {
        if let violated = Resolution.state(&base, &clauses) ?? Resolution.state(&wishes, &clauses) { return violated }
        for _ in 0..<Resolution.conflictLimit {
            if let violated = propagate() ?? walk() {
                guard clauses.learn(from: violated) else { return violated }
            } else {
                return nil
            }
        }
        throw .cannot(
            "solve for \(wishes.map(\.text).joined(separator: ", "))",
            cause: "gave up after \(Resolution.conflictLimit) conflicts")
    }

    /// Adds the clauses of the wishes; returns one that is violated, if there is one.
    private static func state(_ wishes: inout [Wish], _ clauses: inout ClauseSet) -> Int? {
        for index in wishes.indices {
            let added = clauses.add(wishes[index].options.map(Literal.installed), .wish(wishes[index].text))
            wishes[index].clause = added.clause
            if added.isViolated { return added.clause }
        }
        return nil
    }

    // MARK: - The walk

    private mutating func walk() -> Int? {
        marked = [Bool](repeating: false, count: packages.universe.count)
        order = []
        dependents = [:]
        requested = []
        var roots: [Int] = []
        for wish in base {
            if let violated = choose(wish.options, clause: wish.clause, dependent: nil, into: &roots) {
                return violated
            }
        }
        if let violated = follow(roots) { return violated }
        basePackages = Set(order)
        roots = []
        for wish in wishes {
            if let violated = choose(wish.options, clause: wish.clause, dependent: nil, into: &roots) {
                return violated
            }
            if let met = wish.options.first(where: isMarked) { requested.insert(met) }
        }
        return follow(roots)
    }

    /// Follows the dependencies of the packages, depth first.
    private mutating func follow(_ roots: [Int]) -> Int? {
        for root in roots {
            var stack = [(package: root, next: 0)]
            while let (package, next) = stack.last {
                guard let dependency = packages.dependency(next, of: package) else {
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                var chosen: [Int] = []
                let violated = choose(
                    dependency.options, clause: dependency.clause, dependent: package, into: &chosen)
                if let violated { return violated }
                stack += chosen.map { ($0, 0) }
            }
        }
        return nil
    }

    /// Marks the first possible option unless one is marked already.
    private mutating func choose(
        _ options: [Int], clause: Int, dependent: Int?, into chosen: inout [Int]
    ) -> Int? {
        if options.contains(where: isMarked) { return nil }
        guard let option = options.first(where: { clauses.value(.installed($0)) != false }) else { return clause }
        if clauses.value(.installed(option)) == nil {
            clauses.decide(.installed(option))
            if let violated = propagate() { return violated }
        }
        mark(option)
        if let dependent { dependents[option] = dependent }
        chosen.append(option)
        return nil
    }

    private mutating func propagate() -> Int? {
        Resolution.propagate(&clauses, &packages)
    }

    private static func propagate(_ clauses: inout ClauseSet, _ packages: inout PackageClauses) -> Int? {
        clauses.propagate { clauses, name in packages.expand(name, into: &clauses) }
    }

    private func isMarked(_ name: Int) -> Bool {
        name < marked.count && marked[name]
    }

    private mutating func mark(_ name: Int) {
        if name >= marked.count {
            marked += [Bool](repeating: false, count: max(packages.universe.count, name + 1) - marked.count)
        }
        marked[name] = true
        order.append(name)
    }
}
