//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Layers
import Subprocess
import SystemPackage

@testable import State

/// A system that mmdebstrap installed, and the .debs that it installed.
struct Reference {
    /// One .deb with its control paragraph.
    struct Deb {
        let path: FilePath
        let paragraph: String
        /// The paths of the archive in their order.
        let paths: [EntryPath]

        func field(_ name: String) -> String {
            let line = paragraph.split(separator: "\n").first { $0.hasPrefix(name + ": ") }
            return line.map { String($0.dropFirst(name.count + 2)) } ?? ""
        }

        var name: String { field("Package") }

        /// The names that must be configured before.
        var dependencies: [String] {
            (field("Pre-Depends") + "," + field("Depends")).split { $0 == "," || $0 == "|" }
                .map { String($0.drop { $0 == " " }.prefix { !" (:".contains($0) }) }
        }

        func package(fragment: Fragment, requested: Set<String>) -> UnpackedPackage {
            UnpackedPackage(
                name: name, version: field("Version"), architecture: field("Architecture"),
                multiArchSame: field("Multi-Arch") == "same", essential: field("Essential") == "yes",
                requested: requested.contains(name), controlParagraph: Array(paragraph.utf8), fragment: fragment,
                paths: paths)
        }
    }

    let architecture: String
    let debs: [Deb]
    let entries: [String: Description]
    private let root: FilePath

    init(suite: String, packages: String, in folder: FilePath) async throws {
        root = folder.appending("root")
        let cache = folder.appending("debs")
        try FileManager.default.createDirectory(atPath: cache.string, withIntermediateDirectories: true)
        architecture = try await output("dpkg", "--print-architecture").filter { $0 != "\n" }
        _ = try await output(
            "mmdebstrap", "--variant=apt", "--include=\(packages)", "--skip=essential/unlink,cleanup/apt/cache",
            "--aptopt=APT::Keep-Downloaded-Packages \"true\"", "--aptopt=Dir::Etc::trusted \"/etc/apt/trusted.gpg\"",
            "--customize-hook=cp $1/var/cache/apt/archives/*.deb \(cache.string)/", suite, root.string)
        let names = try FileManager.default.contentsOfDirectory(atPath: cache.string).filter { $0.hasSuffix(".deb") }
            .sorted()
        var found: [String: Deb] = [:]
        for name in names {
            let path = cache.appending(name)
            let listing = try await output(
                "sh", "-c", "dpkg-deb --fsys-tarfile \(path.string) | tar -t --quoting-style=literal")
            let paragraph = try await output("dpkg-deb", "--field", path.string)
            let deb = Deb(
                path: path, paragraph: paragraph,
                paths: listing.split(separator: "\n").compactMap { EntryPath(String($0)) })
            found[deb.name] = deb
        }
        debs = Reference.ordered(found)
        let format = "%y %m %U:%G %P\\0%l\\0"
        let listing = try await output("find", root.string, "-mindepth", "1", "-printf", format)
        entries = Reference.parse(listing)
    }

    /// Dependencies before what depends on them, essential packages first.
    private static func ordered(_ debs: [String: Deb]) -> [Deb] {
        var order: [Deb] = []
        var seen: Set<String> = []
        func visit(_ name: String) {
            guard let deb = debs[name], seen.insert(name).inserted else { return }
            for dependency in deb.dependencies { visit(dependency) }
            order.append(deb)
        }
        let sorted = debs.values.sorted {
            ($0.field("Essential") == "yes" ? 0 : 1, $0.name) < ($1.field("Essential") == "yes" ? 0 : 1, $1.name)
        }
        for name in ["base-passwd", "base-files"] + sorted.map(\.name) { visit(name) }
        return order
    }

    private static func parse(_ listing: String) -> [String: Description] {
        var entries: [String: Description] = [:]
        let fields = listing.utf8.split(separator: 0, omittingEmptySubsequences: false).map { String(Substring($0)) }
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            let words = fields[index].split(separator: " ", maxSplits: 3).map(String.init)
            guard words.count == 4 else { continue }
            let kind = ["f": "file", "d": "directory"][words[0]]
            let attributes =
                words[0] == "l" ? "link \(fields[index + 1])" : "\(kind ?? words[0]) \(words[1]) \(words[2])"
            entries[words[3]] = Description(attributes: attributes)
        }
        return entries
    }

    func content(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: root.appending(path).string)))
    }
}

/// Standard output of a program that must succeed.
func output(_ program: String, _ arguments: String...) async throws -> String {
    let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments),
        environment: .inherit.updating(["SOURCE_DATE_EPOCH": String(buildTime)]),
        output: .string(limit: 256 << 20), error: .string(limit: 1 << 20))
    guard result.terminationStatus.isSuccess else {
        throw StateError.malformedControl(package: program, problem: result.standardError)
    }
    return result.standardOutput
}
