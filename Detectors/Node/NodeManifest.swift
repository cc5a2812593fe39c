//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import YAML

/// A manifest of a Node package: `package.json`, or pnpm's forms of it in YAML and JSON5.
struct NodeManifest {
    let path: String
    let directory: String
    let root: JSONNode

    static let names = ["package.json", "package.json5", "package.yaml"]

    /// Nil, with a warning in the repository, where the file is malformed.
    init?(_ file: CheckoutFile, _ repository: Repository) {
        path = file.path
        directory = file.directory
        let root: JSONNode?
        switch file.name {
        case "package.json": root = repository.json(file.path)
        // hpack's manifests of Haskell have the same name.
        case "package.yaml" where repository.isHpack(file.path): root = nil
        case "package.yaml": root = repository.yaml(file.path).map { jsonNode($0, depth: 0) }
        default:
            // JSON5 without its comments is YAML.
            let text = repository.lines(file.path).map { $0.trimmingSpaces.hasPrefix("//") ? "" : $0 }
            do throws(YAMLError) {
                root = try parseYAML(Array(text.joined(separator: "\n").utf8)).map { jsonNode($0, depth: 0) }
            } catch {
                repository.warn(Evidence(file.path, line: error.line), error.problem)
                root = nil
            }
        }
        guard let root, root.object != nil else { return nil }
        self.root = root
    }

    /// The manifest in `directory`; the first form that is there.
    init?(in directory: String, _ repository: Repository) {
        guard
            let file = Self.names.lazy.compactMap({ repository.checkout[joinPath(directory, $0)] }).first
        else { return nil }
        self.init(file, repository)
    }

    var name: String? { root["name"]?.string }

    func evidence(_ node: JSONNode?) -> Evidence { Evidence(path, line: node?.line) }

    /// Whether the manifest is of a package or an application, not only of tools for formatting and commits.
    func isProject(_ repository: Repository) -> Bool {
        let files = ["pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "rush.json"]
        if files.contains(where: { repository.contains(joinPath(directory, $0)) }) { return true }
        let keys = ["dependencies", "peerDependencies", "main", "exports", "bin", "workspaces", "module", "types"]
        return keys.contains { root[$0] != nil }
            || ["test", "build", "start", "dev"].contains { root["scripts"]?[$0]?.string != nil }
    }

    /// Dependencies by the kinds of them, in the order of the manifest.
    func dependencies(_ keys: [String] = NodeManifest.allKinds) -> [NodeDependency] {
        keys.flatMap { key in
            (root[key]?.object ?? []).map {
                NodeDependency(
                    name: $0.key, range: $0.value.string ?? "", isForDevelopment: key == "devDependencies",
                    isOptional: key == "optionalDependencies", line: $0.line)
            }
        }
    }

    /// Whether the package is run, not used by others.
    var isApplication: Bool {
        root["private"]?.bool == true
            || !["exports", "module", "bin", "files", "types", "publishConfig", "peerDependencies"].contains {
                root[$0] != nil
            }
    }

    func depends(on names: String...) -> Bool {
        names.contains { name in Self.allKinds.contains { root[$0]?[name] != nil } }
    }

    static let allKinds = ["dependencies", "optionalDependencies", "devDependencies"]
}

/// A direct dependency of a Node package.
struct NodeDependency {
    let name: String
    let range: String
    let isForDevelopment: Bool
    let isOptional: Bool
    let line: Int
}

private func jsonNode(_ node: YAMLNode, depth: Int) -> JSONNode {
    if depth > 50 { return JSONNode(.null, line: node.line) }
    if let pairs = node.mapping {
        let members = pairs.map {
            JSONMember(key: $0.key.string ?? "", line: $0.key.line, value: jsonNode($0.value, depth: depth + 1))
        }
        return JSONNode(.object(members), line: node.line)
    }
    if let nodes = node.sequence {
        return JSONNode(.array(nodes.map { jsonNode($0, depth: depth + 1) }), line: node.line)
    }
    if node.isNull { return JSONNode(.null, line: node.line) }
    return JSONNode(.string(node.string ?? ""), line: node.line)
}
