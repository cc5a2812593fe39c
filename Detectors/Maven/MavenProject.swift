//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A POM with its parents in the repository ([POM Reference](https://maven.apache.org/pom.html)), and the profiles that
/// are active by themselves.
struct MavenProject {
    /// The POMs from the project up to the last parent within the repository.
    let chain: [(path: String, root: XMLElement)]
    private var properties: [String: (value: String, evidence: Evidence)] = [:]

    /// Reads the POM at `path` and its parents; nil where it cannot be read.
    init?(_ path: String, _ files: inout MavenFiles) {
        var chain: [(path: String, root: XMLElement)] = []
        var next: String? = path
        var wanted: String?
        while let current = next, chain.count < 10, !chain.contains(where: { $0.path == current }) {
            next = nil
            guard let root = files.root(current) else {
                if chain.isEmpty { return nil }
                break
            }
            // A file that lies where a parent is looked for may be of another project.
            if let wanted, root["artifactId"]?.text != wanted { break }
            chain.append((current, root))
            guard let parent = root["parent"] else { break }
            wanted = parent["artifactId"]?.text
            let relative = parent["relativePath"]?.text ?? "../pom.xml"
            let target = joinPath(parentPath(current), relative)
            next = relative.isEmpty ? nil : (relative.hasSuffix(".xml") ? target : joinPath(target, "pom.xml"))
        }
        self.chain = chain
        for (path, root) in chain.reversed() {
            // A profile changes the POM that holds it, before others inherit from that.
            for part in [root] + mavenProfiles(root) {
                for property in part["properties"]?.children ?? [] {
                    properties[property.name] = (property.text, Evidence(path, line: property.line))
                }
            }
        }
    }

    var path: String { chain.first?.path ?? "" }

    var artifact: String { chain.first?.root["artifactId"]?.text ?? "" }

    /// The parent that is not in the repository.
    var foreignParent: JVMDependency? {
        guard let (path, root) = chain.last, let parent = root["parent"] else { return nil }
        return JVMDependency(
            parent["groupId"]?.text ?? "", parent["artifactId"]?.text ?? "",
            version: resolved(parent["version"]?.text ?? "") ?? "", evidence: Evidence(path, line: parent.line))
    }

    /// A property by its name, its references replaced.
    func property(_ name: String) -> (value: String, evidence: Evidence)? {
        properties[name].flatMap { property in resolved(property.value).map { ($0, property.evidence) } }
    }

    /// The plugins of the project and its parents, managed ones included, with the file in which they stand.
    var plugins: [(path: String, element: XMLElement)] {
        chain.flatMap { path, root in
            ([root] + mavenProfiles(root)).flatMap { part in
                part.elements(at: "build", "plugins", "plugin")
                    + part.elements(at: "build", "pluginManagement", "plugins", "plugin")
            }.map { (path, $0) }
        }
    }

    /// The values at `keys` in the configuration of a plugin and of its executions.
    func configuration(of plugin: String, _ keys: String...) -> [(value: String, evidence: Evidence)] {
        var result: [(String, Evidence)] = []
        for (path, element) in plugins where element["artifactId"]?.text == plugin {
            let places =
                element.children(named: "configuration")
                + element.elements(at: "executions", "execution", "configuration")
            for place in places {
                for node in keys.reduce([place], { level, key in level.flatMap { $0.children(named: key) } }) {
                    if let value = resolved(node.text) { result.append((value, Evidence(path, line: node.line))) }
                }
            }
        }
        return result
    }

    /// The versions that rules of the enforcer plugin named `rule` demand.
    func required(_ rule: String) -> [(value: String, evidence: Evidence)] {
        plugins.filter { $0.element["artifactId"]?.text == "maven-enforcer-plugin" }.flatMap { path, element in
            element.descendants(named: rule).compactMap { node in
                node["version"].flatMap { version in
                    resolved(version.text).map { ($0, Evidence(path, line: version.line)) }
                }
            }
        }
    }

    /// What the project itself depends on, and the plugins that it names.
    var dependencies: [JVMDependency] {
        guard let (path, root) = chain.first else { return [] }
        let parts = [root] + mavenProfiles(root)
        let plugins = parts.flatMap { $0.elements(at: "build", "plugins", "plugin") }
        let elements = parts.flatMap { $0.elements(at: "dependencies", "dependency") } + plugins
        return elements.compactMap { element in
            guard let name = element["artifactId"].flatMap({ resolved($0.text) }) else { return nil }
            let group = element["groupId"].flatMap { resolved($0.text) } ?? "org.apache.maven.plugins"
            return JVMDependency(
                group, name, version: element["version"].flatMap { resolved($0.text) } ?? "",
                isForTests: element["scope"]?.text == "test", evidence: Evidence(path, line: element.line))
        }
    }

    /// The text with properties replaced; nil where one is not known.
    func resolved(_ text: String) -> String? {
        var text = text
        for _ in 0..<20 {
            guard let open = text.range(ofText: "${") else { return text.isEmpty ? nil : text }
            guard text.utf8.count < 10_000, let close = text[open...].firstIndex(of: "}") else { return nil }
            let name = String(text[open...].dropFirst(2).prefix { $0 != "}" })
            guard let property = properties[name] else { return nil }
            text = String(text[..<open]) + property.value + String(text[text.index(after: close)...])
        }
        return nil
    }
}

/// The profiles of a POM that are active without being asked for
/// ([Build profiles](https://maven.apache.org/guides/introduction/introduction-to-profiles.html)): on Linux, with a JDK
/// of today; those that are active by default where no other one is.
func mavenProfiles(_ root: XMLElement) -> [XMLElement] {
    let profiles = root.elements(at: "profiles", "profile").prefix(200)
    let active = profiles.filter { profile in
        guard let activation = profile["activation"] else { return false }
        let conditions = activation.children.compactMap(condition)
        return !conditions.isEmpty && conditions.allSatisfy { $0 }
    }
    if !active.isEmpty { return active }
    return profiles.filter { $0["activation"]?["activeByDefault"]?.text.trimmingSpaces == "true" }
}

/// Whether a condition of an activation holds; nil for what is none.
private func condition(_ element: XMLElement) -> Bool? {
    switch element.name {
    case "jdk": return admitsJDK(element.text.trimmingSpaces)
    case "os":
        let isNot = { (text: String) in text.hasPrefix("!") }
        let linux = ["family": ["unix"], "name": ["linux"], "arch": ["amd64", "x86_64"]]
        return element.children.allSatisfy { child in
            let text = child.text.trimmingSpaces.lowercased()
            let name = isNot(text) ? String(text.dropFirst()) : text
            guard let names = linux[child.name] else { return false }
            return names.contains(name) != isNot(text)
        }
    case "property":
        guard let name = element["name"]?.text.trimmingSpaces else { return false }
        let value = element["value"]?.text ?? ""
        return name.hasPrefix("!") || value.hasPrefix("!")
    case "file", "packaging": return false
    default: return nil
    }
}

/// Whether a condition on the JDK's version admits 17: `[9,)`, `!1.8`, `17`.
private func admitsJDK(_ text: String) -> Bool {
    if text.hasPrefix("!") { return !admitsJDK(String(text.dropFirst())) }
    guard let first = text.first, first == "[" || first == "(" else { return javaReleaseNumber(text) == 17 }
    let bounds = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    let low = bounds.first.flatMap { javaReleaseNumber(String($0).trimmingSpaces) } ?? 0
    let high = bounds.count > 1 ? javaReleaseNumber(String(bounds[1]).trimmingSpaces) ?? .max : low
    return (first == "[" ? low <= 17 : low < 17) && (text.hasSuffix("]") ? high >= 17 : high > 17)
}

/// The POMs of a repository, each parsed once.
struct MavenFiles {
    private let repository: Repository
    private var roots: [String: XMLElement?] = [:]

    init(_ repository: Repository) { self.repository = repository }

    /// The root element of the POM at `path`; nil where there is none.
    mutating func root(_ path: String) -> XMLElement? {
        if let known = roots[path] { return known }
        let root = repository.contains(path) ? repository.xml(path) : nil
        roots[path] = .some(root)
        return root
    }
}
