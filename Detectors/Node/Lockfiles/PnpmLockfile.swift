//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The packages of pnpm's lockfile, of the formats 5 to 9 ([Lockfile format](https://pnpm.io/lockfile-format)).
///
/// pnpm writes it itself, a member a line, so that the indentation tells what a line belongs to.
func pnpmPackages(_ bytes: [UInt8]) -> [LockedNodePackage] {
    var reader = PnpmReader()
    for line in ByteLines(bytes) { reader.read(line) }
    return reader.finished()
}

private struct PnpmReader {
    private var packages: [LockedNodePackage] = []
    /// The names under which others refer to each of `packages`, in the same order.
    private var keys: [String] = []
    /// The packages as each is used, with the number in `packages`.
    private var graph = DependencyGraph()
    private var snapshotKeys: [String] = []
    private var roots: [(key: String, kind: NodeDependencyKind)] = []

    private var section = ""
    private var part = ""
    /// The direct dependency whose version stands on one of the next lines.
    private var pending = ""
    private var hasFlags = false

    mutating func read(_ line: ByteLines.Line) {
        guard let first = line.bytes.first, first != UInt8(ascii: "#") else { return }
        if line.indent == 0 {
            section = String(line.text.prefix { $0 != ":" })
            // A project without members lists its dependencies at the top.
            part = section
            return
        }
        switch section {
        case "importers": readImporter(line, indent: line.indent - 4)
        case "dependencies", "devDependencies", "optionalDependencies": readImporter(line, indent: line.indent)
        case "packages": readPackage(line)
        case "snapshots": readSnapshot(line)
        default: break
        }
    }

    func finished() -> [LockedNodePackage] {
        if hasFlags || roots.isEmpty || snapshotKeys.isEmpty { return packages }
        // Format 9 says what is for development only through the graph.
        var snapshots = snapshotKeys.map { LockedNodePackage(name: $0, line: 0) }
        markKinds(of: &snapshots, graph, roots: roots)
        var kinds: [Substring: (isForDevelopment: Bool, isOptional: Bool)] = [:]
        for snapshot in snapshots {
            let key = withoutPeers(snapshot.name)
            let known = kinds[key] ?? (true, true)
            let isRuntime = !snapshot.isForDevelopment && !snapshot.isOptional
            kinds[key] =
                isRuntime
                ? (false, false)
                : (known.isForDevelopment && snapshot.isForDevelopment, known.isOptional && !snapshot.isForDevelopment)
        }
        var result = packages
        for index in result.indices {
            guard let kind = kinds[Substring(keys[index])] else { continue }
            result[index].isForDevelopment = kind.isForDevelopment
            result[index].isOptional = kind.isOptional
        }
        return result
    }

    /// A line of a project's dependencies, counted as if it stood at the top.
    private mutating func readImporter(_ line: ByteLines.Line, indent: Int) {
        switch indent {
        case ..<0: part = ""
        case 0: part = String(line.text.prefix { $0 != ":" })
        case 2:
            let (name, value) = sides(line)
            pending = name
            // Formats 5 and older write the version behind the name.
            if !value.isEmpty { addRoot(name, value) }
        case 4:
            let (key, value) = sides(line)
            if key == "version" { addRoot(pending, value) }
        default: break
        }
    }

    private mutating func addRoot(_ name: String, _ version: String) {
        let kinds: [String: NodeDependencyKind] = [
            "dependencies": .runtime, "optionalDependencies": .optional, "devDependencies": .development,
        ]
        if let kind = kinds[part] { roots.append((reference(name, version), kind)) }
    }

    private mutating func readPackage(_ line: ByteLines.Line) {
        if line.indent == 2 {
            let key = sides(line).key
            let (name, version) = nameAndVersion(key)
            packages.append(LockedNodePackage(name: name, version: version, line: line.number))
            keys.append(String(withoutPeers(key)))
            part = ""
        } else if line.indent == 4, let last = packages.indices.last {
            let (key, value) = sides(line)
            part = key
            switch key {
            case "dev":
                hasFlags = true
                packages[last].isForDevelopment = value == "true"
            case "optional": packages[last].isOptional = value == "true"
            case "requiresBuild": packages[last].hasInstallScript = value == "true"
            case "os":
                let names = value.split { $0 == "[" || $0 == "]" || $0 == "," || $0 == " " || $0 == "'" || $0 == "\"" }
                packages[last].isForLinux = admitsLinux(names.map(String.init))
            default: break
            }
        } else if line.indent == 6, part == "dependencies", let last = packages.indices.last {
            let name = sides(line).key
            if buildToolNames.contains(name) { packages[last].buildTools.insert(name) }
        }
    }

    private mutating func readSnapshot(_ line: ByteLines.Line) {
        if line.indent == 2 {
            let key = sides(line).key
            snapshotKeys.append(key)
            graph.add([key])
        } else if line.indent == 4 {
            part = sides(line).key
        } else if line.indent == 6, part == "dependencies" || part == "optionalDependencies" {
            let (name, version) = sides(line)
            graph.use(reference(name, version))
        }
    }

    /// The key of the package that `name` in `version` is; an alias names another package.
    private func reference(_ name: String, _ version: String) -> String {
        withoutPeers(version).dropFirst().contains("@") || version.hasPrefix("link:") ? version : "\(name)@\(version)"
    }
}

/// `'a@1(b@2)': x` as `a@1(b@2)` and `x`.
private func sides(_ line: ByteLines.Line) -> (key: String, value: String) {
    let text = line.bytes
    guard let first = text.first else { return ("", "") }
    let quote = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") ? first : nil
    let body = quote == nil ? text : text.dropFirst()
    var end: Int?
    if let quote {
        end = body.firstIndex(of: quote)
    } else {
        end = body.indices.first { index in
            body[index] == UInt8(ascii: ":") && (index + 1 == body.endIndex || body[index + 1] == 0x20)
        }
    }
    guard let end else { return (String(decoding: body, as: UTF8.self), "") }
    let key = String(decoding: body[..<end], as: UTF8.self)
    let rest = String(decoding: body[end...].drop { $0 != UInt8(ascii: ":") }.dropFirst(), as: UTF8.self)
    return (key, rest.trimmingSpaces.filter { $0 != "'" && $0 != "\"" })
}

/// A key without the peers in whose company the package stands.
private func withoutPeers(_ key: String) -> Substring { key.prefix { $0 != "(" } }

/// `/@a/b/1.0.0_peer` of format 5, `/@a/b@1.0.0(peer@1)` of format 6 and `@a/b@1.0.0` of format 9 alike.
private func nameAndVersion(_ key: String) -> (name: String, version: String) {
    var text = withoutPeers(key)
    let isOlder = text.hasPrefix("/")
    if isOlder { text = text.dropFirst() }
    if let at = text.dropFirst().lastIndex(of: "@") {
        let name = text[..<at]
        if !isOlder || name.split(separator: "/").count <= (name.hasPrefix("@") ? 2 : 1) {
            return (String(name), String(text[text.index(after: at)...]))
        }
    }
    guard isOlder, let slash = text.lastIndex(of: "/") else { return (String(text), "") }
    return (String(text[..<slash]), String(text[text.index(after: slash)...].prefix { $0 != "_" }))
}
