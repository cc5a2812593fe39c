//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The packages of a `Cargo.lock`, of any version of the format.
struct CargoLockfile {
    /// A package.
    struct Package {
        let name: String
        var version = ""
        /// Whether it comes from a registry or another repository, not from this one.
        var isForeign = false
        let line: Int
    }

    private(set) var packages: [Package] = []
    /// The names that `packages` use, in the same order.
    private(set) var dependencies: [[String]] = []

    init(_ bytes: [UInt8]) {
        var isList = false
        for line in ByteLines(bytes) {
            if isList {
                if line.hasPrefix("]") {
                    isList = false
                } else if let last = dependencies.indices.last, let name = tomlString(line.text) {
                    dependencies[last].append(name)
                }
                continue
            }
            if line.hasPrefix("name = "), let name = tomlString(line.text) {
                packages.append(Package(name: name, line: line.number))
                dependencies.append([])
            } else if line.hasPrefix("version = "), let last = packages.indices.last {
                if packages[last].version.isEmpty { packages[last].version = tomlString(line.text) ?? "" }
            } else if line.hasPrefix("source = "), let last = packages.indices.last {
                packages[last].isForeign = true
            } else if line.hasPrefix("dependencies = [") {
                isList = !line.text.hasSuffix("]")
            }
        }
    }

    /// The graph of the packages; of those in `members`, whose manifests say more, without what they use.
    func graph(leavingOut members: Set<String>) -> DependencyGraph {
        var graph = DependencyGraph()
        for (package, names) in zip(packages, dependencies) {
            let uses = package.isForeign || !members.contains(package.name) ? names : []
            graph.add(
                [package.name, "\(package.name) \(package.version)"],
                // `name version (source)`, where the name alone is not enough.
                using: uses.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }.filter {
                    !isForOtherTargets($0, of: package.name)
                })
        }
        return graph
    }
}

/// The string of a line of TOML.
private func tomlString(_ line: String) -> String? {
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.count > 2 ? String(parts[1]) : nil
}

/// Tools that a crate builds with only for targets for which it carries nothing prepared, which a lockfile does not
/// tell.
private func isForOtherTargets(_ name: String, of crate: String) -> Bool {
    crate == "aws-lc-sys" && (name.hasPrefix("bindgen") || name.hasPrefix("cmake"))
}
