//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

/// A manifest of Cargo with what it inherits from its workspace
/// ([The Manifest Format](https://doc.rust-lang.org/cargo/reference/manifest.html)).
struct CargoManifest {
    let path: String
    let directory: String
    let root: TOMLNode
    /// `[workspace]` of the manifest above it, or its own.
    var workspace: TOMLNode?

    init?(_ file: CheckoutFile, _ repository: Repository) {
        guard let root = repository.toml(file.path), root.table != nil else { return nil }
        path = file.path
        directory = file.directory
        self.root = root
        workspace = root["workspace"]
    }

    var package: TOMLNode? { root["package"] }
    var name: String? { package?["name"]?.string }

    /// A dependency.
    struct Dependency {
        /// The crate's own name.
        let name: String
        /// What the manifest calls it.
        let key: String
        let version: String
        let features: Set<String>
        let kind: Kind
        var isOptional: Bool
        let line: Int
    }

    enum Kind {
        case runtime, build, development
    }

    /// The dependencies that hold on Linux, in the order of the manifest.
    var dependencies: [Dependency] {
        var result = list(root)
        for pair in root["target"]?.table ?? [] where holdsOnLinux(pair.key) { result += list(pair.value) }
        return result
    }

    private func list(_ table: TOMLNode) -> [Dependency] {
        let kinds: [(String, Kind)] = [
            ("dependencies", .runtime), ("build-dependencies", .build), ("dev-dependencies", .development),
            ("build_dependencies", .build), ("dev_dependencies", .development),
        ]
        return kinds.flatMap { key, kind in
            (table[key]?.table ?? []).map { dependency($0.key, $0.value, kind) }
        }
    }

    private func dependency(_ key: String, _ node: TOMLNode, _ kind: Kind) -> Dependency {
        let shared = node["workspace"]?.bool == true ? workspace?["dependencies"]?[key] : nil
        let base = shared ?? node
        var features = Set((node["features"]?.strings ?? []) + (shared?["features"]?.strings ?? []))
        let isBare = [node, base].contains {
            $0["default-features"]?.bool == false || $0["default_features"]?.bool == false
        }
        if !isBare { features.insert("default") }
        return Dependency(
            name: base["package"]?.string ?? node["package"]?.string ?? key, key: key,
            version: base.string ?? base["version"]?.string ?? "", features: features, kind: kind,
            isOptional: node["optional"]?.bool == true, line: node.line)
    }

    /// The optional dependencies that `features` switch on, by what the manifest calls them.
    func switchedOn(by features: Set<String>) -> Set<String> {
        let table = root["features"]
        var known: Set<String> = []
        var result: Set<String> = []
        var open = Array(features)
        while let feature = open.popLast() {
            guard known.insert(feature).inserted else { continue }
            result.insert(feature)
            for item in table?[feature]?.strings ?? [] {
                if item.hasPrefix("dep:") {
                    result.insert(String(item.dropFirst(4)))
                } else if let slash = item.firstIndex(of: "/") {
                    // `a?/b` only adds to what is there anyway.
                    if item[..<slash].last != "?" { result.insert(String(item[..<slash])) }
                } else {
                    open.append(item)
                }
            }
        }
        return result
    }
}

/// Whether the name of a table in `[target]` holds for ordinary Linux on x86-64.
func holdsOnLinux(_ target: String) -> Bool {
    guard target.hasPrefix("cfg(") else { return target.range(ofText: "linux-gnu") != nil }
    var terms = CargoCondition(target.dropFirst(4))
    return terms.value(depth: 0)
}

/// A condition such as `all(unix, not(target_os = "macos"))`
/// ([Conditional compilation](https://doc.rust-lang.org/reference/conditional-compilation.html)).
private struct CargoCondition {
    private var rest: Substring

    init(_ text: Substring) { rest = text }

    mutating func value(depth: Int) -> Bool {
        guard depth < 50 else { return true }
        skipBlanks()
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        rest = rest.dropFirst(name.count)
        skipBlanks()
        if rest.first == "(" {
            rest = rest.dropFirst()
            var values: [Bool] = []
            while let next = rest.first, next != ")" {
                let before = rest
                values.append(value(depth: depth + 1))
                skipBlanks()
                if rest.first == "," { rest = rest.dropFirst() }
                skipBlanks()
                if rest == before { break }
            }
            rest = rest.dropFirst()
            switch name {
            case "any": return values.contains(true)
            case "not": return !(values.first ?? false)
            default: return !values.contains(false)
            }
        }
        guard rest.first == "=" else { return name == "unix" || name == "debug_assertions" || name == "test" }
        rest = rest.dropFirst().drop { $0 == " " || $0 == "\"" }
        let text = String(rest.prefix { $0 != "\"" })
        rest = rest.dropFirst(text.count).dropFirst()
        return values[name].map { $0.contains(text) } ?? false
    }

    private mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }

    private var values: [String: Set<String>] {
        [
            "target_os": ["linux"], "target_family": ["unix"], "target_arch": ["x86_64"], "target_env": ["gnu"],
            "target_pointer_width": ["64"], "target_endian": ["little"], "target_vendor": ["unknown"],
        ]
    }
}
