//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The folder of one run, with all that the scripts and the engine read: links to the layers under names so short that
/// any number of them fits into the one page that mount(2) takes, options, arguments, and the status they write.
struct SandboxRun {
    let folder: ScratchFolder
    let root: SandboxRoot
    /// The arguments of the shell.
    let arguments: [String]

    init(
        of command: SandboxCommand, in root: SandboxRoot, upper: UpperLayer, registration: [UInt8]? = nil,
        scratchFolder: FilePath
    ) throws(SandboxError) {
        try Self.check(command)
        guard root.layers.count <= SandboxRoot.maximumLayerCount else { throw .tooManyLayers(root.layers.count) }
        folder = try ScratchFolder(in: scratchFolder)
        self.root = SandboxRoot(layers: root.layers + [upper.folder])
        let path = folder.path
        arguments =
            ["-c", SandboxScripts.outside, "fitout-sandbox", path.string, "sh", "-c", SandboxScripts.inside]
            + ["fitout-sandbox"] + command.arguments
        let maps = try Self.maps(for: command.identity)
        if let maps { try Self.write(maps, to: path) }
        if let registration { try writeFile(registration, to: path.appending("binfmt")) }
        for name in ["root", "points", "l"] { try makeFolder(path.appending(name), mode: 0o755) }

        var engine = BubblewrapArguments(command, rootFolder: path.appending("root").string)
        for point in ["/proc", "/dev", "/tmp"] { try makePoint(self.root.resolve(point), isFolder: true) }
        for (index, mount) in command.mounts.enumerated() { try add(mount, index, to: &engine) }
        engine.add("--chdir", command.workingDirectory)
        try writeFile(engine.bytes, to: path.appending("arguments"))

        // overlayfs names the uppermost first.
        let layers = Array(root.layers.reversed()) + [path.appending("points")]
        for (index, layer) in layers.enumerated() {
            try makeLink(path.appending("l").appending("\(index)"), to: layer)
        }
        try makeLink(path.appending("u"), to: upper.folder)
        try makeLink(path.appending("w"), to: upper.makeWorkFolder())
        let lower = layers.indices.map { "l/\($0)" }.joined(separator: ":")
        try writeFile(Self.options(lower: lower, upper: "u", work: "w"), to: path.appending("root.options"))
    }

    /// A run that removes everything below the folder of an upper layer.
    init(toRemoveContentsOf upper: UpperLayer, maps: IdentityMaps, scratchFolder: FilePath) throws(SandboxError) {
        folder = try ScratchFolder(in: scratchFolder)
        root = SandboxRoot(layers: [])
        arguments =
            ["-c", SandboxScripts.outside, "fitout-sandbox", folder.path.string, "sh", "-c", SandboxScripts.removal]
            + ["fitout-sandbox", upper.folder.string]
        try Self.write(maps, to: folder.path)
    }

    /// What the scripts and the engine have reported.
    var statusLines: [Substring] {
        (readText(folder.path.appending("status")) ?? "").split(separator: "\n")
    }

    /// What a tool of the host has written about its failure, in one line.
    func message(in file: String) -> String? {
        let text = readText(folder.path.appending(file)) ?? ""
        return text.split(separator: "\n").first { !$0.hasPrefix(" ") }.map(String.init)
    }

    private static func check(_ command: SandboxCommand) throws(SandboxError) {
        guard !command.arguments.isEmpty else { throw .invalid("there is no program to run") }
        let texts = command.arguments + command.environment.flatMap { [$0.name, $0.value] }
        for text in texts + [command.workingDirectory, command.hostName] where text.utf8.contains(0) {
            throw .invalid("an argument or a variable of `\(command.arguments[0])` has a NUL in it")
        }
        for (name, _) in command.environment where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
            throw .invalid("`\(name)` cannot be the name of an environment variable")
        }
        guard command.workingDirectory.hasPrefix("/") else {
            throw .invalid("the working directory `\(command.workingDirectory)` is not an absolute path")
        }
    }

    private static func maps(for identity: SandboxIdentity) throws(SandboxError) -> IdentityMaps? {
        switch identity {
        case .user: return nil
        case .root: return geteuid() == 0 ? IdentityMaps.forCaller() : nil
        case .allIDs(let orElseRoot):
            if let maps = IdentityMaps.forCaller() { return maps }
            if orElseRoot { return nil }
        }
        throw .noSubordinateIDs(user: IdentityMaps.userName())
    }

    private static func write(_ maps: IdentityMaps, to folder: FilePath) throws(SandboxError) {
        try writeFile(Array(maps.users.text.utf8), to: folder.appending("uid_map"))
        try writeFile(Array(maps.groups.text.utf8), to: folder.appending("gid_map"))
        if maps.isPrivileged { try writeFile([], to: folder.appending("privileged")) }
    }

    private static func options(lower: String, upper: String, work: String) -> [UInt8] {
        // Volatile: the upper layer is worth nothing after a crash, so unmounting need not sync its file system.
        Array("lowerdir=\(lower),upperdir=\(upper),workdir=\(work),userxattr,volatile".utf8)
    }

    /// Makes the place for a mount in the lowest layer if no layer has one, so that it does not stand among the changes.
    private func makePoint(
        _ place: (path: String, finding: SandboxRoot.Finding), isFolder: Bool
    ) throws(SandboxError) {
        guard place.finding == .missing else { return }
        let points = folder.path.appending("points")
        if isFolder { return try makeFolders(place.path, below: points) }
        let file = FilePath(points.string + place.path)
        try makeFolders(FilePath(place.path).removingLastComponent().string, below: points)
        if !inspect(file).exists { try writeFile([], to: file) }
    }

    private func add(
        _ mount: SandboxMount, _ index: Int, to engine: inout BubblewrapArguments
    ) throws(SandboxError) {
        guard mount.destination.hasPrefix("/"), !mount.destination.utf8.contains(0) else {
            throw .invalid("cannot mount at `\(mount.destination)`: it is not an absolute path")
        }
        let place = root.resolve(mount.destination)
        guard place.path != "/" else { throw .invalid("cannot mount at `\(mount.destination)`: it is the root") }
        switch mount.kind {
        case .bind(let source, let writable):
            try makePoint(place, isFolder: isFolder(source))
            engine.add(writable ? "--bind" : "--ro-bind", source.string, place.path)
        case .temporary(let mode):
            try makePoint(place, isFolder: true)
            engine.add("--perms", String(mode, radix: 8), "--tmpfs", place.path)
        case .overlay(let lower, let upper):
            guard try isFolder(lower) else { throw .invalid("`\(lower)` is not a folder") }
            try makePoint(place, isFolder: true)
            engine.add("--bind", try addOverlay(lower, upper), place.path)
        }
    }

    private func isFolder(_ source: FilePath) throws(SandboxError) -> Bool {
        guard source.isAbsolute else { throw .invalid("cannot mount `\(source)`: it is not an absolute path") }
        let (exists, isFolder) = inspect(source)
        guard exists else { throw .system(verb: "mount", source, .noSuchFileOrDirectory) }
        return isFolder
    }

    /// Prepares an overlay of a folder for the script; where it will be mounted.
    private func addOverlay(_ lower: FilePath, _ upper: UpperLayer) throws(SandboxError) -> String {
        var number = 0
        while inspect(folder.path.appending("overlay-\(number)")).exists { number += 1 }
        let place = folder.path.appending("overlay-\(number)")
        try makeFolder(place, mode: 0o755)
        try makeLink(folder.path.appending("l\(number)"), to: lower)
        try makeLink(folder.path.appending("u\(number)"), to: upper.folder)
        try makeLink(folder.path.appending("w\(number)"), to: upper.makeWorkFolder())
        try writeFile(
            Self.options(lower: "l\(number)", upper: "u\(number)", work: "w\(number)"),
            to: folder.path.appending("overlay-\(number).options"))
        return place.string
    }
}
