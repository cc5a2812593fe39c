//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The packages of yarn's lockfile, of version 1 and of later ones.
///
/// A block begins with the constraints that the package meets; indented lines hold its version and its dependencies.
func yarnPackages(_ bytes: [UInt8], roots: [NodeDependency]) -> [LockedNodePackage] {
    var packages: [LockedNodePackage] = []
    var graph = DependencyGraph()
    var part = ""
    var isPackage = false
    for line in ByteLines(bytes) {
        guard let first = line.bytes.first, first != UInt8(ascii: "#") else { continue }
        switch line.indent {
        case 0:
            let keys = line.text.split(separator: ",").map { descriptor($0.filter { $0 != "\"" }.trimmingSpaces) }
            isPackage = keys.first.map { $0.hasSuffix(":") || keys.count > 1 || $0.contains("@") } ?? false
            guard isPackage, let key = keys.first else { continue }
            let name = packageName(key)
            guard !name.isEmpty else {
                isPackage = false
                continue
            }
            packages.append(LockedNodePackage(name: name, line: line.number))
            // By the name alone it is found where a setting replaces the constraint.
            graph.add(keys.map { $0.hasSuffix(":") ? String($0.dropLast()) : $0 } + [name])
            part = ""
        case 2 where isPackage:
            let (key, value) = pair(line.text)
            part = key
            guard let last = packages.indices.last else { continue }
            if key == "version" { packages[last].version = value }
            // `conditions: os=darwin & cpu=x64`
            if key == "conditions", value.contains("os=") {
                packages[last].isForLinux = value.range(ofText: "os=linux") != nil
            }
        case 4 where isPackage && (part == "dependencies" || part == "optionalDependencies"):
            let (name, range) = pair(line.text)
            let key = descriptor("\(name)@\(range)")
            graph.use(key)
            if buildToolNames.contains(name), let last = packages.indices.last {
                packages[last].buildTools.insert(name)
            }
        default: continue
        }
    }
    let ends = roots.map { root in
        let key = descriptor("\(root.name)@\(root.range)")
        return (key: graph.packages(named: key).isEmpty ? root.name : key, kind: root.kind)
    }
    if !ends.isEmpty { markKinds(of: &packages, graph, roots: ends) }
    return packages
}

/// `a@npm:^1.0.0` and `a@^1.0.0` are the same.
private func descriptor(_ text: String) -> String {
    guard let at = text.dropFirst().firstIndex(of: "@") else { return text }
    let range = text[text.index(after: at)...]
    return range.hasPrefix("npm:") ? String(text[...at]) + range.dropFirst(4) : text
}

private func packageName(_ key: String) -> String {
    guard let at = key.dropFirst().firstIndex(of: "@") else { return "" }
    return String(key[..<at])
}

/// `"@a/b" "^1"`, `"@a/b": ^1` and `a: "npm:^1"` as a name and the rest.
private func pair(_ text: String) -> (key: String, value: String) {
    let isQuoted = text.hasPrefix("\"")
    let body = isQuoted ? text.dropFirst() : text[...]
    let key = body.prefix { isQuoted ? $0 != "\"" : $0 != ":" && $0 != " " }
    let rest = body[key.endIndex...].drop { $0 == "\"" || $0 == ":" || $0 == " " }
    return (String(key), rest.filter { $0 != "\"" })
}
