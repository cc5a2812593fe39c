//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

extension ProjectFindings {
    /// What the packages of a Node project need of the system: the direct ones of all its manifests, and those that
    /// they lead to by the lockfile.
    mutating func nodeNeeds(_ manifests: [NodeManifest], lockfile path: String?) {
        let direct = manifests.flatMap { manifest in manifest.dependencies().map { (manifest, $0) } }
        let lock = path.map {
            NodeLockfile($0, table: packageNeeds, roots: direct.map(\.1), repository)
        }
        let names = Set(direct.map(\.1.name)).union(lock?.names ?? [])
        // Of a package in two versions the newest counts, of one with two uses the stricter.
        var locked: [String: LockedNodePackage] = [:]
        for package in lock?.packages ?? [] {
            guard let known = locked[package.name] else {
                locked[package.name] = package
                continue
            }
            locked[package.name]?.isForDevelopment = known.isForDevelopment && package.isForDevelopment
            locked[package.name]?.isOptional = known.isOptional && package.isOptional
        }
        var seen: Set<String> = []
        for (manifest, dependency) in direct {
            guard seen.insert(dependency.name).inserted else { continue }
            let package = locked[dependency.name]
            let uses = direct.map(\.1).filter { $0.name == dependency.name }
            report(
                dependency.name, version: package.flatMap { $0.version.isEmpty ? nil : $0.version } ?? dependency.range,
                package, names, isDirect: true, isForDevelopment: uses.allSatisfy(\.isForDevelopment),
                isOptional: uses.allSatisfy(\.isOptional), Evidence(manifest.path, line: dependency.line))
        }
        browserVariables(direct.map { ($0.1, Evidence($0.0.path, line: $0.1.line)) }, names)
        guard let path else { return }
        for package in lock?.packages ?? [] where seen.insert(package.name).inserted {
            let package = locked[package.name] ?? package
            report(
                package.name, version: package.version, package, names, isDirect: false,
                isForDevelopment: package.isForDevelopment, isOptional: package.isOptional,
                Evidence(path, line: package.line))
        }
    }

    private mutating func report(
        _ name: String, version: String, _ locked: LockedNodePackage?, _ names: Set<String>, isDirect: Bool,
        isForDevelopment: Bool, isOptional: Bool, _ evidence: Evidence
    ) {
        let package = UsedPackage(
            name: name, version: version, isBuilt: nil, companions: names, isDirect: isDirect,
            isForDevelopment: isForDevelopment, isOptional: isOptional, evidence: evidence)
        if packageNeeds.contains(name) {
            needs(of: package, in: packageNeeds)
        } else if let locked, locked.isCompiled {
            for tool in ["g++", "make", "python3"] {
                system(
                    .package(tool), isForDevelopment ? .test : .build, isOptional: isOptional,
                    reason: "\(name) \(version) is built by node-gyp", evidence)
            }
        }
    }

    /// Where packages that bring no browser find the one of the system.
    private mutating func browserVariables(
        _ dependencies: [(dependency: NodeDependency, evidence: Evidence)], _ names: Set<String>
    ) {
        if names.contains("puppeteer") { return }
        for (package, variable) in browserUsers {
            guard let use = dependencies.first(where: { $0.dependency.name == package }) else { continue }
            let finding = VariableFinding(variable, value: "/usr/bin/chromium", evidence: use.evidence)
            add(.variable(finding))
        }
    }

    /// Sources that node-gyp builds into the project itself ([node-gyp](https://github.com/nodejs/node-gyp)).
    mutating func nodeSources(in directory: String) -> Bool {
        let path = joinPath(directory, "binding.gyp")
        guard repository.contains(path) else { return false }
        for tool in ["g++", "make", "python3"] {
            system(.package(tool), reason: "the project is built by node-gyp", Evidence(path))
        }
        return true
    }
}

/// The packages that start Chromium, and the variable that tells each where it is.
private let browserUsers = [
    ("karma-chrome-launcher", "CHROME_BIN"), ("chrome-launcher", "CHROME_PATH"), ("lighthouse", "CHROME_PATH"),
    ("@lhci/cli", "CHROME_PATH"), ("puppeteer-core", "PUPPETEER_EXECUTABLE_PATH"),
]
private let packageNeeds = PackageNeeds("Node/system-packages.tsv")
