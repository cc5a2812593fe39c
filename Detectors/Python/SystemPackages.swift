//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reports the Debian packages that the distributions in use need, by the table that ships with the tool.
    mutating func reportSystemPackages() {
        var seen: Set<String> = []
        var pinned: [(name: String, extras: [String], reason: String, evidence: Evidence)] = []
        var namesInUse: Set<String> = []
        for declaration in declarations where declaration.role == .build || rolesForTesting.contains(declaration.role) {
            let requirement = declaration.requirement
            guard markerMayHold(requirement.marker) else { continue }
            if declaration.role == .runtime || declaration.role == .build { namesInUse.insert(requirement.name) }
            let version = requirement.pinnedVersion.map { " \($0)" } ?? ""
            pinned.append((requirement.name, requirement.extras, requirement.name + version, declaration.evidence))
        }
        // What is declared for tests and development only is for those.
        let namesForTests = Set(pinned.map(\.name)).subtracting(namesInUse)
        for (name, evidence) in locked.sorted(by: { $0.key < $1.key }) { pinned.append((name, [], name, evidence)) }
        if let name, let manifest {
            // The project itself is built from source whatever its wheels hold.
            for row in systemTable[canonicalName(name)] ?? [] {
                for package in row.build {
                    system(
                        SystemRequirement(tableName: package), .build, reason: "\(name) is built", evidence: manifest)
                }
                for package in row.run {
                    system(SystemRequirement(tableName: package), .run, reason: "\(name) uses it", evidence: manifest)
                }
            }
            seen.insert(canonicalName(name))
        }
        if manifest != nil, !isApplication, let nativeEvidence {
            // Without them an optional extension is left out in silence, and a project that needs its own fails.
            let reason = "the project compiles an extension module"
            system(.program("gcc"), .build, reason: reason, evidence: nativeEvidence)
            system(.package("python3-dev"), .build, reason: reason, evidence: nativeEvidence)
        }
        for entry in pinned where seen.insert(entry.name).inserted {
            guard let rows = systemTable[entry.name] else { continue }
            let isForTests = namesForTests.contains(entry.name)
            let extras = Set(pinned.filter { $0.name == entry.name }.flatMap(\.extras))
            for row in rows {
                if row.condition == "not-binary", !extras.isDisjoint(with: ["binary", "all-binary"]) { continue }
                let isOptional = row.condition == "sdist-only"
                let need = isOptional ? "\(entry.reason), where no wheel fits" : entry.reason
                for package in row.build {
                    system(
                        SystemRequirement(tableName: package), isForTests ? .test : .build, isOptional: isOptional,
                        reason: need,
                        evidence: entry.evidence)
                }
                for package in row.run {
                    system(
                        SystemRequirement(tableName: package), isForTests ? .test : .run, isOptional: isOptional,
                        reason: need,
                        evidence: entry.evidence)
                }
            }
        }
    }
}

/// Whether an environment marker can hold for some CPython 3 on Linux: only clauses about the platform and about
/// Python 2 decide.
func markerMayHold(_ marker: String) -> Bool {
    guard !marker.isEmpty else { return true }
    return marker.parts(separatedBy: " or ").contains { alternative in
        alternative.parts(separatedBy: " and ").allSatisfy { clauseMayHold($0) }
    }
}

private func clauseMayHold(_ clause: String) -> Bool {
    let words = clause.split { $0 == " " || $0 == "(" || $0 == ")" }.joined(separator: " ")
    let literal = String(words.drop { $0 != "\"" && $0 != "'" }.dropFirst().prefix { $0 != "\"" && $0 != "'" })
    let isEqual = words.contains("==")
    let isDifferent = words.contains("!=")
    guard isEqual || isDifferent || words.contains("<") else { return true }
    if words.contains("python_version") || words.contains("python_full_version") {
        let isOld = literal.hasPrefix("2") || literal == "3" || literal == "3.0"
        return !(isOld && (isEqual || words.contains("<")))
    }
    let expected = [
        "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    ]
    for (variable, value) in expected.sorted(by: { $0.key < $1.key }) where words.contains(variable) {
        let holds = literal == value || (literal == "linux2" && value == "linux")
        return isEqual ? holds : isDifferent ? !holds : true
    }
    return true
}

private struct SystemRow: Sendable {
    let condition: String
    let build: [String]
    let run: [String]
}

/// The table of distributions, by normalised name.
private let systemTable: [String: [SystemRow]] = {
    let rows = DataTable("Python/system-packages.tsv").rows.filter { $0.count == 4 }
    return Dictionary(grouping: rows) { $0[0] }.mapValues { rows in
        rows.map { row in
            SystemRow(
                condition: row[1], build: row[2].split(separator: " ").map(String.init),
                run: row[3].split(separator: " ").map(String.init))
        }
    }
}()
