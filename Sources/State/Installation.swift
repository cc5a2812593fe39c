//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// The steps of an installation, as dpkg takes them.
struct Installation {
    let input: StateInput
    var shell: Shell
    /// What the packages themselves put at each path; the last one wins, as in the image.
    private(set) var packaged: [EntryPath: FileTree.Node] = [:]
    /// Directories that packages ship with different attributes.
    private var disputed: Set<EntryPath> = []
    private(set) var unhandled: [UnhandledScript] = []
    /// Triggers that a package has not processed, by its place in the table.
    private(set) var pendingTriggers: [Int: [String]] = [:]
    let interests: TriggerInterests

    init(_ input: StateInput) {
        self.input = input
        let tree = FileTree(time: input.sourceDateEpoch, packagedContent: input.contents)
        shell = Shell(tree: tree, packages: PackageTable(input.packages, architecture: input.architecture))
        interests = TriggerInterests(shell.packages)
    }

    /// Unpacks and configures all packages: first those up to the last essential one, as a bootstrap does, whose files
    /// are all there before the first script runs; then the others, as apt does.
    mutating func install() throws(StateError) {
        makeMergedDirectories()
        for entry in input.additional { add(entry) }
        let base = input.packages.indices.prefix { index in input.packages[index...].contains(where: \.essential) }
        for index in base { try placeFiles(of: input.packages[index]) }
        makeAwk()
        for index in base { try unpack(index, placing: false) }
        for index in base { try configure(index) }
        let others = input.packages.indices.dropFirst(base.count)
        for index in others { try unpack(index, placing: true) }
        for index in others { try configure(index) }
    }

    // MARK: Unpacking

    private mutating func unpack(_ index: Int, placing: Bool) throws(StateError) {
        try run("preinst", of: index, ["install"])
        if placing { try placeFiles(of: input.packages[index]) }
        shell.packages.setProgress(.unpacked, at: index)
        let record = shell.packages.records[index]
        try writeInfo(of: record)
        activate(interests.activations(by: record, at: index))
    }

    /// The link that a bootstrap makes for scripts that call `awk` before its alternatives are configured.
    private mutating func makeAwk() {
        guard shell.tree.node(at: "/usr/bin/awk", followingLast: false) == nil,
            let program = ["mawk", "gawk", "original-awk"].first(where: { shell.tree.node(at: "/usr/bin/" + $0) != nil }
            )
        else { return }
        shell.tree.symlink("/usr/bin/awk", to: program)
    }

    /// The links from `/bin` and its relatives into `/usr`, which a bootstrap makes before the first package.
    private mutating func makeMergedDirectories() {
        let links = ["amd64": ["lib64"], "ppc64el": ["lib64"]]
        let shipped = Set(
            input.packages.flatMap { package in
                package.fragment.members.map(\.entry.path) + package.fragment.directories.map(\.path)
            })
        for name in ["bin", "sbin", "lib"] + (links[input.architecture] ?? []) {
            // Packages that ship the links themselves, or directories in their place, need none.
            guard let path = EntryPath(name), !shipped.contains(path) else { continue }
            shell.tree.makeDirectories("/usr/" + name)
            shell.tree.symlink("/" + name, to: "usr/" + name)
        }
    }

    private mutating func add(_ entry: GeneratedEntry) {
        if let parent = entry.entry.path.parent { shell.tree.makeDirectories("/" + parent.description) }
        var node = FileTree.Node(entry.entry)
        if node.isFile { node.content = .bytes(entry.content) }
        shell.tree.set(entry.entry.path, node)
    }

    private mutating func placeFiles(of package: UnpackedPackage) throws(StateError) {
        let diverted = try diversions(for: package)
        for directory in package.fragment.directories {
            let node = FileTree.Node(directory)
            if let known = packaged[directory.path],
                (known.mode, known.uid, known.gid) != (node.mode, node.uid, node.gid)
            {
                disputed.insert(directory.path)
            }
            if packaged[directory.path] == nil { packaged[directory.path] = node }
            // dpkg leaves a directory that is there as it is.
            if shell.tree[directory.path] == nil { shell.tree.unpack(directory.path, node) }
        }
        for member in package.fragment.members {
            let node = FileTree.Node(member.entry)
            packaged[member.entry.path] = node
            if let target = diverted[member.entry.path] {
                shell.tree.set(target, node)
                if shell.tree[member.entry.path] == nil { shell.tree.set(member.entry.path, nil) }
            } else {
                shell.tree.unpack(member.entry.path, node)
            }
        }
    }

    /// Where files of a package go that others have diverted, by canonical path. Diversions are of literal paths.
    private func diversions(for package: UnpackedPackage) throws(StateError) -> [EntryPath: EntryPath] {
        let diversions = try signalFree { () throws(ShellSignal) in try shell.diversions() }
            .filter { $0.package != package.name }
        guard !diversions.isEmpty else { return [:] }
        let paths = Set(package.paths)
        var targets: [EntryPath: EntryPath] = [:]
        for diversion in diversions {
            guard let literal = EntryPath(diversion.path), paths.contains(literal),
                let path = shell.tree.place(of: diversion.path, followingLast: false)?.path,
                let target = shell.tree.place(of: diversion.divertedTo, followingLast: false)?.path
            else { continue }
            targets[path] = target
        }
        return targets
    }

    /// The value of `body`, which only reads files.
    private func signalFree<Value>(_ body: () throws(ShellSignal) -> Value) throws(StateError) -> Value {
        do { return try body() } catch {
            if case .state(let error) = error { throw error }
            throw .malformedControl(package: "dpkg", problem: "its diversions cannot be read")
        }
    }

    // MARK: Configuring

    private mutating func configure(_ index: Int) throws(StateError) {
        let name = input.packages[index].name
        guard !unhandled.contains(where: { $0.package == name }) else { return }
        guard try run("postinst", of: index, ["configure", ""]) else { return }
        shell.packages.setProgress(.installed, at: index)
        activate(interests.activations(named: index))
    }

    /// Notes triggers for the packages that wait for them. What is not configured yet does its work when it is.
    private mutating func activate(_ triggers: some Sequence<String>) {
        for trigger in triggers {
            for index in interests.packages(waitingFor: trigger)
            where shell.packages.records[index].progress == .installed
                && pendingTriggers[index]?.contains(trigger) != true
            {
                pendingTriggers[index, default: []].append(trigger)
            }
        }
    }

    /// Runs `postinst triggered` of the packages that wait for what was activated, until nothing is left to do.
    mutating func runTriggers() throws(StateError) {
        var failed: [Int: [String]] = [:]
        var rounds: [Int: Int] = [:]
        while let index = pendingTriggers.keys.filter({ rounds[$0, default: 0] < 5 }).min(),
            let triggers = pendingTriggers.removeValue(forKey: index)
        {
            rounds[index, default: 0] += 1
            if try !run("postinst", of: index, ["triggered", triggers.joined(separator: " ")]) {
                failed[index, default: []] += triggers
            }
        }
        pendingTriggers.merge(failed) { $1 + $0 }
    }

    /// Runs a maintainer script; false, with all its effects undone, when it cannot be emulated.
    @discardableResult
    private mutating func run(_ script: String, of index: Int, _ arguments: [String]) throws(StateError) -> Bool {
        let record = shell.packages.records[index]
        guard let source = record.control(script) else { return true }
        let label = arguments.first == "triggered" ? "\(script) triggered" : script
        let savepoint = shell.tree.savepoint
        let saved = (shell.debconf, shell.activatedTriggers, shell.skips)
        shell.process = .maintainerScript(script, of: record)
        shell.script = ScriptContext(package: record.package.name, name: script)
        shell.steps = 0
        shell.effort.reset()
        let problem: ScriptProblem
        do throws(ShellSignal) {
            let status = try shell.run(
                script: source, name: "/var/lib/dpkg/info/\(record.stem).\(script)", arguments: arguments)
            guard status != 0 else {
                activate(shell.activatedTriggers.sorted())
                shell.activatedTriggers = []
                return true
            }
            problem = ScriptProblem(line: shell.lastLine, text: "the script exits with \(status): \(shell.lastMessage)")
        } catch {
            switch error {
            case .unsupported(let found): problem = found
            case .state(let error): throw error
            default:
                problem = ScriptProblem(line: shell.lastLine, text: "a `return` or `break` outside of its construct")
            }
        }
        shell.tree.rollBack(to: savepoint)
        (shell.debconf, shell.activatedTriggers, shell.skips) = saved
        unhandled.append(
            UnhandledScript(package: record.package.name, script: label, line: problem.line, reason: problem.text))
        return false
    }

    // MARK: The result

    func result() throws(StateError) -> SystemState {
        var entries: [GeneratedEntry] = []
        var removals: [EntryPath] = []
        for path in shell.tree.touched.union(disputed).sorted() {
            if path.bytes.starts(with: "tmp/".utf8) { continue }
            guard let node = shell.tree[path] else {
                if packaged[path] != nil { removals.append(path) }
                continue
            }
            let isSame = packaged[path].map { $0.describesSame(as: node) } ?? false
            guard !isSame || disputed.contains(path) else { continue }
            entries.append(try generated(path, node))
        }
        let skipped = shell.skips.map { SkippedStep(package: $0.package, command: $0.command) }
            .sorted { ($0.package, $0.command) < ($1.package, $1.command) }
        return SystemState(entries: entries, removals: removals, unhandled: unhandled, skipped: skipped)
    }

    private func generated(_ path: EntryPath, _ node: FileTree.Node) throws(StateError) -> GeneratedEntry {
        switch node.content {
        case .directory:
            return .directory(path, mode: node.mode, uid: node.uid, gid: node.gid, mtime: input.sourceDateEpoch)
        case .symlink(let target):
            return .symlink(path, to: String(decoding: target, as: UTF8.self), mtime: input.sourceDateEpoch)
        case .packaged, .bytes:
            return .file(
                path, try shell.tree.content(of: node), mode: node.mode, uid: node.uid, gid: node.gid,
                mtime: min(node.mtime, input.sourceDateEpoch), xattrs: node.xattrs)
        }
    }
}

extension FileTree.Node {
    /// The node that an entry of a package makes.
    init(_ entry: Entry) {
        let content: Content
        switch entry.kind {
        case .file(let size, _): content = .packaged(entry.path, size: size)
        // Of its size nothing is known here; as every script asks only whether a file is empty, any will do.
        case .hardlink(let target): content = .packaged(target, size: 1)
        case .symlink(let target): content = .symlink(target)
        case .directory: content = .directory
        }
        self.init(
            content: content, mode: entry.mode, uid: entry.uid, gid: entry.gid, mtime: entry.mtime, xattrs: entry.xattrs
        )
    }

    /// Whether two nodes differ in nothing but times.
    func describesSame(as other: FileTree.Node) -> Bool {
        content == other.content && mode == other.mode && uid == other.uid && gid == other.gid && xattrs == other.xattrs
    }
}

extension ShellProcess {
    /// The environment in which dpkg runs a maintainer script.
    static func maintainerScript(_ script: String, of record: PackageTable.Record) -> ShellProcess {
        var process = ShellProcess()
        process.variables = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
            "DEBIAN_FRONTEND": "noninteractive", "DPKG_ROOT": "", "DPKG_ADMINDIR": "/var/lib/dpkg",
            "DPKG_MAINTSCRIPT_PACKAGE": record.package.name, "DPKG_MAINTSCRIPT_NAME": script,
            "DPKG_MAINTSCRIPT_ARCH": record.package.architecture, "DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT": "1",
            "LC_ALL": "C.UTF-8",
        ]
        process.exported = Set(process.variables.keys)
        process.descriptors = [0: ShellStream(), 1: ShellStream(discards: true), 2: ShellStream()]
        return process
    }
}
