//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// Reads Swift packages, and tells projects of Xcode.
struct SwiftDetector: Detector {
    let name = "swift"
    let summary = "Package.swift, Package.resolved, .swift-version, *.xcodeproj"

    var sources: [DetectorSource] {
        [
            DetectorSource(".swift-version", "version of Swift", kind: .pin),
            DetectorSource(
                "Package.swift, Package@swift-*.swift", "version of Swift, libraries of the system, products, tests",
                kind: .range),
            DetectorSource("Package.resolved", "locked packages"),
            DetectorSource("project.pbxproj, Podfile, Cartfile", "projects of Xcode"),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        let manifests = repository.manifests(named: "Package.swift")
        var project = ProjectFindings(repository)
        guard let first = manifests.first, first.depth <= 3 else {
            readXcode(&project)
            return project.findings
        }
        project.language("swift", Evidence(first.path))
        for folder in Set(["", first.directory]).sorted().reversed() {
            project.versionFile(".swift-version", tool: "swift", in: folder, prefixes: ["swift-", "v"])
        }
        var covered: [String] = []
        for file in manifests.prefix(100) {
            // Packages within a package are its plugins' tools, examples and the like, unless it has no own.
            let isNested = covered.contains { $0.isEmpty || file.directory.hasPrefix($0 + "/") }
            if isNested || file.depth > first.depth + 1 { continue }
            covered.append(file.directory)
            read(file, &project)
        }
        return project.findings
    }

    private func read(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let repository = project.repository
        let directory = file.directory
        let evidence = Evidence(file.path)
        let manifest = SwiftManifest(file.path, repository)
        readToolsVersion(manifest, in: directory, &project)
        let lock = joinPath(directory, "Package.resolved")
        let hasLock = repository.contains(lock)
        project.packageManager(
            "swift", lockfile: hasLock ? lock : nil, in: directory, hasLock ? Evidence(lock) : evidence)
        project.dependency("swift", .project(backend: nil, isNative: false), in: directory, evidence)
        if hasLock { project.dependency("swift", .lockfile(lock), in: directory, Evidence(lock)) }
        for package in manifest.localPackages {
            let folder = joinPath(directory, package.name)
            if folder != directory, repository.contains(joinPath(folder, "Package.swift")) {
                project.member(in: folder, of: "swift", package.evidence)
            }
        }
        readSystem(manifest, &project)
        readDependencies(manifest, lock: hasLock ? lock : nil, &project)
        readTasks(manifest, directory, &project)
    }

    /// The oldest toolchain that reads the package: manifests for older ones may lie beside the newest
    /// ([Version-specific Manifest Selection](https://docs.swift.org/package-manager/)).
    private func readToolsVersion(_ manifest: SwiftManifest, in directory: String, _ project: inout ProjectFindings) {
        var oldest = manifest.toolsVersion
        for file in project.repository.files(in: directory)
        where file.name.hasPrefix("Package@swift-") && file.name.hasSuffix(".swift") {
            guard let version = SwiftManifest(file.path, project.repository).toolsVersion else { continue }
            if let known = oldest, !numbers(version.name).lexicographicallyPrecedes(numbers(known.name)) { continue }
            oldest = version
        }
        guard let oldest else {
            // Without the line, the manifest is one of Swift 3.
            return project.toolchain("swift", .hint, "", Evidence(manifest.path))
        }
        project.toolchain("swift", .range, ">=\(oldest.name)", oldest.evidence)
    }

    private func numbers(_ version: String) -> [Int] { version.split(separator: ".").compactMap { Int($0) } }

    private func readSystem(_ manifest: SwiftManifest, _ project: inout ProjectFindings) {
        for library in manifest.systemLibraries {
            for package in library.packages {
                project.system(.package(package), reason: library.name, library.evidence)
            }
            if library.packages.isEmpty, let module = library.module {
                project.system(.pkgConfig(module), reason: library.name, library.evidence)
            }
        }
        for library in manifest.linkedLibraries where !librariesOfToolchain.contains(library.name) {
            project.system(.library(library.name), library.evidence)
        }
    }

    /// Packages that need the system or a service: those that are locked, or those of the manifest.
    private func readDependencies(_ manifest: SwiftManifest, lock: String?, _ project: inout ProjectFindings) {
        var items = manifest.dependencies.map { ($0.name, "", $0.evidence) }
        let direct = Set(manifest.dependencies.map(\.name))
        if let lock, let root = project.repository.json(lock) {
            for pin in (root["pins"] ?? root["object"]?["pins"])?.array ?? [] {
                let address = pin["location"]?.string ?? pin["repositoryURL"]?.string ?? ""
                var name = pin["identity"]?.string ?? address.split(separator: "/").last.map(String.init) ?? ""
                name = name.lowercased()
                if name.hasSuffix(".git") { name = String(name.dropLast(4)) }
                if direct.contains(name) { continue }
                items.append((name, pin["state"]?["version"]?.string ?? "", Evidence(lock, line: pin.line)))
            }
        }
        for (name, version, evidence) in items {
            project.needs(of: name, in: swiftNeeds, version: version, evidence)
            for service in serviceNames(ofClient: name, in: "swift") {
                project.service(service, isSuggestion: true, evidence)
            }
            if direct.contains(name), let port = serverPorts[name] {
                project.add(.port(PortFinding(port, evidence: evidence)))
            }
        }
    }

    private func readTasks(_ manifest: SwiftManifest, _ directory: String, _ project: inout ProjectFindings) {
        let evidence = Evidence(manifest.path)
        let repository = project.repository
        project.task("install", "swift package resolve", .inferred, in: directory, evidence)
        project.task("build", "swift build", .inferred, in: directory, evidence)
        let tests = joinPath(directory, "Tests")
        let hasTests = repository.checkout.files.contains {
            $0.path.hasPrefix(tests + "/") && $0.name.hasSuffix(".swift")
        }
        if let test = manifest.testTargets.first {
            project.task("test", "swift test", .inferred, in: directory, test.evidence)
        } else if hasTests {
            project.task("test", "swift test", .inferred, in: directory, evidence)
        }
        for name in [".swift-format", ".swiftlint.yml", ".swiftformat"] {
            let path = joinPath(directory, name)
            guard repository.contains(path) else { continue }
            let command =
                switch name {
                case ".swift-format": "swift format lint --strict --recursive ."
                case ".swiftlint.yml": "swiftlint lint"
                default: "swiftformat --lint ."
                }
            project.task("lint", command, .inferred, in: directory, Evidence(path))
            break
        }
        // Products are what users run; without any, each executable target is one.
        let programs = manifest.executableProducts.isEmpty ? manifest.executableTargets : manifest.executableProducts
        let main = programs.first { $0.name == manifest.name } ?? (programs.count == 1 ? programs.first : nil)
        if let main {
            project.task("start", "swift run \(shellQuoted(main.name))", .inferred, in: directory, main.evidence)
        }
    }

    /// A project of Xcode without a package is built on Apple's systems only; what is installed for it is locked.
    private func readXcode(_ project: inout ProjectFindings) {
        let repository = project.repository
        let projects = repository.manifests(named: "project.pbxproj").filter { $0.directory.hasSuffix(".xcodeproj") }
        guard let file = projects.first, file.depth <= 4,
            repository.files(withExtension: "swift").contains(where: { !repository.isSecondary($0.path) })
        else { return }
        project.language("swift", Evidence(file.path))
        for (name, manager) in [("Podfile", "pod"), ("Cartfile", "carthage")] {
            guard let manifest = repository.manifests(named: name).first else { continue }
            let lock = joinPath(manifest.directory, name == "Podfile" ? "Podfile.lock" : "Cartfile.resolved")
            project.packageManager(
                manager, lockfile: repository.contains(lock) ? lock : nil, in: manifest.directory,
                Evidence(manifest.path))
        }
    }
}

private let swiftNeeds = PackageNeeds("Swift/system-packages.tsv")
/// On which ports servers listen unless told otherwise, by the package.
private let serverPorts = ["vapor": 8080, "hummingbird": 8080, "kitura": 8080]
private let librariesOfToolchain: Set<String> = [
    "m", "c", "c++", "stdc++", "pthread", "dl", "rt", "util", "Foundation", "FoundationEssentials", "dispatch",
    "BlocksRuntime", "objc", "resolv",
]
