//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a POM says of the Java that it is built with ([POM Reference](https://maven.apache.org/pom.html)).
struct MavenProject {
    private let repository: Repository
    private var properties: [String: (value: String, evidence: Evidence)] = [:]
    /// The POMs from the project up to the last parent within the repository.
    private var chain: [(path: String, root: XMLElement)] = []

    /// Reads the POM at `path` and its parents in the repository; nil where it is not XML.
    init?(_ path: String, _ repository: Repository) {
        self.repository = repository
        var next: String? = path
        while let current = next, chain.count < 10, !chain.contains(where: { $0.path == current }) {
            next = nil
            guard repository.contains(current), let root = repository.text(current).flatMap(XMLElement.parse) else {
                if chain.isEmpty { return nil }
                break
            }
            chain.append((current, root))
            guard let parent = root["parent"] else { break }
            let relative = parent["relativePath"]?.text ?? "../pom.xml"
            let target = joinPath(parentPath(current), relative)
            next = relative.isEmpty ? nil : (relative.hasSuffix(".xml") ? target : joinPath(target, "pom.xml"))
        }
        for (path, root) in chain.reversed() {
            for property in root["properties"]?.children ?? [] {
                properties[property.name] = (property.text, Evidence(path, line: property.line))
            }
        }
    }

    /// The release of Java that the sources are written for, as a minimum of the JDK.
    var release: (version: String, evidence: Evidence)? {
        for (path, root) in chain {
            for plugin in root.descendants(named: "plugin") where plugin["artifactId"]?.text == "maven-compiler-plugin"
            {
                for key in ["release", "source", "target"] {
                    guard let node = plugin["configuration"]?[key], let version = resolved(node.text) else { continue }
                    return (javaRelease(version), Evidence(path, line: node.line))
                }
            }
        }
        for key in [
            "maven.compiler.release", "java.version", "maven.compiler.source", "maven.compiler.target", "jdk.version",
            "javaVersion",
        ] {
            guard let property = properties[key], let version = resolved(property.value) else { continue }
            return (javaRelease(version), property.evidence)
        }
        return nil
    }

    /// What the enforcer plugin demands of the JDK: a version, which is a minimum, or a range in Maven's notation.
    var required: (constraint: String, evidence: Evidence)? {
        for (path, root) in chain {
            for rule in root.descendants(named: "requireJavaVersion") {
                guard let node = rule["version"], let version = resolved(node.text) else { continue }
                return (version, Evidence(path, line: node.line))
            }
        }
        return nil
    }

    /// The text with properties replaced; nil where one is not known.
    private func resolved(_ text: String) -> String? {
        var text = text
        for _ in 0..<10 {
            guard let open = text.range(ofText: "${") else { return text.isEmpty ? nil : text }
            guard let close = text[open...].firstIndex(of: "}") else { return nil }
            let name = String(text[open...].dropFirst(2).prefix { $0 != "}" })
            guard let property = properties[name] else { return nil }
            text = String(text[..<open]) + property.value + String(text[text.index(after: close)...])
        }
        return nil
    }
}

/// `1.8` is 8.
func javaRelease(_ text: String) -> String {
    let text = text.trimmingSpaces
    return text.hasPrefix("1.") ? String(text.dropFirst(2).prefix { $0.isNumber }) : text
}
