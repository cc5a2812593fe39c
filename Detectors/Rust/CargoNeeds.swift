//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

/// What the crates of a workspace need of the system.
struct CargoNeeds {
    private let members: [CargoManifest]
    /// Features of members that are on: the default ones and what other members ask for.
    private var features: [String: Set<String>] = [:]

    init(_ members: [CargoManifest]) {
        self.members = members
        let names = Set(members.compactMap(\.name))
        for member in members {
            features[member.name ?? "", default: []].insert("default")
            for dependency in member.dependencies where names.contains(dependency.name) {
                features[dependency.name, default: []].formUnion(dependency.features)
            }
        }
    }

    /// The direct dependencies of the members, optional ones unless a feature that is on switches them on.
    private var direct: [(manifest: CargoManifest, dependency: CargoManifest.Dependency)] {
        members.flatMap { member in
            let isOn = member.switchedOn(by: features[member.name ?? ""] ?? [])
            return member.dependencies.map { dependency in
                var dependency = dependency
                if isOn.contains(dependency.key) { dependency.isOptional = false }
                return (member, dependency)
            }
        }
    }

    /// By the lockfile: what the members' dependencies lead to.
    func report(_ lockfile: CargoLockfile, at path: String, _ project: inout ProjectFindings) {
        let names = Set(members.compactMap(\.name))
        let graph = lockfile.graph(leavingOut: names)
        let direct = self.direct
        func reached(_ isWanted: (CargoManifest.Dependency) -> Bool) -> Set<Int> {
            graph.reached(from: direct.map(\.dependency).filter(isWanted).map(\.name))
        }
        // Without a manifest, or with a lockfile older than it, nothing tells what is for tests.
        let isStale = direct.contains { graph.packages(named: $0.dependency.name).isEmpty }
        let everything = Set(lockfile.packages.indices)
        let required =
            members.isEmpty || isStale ? everything : reached { $0.kind != .development && !$0.isOptional }
        let development = reached { $0.kind == .development }
        let optional = reached { $0.isOptional }
        for (index, package) in lockfile.packages.enumerated() {
            let isMember = !package.isForeign && names.contains(package.name)
            // What nothing leads to is for other systems.
            guard isMember || [required, development, optional].contains(where: { $0.contains(index) }) else {
                continue
            }
            let isRequired = isMember || required.contains(index)
            let isForDevelopment = !isRequired && development.contains(index)
            let companions = lockfile.dependencies[index].compactMap { $0.split(separator: " ").first.map(String.init) }
            project.needs(
                of: UsedPackage(
                    name: package.name, version: package.version, companions: Set(companions),
                    isForDevelopment: isForDevelopment, isOptional: !isRequired && !isForDevelopment,
                    evidence: Evidence(path, line: package.line)),
                in: crateNeeds)
        }
    }

    /// Without a lockfile: what is known of the direct dependencies.
    func report(_ project: inout ProjectFindings) {
        for (manifest, dependency) in direct {
            let evidence = Evidence(manifest.path, line: dependency.line)
            var used = UsedPackage(
                name: dependency.name, version: dependency.version, companions: dependency.features,
                isForDevelopment: dependency.kind == .development, isOptional: dependency.isOptional,
                evidence: evidence)
            let crates = Set(
                systemCrates.needs(of: used).flatMap { need, _ in
                    need.build.compactMap { if case .package(let name) = $0 { name } else { nil } }
                } + [dependency.name])
            // The features of a crate that carries its library's sources are mostly called so.
            if !dependency.features.isDisjoint(with: ["vendored", "bundled", "bundled-full", "static"]) {
                used.companions = ["cc", "openssl-src", "pq-src", "mysqlclient-src", "lua-src"]
            } else {
                used.companions = []
            }
            for crate in crates.sorted() {
                let version = crate == dependency.name ? dependency.version : ""
                project.needs(
                    of: UsedPackage(
                        name: crate, version: version, companions: used.companions,
                        isForDevelopment: used.isForDevelopment, isOptional: used.isOptional, evidence: evidence),
                    in: crateNeeds)
            }
        }
        for member in members {
            guard let name = member.name, crateNeeds.contains(name) else { continue }
            project.needs(of: name, in: crateNeeds, Evidence(member.path, line: member.package?["name"]?.line))
        }
    }

    /// What the members' own build scripts look for, and the table of [system-deps](https://docs.rs/system-deps).
    func reportBuildScripts(_ project: inout ProjectFindings) {
        for member in members {
            for pair in member.package?["metadata"]?["system-deps"]?.table ?? [] {
                let isCondition = pair.key.hasPrefix("cfg(")
                if isCondition, !holdsOnLinux(pair.key) { continue }
                for library in isCondition ? pair.value.table ?? [] : [pair] {
                    let name = library.value["name"]?.string ?? library.key
                    project.system(
                        .pkgConfig(name), .build, isOptional: library.value["optional"]?.bool == true,
                        Evidence(member.path, line: library.value.line))
                }
            }
            let script = joinPath(member.directory, member.package?["build"]?.string ?? "build.rs")
            CargoBuildScript(script, member).report(&project)
        }
    }
}

private let crateNeeds = PackageNeeds("Rust/system-packages.tsv")
private let systemCrates = PackageNeeds("Rust/system-crates.tsv")
