//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A statement that a package is, or is not, installed.
struct Literal: Hashable {
    private let code: Int32

    static func installed(_ name: Int) -> Literal { Literal(code: Int32(truncatingIfNeeded: name) << 1) }
    static func absent(_ name: Int) -> Literal { Literal(code: Int32(truncatingIfNeeded: name) << 1 | 1) }

    /// The number of the package's name.
    var name: Int { Int(code >> 1) }
    /// Whether the statement is that the package is installed.
    var isInstalled: Bool { code & 1 == 0 }
    /// The opposite statement.
    var negated: Literal { Literal(code: code ^ 1) }
    /// A number for tables: two for each name.
    var number: Int { Int(code) }
}

/// Why a clause holds.
enum Fact {
    /// The package depends on one of the alternatives in `relations` of its part.
    case dependency(of: Int, relations: Range<Int>)
    /// The package does not go together with `other`.
    case exclusion(of: Int, other: Int)
    /// Somebody wants this.
    case wish(String)
    /// Follows from other clauses.
    case learned(from: [Int])
}

/// A set of statements of which at least one has to hold, and a partial assignment that propagation extends.
///
/// The search of a SAT solver (two watched literals, clauses learned from conflicts at the first unique implication
/// point); which statement to try next is the caller's choice.
struct ClauseSet {
    private(set) var clauses: [[Literal]] = []
    private(set) var facts: [Fact] = []
    private(set) var trail: [Literal] = []
    private var watches: [[Int]] = []
    private var values: [Int8] = []
    private var levels: [Int32] = []
    private var reasons: [Int32] = []
    private var limits: [Int] = []
    private var propagated = 0

    /// Whether a statement is known to hold (true), not to hold (false), or is open (nil).
    func value(_ literal: Literal) -> Bool? {
        guard literal.name < values.count, values[literal.name] != 0 else { return nil }
        return (values[literal.name] > 0) == literal.isInstalled
    }

    /// The number of open decisions.
    var level: Int { limits.count }

    /// The clause that forced a statement about the name; nil for a decision, or an open name.
    func reason(_ name: Int) -> Int? {
        guard name < reasons.count, reasons[name] >= 0 else { return nil }
        return Int(reasons[name])
    }

    /// Adds a clause, and what follows from it; returns its number, and whether it is violated already.
    mutating func add(_ literals: [Literal], _ fact: Fact) -> (clause: Int, isViolated: Bool) {
        for literal in literals { makeRoom(for: literal.name) }
        // Watch what can still hold, then what was ruled out last.
        let literals = literals.sorted { rank($0) > rank($1) }
        let clause = clauses.count
        clauses.append(literals)
        facts.append(fact)
        if literals.count > 1 {
            watches[literals[0].number].append(clause)
            watches[literals[1].number].append(clause)
        }
        guard let first = literals.first, value(first) != false else { return (clause, true) }
        if value(first) == nil, literals.count == 1 || value(literals[1]) == false { assign(first, reason: clause) }
        return (clause, false)
    }

    /// Decides that a statement holds.
    mutating func decide(_ literal: Literal) {
        makeRoom(for: literal.name)
        limits.append(trail.count)
        assign(literal, reason: nil)
    }

    /// Derives what follows; returns a violated clause, if there is one.
    ///
    /// `expand` is called for each package that becomes installed, to add its clauses, and returns a violated one.
    mutating func propagate(expand: (inout ClauseSet, Int) -> Int?) -> Int? {
        while propagated < trail.count {
            let literal = trail[propagated]
            propagated += 1
            if literal.isInstalled, let violated = expand(&self, literal.name) { return violated }
            if let violated = visitWatches(of: literal.negated) { return violated }
        }
        return nil
    }

    /// Undoes the decisions above `level`.
    mutating func undo(to level: Int) {
        guard level < limits.count else { return }
        let length = limits[level]
        for literal in trail[length...] {
            values[literal.name] = 0
            reasons[literal.name] = -1
        }
        trail.removeSubrange(length...)
        limits.removeSubrange(level...)
        propagated = min(propagated, length)
    }

    /// Learns from a violated clause and undoes all decisions; false if the clauses contradict each other.
    mutating func learn(from violated: Int) -> Bool {
        undo(to: clauses[violated].map { Int(levels[$0.name]) }.max() ?? 0)
        guard level > 0 else { return false }
        let (literals, antecedents) = analyse(violated)
        undo(to: 0)
        return !add(literals, .learned(from: antecedents)).isViolated
    }

    /// Resolves the violated clause with the reasons of the last decision's consequences, down to a single one of them.
    private func analyse(_ violated: Int) -> (literals: [Literal], antecedents: [Int]) {
        var learned: [Literal] = []
        var antecedents: [Int] = []
        var seen: Set<Int> = []
        var open = 0
        var position = trail.count
        var clause = violated
        while true {
            antecedents.append(clause)
            for literal in clauses[clause] where seen.insert(literal.name).inserted && value(literal) == false {
                if levels[literal.name] == 0 {
                    if let reason = reason(literal.name) { antecedents.append(reason) }
                } else if Int(levels[literal.name]) == level {
                    open += 1
                } else {
                    learned.append(literal)
                }
            }
            repeat { position -= 1 } while position > 0 && !isCurrent(trail[position], seen)
            open -= 1
            let pivot = trail[position]
            guard open > 0, let reason = reason(pivot.name) else {
                return ([pivot.negated] + learned, antecedents)
            }
            clause = reason
        }
    }

    private func isCurrent(_ literal: Literal, _ seen: Set<Int>) -> Bool {
        Int(levels[literal.name]) == level && seen.contains(literal.name)
    }

    private mutating func visitWatches(of literal: Literal) -> Int? {
        var kept: [Int] = []
        let watching = watches[literal.number]
        for (position, clause) in watching.enumerated() {
            if clauses[clause][0] == literal { clauses[clause].swapAt(0, 1) }
            let first = clauses[clause][0]
            if value(first) == true {
                kept.append(clause)
                continue
            }
            if let other = clauses[clause].indices.dropFirst(2).first(where: { value(clauses[clause][$0]) != false }) {
                clauses[clause].swapAt(1, other)
                watches[clauses[clause][1].number].append(clause)
                continue
            }
            kept.append(clause)
            if value(first) == false {
                watches[literal.number] = kept + watching[(position + 1)...]
                return clause
            }
            assign(first, reason: clause)
        }
        watches[literal.number] = kept
        return nil
    }

    private mutating func assign(_ literal: Literal, reason: Int?) {
        values[literal.name] = literal.isInstalled ? 1 : -1
        levels[literal.name] = Int32(truncatingIfNeeded: level)
        reasons[literal.name] = Int32(truncatingIfNeeded: reason ?? -1)
        trail.append(literal)
    }

    private func rank(_ literal: Literal) -> Int {
        value(literal) == false ? Int(levels[literal.name]) : Int.max
    }

    private mutating func makeRoom(for name: Int) {
        guard name >= values.count else { return }
        let size = max(name + 1, values.count * 2)
        values += [Int8](repeating: 0, count: size - values.count)
        levels += [Int32](repeating: 0, count: size - levels.count)
        reasons += [Int32](repeating: -1, count: size - reasons.count)
        watches += [[Int]](repeating: [], count: size * 2 - watches.count)
    }
}
