//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Runs a subset of the POSIX shell over a virtual file system.
///
/// Nothing of the host is read or changed, and no program is started: commands are the functions of `commandTable`,
/// and shell scripts that packages ship. Whatever goes beyond that ends the run with `ShellSignal.unsupported`.
struct Shell {
    var tree: FileTree
    var packages: PackageTable
    var variables: [String: String] = [:]
    /// Names of the variables that programs get.
    var exported: Set<String> = []
    var functions: [String: ShellCommand] = [:]
    /// `$0`.
    var name = ""
    /// `$1` and what follows.
    var arguments: [String] = []
    var directory = "/"
    var creationMask: UInt16 = 0o022
    var exitsOnError = false
    var failsOnUnset = false
    var skipsGlobs = false
    /// Whether `>` refuses a file that exists.
    var keepsFiles = false
    /// `$?`.
    var status = 0
    var line = 0
    var descriptors: [Int: ShellStream] = [:]
    /// What `trap … EXIT` has set.
    var exitTrap: ShellCommand?
    /// How many conditions are being evaluated, in which a failure does not end the script.
    var conditions = 0
    var depth = 0
    /// What `local` has hidden in the running function.
    var locals: [(name: String, value: String?)] = []
    var steps = 0
    let effort: ShellEffort
    /// After how many commands a script counts as one that does not end.
    var stepLimit = 500_000
    /// The status of the last command substitution of the running command.
    var lastSubstitution: Int?
    var debconf = Debconf()
    /// The maintainer script that runs.
    var script = ScriptContext()
    /// Triggers that `dpkg-trigger` activated.
    var activatedTriggers: Set<String> = []
    /// Commands that are left out on purpose.
    var skips: Set<SkippedCommand> = []
    private var temporaryFiles = 0
    /// The last line that ran, also behind the end of a script.
    var lastLine = 0
    /// The last text on standard error.
    var lastMessage = ""

    init(tree: FileTree, packages: PackageTable, effort: ShellEffort = ShellEffort()) {
        self.effort = effort
        self.tree = tree
        self.packages = packages
    }

    // MARK: Running

    /// Runs a script as a process of its own and returns its exit status.
    mutating func run(
        script source: [UInt8], name: String, arguments: [String]
    ) throws(ShellSignal) -> Int {
        if let interpreter = foreignInterpreter(of: source) {
            let file = name.split(separator: "/").last ?? ""
            throw .unsupported(ScriptProblem(line: 1, text: "`\(file)` is a script for `\(interpreter)`"))
        }
        let parsed = try Shell.parse(source)
        let saved = process
        defer { process = saved }
        variables = variables.filter { exported.contains($0.key) }
        variables["OPTIND"] = "1"
        variables["IFS"] = " \t\n"
        functions = [:]
        exitsOnError = false
        failsOnUnset = false
        skipsGlobs = false
        keepsFiles = false
        conditions = 0
        self.name = name
        self.arguments = arguments
        exitTrap = nil
        applyInterpreterOptions(source)
        depth += 1
        guard depth < 40 else { throw unsupported("scripts nested too deep") }
        let result = try untilExit(parsed)
        guard let exitTrap else { return result }
        self.exitTrap = nil
        status = result
        _ = try untilExit(exitTrap)
        return result
    }

    static func parse(_ source: [UInt8]) throws(ShellSignal) -> ShellCommand {
        do { return try ShellParser.parse(source) } catch { throw .unsupported(error) }
    }

    private mutating func untilExit(_ command: ShellCommand) throws(ShellSignal) -> Int {
        do throws(ShellSignal) {
            return try execute(command)
        } catch {
            if case .exit(let status) = error { return status }
            throw error
        }
    }

    private mutating func applyInterpreterOptions(_ source: [UInt8]) {
        guard source.starts(with: "#!".utf8) else { return }
        let words = source.prefix { $0 != UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " ")).dropFirst()
        for word in words where word.first == UInt8(ascii: "-") {
            exitsOnError = exitsOnError || word.contains(UInt8(ascii: "e"))
            failsOnUnset = failsOnUnset || word.contains(UInt8(ascii: "u"))
        }
    }

    func unsupported(_ text: String) -> ShellSignal {
        .unsupported(ScriptProblem(line: line, text: text))
    }

    /// Counts work on so many bytes, and ends a script that does too much.
    func spend(_ count: Int) throws(ShellSignal) {
        guard effort.spend(count) else { throw unsupported("a script that does not end") }
    }

    /// A path for `mktemp`, the same in every run.
    mutating func temporaryPath(in directory: String) -> String {
        temporaryFiles += 1
        return "\(directory)/tmp.fitout\(temporaryFiles)"
    }

    // MARK: Paths

    /// A path relative to the working directory as an absolute one.
    ///
    /// The empty path stays empty and leads nowhere.
    func absolute(_ path: String) -> String {
        path.isEmpty || path.utf8.first == UInt8(ascii: "/") ? path : directory + "/" + path
    }

    func node(_ path: String, followingLast: Bool = true) -> FileTree.Node? {
        tree.node(at: absolute(path), followingLast: followingLast)
    }

    func read(_ path: String) throws(ShellSignal) -> [UInt8]? {
        if path == "/dev/null" { return [] }
        do {
            let bytes = try tree.read(absolute(path))
            effort.spend(bytes?.count ?? 0)
            return bytes
        } catch { throw .state(error) }
    }

    func content(of node: FileTree.Node) throws(ShellSignal) -> [UInt8] {
        do { return try tree.content(of: node) } catch { throw .state(error) }
    }

    // MARK: Input and output

    /// Everything that is left on standard input.
    mutating func readInput() -> [UInt8] {
        let bytes = descriptors[0]?.readToEnd() ?? []
        effort.spend(bytes.count)
        return bytes
    }

    mutating func write(_ text: String, to descriptor: Int = 1) throws(ShellSignal) {
        try write(Array(text.utf8), to: descriptor)
    }

    mutating func write(_ bytes: [UInt8], to descriptor: Int = 1) throws(ShellSignal) {
        guard let stream = descriptors[descriptor] else { return }
        try spend(bytes.count)
        if descriptor == 2 { lastMessage = String(decoding: bytes.prefix(200), as: UTF8.self) }
        guard let path = stream.path else {
            stream.append(bytes)
            return
        }
        guard let node = tree.node(at: path) else { throw unsupported("a write to the removed file \(path)") }
        let content = try content(of: node)
        try spend(content.count)
        tree.write(path, content + bytes)
    }
}

/// Where a file descriptor leads.
final class ShellStream {
    private(set) var bytes: [UInt8]
    private var offset = 0
    /// The file that is written; nil for a pipe, an input or `/dev/null`.
    let path: String?
    private let discards: Bool

    init(bytes: [UInt8] = [], path: String? = nil, discards: Bool = false) {
        self.bytes = bytes
        self.path = path
        self.discards = discards
    }

    func append(_ more: [UInt8]) {
        if !discards { bytes += more }
    }

    func readToEnd() -> [UInt8] {
        defer { offset = bytes.count }
        return Array(bytes[offset...])
    }

    /// The next line without its newline, or nil at the end.
    func readLine() -> [UInt8]? {
        guard offset < bytes.count else { return nil }
        let line = bytes[offset...].prefix { $0 != UInt8(ascii: "\n") }
        offset = min(line.endIndex + 1, bytes.count)
        return Array(line)
    }
}

/// What ends the evaluation of a command other than its own end.
enum ShellSignal: Error {
    case exit(Int)
    case leaveFunction(Int)
    case leaveLoop(levels: Int)
    case nextIteration(levels: Int)
    case unsupported(ScriptProblem)
    case state(StateError)
}

/// The maintainer script that a shell runs.
struct ScriptContext {
    var package = ""
    var name = ""
}

/// A command that has no effect in an image by policy, for example `deb-systemd-helper`.
struct SkippedCommand: Hashable {
    var package: String
    var command: String
}
