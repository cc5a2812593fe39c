//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Checkout
import Detection
import Environment
import Glibc
import SystemPackage

/// Which repository a command works on.
struct RepositoryOptions: ParsableArguments {
    @Option(name: [.customShort("C"), .long], help: "The repository; the current folder unless given.")
    var directory = "."

    /// The repository's folder as an absolute path.
    var root: FilePath {
        absolute(FilePath(directory))
    }

    /// Where a path leads inside the repository, without a leading slash; nil for one outside.
    func path(of path: FilePath) -> String? {
        var inside = absolute(path)
        return inside.removePrefix(root) && !inside.isEmpty ? inside.string : nil
    }

    /// A path as an absolute one, from the current folder.
    func absolute(_ path: FilePath) -> FilePath {
        if path.isAbsolute { return path.lexicallyNormalized() }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return path }
        let here = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return FilePath(here).pushing(path).lexicallyNormalized()
    }

    var specPath: FilePath { root.appending("fitout.yaml") }
    var lockPath: FilePath { root.appending("fitout.lock") }

    /// Walks the repository.
    func checkout() throws -> Checkout {
        try Checkout(root: root.string)
    }

    /// Reads `fitout.yaml`.
    func spec() throws -> EnvironmentSpec {
        guard let bytes = try readFileIfPresent(specPath) else {
            throw CommandError(
                "no fitout.yaml in \(root)", hint: "run `fitout init` to write one from what the repository says")
        }
        return try EnvironmentSpec(yaml: bytes)
    }
}

/// How a command prints its data.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// A problem that only the command itself can see.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ problem: String, hint: String) {
        description = "\(problem)\n\nhint: \(hint)"
    }
}
