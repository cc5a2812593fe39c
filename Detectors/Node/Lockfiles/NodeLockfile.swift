//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A package in a lockfile of Node.
struct LockedNodePackage {
    let name: String
    var version = ""
    /// Whether the package is there for development only.
    var isForDevelopment = false
    /// Whether the installation succeeds without it.
    var isOptional = false
    /// Whether it can be installed on Linux.
    var isForLinux = true
    /// Whether it has a step of its own in the installation; nil where the format does not say.
    var hasInstallScript: Bool?
    /// Those of its dependencies that tell how it is built.
    var buildTools: Set<String> = []
    let line: Int

    /// Whether it is compiled by node-gyp, and has nothing that fetches a compiled file first.
    var isCompiled: Bool {
        hasInstallScript == true && !buildTools.isDisjoint(with: compilingTools)
            && buildTools.isDisjoint(with: fetchingTools)
    }
}

/// The packages of a lockfile that may need something of the system, and the names of all.
struct NodeLockfile {
    private(set) var packages: [LockedNodePackage] = []
    private(set) var names: Set<String> = []

    /// Reads a lockfile of any manager.
    ///
    /// - Parameters:
    ///   - path: Its path.
    ///   - table: Which packages are of interest.
    ///   - roots: The direct dependencies of the project and its members, from which those for development are told
    ///     where the format does not.
    init(_ path: String, table: PackageNeeds, roots: [NodeDependency], _ repository: Repository) {
        guard let bytes = repository.largeBytes(path) else { return }
        let name = path.split(separator: "/").last ?? ""
        let all: [LockedNodePackage]
        switch name {
        case "pnpm-lock.yaml": all = pnpmPackages(bytes)
        case "yarn.lock": all = yarnPackages(bytes, roots: roots)
        case "bun.lock", "package-lock.json", "npm-shrinkwrap.json":
            let scanner = JSONScanner(bytes)
            all = name == "bun.lock" ? bunPackages(scanner, roots: roots) : npmPackages(scanner)
            if let line = scanner.faultyLine {
                repository.warn(Evidence(path, line: line), "the lockfile is malformed")
            }
        default: return
        }
        for package in all where package.isForLinux {
            names.insert(package.name)
            if table.contains(package.name) || package.isCompiled { packages.append(package) }
        }
    }
}

/// What a direct dependency is there for.
enum NodeDependencyKind {
    case runtime, optional, development
}

/// Marks what only dependencies for development lead to, and what only optional ones do.
func markKinds(
    of packages: inout [LockedNodePackage], _ graph: DependencyGraph, roots: [(key: String, kind: NodeDependencyKind)]
) {
    func reached(_ kind: NodeDependencyKind) -> Set<Int> {
        graph.reached(from: roots.filter { $0.kind == kind }.map(\.key))
    }
    let (runtime, optional, development) = (reached(.runtime), reached(.optional), reached(.development))
    for index in packages.indices where !runtime.contains(index) {
        if optional.contains(index) {
            packages[index].isOptional = true
        } else if development.contains(index) {
            packages[index].isForDevelopment = true
        }
    }
}

extension NodeDependency {
    var kind: NodeDependencyKind { isForDevelopment ? .development : isOptional ? .optional : .runtime }
}

private let compilingTools: Set<String> = ["nan", "node-addon-api", "bindings", "node-gyp"]
/// With one of these among its dependencies a package fetches, or carries, a compiled file.
private let fetchingTools: Set<String> = [
    "prebuild-install", "node-pre-gyp", "@mapbox/node-pre-gyp", "node-gyp-build", "node-gyp-build-optional-packages",
    "prebuildify", "@discordjs/node-pre-gyp", "cmake-js", "pkg-prebuilds", "detect-libc",
]
/// Dependencies that tell how a package is built.
let buildToolNames: Set<String> = compilingTools.union(fetchingTools)

/// Whether a list of systems, some of them negated, admits Linux.
func admitsLinux(_ systems: [String]) -> Bool {
    if systems.contains("!linux") { return false }
    return systems.allSatisfy { $0.hasPrefix("!") } || systems.contains("linux") || systems.contains("any")
}
