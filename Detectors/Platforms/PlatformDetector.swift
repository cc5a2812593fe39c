//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads what a repository tells the platforms that run it: how it is built and started, with which versions, variables,
/// ports and services.
struct PlatformDetector: Detector {
    let name = "platforms"
    let summary =
        "Procfile, app.json, heroku.yml, project.toml, fly.toml, render.yaml, railway.json, vercel.json, netlify.toml, app.yaml, nixpacks.toml, railpack.json"
    let sources = [
        DetectorSource("Procfile", "start command"), DetectorSource("app.json", "variables, services"),
        DetectorSource("heroku.yml", "start command, services"),
        DetectorSource("project.toml", "toolchains, variables", kind: .hint),
        DetectorSource("fly.toml", "variables, ports, start command"),
        DetectorSource("render.yaml", "toolchains, services, commands", kind: .hint),
        DetectorSource("railway.json", "commands"), DetectorSource("railway.toml", "commands"),
        DetectorSource("vercel.json", "commands"),
        DetectorSource("netlify.toml", "toolchains, commands", kind: .hint),
        DetectorSource("app.yaml", "toolchains, variables", kind: .hint),
        DetectorSource("nixpacks.toml", "packages, commands"),
        DetectorSource("railpack.json", "toolchains, packages, commands", kind: .pin),
        DetectorSource("serverless.yml", "toolchains", kind: .hint),
        DetectorSource(".replit", "toolchains", kind: .hint),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var reader = PlatformReader(repository)
        reader.readProcfile("Procfile")
        reader.readAppManifest("app.json")
        reader.readHerokuManifest("heroku.yml")
        reader.readBuildpacksProject("project.toml")
        for path in ["railpack.json", "nixpacks.toml", "nixpacks.json"] where repository.contains(path) {
            reader.readBuilder(path)
        }
        reader.readFly("fly.toml")
        for path in ["render.yaml", "render.yml"] { reader.readRender(path) }
        reader.readRailway()
        reader.readVercel("vercel.json")
        reader.readNetlify("netlify.toml")
        reader.readAppEngine("app.yaml")
        reader.readFunctions()
        reader.readReplit(".replit")
        return reader.project.findings
    }
}

/// Findings as the files of platforms are read.
///
/// A command that a platform runs stands where those of continuous integration do: it is in use, but the project's own
/// manifest comes first.
struct PlatformReader {
    var project: ProjectFindings

    init(_ repository: Repository) { project = ProjectFindings(repository) }

    var repository: Repository { project.repository }

    /// Reports a variable by its name: its value is that of production. A variable that names a tool's version says that
    /// instead.
    mutating func variable(_ name: String, _ value: String?, _ evidence: Evidence) {
        guard isVariableName(name) else { return }
        if let value, let hint = toolchainHint(variable: name, value, evidence: evidence) {
            project.add(.toolchain(hint))
            return
        }
        if name == "PORT" {
            if let value { port(Int(value), evidence) }
            return
        }
        project.add(.variable(VariableFinding(name, value: nil, evidence: evidence)))
    }

    mutating func port(_ number: Int?, _ evidence: Evidence) {
        guard let number, (1...65_535).contains(number) else { return }
        project.add(.port(PortFinding(number, evidence: evidence)))
    }

    mutating func command(_ task: String, _ command: String?, in directory: String = "", _ evidence: Evidence) {
        guard let command = command?.trimmingSpaces, !command.isEmpty else { return }
        // What is called a build may only install.
        let isInstall =
            task == "build" && dependencyInstallers.contains { command.range(ofText: $0) != nil }
            && command.range(ofText: "build") == nil && command.range(ofText: "&&") == nil
        project.task(isInstall ? "install" : task, command, .used, in: directory, evidence)
    }

    /// A toolchain in the name that a platform gives a runtime: `python312`, `nodejs20.x`, `python3.11`, `go122`.
    mutating func runtime(_ text: String, _ evidence: Evidence) {
        let stem = text.prefix { $0.isLetter }.lowercased()
        let tools = [
            "python": "python", "nodejs": "node", "node": "node", "go": "go", "java": "java", "ruby": "ruby",
            "php": "php", "dotnet": "dotnet",
        ]
        guard let tool = tools[stem] else { return }
        var version = String(
            text.dropFirst(stem.count).drop { $0 == "@" || $0 == "-" }.prefix { $0.isNumber || $0 == "." })
        while version.hasSuffix(".") { version.removeLast() }
        // `python312` and `go122` leave the dot out.
        if !version.contains("."), ["python", "go", "ruby", "php"].contains(tool), version.utf8.count > 1 {
            version = "\(version.prefix(1)).\(version.dropFirst())"
        }
        guard let hint = toolchainHint(tool, version, evidence: evidence) else {
            project.toolchain(tool, .hint, "", evidence)
            return
        }
        project.add(.toolchain(hint))
    }
}
