//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Resolution {
    /// Why there is no solution, as sentences that lead from the wishes to the contradiction.
    ///
    /// `violated` is a clause that all other clauses together contradict. What it rests on is unfolded, and told in the
    /// order in which the packages depend on each other.
    func explain(_ violated: Int) -> [String] {
        let core = self.core(violated)
        var byPackage: [Int: [Int]] = [:]
        var reasons: [String] = []
        var queue: [Int] = []
        for clause in core {
            switch clauses.facts[clause] {
            case .wish: queue += clauses.clauses[clause].map(\.name).sorted()
            case .dependency(let package, _), .exclusion(let package, _): byPackage[package, default: []].append(clause)
            case .learned: break
            }
        }
        var seen = Set(queue)
        var position = 0
        while position < queue.count {
            let package = queue[position]
            position += 1
            for clause in byPackage[package] ?? [] {
                switch clauses.facts[clause] {
                case .dependency(_, let relations):
                    reasons.append(sentence(package, needs: relations, clause: clause))
                case .exclusion(_, let other):
                    reasons.append("\(title(package)) excludes \(title(other))")
                case .wish, .learned: break
                }
                for name in clauses.clauses[clause].filter(\.isInstalled).map(\.name).sorted()
                where seen.insert(name).inserted {
                    queue.append(name)
                }
            }
        }
        return reasons
    }

    /// The numbers of the clauses that were not learned and together contradict each other, sorted.
    private func core(_ violated: Int) -> [Int] {
        var seen: Set<Int> = [violated]
        var stack = [violated]
        var core: [Int] = []
        while let clause = stack.popLast() {
            var next = clauses.clauses[clause].compactMap { clauses.reason($0.name) }
            if case .learned(let antecedents) = clauses.facts[clause] {
                next += antecedents
            } else {
                core.append(clause)
            }
            stack += next.filter { seen.insert($0).inserted }
        }
        return core.sorted()
    }

    private func sentence(_ package: Int, needs relations: Range<Int>, clause: Int) -> String {
        let universe = packages.universe
        guard let location = universe.candidates[package] else { return "" }
        let part = universe.index.parts[location.part]
        let found = relations.map { describe(part.relation($0), part) }
        let text = "\(title(package)) needs \(found.map(\.text).joined(separator: " | "))"
        let isMet = clauses.clauses[clause].contains(where: \.isInstalled)
        return isMet ? text : text + ", " + found.map(\.available).joined(separator: " and ")
    }

    private func describe(_ relation: IndexRelation, _ part: IndexPart) -> (text: String, available: String) {
        let name = String(decoding: part.name(relation.name), as: UTF8.self)
        var text = name
        if relation.isAnyArchitecture { text += ":any" }
        if let comparison = relation.comparison {
            text += " (\(comparison.rawValue) \(String(decoding: relation.version, as: UTF8.self)))"
        }
        guard let location = packages.universe.index.candidate(named: name) else {
            return (text, "no archive has \(name)")
        }
        let other = packages.universe.index.parts[location.part]
        let version = String(decoding: other.version(ofPackage: location.package), as: UTF8.self)
        return (text, "the archive has \(name) \(version)")
    }

    private func title(_ package: Int) -> String {
        let version = packages.universe.version(package)
        return version.isEmpty ? packages.universe.text(package) : "\(packages.universe.text(package)) \(version)"
    }
}
