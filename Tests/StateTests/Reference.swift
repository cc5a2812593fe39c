//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import FoundationEssentials
import Glibc
import Layers
import Store
import Subprocess
import SystemPackage

@testable import State

/// A system that mmdebstrap installed, and the .debs that it installed.
struct Reference {
    /// One .deb with its control paragraph.
    struct Deb {
        let path: FilePath
        let paragraph: String
        func field(_ name: String) -> String {
            let line = paragraph.split(separator: "\n").first { $0.hasPrefix(name + ": ") }
            return line.map { String($0.dropFirst(name.count + 2)) } ?? ""
        }

        var name: String { field("Package") }

        /// The names in a field of relations, alternatives included.
        func names(in field: String) -> [String] {
            self.field(field).split { $0 == "," || $0 == "|" }
                .map { String($0.drop { $0 == " " }.prefix { !" (:".contains($0) }) }
        }

        func package(fragment: Fragment, requested: Set<String>) -> UnpackedPackage {
            UnpackedPackage(
                name: name, version: field("Version"), architecture: field("Architecture"),
                multiArchSame: field("Multi-Arch") == "same", essential: field("Essential") == "yes",
                requested: requested.contains(name), controlParagraph: Array(paragraph.utf8), fragment: fragment)
        }
    }

    let architecture: String
    let debs: [Deb]
    let tree: ComparedTree

    init(suite: String, packages: String, in folder: FilePath) async throws {
        let root = folder.appending("root")
        let cache = folder.appending("debs")
        try FileManager.default.createDirectory(atPath: cache.string, withIntermediateDirectories: true)
        // Another one than the machine's needs qemu, registered with binfmt_misc for every root file system.
        if let wanted = getenv("FITOUT_REFERENCE_ARCHITECTURE") {
            architecture = String(cString: wanted)
        } else {
            architecture = try await output("dpkg", "--print-architecture").filter { $0 != "\n" }
        }
        _ = try await output(
            "mmdebstrap", "--variant=apt", "--architectures=\(architecture)", "--include=\(packages)",
            "--skip=essential/unlink,cleanup/apt/cache",
            "--aptopt=APT::Keep-Downloaded-Packages \"true\"", "--aptopt=Dir::Etc::trusted \"/etc/apt/trusted.gpg\"",
            "--customize-hook=mv $1/var/cache/apt/archives/*.deb \(cache.string)/", suite, root.string)
        let names = try FileManager.default.contentsOfDirectory(atPath: cache.string).filter { $0.hasSuffix(".deb") }
            .sorted()
        var found: [String: Deb] = [:]
        for name in names {
            let path = cache.appending(name)
            let deb = Deb(path: path, paragraph: try await output("dpkg-deb", "--field", path.string))
            found[deb.name] = deb
        }
        debs = Reference.ordered(found)
        tree = try await Reference.tree(at: root)
    }

    /// Dependencies before what depends on them, essential packages first.
    static func ordered(_ debs: [String: Deb]) -> [Deb] {
        var providers: [String: [String]] = [:]
        for deb in debs.values.sorted(by: { $0.name < $1.name }) {
            for name in [deb.name] + deb.names(in: "Provides") { providers[name, default: []].append(deb.name) }
        }
        var order: [Deb] = []
        var seen: Set<String> = []
        func visit(_ name: String) {
            guard let deb = debs[name], seen.insert(name).inserted else { return }
            for dependency in deb.names(in: "Pre-Depends") + deb.names(in: "Depends") {
                for provider in providers[dependency] ?? [] { visit(provider) }
            }
            order.append(deb)
        }
        let sorted = debs.values.sorted {
            ($0.field("Essential") == "yes" ? 0 : 1, $0.name) < ($1.field("Essential") == "yes" ? 0 : 1, $1.name)
        }
        for name in ["base-passwd", "base-files"] + sorted.map(\.name) { visit(name) }
        return order
    }

    /// The tree below a folder.
    static func tree(at root: FilePath) async throws -> ComparedTree {
        var entries: [String: Description] = [:]
        var reader = try AttributeReader()
        let format = "%y %m %U:%G %P\\0%l\\0"
        let listing = try await output("find", root.string, "-mindepth", "1", "-printf", format)
        let fields = listing.utf8.split(separator: 0, omittingEmptySubsequences: false).map { String(Substring($0)) }
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            let words = fields[index].split(separator: " ", maxSplits: 3).map(String.init)
            guard words.count == 4 else { continue }
            let kind = ["f": "file", "d": "directory"][words[0]]
            let attributes =
                words[0] == "l" ? "link \(fields[index + 1])" : "\(kind ?? words[0]) \(words[1]) \(words[2])"
            var description = Description(attributes: attributes)
            if kind == "file" {
                let path = root.appending(words[3])
                description.digest = try .sha256(fileAt: path)
                let file = try FileDescriptor.open(path, .readOnly)
                description.capability = try file.closeAfter {
                    try reader.attributes(of: file.rawValue).first { $0.name == "security.capability" }?.value ?? []
                }
            }
            entries[words[3]] = description
        }
        return try ComparedTree(entries: entries) { path in
            Array(try Data(contentsOf: URL(filePath: root.appending(path).string)))
        }
    }
}

/// What an image of the packages and the state holds.
func computed(
    _ packages: [UnpackedPackage], _ state: SystemState, contents: @escaping (EntryPath) throws -> [UInt8]
) throws -> ComparedTree {
    var all: [String: Description] = [:]
    for package in packages {
        for entry in package.fragment.directories where all[entry.path.description] == nil {
            all[entry.path.description] = Description(entry)
        }
        for member in package.fragment.members { all[member.entry.path.description] = Description(member.entry) }
    }
    for path in state.removals { all[path.description] = nil }
    var generated: [String: [UInt8]] = [:]
    for item in state.entries {
        all[item.entry.path.description] = Description(item.entry)
        generated[item.entry.path.description] = item.content
    }
    return try ComparedTree(entries: all) { path in
        if let content = generated[path] { return content }
        return try EntryPath(path).map { try contents($0) } ?? []
    }
}

/// Standard output of a program that must succeed.
func output(_ program: String, _ arguments: String...) async throws -> String {
    let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments),
        environment: .inherit.updating(["SOURCE_DATE_EPOCH": "1700000000"]),
        output: .string(limit: 256 << 20), error: .string(limit: 1 << 20))
    guard result.terminationStatus.isSuccess else {
        throw StateError.malformedControl(package: program, problem: result.standardError)
    }
    return result.standardOutput
}
