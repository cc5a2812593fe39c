//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Versions
import YAML

/// `1.8`, `1.8.0_292` and `VERSION_1_8` are 8.
func javaRelease(_ text: String) -> String {
    var text = text.trimmingSpaces
    for prefix in ["VERSION_", "JVM_"] where text.hasPrefix(prefix) {
        text = text.dropFirst(prefix.count).split(separator: "_").joined(separator: ".")
    }
    return text.hasPrefix("1.") ? String(text.dropFirst(2).prefix { $0.isNumber }) : text
}

/// The number of the release that a text names; nil for what no release of Java is called.
func javaReleaseNumber(_ text: String) -> Int? {
    let release = javaRelease(text)
    guard let number = Int(release.prefix { $0 != "." && $0 != "+" && $0 != "-" && $0 != "_" }),
        (5...99).contains(number)
    else { return nil }
    return number
}

/// The version in a name such as `temurin-21.0.2`, `openjdk64-17.0.1` or `21.0.2-tem`; nil where there is none.
func javaVersion(inName text: String) -> String? {
    text.split(separator: "-").first { $0.first?.isNumber == true }.map { javaRelease(String($0)) }
}

extension ProjectFindings {
    /// The JDK has to be of this release or a later one.
    mutating func javaMinimum(_ version: String, _ evidence: Evidence) {
        guard let number = javaReleaseNumber(version) else { return }
        toolchain("java", .range, ">=\(number)", evidence)
    }

    /// The sources are compiled for this release, which compilers of later ones give up at some time
    /// ([JEP 182](https://openjdk.org/jeps/182)).
    mutating func javaSource(_ version: String, _ evidence: Evidence) {
        guard let number = javaReleaseNumber(version) else { return }
        let end = [5: 9, 6: 12, 7: 20][number].map { ", <\($0)" } ?? ""
        toolchain("java", .range, ">=\(number)\(end)", evidence)
    }

    /// What Maven's plugins demand of the JDK: a version, which is a minimum, or intervals
    /// ([Version Range](https://maven.apache.org/enforcer/enforcer-rules/versionRanges.html)).
    mutating func javaRequirement(_ text: String, _ evidence: Evidence) {
        guard let first = text.first, first == "[" || first == "(" || text.contains(",") else {
            return javaMinimum(text, evidence)
        }
        var constraint = ""
        var bound = ""
        for character in text where !character.isWhitespace {
            if "[](),".contains(character) {
                // `1.8.0-40` is a build of 8; Maven orders what stands behind a hyphen otherwise than Java does.
                constraint += javaRelease(String(bound.prefix { $0 != "-" })) + String(character)
                bound = ""
            } else {
                bound.append(character)
            }
        }
        add(
            .toolchain(
                ToolchainFinding(
                    tool: "java", kind: .range, constraint: constraint, dialect: .maven, evidence: evidence)))
    }

    /// The project is built with Java, whatever its version.
    mutating func needsJava(_ evidence: Evidence) {
        let isStated = findings.contains { finding in
            if case .toolchain(let statement) = finding { statement.tool == "java" } else { false }
        }
        if !isStated { toolchain("java", .hint, "", evidence) }
    }

    /// Files in `directory` that pin the JDK for whatever builds there.
    mutating func javaVersionFiles(in directory: String) {
        let file = joinPath(directory, ".java-version")
        for (index, line) in (repository.contains(file) ? repository.lines(file) : []).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            if text.isEmpty { continue }
            if let version = javaVersion(inName: text) {
                toolchain("java", .pin, version, Evidence(file, line: index + 1))
            }
            break
        }
        for entry in repository.properties(joinPath(directory, "system.properties"))
        where entry.key == "java.runtime.version" {
            if let version = javaVersion(inName: entry.value) { toolchain("java", .pin, version, entry.evidence) }
        }
    }

    /// Files that say less surely what the JDK is: read behind the manifests.
    mutating func weakJavaVersionFiles(in directory: String) {
        let file = joinPath(directory, ".jdk-version")
        if repository.contains(file), let line = repository.lines(file).first, let version = javaVersion(inName: line) {
            toolchain("java", .pin, version, Evidence(file, line: 1))
        }
        let jitpack = joinPath(directory, "jitpack.yml")
        guard repository.contains(jitpack), let root = repository.yaml(jitpack) else { return }
        for node in root["jdk"]?.sequence ?? [root["jdk"]].compactMap(\.self) {
            let digits = (node.string ?? "").drop { !$0.isNumber }
            if let number = javaReleaseNumber(String(digits)) {
                toolchain("java", .hint, "\(number)", Evidence(jitpack, line: node.line))
            }
        }
    }
}
