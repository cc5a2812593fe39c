//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Shell {
    /// How many commands may be within each other, through functions, scripts and substitutions too.
    private static let depthLimit = 250

    /// Runs a command and returns its status, which is also `$?`.
    @discardableResult
    mutating func execute(_ command: ShellCommand) throws(ShellSignal) -> Int {
        steps += 1
        guard steps < stepLimit, !effort.isExhausted else { throw unsupported("a script that does not end") }
        effort.depth += 1
        defer { effort.depth -= 1 }
        guard effort.depth <= Self.depthLimit else { throw unsupported("commands nested too deep") }
        switch command {
        case .simple(let simple): return try checked(try execute(simple))
        case .pipeline(let stages, let negated):
            if negated {
                status = try condition(.pipeline(stages, negated: false)) ? 1 : 0
                return status
            }
            return stages.count == 1 ? try execute(stages[0]) : try checked(try executePipeline(stages))
        case .and(let left, let right): return try condition(left) ? try execute(right) : status
        case .or(let left, let right): return try condition(left) ? status : try execute(right)
        case .list(let commands):
            status = commands.isEmpty ? 0 : status
            for command in commands { try execute(command) }
            return status
        case .group(let body): return try execute(body)
        case .subshell(let body):
            return try checked(try inSubshell { (shell) throws(ShellSignal) in try shell.execute(body) })
        case .conditional(let test, let then, let otherwise):
            if try condition(test) { return try execute(then) }
            status = 0
            return try otherwise.map { (branch) throws(ShellSignal) in try execute(branch) } ?? 0
        case .loop(let test, let isUntil, let body):
            var result = 0
            while try condition(test) != isUntil {
                guard let status = try executeBody(body) else { break }
                result = status
            }
            status = result
            return result
        case .iteration(let name, let words, let body):
            var result = 0
            for value in try words.map({ (words) throws(ShellSignal) in try expand(words) }) ?? arguments {
                variables[name] = value
                guard let status = try executeBody(body) else { break }
                result = status
            }
            status = result
            return result
        case .selection(let subject, let arms):
            let text = try expandText(subject)
            for arm in arms {
                for pattern in arm.patterns where ShellPattern.matches(text, try expandPattern(pattern)) {
                    status = 0
                    return try execute(arm.body)
                }
            }
            status = 0
            return 0
        case .function(let name, let body):
            functions[name] = body
            status = 0
            return 0
        case .unsupported(let problem): throw .unsupported(problem)
        case .redirected(let command, let redirections):
            let saved = descriptors
            defer { descriptors = saved }
            guard try apply(redirections) else { return try checked(1) }
            return try execute(command)
        }
    }

    /// Whether a command succeeds; a failure in it does not end the script.
    mutating func condition(_ command: ShellCommand) throws(ShellSignal) -> Bool {
        conditions += 1
        defer { conditions -= 1 }
        return try execute(command) == 0
    }

    private mutating func checked(_ result: Int) throws(ShellSignal) -> Int {
        status = result
        if result != 0, exitsOnError, conditions == 0 { throw .exit(result) }
        return result
    }

    /// One round of a loop; nil when the loop is to be left.
    private mutating func executeBody(_ body: ShellCommand) throws(ShellSignal) -> Int? {
        do throws(ShellSignal) {
            return try execute(body)
        } catch {
            switch error {
            case .leaveLoop(let levels):
                if levels > 1 { throw .leaveLoop(levels: levels - 1) }
                return nil
            case .nextIteration(let levels):
                if levels > 1 { throw .nextIteration(levels: levels - 1) }
                return 0
            default: throw error
            }
        }
    }

    /// Runs `body` with a copy of everything but the files.
    mutating func inSubshell(
        _ body: (inout Shell) throws(ShellSignal) -> Int
    ) throws(ShellSignal) -> Int {
        let saved = process
        defer { process = saved }
        do throws(ShellSignal) {
            return try body(&self)
        } catch {
            if case .exit(let status) = error { return status }
            throw error
        }
    }

    private mutating func executePipeline(_ stages: [ShellCommand]) throws(ShellSignal) -> Int {
        var input = descriptors[0]
        var result = 0
        for (index, stage) in stages.enumerated() {
            let pipe = index + 1 < stages.count ? ShellStream() : nil
            result = try inSubshell { (shell) throws(ShellSignal) in
                shell.descriptors[0] = input
                if let pipe { shell.descriptors[1] = pipe }
                return try shell.execute(stage)
            }
            input = pipe.map { ShellStream(bytes: $0.bytes) }
        }
        return result
    }

    /// What a command writes to standard output, as `$(…)` gives it.
    mutating func output(of command: ShellCommand) throws(ShellSignal) -> String {
        let pipe = ShellStream()
        lastSubstitution = try inSubshell { (shell) throws(ShellSignal) in
            shell.descriptors[1] = pipe
            return try shell.execute(command)
        }
        var bytes = pipe.bytes
        try spend(bytes.count)
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return try text(bytes)
    }

    /// Bytes as a word of the shell.
    func text(_ bytes: some Sequence<UInt8>) throws(ShellSignal) -> String {
        guard let text = String(validating: Array(bytes), as: UTF8.self) else {
            throw unsupported("a text that is not UTF-8")
        }
        return text
    }

    // MARK: Simple commands

    private mutating func execute(_ command: SimpleCommand) throws(ShellSignal) -> Int {
        line = command.line
        lastSubstitution = nil
        let words = try expand(command.words)
        try spend(words.reduce(64) { $0 + $1.utf8.count + 16 })
        line = command.line
        lastLine = line
        guard let name = words.first else {
            let saved = descriptors
            defer { descriptors = saved }
            guard try apply(command.redirections) else { return 1 }
            for (name, value) in command.assignments { variables[name] = try expandText(value) }
            return lastSubstitution ?? 0
        }
        let savedDescriptors = descriptors
        var savedVariables: [(String, String?)] = []
        let savedExports = exported
        for (name, value) in command.assignments {
            savedVariables.append((name, variables[name]))
            variables[name] = try expandText(value)
            exported.insert(name)
        }
        defer {
            for (name, value) in savedVariables.reversed() { variables[name] = value }
            if !command.assignments.isEmpty { exported = savedExports }
        }
        guard try apply(command.redirections) else { return 1 }
        let keepsDescriptors = name == "exec" && words.count == 1
        defer { if !keepsDescriptors { descriptors = savedDescriptors } }
        let result = try invoke(name, Array(words.dropFirst()))
        // What gave up on the way has no result.
        try spend(0)
        return result
    }

    /// Runs a function, a built-in command, an emulated program or a script of a package.
    mutating func invoke(
        _ name: String, _ arguments: [String], skippingFunctions: Bool = false
    ) throws(ShellSignal) -> Int {
        if !skippingFunctions, let body = functions[name] { return try call(body, arguments) }
        if let builtin = builtins[name] { return try builtin(&self, arguments) }
        if debconf.isActive, let function = debconfFunctions[name] { return try function(&self, arguments) }
        guard let path = program(name) else {
            try write("\(self.name): \(line): \(name): not found\n", to: 2)
            return 127
        }
        let base = path.split(separator: "/").last.map(String.init) ?? path
        try spend(256)
        if let emulated = commandTable[base] { return try emulated(&self, arguments) }
        if skippedCommands.contains(base) {
            skips.insert(SkippedCommand(package: script.package, command: base))
            return 0
        }
        if isByteCompilation(base, arguments) {
            skips.insert(SkippedCommand(package: script.package, command: base))
            return 0
        }
        guard let node = node(path), node.isFile, !isLarge(node), let content = try read(path), isShellScript(content)
        else {
            throw unsupported("the program `\(([name] + arguments.prefix(4)).joined(separator: " "))`")
        }
        return try run(script: content, name: path, arguments: arguments)
    }

    /// Whether a command only compiles Python's modules to byte code, which is left out by policy.
    private func isByteCompilation(_ program: String, _ arguments: [String]) -> Bool {
        guard program.hasPrefix("python") || program.hasPrefix("pypy") else { return false }
        let modules = zip(arguments, arguments.dropFirst()).filter { $0.0 == "-m" }.map(\.1)
        return modules.contains { $0 == "compileall" || $0 == "py_compile" }
            || arguments.contains { $0.hasSuffix("/py_compile.py") || $0.hasSuffix("/compileall.py") }
    }

    /// Whether a file is so large that it will be a program, not a script; it is then not read.
    private func isLarge(_ node: FileTree.Node) -> Bool {
        if case .packaged(_, size: let size) = node.content { size > 1 << 19 } else { false }
    }

    private func isShellScript(_ content: [UInt8]) -> Bool {
        content.starts(with: "#!".utf8) && foreignInterpreter(of: content) == nil
    }

    /// The program that a script's first line names, unless that is a shell.
    func foreignInterpreter(of script: [UInt8]) -> String? {
        let first = String(decoding: script.prefix { $0 != UInt8(ascii: "\n") }.prefix(60), as: UTF8.self)
        guard first.hasPrefix("#!") else { return nil }
        let interpreter = first.dropFirst(2).split(separator: " ").first.map(String.init) ?? ""
        let shells = ["/bin/sh", "/usr/bin/sh", "/bin/dash", "/bin/bash", "/usr/bin/bash"]
        return shells.contains(interpreter) ? nil : interpreter
    }

    /// The path of a program: as given when it holds a slash, else from the search path; nil if there is none.
    func program(_ name: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? name : nil }
        for directory in ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] {
            let path = directory + "/" + name
            if isProgram(path) { return path }
        }
        return nil
    }

    private func isProgram(_ path: String) -> Bool {
        guard let node = node(path) else { return false }
        return node.isFile && node.mode & 0o111 != 0
    }

    private mutating func call(_ body: ShellCommand, _ arguments: [String]) throws(ShellSignal) -> Int {
        let saved = self.arguments
        let savedLocals = locals
        self.arguments = arguments
        locals = []
        depth += 1
        defer {
            self.arguments = saved
            for (name, value) in locals.reversed() { variables[name] = value }
            locals = savedLocals
            depth -= 1
        }
        guard depth < 60 else { throw unsupported("functions nested too deep") }
        do throws(ShellSignal) {
            return try execute(body)
        } catch {
            if case .leaveFunction(let status) = error { return status }
            throw error
        }
    }

    // MARK: Redirections

    /// Opens what redirections name; false when a file cannot be opened.
    mutating func apply(_ redirections: [Redirection]) throws(ShellSignal) -> Bool {
        for redirection in redirections {
            if let document = redirection.hereDocument {
                descriptors[redirection.descriptor] = ShellStream(bytes: Array(try expandText(document.body).utf8))
                continue
            }
            let target = try expandText(redirection.target)
            switch redirection.operation {
            case .duplicate:
                if target == "-" {
                    descriptors[redirection.descriptor] = nil
                } else if let source = Int(target) {
                    descriptors[redirection.descriptor] = descriptors[source]
                } else {
                    throw unsupported("a redirection to `&\(target)`")
                }
            case .input:
                if target == "/dev/null" {
                    descriptors[redirection.descriptor] = ShellStream()
                    continue
                }
                guard let content = try read(target) else { return false }
                descriptors[redirection.descriptor] = ShellStream(bytes: content)
            case .output, .append, .here:
                guard try open(target, descriptor: redirection.descriptor, appends: redirection.operation == .append)
                else { return false }
            }
        }
        return true
    }

    private mutating func open(_ target: String, descriptor: Int, appends: Bool) throws(ShellSignal) -> Bool {
        switch target {
        case "/dev/null", "/dev/tty", "/dev/console":
            descriptors[descriptor] = ShellStream(discards: true)
            return true
        case "/dev/stderr", "/dev/fd/2": descriptors[descriptor] = descriptors[2]
        case "/dev/stdout", "/dev/fd/1": descriptors[descriptor] = descriptors[1]
        default:
            let path = absolute(target)
            if path.hasPrefix("/dev/") || path.hasPrefix("/proc/") || path.hasPrefix("/sys/") { return false }
            let existing = tree.node(at: path)
            if keepsFiles, !appends, existing?.isFile == true { return false }
            if existing == nil || !appends {
                guard tree.write(path, [], mode: 0o666 & ~creationMask) else { return false }
            }
            descriptors[descriptor] = ShellStream(path: path)
        }
        return true
    }
}
