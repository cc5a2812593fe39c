//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Store

@testable import State

let buildTime: Int64 = 1_700_000_000

extension FileTree {
    /// A tree of text files, with every emulated program in `/usr/bin`.
    static func sample(_ files: [String: String] = [:]) -> FileTree {
        var tree = FileTree(time: buildTime) { _ in [] }
        for directory in ["/etc", "/tmp", "/usr/bin", "/usr/sbin", "/var/lib/dpkg"] { tree.makeDirectories(directory) }
        for name in Array(commandTable.keys) + Array(skippedCommands) {
            tree.write("/usr/bin/\(name)", [], mode: 0o755)
        }
        for (path, text) in files {
            if let slash = path.lastIndex(of: "/") { tree.makeDirectories(String(path[..<slash])) }
            tree.write(path, Array(text.utf8))
        }
        return tree
    }

    func text(_ path: String) -> String? {
        guard let bytes = try? read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a script did.
struct Outcome {
    var status = 0
    var output = ""
    var problem: ScriptProblem?
    var shell: Shell

    var tree: FileTree { shell.tree }
}

/// Runs a script on a tree.
func run(_ script: String, arguments: [String] = [], on tree: FileTree = .sample()) -> Outcome {
    let stream = ShellStream()
    var shell = Shell(tree: tree, packages: PackageTable(architecture: "amd64"))
    shell.descriptors = [0: ShellStream(), 1: stream, 2: ShellStream(discards: true)]
    shell.stepLimit = 5000
    var outcome = Outcome(shell: shell)
    do throws(ShellSignal) {
        outcome.status = try shell.run(script: Array(script.utf8), name: "script", arguments: arguments)
    } catch {
        if case .unsupported(let problem) = error { outcome.problem = problem }
    }
    outcome.output = String(decoding: stream.bytes, as: UTF8.self)
    outcome.shell = shell
    return outcome
}

extension UnpackedPackage {
    /// A package of text files and control files.
    static func sample(
        _ name: String, files: [String: String] = [:], links: [String: String] = [:], control: [String: String] = [:],
        paragraph: String? = nil, essential: Bool = false, requested: Bool = false
    ) -> UnpackedPackage {
        let zero = Digest.sha256([])
        var members: [Fragment.Member] = []
        var directories: Set<EntryPath> = []
        func add(_ text: String, _ kind: Entry.Kind, _ mode: UInt16) {
            guard let path = EntryPath(text) else { return }
            var parent = path.parent
            while let directory = parent {
                directories.insert(directory)
                parent = directory.parent
            }
            let entry = Entry(path: path, kind: kind, mode: mode, mtime: buildTime)
            members.append(Fragment.Member(entry: entry, headerOffset: 0, contentOffset: 0, sharedObject: nil))
        }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            add(path, .file(size: Int64(text.utf8.count), digest: zero), path.contains("bin/") ? 0o755 : 0o644)
        }
        for (path, target) in links.sorted(by: { $0.key < $1.key }) {
            add(path, .symlink(target: Array(target.utf8)), 0o777)
        }
        let fragment = Fragment(
            key: zero, frame: zero, frameSize: 0, uncompressedSize: 0, members: members,
            directories: directories.sorted().map { Entry(path: $0, kind: .directory, mode: 0o755, mtime: buildTime) },
            control: control.sorted { $0.key < $1.key }.map {
                Fragment.ControlFile(
                    name: $0.key, isExecutable: $0.value.hasPrefix("#!"), content: Array($0.value.utf8))
            })
        let text = paragraph ?? "Package: \(name)\nVersion: 1.0\nArchitecture: all\nDescription: sample\n"
        return UnpackedPackage(
            name: name, version: "1.0", architecture: "all", multiArchSame: false, essential: essential,
            requested: requested, controlParagraph: Array(text.utf8), fragment: fragment)
    }
}

/// The state of packages whose files hold the given texts.
func state(of packages: [UnpackedPackage], contents: [String: String] = [:]) throws(StateError) -> SystemState {
    try systemState(
        StateInput(packages: packages, architecture: "amd64", sourceDateEpoch: buildTime) { path in
            Array((contents["/" + path.description] ?? "").utf8)
        })
}

extension SystemState {
    /// The text of a generated file.
    func text(_ path: String) -> String? {
        entries.first { "/" + $0.entry.path.description == path }.map { String(decoding: $0.content, as: UTF8.self) }
    }
}
