//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The packages of npm's lockfile, of any version of the format
/// ([package-lock.json](https://docs.npmjs.com/cli/configuring-npm/package-lock-json)).
func npmPackages(_ scanner: JSONScanner) -> [LockedNodePackage] {
    var packages: [LockedNodePackage] = []
    var older: [LockedNodePackage] = []
    scanner.object { key, _ in
        switch key {
        case "packages":
            scanner.object { path, line in
                // Members of a workspace stand under their folders.
                guard let name = nameBehindModules(path) else { return }
                packages.append(npmPackage(name, line, scanner, older: nil))
            }
        case "dependencies": readOlder(scanner, into: &older, depth: 0)
        default: break
        }
    }
    return packages.isEmpty ? older : packages
}

/// `node_modules/a/node_modules/@b/c` as `@b/c`.
private func nameBehindModules(_ path: String) -> String? {
    let folder = "node_modules/"
    guard let last = path.utf8.indices.last(where: { path.utf8[$0...].starts(with: folder.utf8) }) else { return nil }
    let name = String(path[last...].dropFirst(folder.count))
    return name.isEmpty ? nil : name
}

private func npmPackage(_ name: String, _ line: Int, _ scanner: JSONScanner, older: ((JSONScanner) -> Void)?)
    -> LockedNodePackage
{
    var package = LockedNodePackage(name: name, line: line)
    var isOptional = false
    scanner.object { key, _ in
        switch key {
        case "version": package.version = scanner.string() ?? ""
        case "dev", "devOptional": if scanner.isTrue() { package.isForDevelopment = true }
        case "optional": isOptional = scanner.isTrue()
        case "hasInstallScript": package.hasInstallScript = scanner.isTrue()
        case "os": package.isForLinux = admitsLinux(scanner.strings())
        case "requires": package.buildTools.formUnion(buildToolNames.intersection(scanner.keys()))
        case "dependencies":
            if let older {
                older(scanner)
            } else {
                package.buildTools.formUnion(buildToolNames.intersection(scanner.keys()))
            }
        default: break
        }
    }
    package.isOptional = isOptional
    return package
}

/// Version 1 nests packages within those that use them.
private func readOlder(_ scanner: JSONScanner, into packages: inout [LockedNodePackage], depth: Int) {
    guard depth < 50 else { return scanner.skip() }
    var found: [LockedNodePackage] = []
    scanner.object { name, line in
        var nested: [LockedNodePackage] = []
        found.append(npmPackage(name, line, scanner) { readOlder($0, into: &nested, depth: depth + 1) })
        found += nested
    }
    packages += found
}

/// The packages of Bun's lockfile as text ([bun.lock](https://bun.com/docs/install/lockfile)).
func bunPackages(_ scanner: JSONScanner, roots: [NodeDependency]) -> [LockedNodePackage] {
    var packages: [LockedNodePackage] = []
    var graph = DependencyGraph()
    var ends: [(key: String, kind: NodeDependencyKind)] = []
    let kinds: [String: NodeDependencyKind] = [
        "dependencies": .runtime, "optionalDependencies": .optional, "devDependencies": .development,
    ]
    scanner.object { key, _ in
        switch key {
        case "workspaces":
            scanner.object { _, _ in
                scanner.object { key, _ in
                    if let kind = kinds[key] { ends += scanner.keys().map { ($0, kind) } }
                }
            }
        case "packages":
            scanner.object { _, line in
                var name = ""
                var version = ""
                var dependencies: [String] = []
                var systems: [String] = []
                scanner.array { index in
                    if index == 0 {
                        let text = scanner.string() ?? ""
                        let at = text.dropFirst().lastIndex(of: "@") ?? text.endIndex
                        name = String(text[..<at])
                        version = String(text[at...].dropFirst())
                    } else {
                        scanner.object { key, _ in
                            switch key {
                            case "dependencies", "optionalDependencies": dependencies += scanner.keys()
                            case "os": systems = scanner.strings()
                            default: break
                            }
                        }
                    }
                }
                if version.hasPrefix("workspace:") { version = "" }
                var package = LockedNodePackage(name: name, version: version, line: line)
                package.isForLinux = admitsLinux(systems)
                package.buildTools = buildToolNames.intersection(dependencies)
                packages.append(package)
                graph.add([name], using: dependencies)
            }
        default: break
        }
    }
    markKinds(of: &packages, graph, roots: ends.isEmpty ? roots.map { ($0.name, $0.kind) } : ends)
    return packages
}
