//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What `solve` starts from, and what it prefers.
public struct SolverOptions: Hashable, Sendable {
    /// The packages whose closure the wishes are installed on top of; nil for all `Essential: yes` packages and `apt`.
    public var base: [String]?
    /// Packages that come before the other alternatives of a dependency.
    ///
    /// `usr-is-merged` is one: the alternative, `usrmerge`, would convert a layout that images have from the start.
    public var preferred: [String]

    /// Options with these values.
    public init(base: [String]? = nil, preferred: [String] = ["usr-is-merged"]) {
        self.base = base
        self.preferred = preferred
    }
}

/// The packages to install for `wishes`, each a relation such as `git` or `libssl-dev (>= 3)`.
///
/// Chooses as apt does without recommended packages: see `docs/solver.md`. The result depends on the index, the wishes
/// in their order, and the options alone. Throws if a name is unknown, if a virtual package does not say which package is
/// meant, and if there is no solution.
public func solve(
    _ wishes: [PackageRelation], in index: PackageIndex, options: SolverOptions = SolverOptions()
) throws(DebianError) -> Solution {
    var universe = Universe(index, preferring: options.preferred)
    let baseNames = options.base ?? index.essentialNames + (index.candidate(named: "apt") == nil ? [] : ["apt"])
    var base: [Resolution.Wish] = []
    for name in baseNames { base.append(try wish(PackageRelation(alternatives: [.init(name)]), &universe)) }
    var wanted: [Resolution.Wish] = []
    for relation in wishes {
        guard let reduced = relation.reduced(architecture: index.architecture) else { continue }
        wanted.append(try wish(reduced, &universe))
    }
    var resolution = Resolution(universe, base: base, wishes: wanted)
    if let violated = try resolution.run() {
        throw .unsatisfiable(wishes: wanted.map(\.text), reasons: resolution.explain(violated))
    }
    return try solution(resolution)
}

/// The alternatives of a wish, which must be able to meet it.
private func wish(
    _ relation: PackageRelation, _ universe: inout Universe
) throws(DebianError) -> Resolution.Wish {
    var options: [Int] = []
    for alternative in relation.alternatives {
        for option in try packages(meeting: alternative, &universe) where !options.contains(option) {
            options.append(option)
        }
    }
    if options.isEmpty, let first = relation.alternatives.first { throw unavailable(first, relation, universe) }
    return Resolution.Wish(text: relation.description, options: universe.preferring(options))
}

private func packages(
    meeting alternative: PackageRelation.Alternative, _ universe: inout Universe
) throws(DebianError) -> [Int] {
    let qualifier = alternative.qualifier ?? "native"
    guard let name = universe.number(of: alternative.name),
        ["any", "native", universe.index.architecture].contains(qualifier)
    else { return [] }
    let version = [UInt8]((alternative.bound?.version ?? "").utf8)
    let options = version.withUnsafeBytes { version in
        universe.options(
            name: name, comparison: alternative.bound?.comparison, version: version,
            isAnyArchitecture: qualifier == "any")
    }
    // As in apt, a real package stands for itself alone, and a virtual one for its only provider.
    if universe.candidates[name] != nil, options.contains(name) { return [name] }
    guard options.count < 2 else {
        throw .ambiguous(alternative.name, providers: options.map { universe.text($0) }.sorted())
    }
    return options
}

private func unavailable(
    _ first: PackageRelation.Alternative, _ relation: PackageRelation, _ universe: Universe
) -> DebianError {
    if let location = universe.index.candidate(named: first.name) {
        let version = universe.index.parts[location.part].version(ofPackage: location.package)
        return .unavailableVersion(relation.description, available: String(decoding: version, as: UTF8.self))
    }
    return .unknownPackage(first.name, similar: universe.index.names(similarTo: first.name))
}

private func solution(_ resolution: Resolution) throws(DebianError) -> Solution {
    let universe = resolution.packages.universe
    var entries: [Solution.Entry] = []
    for name in resolution.order {
        guard let location = universe.candidates[name] else { continue }
        entries.append(
            Solution.Entry(
                package: try universe.index.package(at: location),
                isRequested: resolution.requested.contains(name),
                isBase: resolution.basePackages.contains(name),
                dependent: resolution.dependents[name].map { universe.text($0) }))
    }
    entries.sort { $0.package.name.utf8.lexicographicallyPrecedes($1.package.name.utf8) }
    return Solution(entries: entries)
}
