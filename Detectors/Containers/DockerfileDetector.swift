//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads the project's own Dockerfiles: their base images, packages and variables.
struct DockerfileDetector: Detector {
    let name = "dockerfile"
    let summary = "Dockerfile and Containerfile in the root, docker/, .devcontainer/ and .gitpod.Dockerfile"

    func findings(in repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for file in dockerfiles(repository) { findings += read(file.path, repository) }
        return findings
    }

    private func dockerfiles(_ repository: Repository) -> [CheckoutFile] {
        let folders = ["", "docker", ".docker", ".devcontainer", "container", "containers", "build/docker"]
        return folders.flatMap { folder in
            repository.files(in: folder).filter { file in
                let name = file.name.lowercased()
                guard
                    !["alpine", "windows", "centos", "fedora", "arm", "prod.min"].contains(where: {
                        name.range(ofText: $0) != nil
                    })
                else {
                    return false
                }
                return name == "dockerfile" || name == "containerfile" || name == ".gitpod.dockerfile"
                    || name.hasPrefix("dockerfile.")
                    || name.hasSuffix(".dockerfile")
            }
        }
    }

    private func read(_ path: String, _ repository: Repository) -> [Finding] {
        let file = Dockerfile(repository.lines(path))
        var findings: [Finding] = []
        var known: [String: ImageReference] = [:]
        for stage in file.stages {
            let text = substituted(stage.image, file.arguments)
            let image = known[text.lowercased()] ?? ImageReference(text)
            if let name = stage.name { known[name.lowercased()] = image }
            if image.isForeign || text.contains("$") { continue }
            let evidence = Evidence(path, line: stage.line)
            if let suite = image.suite {
                findings.append(.base(BaseFinding(suite: suite, kind: .hint, evidence: evidence)))
            }
            if let (tool, version) = image.toolchain, let hint = toolchainHint(tool, version, evidence: evidence) {
                findings.append(.toolchain(hint))
            }
            findings += read(stage, file.arguments, path, repository)
        }
        return findings
    }

    private func read(
        _ stage: Dockerfile.Stage, _ arguments: [String: String], _ path: String, _ repository: Repository
    ) -> [Finding] {
        var findings: [Finding] = []
        var tracer = ShellTracer(repository)
        for instruction in stage.instructions {
            switch instruction.name {
            case "ARG":
                for (name, value) in dockerPairs(instruction.text) { tracer.variables[name] = value }
                if !instruction.text.contains("="), let value = arguments[instruction.text] {
                    tracer.variables[instruction.text] = value
                }
            case "ENV":
                for (name, value) in dockerPairs(instruction.text) {
                    let value = substituted(value, tracer.variables)
                    tracer.variables[name] = value
                    guard isAboutProject(name, value) else { continue }
                    findings.append(
                        .variable(VariableFinding(name, value: value, evidence: Evidence(path, line: instruction.line)))
                    )
                }
            case "RUN":
                tracer.directory = ""
                tracer.trace(script(instruction.text), path: path, firstLine: instruction.line)
            default: break
            }
        }
        for command in tracer.commands {
            for name in debianPackages(installedBy: command.call, input: command.input) ?? [] {
                findings.append(.system(SystemFinding(.package(name), phase: .run, evidence: command.evidence)))
            }
        }
        return findings
    }

    /// The commands of `RUN`, its options left out; the list form is one command.
    private func script(_ text: String) -> String {
        var rest = text[...]
        while rest.hasPrefix("--") {
            rest = rest.drop { !$0.isWhitespace && $0 != "\\" }.drop { $0.isWhitespace || $0 == "\\" }
        }
        guard rest.hasPrefix("[") else { return String(rest) }
        return shellWords(rest.filter { $0 != "[" && $0 != "]" && $0 != "," }).map(shellQuoted).joined(separator: " ")
    }

    private func isAboutProject(_ name: String, _ value: String) -> Bool {
        if value.isEmpty || value.contains("$") || value.contains("/") { return false }
        let ignored = [
            "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PATH", "HOME", "DEBIAN_FRONTEND", "LANG", "LC_ALL",
            "LANGUAGE", "TZ", "TERM", "SHELL", "USER",
        ]
        let prefixes = [
            "PIP_", "POETRY_", "UV_", "NPM_", "GO", "CARGO", "RUST", "NODE_VERSION", "PYTHON", "BUNDLE_", "GEM_",
            "APT_", "CONDA_", "NVIDIA_", "JAVA_", "MAVEN_", "PORT",
        ]
        return !ignored.contains(name) && !prefixes.contains(where: name.hasPrefix) && !name.hasSuffix("_VERSION")
    }
}
