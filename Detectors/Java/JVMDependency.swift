//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// A library or plugin of a JVM project by its coordinates in Maven's repositories.
struct JVMDependency: Hashable {
    let group: String
    let name: String
    let version: String
    let isForTests: Bool
    let evidence: Evidence

    init(_ group: String, _ name: String, version: String = "", isForTests: Bool = false, evidence: Evidence) {
        self.group = group
        self.name = name
        self.version = version
        self.isForTests = isForTests
        self.evidence = evidence
    }

    /// Reads `group:name:version`; nil for anything else.
    init?(coordinates text: String, isForTests: Bool = false, evidence: Evidence) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, parts.count <= 5, parts[0...1].allSatisfy(isCoordinate) else { return nil }
        let version = parts.count > 2 ? String(parts[2].prefix { $0 != "@" }) : ""
        self.init(
            parts[0], parts[1], version: version.contains("$") ? "" : version, isForTests: isForTests,
            evidence: evidence)
    }
}

private func isCoordinate(_ text: String) -> Bool {
    !text.isEmpty && text.first != "."
        && text.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
                || "_-.".utf8.contains(byte)
        }
}

extension ProjectFindings {
    /// What libraries need of the system, and the services that they are clients of.
    mutating func jvmDependencies(_ dependencies: [JVMDependency]) {
        var known: Set<String> = []
        for dependency in dependencies where known.insert("\(dependency.group):\(dependency.name)").inserted {
            for key in ["\(dependency.group):\(dependency.name)", dependency.group] {
                needs(
                    of: UsedPackage(
                        name: key, version: dependency.version, isForDevelopment: dependency.isForTests,
                        evidence: dependency.evidence), in: jvmNeeds)
                for name in serviceNames(ofClient: key.lowercased(), in: "java") {
                    service(name, isSuggestion: true, dependency.evidence)
                }
            }
        }
    }
}

private let jvmNeeds = PackageNeeds("Java/system-packages.tsv")
