//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What packages of a language need of the system, by their names.
struct PackageNeeds: Sendable {
    private let rows: [String: [Row]]

    /// A table of the columns package, when, what building it needs, what running it needs; or without the second. The
    /// table's head says what may stand in each.
    init(_ table: String) {
        var rows: [String: [Row]] = [:]
        for fields in DataTable(table).rows where fields.count >= 3 {
            let hasCondition = fields.count > 3
            rows[fields[0], default: []].append(
                Row(
                    conditions: hasCondition ? fields[1].split(separator: " ").compactMap { Condition($0) } : [],
                    build: requirements(fields[hasCondition ? 2 : 1]), run: requirements(fields[hasCondition ? 3 : 2])))
        }
        self.rows = rows
    }

    /// Whether the table knows a package of this name.
    func contains(_ name: String) -> Bool { rows[name] != nil }

    /// What `package` needs, and whether that is only where no prebuilt file fits.
    func needs(of package: UsedPackage) -> [(need: Row, isUncertain: Bool)] {
        (rows[package.name] ?? []).compactMap { row in
            var isUncertain = false
            for condition in row.conditions {
                switch condition.holds(for: package) {
                case false: return nil
                case true: continue
                case nil: isUncertain = true
                }
            }
            return (row, isUncertain)
        }
    }

    /// A line of the table.
    struct Row: Sendable {
        fileprivate let conditions: [Condition]
        let build: [SystemRequirement]
        let run: [SystemRequirement]
    }

    fileprivate enum Condition: Sendable {
        case sourceOnly
        case direct
        case atLeast([Int])
        case below([Int])
        case with(String)
        case without(String)

        init?(_ word: Substring) {
            if word == "source-only" {
                self = .sourceOnly
            } else if word == "direct" {
                self = .direct
            } else if word.hasPrefix(">=") {
                self = .atLeast(numbers(word))
            } else if word.hasPrefix("<") {
                self = .below(numbers(word))
            } else if word.hasPrefix("with:") {
                self = .with(String(word.dropFirst(5)))
            } else if word.hasPrefix("without:") {
                self = .without(String(word.dropFirst(8)))
            } else {
                return nil
            }
        }

        /// Nil where nothing says.
        func holds(for package: UsedPackage) -> Bool? {
            switch self {
            case .sourceOnly: return package.isBuilt
            case .direct: return package.isDirect
            case .with(let name): return package.companions.contains(name)
            case .without(let name): return !package.companions.contains(name)
            case .atLeast(let bound), .below(let bound):
                let isBelow = newest(package.version).map { $0.lexicographicallyPrecedes(bound) } ?? false
                if case .below = self { return isBelow }
                return !isBelow
            }
        }
    }
}

/// A package of a language as a project uses it.
struct UsedPackage {
    let name: String
    /// Its version or the constraint on it; empty for none.
    var version = ""
    /// Whether it is compiled when it is installed; nil where that depends on what its registry holds.
    var isBuilt: Bool?
    /// What decides over its features: the other packages of the project, or its own locked dependencies.
    var companions: Set<String> = []
    /// Whether the project itself names it.
    var isDirect = true
    /// Whether only tests and development use it.
    var isForDevelopment = false
    /// Whether the project does without it.
    var isOptional = false
    let evidence: Evidence
}

extension ProjectFindings {
    /// What a language's package needs of the system by a table; false where that is nothing to build it.
    @discardableResult
    mutating func needs(of package: UsedPackage, in table: PackageNeeds) -> Bool {
        var isBuilt = false
        let reason = package.version.isEmpty ? package.name : "\(package.name) \(package.version)"
        for (need, isUncertain) in table.needs(of: package) {
            let isOptional = package.isOptional || isUncertain
            let words = isUncertain ? "\(reason), where no prebuilt file fits" : reason
            for (requirements, phase) in [(need.build, SystemFinding.Phase.build), (need.run, .run)] {
                for requirement in requirements {
                    system(
                        requirement, package.isForDevelopment ? .test : phase, isOptional: isOptional, reason: words,
                        package.evidence)
                }
            }
            if !need.build.isEmpty, !isOptional { isBuilt = true }
        }
        return isBuilt
    }

    mutating func needs(of name: String, in table: PackageNeeds, version: String = "", _ evidence: Evidence) {
        needs(of: UsedPackage(name: name, version: version, evidence: evidence), in: table)
    }
}

extension SystemRequirement {
    /// A name of a table: of a package, or `pkgconfig:x` or `program:x` for what provides it in the suite.
    init(tableName name: String) {
        if name.hasPrefix("pkgconfig:") {
            self = .pkgConfig(String(name.dropFirst("pkgconfig:".count)))
        } else if name.hasPrefix("program:") {
            self = .program(String(name.dropFirst("program:".count)))
        } else {
            self = .package(name)
        }
    }
}

private func requirements(_ field: String) -> [SystemRequirement] {
    field == "-" ? [] : field.split(separator: " ").map { SystemRequirement(tableName: String($0)) }
}

/// The newest version that a constraint admits, as far as its first clause says; nil where it has no end. A version
/// admits itself.
private func newest(_ constraint: String) -> [Int]? {
    var version = numbers(constraint)
    let operation = constraint.prefix { !$0.isNumber }.filter { !$0.isWhitespace && $0 != "v" && $0 != "=" }
    if version.isEmpty || operation.hasPrefix(">") || constraint.contains("|") { return nil }
    let end = 1 << 30
    switch operation {
    case "~>" where version.count > 1: version[version.count - 1] = end
    case "~": version = Array(version.prefix(2)) + [end]
    case "^":
        // Below 1 the second number counts as the first.
        let fixed = version[0] == 0 ? 2 : 1
        version = Array(version.prefix(fixed)) + [end]
    default: break
    }
    return version
}

/// The first dotted number of a version or constraint.
private func numbers(_ text: some StringProtocol) -> [Int] {
    text.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
}
