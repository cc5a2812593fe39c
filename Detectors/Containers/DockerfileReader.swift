//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

/// Reads what the stages of a Dockerfile say of the environment.
struct DockerfileReader {
    var project: ProjectFindings
    private let path: String
    private let file: Dockerfile
    private let arguments: [String: String]
    private let target: String?

    /// A reader that builds up to the stage `target` with `arguments` given.
    init(_ repository: Repository, path: String, arguments: [String: String] = [:], target: String? = nil) {
        project = ProjectFindings(repository)
        self.path = path
        file = Dockerfile(repository.lines(path))
        self.arguments = file.arguments.merging(arguments) { _, given in given }
        self.target = target
    }

    mutating func read() {
        var images: [String: ImageReference] = [:]
        let last = file.stages.lastIndex { $0.name != nil && $0.name?.lowercased() == target?.lowercased() }
        let stages = file.stages.prefix((last ?? file.stages.count - 1) + 1)
        for (index, stage) in stages.enumerated() {
            let text = interpolated(stage.image, arguments, keepsUnknown: true)
            let isOwn = images[text.lowercased()] != nil
            let image = images[text.lowercased()] ?? ImageReference(text)
            if let name = stage.name { images[name.lowercased()] = image }
            if !isOwn, !text.contains("$") { use(image, Evidence(path, line: stage.line)) }
            readInstructions(
                stage, phase: phase(of: stage, isLast: index == stages.count - 1), isForeign: image.isForeign, images,
                isLast: index == stages.count - 1)
        }
    }

    private mutating func use(_ image: ImageReference, _ evidence: Evidence) {
        if !image.isForeign, let suite = image.suite {
            project.add(.base(BaseFinding(suite: suite, kind: .hint, evidence: evidence)))
        }
        for (tool, version) in image.toolchains {
            if let hint = toolchainHint(tool, version, evidence: evidence) { project.add(.toolchain(hint)) }
        }
    }

    /// What the packages of a stage are for: the last one is what runs.
    private func phase(of stage: Dockerfile.Stage, isLast: Bool) -> SystemFinding.Phase {
        let words = (stage.name ?? "").lowercased().split { !$0.isLetter }
        if words.contains(where: { $0.hasPrefix("test") || $0 == "ci" }) { return .test }
        return words.contains(where: { $0.hasPrefix("build") || $0 == "compile" || $0 == "deps" }) && !isLast
            ? .build : .run
    }

    private mutating func readInstructions(
        _ stage: Dockerfile.Stage, phase: SystemFinding.Phase, isForeign: Bool, _ images: [String: ImageReference],
        isLast: Bool
    ) {
        var tracer = ShellTracer(project.repository)
        var start: Dockerfile.Instruction?
        for instruction in stage.instructions {
            let evidence = Evidence(path, line: instruction.line)
            switch instruction.name {
            case "ARG":
                for (name, value) in dockerPairs(instruction.text) {
                    tracer.variables[name] =
                        arguments[name] ?? interpolated(value, tracer.variables, keepsUnknown: true)
                }
                if !instruction.text.contains("="), let value = arguments[instruction.text] {
                    tracer.variables[instruction.text] = value
                }
                for name in instruction.text.split(whereSeparator: \.isWhitespace).map({ $0.prefix { $0 != "=" } }) {
                    guard let value = tracer.variables[String(name)],
                        let hint = toolchainHint(variable: String(name), value, evidence: evidence)
                    else { continue }
                    project.add(.toolchain(hint))
                }
            case "ENV":
                for (name, value) in dockerPairs(instruction.text) {
                    readVariable(name, interpolated(value, tracer.variables, keepsUnknown: true), evidence, &tracer)
                }
            case "RUN":
                tracer.directory = ""
                tracer.trace(script(instruction.text), path: path, firstLine: instruction.line)
            case "COPY":
                // `COPY --from=composer:2 …` takes a tool out of its image.
                guard let word = instruction.text.split(whereSeparator: \.isWhitespace).first,
                    word.hasPrefix("--from=")
                else { continue }
                let source = interpolated(String(word.dropFirst(7)), tracer.variables, keepsUnknown: true)
                guard images[source.lowercased()] == nil, source.contains(":"), !source.contains("$") else { continue }
                for (tool, version) in ImageReference(source).toolchains {
                    if let hint = toolchainHint(tool, version, evidence: evidence) { project.add(.toolchain(hint)) }
                }
            case "EXPOSE":
                for word in instruction.text.split(whereSeparator: \.isWhitespace) {
                    let text = interpolated(String(word), tracer.variables).prefix { $0 != "/" && $0 != "-" }
                    guard let port = Int(text), (1...65_535).contains(port), !word.hasSuffix("/udp") else { continue }
                    project.add(.port(PortFinding(port, evidence: evidence)))
                }
            case "CMD", "ENTRYPOINT":
                if start?.name != "ENTRYPOINT" { start = instruction }
            default: break
            }
        }
        readCommands(tracer.commands, phase: phase, isForeign: isForeign)
        if isLast, let start { readStart(start) }
    }

    private mutating func readVariable(
        _ name: String, _ value: String, _ evidence: Evidence, _ tracer: inout ShellTracer
    ) {
        tracer.variables[name] = value
        if let hint = toolchainHint(variable: name, value, evidence: evidence) { project.add(.toolchain(hint)) }
        if name == "PORT", let port = Int(value), (1...65_535).contains(port) {
            project.add(.port(PortFinding(port, evidence: evidence)))
        }
        guard isAboutProject(name, value) else { return }
        // Tests and tools for development do without what makes an image one for production.
        let isForProduction = ["production", "prod", "staging", "live", "release"].contains(value.lowercased())
        project.add(.variable(VariableFinding(name, value: isForProduction ? nil : value, evidence: evidence)))
    }

    private mutating func readCommands(_ commands: [TracedCommand], phase: SystemFinding.Phase, isForeign: Bool) {
        for command in commands {
            for name in debianPackages(installedBy: command.call, input: command.input) ?? [] {
                project.system(.package(name), phase, command.evidence)
            }
            if isForeign {
                for found in needsForForeign(installedBy: command.call) ?? [] {
                    project.system(
                        found.need, phase,
                        reason: found.need.isCalled(found.name) ? "" : "`\(found.name)` in the image",
                        command.evidence)
                }
            }
            guard !command.isConditional else { continue }
            for (tool, version) in toolchains(installedBy: command.call) {
                if let hint = toolchainHint(tool, version, evidence: command.evidence) { project.add(.toolchain(hint)) }
            }
        }
    }

    /// The program of the image, where it is one of the repository or an interpreter of a file of it: what was built into
    /// the image is not there otherwise.
    private mutating func readStart(_ instruction: Dockerfile.Instruction) {
        let words =
            instruction.text.hasPrefix("[")
            ? (try? parseJSON(Array(instruction.text.utf8), lenient: true))?.strings ?? []
            : shellWords(instruction.text)
        guard let program = words.first, !program.hasPrefix("/"), !program.contains("$"),
            !words.contains(where: { $0.hasPrefix("/") }), !shells.contains(program)
        else { return }
        if program.hasPrefix("."), !project.repository.contains(joinPath("", program)) { return }
        if program.hasPrefix("nginx") || program == "sleep" || program == "tail" { return }
        let line =
            instruction.text.hasPrefix("[") ? words.map(shellQuoted).joined(separator: " ") : instruction.text
        guard !line.contains("\n") else { return }
        project.task("start", line, .inferred, Evidence(path, line: instruction.line))
    }

    /// The commands of `RUN`, its options left out; the list form is one command.
    private func script(_ text: String) -> String {
        var rest = text.drop { $0.isWhitespace || $0 == "\\" }
        while rest.hasPrefix("--") {
            rest = rest.drop { !$0.isWhitespace && $0 != "\\" }.drop { $0.isWhitespace || $0 == "\\" }
        }
        guard rest.hasPrefix("[") else { return String(rest) }
        return shellWords(rest.filter { $0 != "[" && $0 != "]" && $0 != "," }).map(shellQuoted).joined(separator: " ")
    }

    private func isAboutProject(_ name: String, _ value: String) -> Bool {
        if value.isEmpty || value.contains(where: { $0 == "$" || $0 == "/" || $0.isWhitespace }) { return false }
        return !ignoredVariables.contains(name) && !ignoredPrefixes.contains(where: name.hasPrefix)
            && !name.hasSuffix("_VERSION")
    }
}

private let shells: Set<String> = ["sh", "bash", "zsh", "ash", "fish", "irb"]
private let ignoredVariables: Set<String> = [
    "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PATH", "HOME", "DEBIAN_FRONTEND", "LANG", "LC_ALL",
    "LANGUAGE", "TZ", "TERM", "SHELL", "USER", "NODE_MAJOR", "LC_CTYPE",
]
private let ignoredPrefixes = [
    "PIP_", "POETRY_", "UV_", "NPM_", "GO", "CARGO", "RUST", "NODE_VERSION", "PYTHON", "BUNDLE_", "GEM_",
    "APT_", "CONDA_", "NVIDIA_", "JAVA_", "MAVEN_", "PORT",
]
