//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One entry of a field such as `Depends`: alternatives, of which one has to be met.
///
/// Debian Policy, sections 7.1 and 12.1.3 (build profiles: the BuildProfileSpec page).
public struct PackageRelation: Hashable, Sendable {
    /// How a version compares with the one that a relation names.
    public enum Comparison: String, Hashable, Sendable {
        /// `<<`
        case earlier = "<<"
        /// `<=`
        case earlierOrEqual = "<="
        /// `=`
        case equal = "="
        /// `>=`
        case laterOrEqual = ">="
        /// `>>`
        case later = ">>"
    }

    /// A bound on the version of a package.
    public struct Bound: Hashable, Sendable {
        /// The direction of the bound.
        public var comparison: Comparison
        /// The version compared with.
        public var version: String

        /// The bound `comparison version`.
        public init(_ comparison: Comparison, _ version: String) {
            self.comparison = comparison
            self.version = version
        }
    }

    /// An architecture in `[amd64 !i386]` or a profile in `<!nocheck>`.
    public struct Term: Hashable, Sendable {
        /// The name without its `!`.
        public var name: String
        /// Whether a `!` stands before the name.
        public var isNegated: Bool

        /// The term `name`, or `!name`.
        public init(_ name: String, isNegated: Bool = false) {
            self.name = name
            self.isNegated = isNegated
        }
    }

    /// One of the packages that meet a relation.
    public struct Alternative: Hashable, Sendable {
        /// The name of a real or virtual package.
        public var name: String
        /// What follows the colon after the name: `any`, `native` or an architecture.
        public var qualifier: String?
        /// The bound in parentheses.
        public var bound: Bound?
        /// The architectures in brackets, none for all.
        public var architectures: [Term]
        /// The build profiles: each list is one pair of angle brackets, whose terms all have to hold.
        public var profiles: [[Term]]

        /// An alternative of these parts.
        public init(
            _ name: String, qualifier: String? = nil, bound: Bound? = nil, architectures: [Term] = [],
            profiles: [[Term]] = []
        ) {
            self.name = name
            self.qualifier = qualifier
            self.bound = bound
            self.architectures = architectures
            self.profiles = profiles
        }
    }

    /// The alternatives, the preferred one first; never empty when parsed.
    public var alternatives: [Alternative]

    /// A relation of these alternatives.
    public init(alternatives: [Alternative]) {
        self.alternatives = alternatives
    }

    /// What is left of the relation on `architecture` with the build profiles `profiles` on; `nil` when nothing is.
    ///
    /// The result has neither architecture lists nor profiles.
    public func reduced(architecture: String, profiles: [String] = []) -> PackageRelation? {
        let kept = alternatives.filter { alternative in
            isMet(alternative.architectures) { architectureMatches($0, architecture) }
                && (alternative.profiles.isEmpty
                    || alternative.profiles.contains { terms in
                        terms.allSatisfy { profiles.contains($0.name) != $0.isNegated }
                    })
        }
        guard !kept.isEmpty else { return nil }
        return PackageRelation(
            alternatives: kept.map { Alternative($0.name, qualifier: $0.qualifier, bound: $0.bound) })
    }
}

/// Whether an architecture list allows what `matches` recognises; a list is either all plain or all negated.
private func isMet(_ terms: [PackageRelation.Term], _ matches: (String) -> Bool) -> Bool {
    guard let first = terms.first else { return true }
    return terms.contains { matches($0.name) } != first.isNegated
}

/// Whether an architecture name or wildcard (`any`, `linux-any`, `any-amd64`) covers a Linux architecture.
private func architectureMatches(_ pattern: String, _ architecture: String) -> Bool {
    pattern == architecture || pattern == "any" || pattern == "linux-any" || pattern == "any-\(architecture)"
        || pattern == "linux-\(architecture)"
}

extension PackageRelation: CustomStringConvertible {
    /// The relation as a control file spells it.
    public var description: String {
        alternatives.map(\.description).joined(separator: " | ")
    }
}

extension PackageRelation.Alternative: CustomStringConvertible {
    /// The alternative as a control file spells it.
    public var description: String {
        var text = name
        if let qualifier { text += ":\(qualifier)" }
        if let bound { text += " (\(bound.comparison.rawValue) \(bound.version))" }
        if !architectures.isEmpty { text += " [\(architectures.map(\.description).joined(separator: " "))]" }
        for terms in profiles { text += " <\(terms.map(\.description).joined(separator: " "))>" }
        return text
    }
}

extension PackageRelation.Term: CustomStringConvertible {
    /// The term as a control file spells it.
    public var description: String { isNegated ? "!\(name)" : name }
}
