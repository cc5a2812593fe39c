//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// A project file of .NET with what it takes from `Directory.Build.props`
/// ([Customize your build](https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory)).
struct MSBuildProject {
    struct Package: Hashable {
        let name: String
        let version: String
        let evidence: Evidence
    }

    /// A target framework: `net8.0`, `netcoreapp3.1`, `netstandard2.0`, `net48`.
    struct Framework: Hashable {
        let name: String
        let evidence: Evidence

        /// The release of .NET (or .NET Core) that it needs; nil for .NET Framework and .NET Standard.
        var release: String? {
            let base = name.lowercased().prefix { $0 != "-" }
            if base.hasPrefix("netcoreapp") { return number(base.dropFirst(10)) }
            guard base.hasPrefix("net"), let text = number(base.dropFirst(3)), text.contains("."),
                let major = Int(text.prefix { $0 != "." }), major >= 5
            else { return nil }
            return text
        }

        /// Whether it is .NET Framework, which runs on Windows and on Mono.
        var isFramework: Bool {
            let base = name.lowercased()
            if base.hasPrefix("v"), base.dropFirst().first?.isNumber == true { return true }
            return base.hasPrefix("net") && release == nil && base.dropFirst(3).first?.isNumber == true
        }

        private func number(_ text: Substring) -> String? {
            !text.isEmpty && text.allSatisfy { $0.isNumber || $0 == "." } ? String(text) : nil
        }
    }

    let path: String
    let sdk: String
    private(set) var packages: [Package] = []
    private var properties: [String: (value: String, evidence: Evidence)] = [:]
    private var fallbacks: [String: (value: String, evidence: Evidence)] = [:]
    private let repository: Repository

    /// Reads the project at `path`; nil where it is not XML.
    init?(_ path: String, _ repository: Repository, _ files: inout MSBuildFiles) {
        guard let root = files.root(path) else { return nil }
        self.path = path
        self.repository = repository
        for (name, value) in ["os": "Unix", "msbuildruntimetype": "Core", "configuration": "Debug"] {
            properties[name] = (value, Evidence(path))
        }
        let imported = root.descendants(named: "Import").compactMap { $0.attributes["Sdk"] }.first
        sdk = root.attributes["Sdk"] ?? root["Sdk"]?.attributes["Name"] ?? imported ?? ""
        for file in files.imports(ofFolder: parentPath(path)) {
            if let props = files.root(file) { read(props, file, versions: [:], &files) }
        }
        if let file = files.centralFile(ofFolder: parentPath(path)), let props = files.root(file) {
            read(props, file, versions: [:], &files)
        }
        let versions = files.centralVersions(ofFolder: parentPath(path)).mapValues(expanded)
        for (index, package) in packages.enumerated() where package.version.isEmpty {
            packages[index] = Package(
                name: package.name, version: versions[package.name.lowercased()] ?? "", evidence: package.evidence)
        }
        read(root, path, versions: versions, &files)
        // What a project sets is known to the targets, which are read behind it.
        if let file = files.targets(ofFolder: parentPath(path)), let targets = files.root(file) {
            read(targets, file, versions: versions, &files)
        }
        let config = joinPath(parentPath(path), "packages.config")
        if repository.contains(config), let list = files.root(config) {
            for element in list.children(named: "package") {
                guard let name = element.attributes["id"] else { continue }
                packages.append(
                    Package(
                        name: name, version: element.attributes["version"] ?? "",
                        evidence: Evidence(config, line: element.line)))
            }
        }
    }

    private mutating func read(
        _ root: XMLElement, _ path: String, versions: [String: String], _ files: inout MSBuildFiles, depth: Int = 0
    ) {
        let folder = parentPath(path)
        for element in root.children {
            let isMet = holds(element.attributes["Condition"], in: folder)
            switch element.name {
            case "PropertyGroup": readProperties(element, path, isMet: isMet)
            case "Choose":
                var isChosen = false
                for choice in element.children where choice.name == "When" || choice.name == "Otherwise" {
                    let isMet =
                        !isChosen && (choice.name == "Otherwise" || holds(choice.attributes["Condition"], in: folder))
                    for group in choice.children(named: "PropertyGroup") { readProperties(group, path, isMet: isMet) }
                    isChosen = isChosen || isMet
                }
            case "ItemGroup":
                // What files for all projects say under a condition is not for each of them.
                let isForOthers = path != self.path && outcome(element.attributes["Condition"], in: folder) == false
                if !isForOthers, !isForWindows(element.attributes["Condition"], in: folder) {
                    readPackages(element, path, versions: versions)
                }
            case "Import":
                guard isMet, depth < 5, let name = element.attributes["Project"] else { continue }
                let file = expanded(
                    name.replacing(text: "$(MSBuildThisFileDirectory)", with: "")
                        .replacing(text: "$(MSBuildProjectDirectory)", with: "")
                ).replacing(text: "\\", with: "/")
                let target = joinPath(folder, file)
                // `Directory.Build.props` is read before, from wherever it is.
                guard !file.hasSuffix("Directory.Build.props"), target != path, let other = files.root(target)
                else { continue }
                read(other, target, versions: versions, &files, depth: depth + 1)
            default: break
            }
        }
    }

    /// What is set under a condition that is not known to be met stands in where nothing else is set.
    private mutating func readProperties(_ group: XMLElement, _ path: String, isMet: Bool) {
        for element in group.children.prefix(5_000) where element.children.isEmpty {
            let name = element.name.lowercased()
            let value = (expanded(element.text), Evidence(path, line: element.line))
            if isMet, holds(element.attributes["Condition"], in: parentPath(path)) {
                properties[name] = value
            } else if name.hasPrefix("targetframework"), fallbacks[name] == nil,
                value.0.lowercased().range(ofText: "windows") == nil
            {
                fallbacks[name] = value
            }
        }
    }

    private mutating func readPackages(_ group: XMLElement, _ path: String, versions: [String: String]) {
        for element in group.children
        where element.name == "PackageReference" || element.name == "GlobalPackageReference" {
            guard let name = element.attributes["Include"], !name.contains("$"),
                !isForWindows(element.attributes["Condition"], in: parentPath(path))
            else { continue }
            let version =
                element.attributes["VersionOverride"] ?? element.attributes["Version"] ?? element["Version"]?.text
                ?? versions[name.lowercased()]
            packages.append(
                Package(name: name, version: expanded(version ?? ""), evidence: Evidence(path, line: element.line)))
        }
    }

    /// Whether a condition asks for another system; one for another framework does not count, as there may be several.
    private func isForWindows(_ condition: String?, in folder: String) -> Bool {
        guard let condition else { return false }
        let text = condition.lowercased()
        guard text.range(ofText: "$(os)") != nil || text.range(ofText: "isosplatform") != nil else { return false }
        return outcome(condition, in: folder) == false
    }

    /// Whether a condition is met on Linux; of what is not known, that it is not.
    private func holds(_ condition: String?, in folder: String) -> Bool { outcome(condition, in: folder) == true }

    private func outcome(_ condition: String?, in folder: String) -> Bool? {
        guard let condition, !condition.trimmingSpaces.isEmpty else { return true }
        guard condition.utf8.count < 5_000 else { return nil }
        let repository = repository
        return MSBuildCondition(condition, expand: expanded) { path in
            let file = joinPath(folder, path)
            return repository.contains(file) || repository.hasDirectory(file)
        }.holds
    }

    /// The text with properties replaced; those that are not known are empty, as MSBuild has it.
    private func expanded(_ text: String) -> String {
        var text = text
        for _ in 0..<20 {
            guard text.utf8.count < 1_000, let open = text.range(ofText: "$("),
                let close = text[open...].firstIndex(of: ")")
            else { break }
            let name = text[open...].dropFirst(2).prefix { $0 != ")" }.lowercased()
            text = String(text[..<open]) + (properties[name]?.value ?? "") + String(text[text.index(after: close)...])
        }
        return text
    }

    /// A property's value; nil where nothing sets it.
    func property(_ name: String) -> (value: String, evidence: Evidence)? {
        properties[name.lowercased()].flatMap { $0.value.isEmpty ? nil : $0 }
    }

    /// What the project is built for.
    var frameworks: [Framework] {
        guard
            let (value, evidence) = property("TargetFrameworks") ?? property("TargetFramework")
                ?? property("TargetFrameworkVersion") ?? fallbacks["targetframeworks"] ?? fallbacks["targetframework"]
                ?? fallbacks["targetframeworkversion"]
        else { return [] }
        return value.split(separator: ";").map { Framework(name: $0.trimmingSpaces, evidence: evidence) }
            .filter { !$0.name.isEmpty }
    }

    /// Whether it is for .NET Framework alone, as projects of the old form are unless they say otherwise.
    var isFrameworkOnly: Bool { frameworks.isEmpty ? sdk.isEmpty : frameworks.allSatisfy(\.isFramework) }

    var isTest: Bool {
        if let (value, _) = property("IsTestProject") { return value.lowercased() == "true" }
        let runners: Set<String> = ["microsoft.net.test.sdk", "tunit", "mstest", "xunit.v3", "expecto"]
        return packages.contains { runners.contains($0.name.lowercased()) } || sdk.hasPrefix("MSTest.Sdk")
    }

    var isWeb: Bool { sdk.hasPrefix("Microsoft.NET.Sdk.Web") || sdk.hasPrefix("Microsoft.NET.Sdk.BlazorWebAssembly") }

    /// Whether it makes a program that runs on Linux.
    var isProgram: Bool {
        if isTest { return false }
        // `net8.0-windows` and `net8.0-android` run elsewhere.
        let runsElsewhere = frameworks.allSatisfy { $0.isFramework || $0.name.contains("-") }
        if runsElsewhere, !frameworks.isEmpty { return false }
        return isWeb || sdk.hasPrefix("Microsoft.NET.Sdk.Worker") || sdk.hasPrefix("Aspire.AppHost.Sdk")
            || property("OutputType")?.value.lowercased() == "exe"
    }

    var isAppHost: Bool {
        sdk.hasPrefix("Aspire.AppHost.Sdk") || property("IsAspireHost")?.value.lowercased() == "true"
    }

    var name: String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.split(separator: ".").dropLast().joined(separator: ".")
    }
}

/// The project files of a repository, each parsed once.
struct MSBuildFiles {
    private let repository: Repository
    private var roots: [String: XMLElement?] = [:]
    private var versions: [String: [String: String]] = [:]

    init(_ repository: Repository) { self.repository = repository }

    mutating func root(_ path: String) -> XMLElement? {
        if let known = roots[path] { return known }
        let root = repository.contains(path) ? repository.xml(path) : nil
        roots[path] = .some(root)
        return root
    }

    /// The nearest `Directory.Build.props`, preceded by the next one above where it imports that.
    mutating func imports(ofFolder folder: String) -> [String] {
        var result: [String] = []
        var current: String? = folder
        while let folder = current, result.count < 10 {
            let file = joinPath(folder, "Directory.Build.props")
            let parent = folder.isEmpty ? nil : parentPath(folder)
            current = parent
            guard let props = root(file) else { continue }
            result.insert(file, at: 0)
            let importsNext = props.descendants(named: "Import").contains { element in
                element.attributes["Project"]?.range(ofText: "Directory.Build.props") != nil
            }
            if !importsNext { break }
        }
        return result
    }

    /// The nearest `Directory.Packages.props`
    /// ([Central Package Management](https://learn.microsoft.com/en-us/nuget/consume-packages/central-package-management)).
    mutating func centralFile(ofFolder folder: String) -> String? { nearest("Directory.Packages.props", folder) }

    /// The nearest `Directory.Build.targets`.
    mutating func targets(ofFolder folder: String) -> String? { nearest("Directory.Build.targets", folder) }

    private mutating func nearest(_ name: String, _ folder: String) -> String? {
        var current: String? = folder
        while let folder = current {
            let file = joinPath(folder, name)
            if root(file) != nil { return file }
            current = folder.isEmpty ? nil : parentPath(folder)
        }
        return nil
    }

    /// The versions in the nearest `Directory.Packages.props`, by names in lower case, with properties as they are.
    mutating func centralVersions(ofFolder folder: String) -> [String: String] {
        guard let file = centralFile(ofFolder: folder) else { return [:] }
        if let known = versions[file] { return known }
        var result: [String: String] = [:]
        for element in root(file)?.descendants(named: "PackageVersion") ?? [] {
            guard let name = element.attributes["Include"] ?? element.attributes["Update"],
                let version = element.attributes["Version"] ?? element["Version"]?.text
            else { continue }
            result[name.lowercased()] = version
        }
        versions[file] = result
        return result
    }
}
