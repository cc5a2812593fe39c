//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The names that a solver run meets, numbered across the parts of an index, with what each can be met by.
///
/// A variable of the solver is the number of a name that has a candidate, the one version that may be installed.
struct Universe {
    /// A package that meets a relation on a virtual name.
    struct Provider {
        var name: Int
        var version: UnsafeRawBufferPointer
    }

    let index: PackageIndex
    /// The candidate of each name; nil for a name that is virtual only, or unknown.
    private(set) var candidates: [PackageLocation?] = []
    /// The number of each name in the parts.
    private var local: [[Int?]] = []
    /// For each part, the number plus one of each of its names.
    private var global: [[Int32]]
    private var providers: [Int: [Provider]] = [:]
    private var preferred: Set<Int> = []

    /// A universe over `index`, in which the packages named `preferred` come before other alternatives.
    init(_ index: PackageIndex, preferring preferred: [String]) {
        self.index = index
        self.global = index.parts.map { [Int32](repeating: 0, count: $0.nameCount) }
        for name in preferred {
            if let number = number(of: name) { self.preferred.insert(number) }
        }
    }

    /// How many names have been met.
    var count: Int { candidates.count }

    /// The number of a name; nil if no archive mentions it.
    mutating func number(of name: String) -> Int? {
        let bytes = [UInt8](name.utf8)
        return bytes.withUnsafeBytes { name in
            for (part, reader) in index.parts.enumerated() {
                if let number = reader.number(of: name) { return self.number(part: part, local: number) }
            }
            return nil
        }
    }

    /// The number of a name that has the number `local` in a part.
    mutating func number(part: Int, local number: Int) -> Int {
        guard number < global[part].count else { return 0 }
        if global[part][number] != 0 { return Int(global[part][number]) - 1 }
        let bytes = index.parts[part].name(number)
        let numbers = index.parts.indices.map { $0 == part ? number : index.parts[$0].number(of: bytes) }
        let result = candidates.count
        for (part, number) in zip(index.parts.indices, numbers) {
            if let number { global[part][number] = Int32(truncatingIfNeeded: result) + 1 }
        }
        local.append(numbers)
        candidates.append(index.candidate(numbers: numbers))
        return result
    }

    /// The text of a name.
    func text(_ name: Int) -> String {
        for (part, number) in zip(index.parts, local[name]) {
            if let number { return String(decoding: part.name(number), as: UTF8.self) }
        }
        return "?"
    }

    /// The version of a name's candidate, empty if there is none.
    func version(_ name: Int) -> String {
        guard let location = candidates[name] else { return "" }
        return String(decoding: index.parts[location.part].version(ofPackage: location.package), as: UTF8.self)
    }

    /// The flags of a name's candidate, as `IndexLayout.Flag` names them.
    func flags(_ name: Int) -> UInt32 {
        guard let location = candidates[name] else { return 0 }
        return index.parts[location.part].flags(ofPackage: location.package)
    }

    /// The names whose candidates meet an alternative, the one to try first at the front.
    mutating func options(_ relation: IndexRelation, part: Int) -> [Int] {
        guard !relation.isOtherArchitecture else { return [] }
        let name = number(part: part, local: relation.name)
        return options(
            name: name, comparison: relation.comparison, version: relation.version,
            isAnyArchitecture: relation.isAnyArchitecture)
    }

    /// The names whose candidates meet a relation on `name`.
    mutating func options(
        name: Int, comparison: PackageRelation.Comparison?, version: UnsafeRawBufferPointer, isAnyArchitecture: Bool
    ) -> [Int] {
        func isMet(by other: UnsafeRawBufferPointer) -> Bool {
            guard let comparison else { return true }
            return !other.isEmpty && comparison.isMet(by: compareVersions(other, version))
        }
        func isAllowed(_ name: Int) -> Bool {
            !isAnyArchitecture || flags(name) & IndexLayout.Flag.allowed != 0
        }
        var options: [Int] = []
        if let location = candidates[name], isAllowed(name),
            isMet(by: index.parts[location.part].version(ofPackage: location.package))
        {
            options.append(name)
        }
        for provider in providers(of: name)
        where isAllowed(provider.name) && isMet(by: provider.version) && !options.contains(provider.name) {
            options.append(provider.name)
        }
        return options
    }

    /// Puts preferred packages before the others and leaves the order as it is otherwise.
    func preferring(_ options: [Int]) -> [Int] {
        guard !preferred.isEmpty, options.contains(where: preferred.contains) else { return options }
        return options.filter(preferred.contains) + options.filter { !preferred.contains($0) }
    }

    /// Where the archives mention a name for the first time, as a number that grows from mention to mention.
    private func firstMention(_ name: Int) -> Int {
        for (part, number) in local[name].enumerated() {
            if let number { return part << 32 | number }
        }
        return 0
    }

    /// The candidates that provide a name, in the order in which apt tries them.
    mutating func providers(of name: Int) -> [Provider] {
        if let known = providers[name] { return known }
        var found: [(provider: Provider, rank: Rank)] = []
        for (part, number) in zip(index.parts.indices, local[name]) {
            guard let number else { continue }
            for entry in index.parts[part].providers(ofName: number) {
                let provider = self.number(part: part, local: index.parts[part].nameNumber(ofPackage: entry.package))
                guard candidates[provider] == PackageLocation(part: part, package: entry.package) else { continue }
                let rank = Rank(flags: flags(provider), mention: firstMention(provider))
                found.append((Provider(name: provider, version: entry.version), rank))
            }
        }
        found.sort { $0.rank < $1.rank }
        let sorted = found.map(\.provider)
        providers[name] = sorted
        return sorted
    }
}

/// What apt compares providers by: essential, important, priority, and last which name the archives mention last.
private struct Rank: Comparable {
    private let words: (UInt32, UInt32, UInt32, Int)

    init(flags: UInt32, mention: Int) {
        words = (
            flags & IndexLayout.Flag.essential == 0 ? 1 : 0, flags & IndexLayout.Flag.important == 0 ? 1 : 0,
            flags & IndexLayout.Flag.priorityMask, -mention
        )
    }

    static func < (lhs: Rank, rhs: Rank) -> Bool { lhs.words < rhs.words }
    static func == (lhs: Rank, rhs: Rank) -> Bool { lhs.words == rhs.words }
}
