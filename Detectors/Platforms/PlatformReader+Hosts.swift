//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML
import YAML

extension PlatformReader {
    /// Fly's application ([fly.toml](https://fly.io/docs/reference/configuration/)).
    mutating func readFly(_ path: String) {
        guard repository.contains(path), let root = repository.toml(path) else { return }
        for pair in root["env"]?.table ?? [] {
            variable(
                pair.key, pair.value.string ?? pair.value.int.map { "\($0)" }, Evidence(path, line: pair.value.line))
        }
        for pair in root["build"]?["args"]?.table ?? [] {
            guard let value = pair.value.string,
                let hint = toolchainHint(variable: pair.key, value, evidence: Evidence(path, line: pair.value.line))
            else { continue }
            project.add(.toolchain(hint))
        }
        let services = [root["http_service"]].compactMap { $0 } + (root["services"]?.array ?? [])
        for service in services {
            if let node = service["internal_port"] { port(node.int, Evidence(path, line: node.line)) }
        }
        for name in ["app", "web"] {
            if let node = root["processes"]?[name] { command("start", node.string, Evidence(path, line: node.line)) }
        }
    }

    /// Render's blueprint ([Blueprint YAML reference](https://render.com/docs/blueprint-spec)).
    mutating func readRender(_ path: String) {
        guard repository.contains(path), let root = repository.yaml(path) else { return }
        for node in root["databases"]?.sequence ?? [] {
            project.service("postgres", version: node["postgresMajorVersion"]?.string, Evidence(path, line: node.line))
        }
        for service in root["services"]?.sequence ?? [] {
            let type = service["type"]?.string ?? ""
            let evidence = Evidence(path, line: service.line)
            if type == "redis" || type == "keyvalue" {
                project.service("redis", evidence)
                continue
            }
            if let node = service["image"]?["url"], let text = node.string, ImageReference(text).isService,
                let found = ImageReference(text).service(port: nil, evidence: Evidence(path, line: node.line))
            {
                project.add(.service(found))
                continue
            }
            for node in service["envVars"]?.sequence ?? [] {
                guard let name = node["key"]?.string else { continue }
                variable(name, node["value"]?.string, Evidence(path, line: node["key"]?.line ?? node.line))
            }
            guard type == "web" || type == "static_site" || type == "pserv" else { continue }
            let folder = joinPath("", service["rootDir"]?.string ?? "")
            for (key, task) in [("buildCommand", "build"), ("startCommand", "start")] {
                if let node = service[key] { command(task, node.string, in: folder, Evidence(path, line: node.line)) }
            }
        }
    }

    /// App Engine's service ([app.yaml](https://cloud.google.com/appengine/docs/standard/reference/app-yaml)).
    mutating func readAppEngine(_ path: String) {
        guard repository.contains(path), let root = repository.yaml(path), let node = root["runtime"],
            let text = node.string
        else { return }
        let settings = root["runtime_config"]
        let version = settings?["runtime_version"] ?? settings?["python_version"]
        if let version, let number = version.string {
            runtime(text + number, Evidence(path, line: version.line))
        } else {
            runtime(text, Evidence(path, line: node.line))
        }
        if let node = root["entrypoint"] { command("start", node.string, Evidence(path, line: node.line)) }
        for pair in root["env_variables"]?.mapping ?? [] {
            guard let name = pair.key.string else { continue }
            variable(name, pair.value.string, Evidence(path, line: pair.key.line))
        }
    }

    /// The runtimes of functions: Serverless Framework's and AWS SAM's.
    mutating func readFunctions() {
        for path in ["serverless.yml", "serverless.yaml"] where repository.contains(path) {
            guard let provider = repository.yaml(path)?["provider"], let node = provider["runtime"],
                let text = node.string
            else { continue }
            runtime(text, Evidence(path, line: node.line))
        }
        for path in ["template.yaml", "template.yml"] where repository.contains(path) {
            guard let root = repository.yaml(path), root["AWSTemplateFormatVersion"] != nil || root["Transform"] != nil
            else { continue }
            var nodes = [root["Globals"]?["Function"]?["Runtime"]]
            nodes += (root["Resources"]?.mapping ?? []).map { $0.value["Properties"]?["Runtime"] }
            for node in nodes.compactMap({ $0 }) {
                if let text = node.string { runtime(text, Evidence(path, line: node.line)) }
            }
        }
    }

    /// Replit's workspace ([.replit](https://docs.replit.com/replit-app/configuration)): `modules = ["nodejs-20"]`.
    mutating func readReplit(_ path: String) {
        guard repository.contains(path), let root = repository.toml(path) else { return }
        for node in root["modules"]?.array ?? [] {
            // `python-3.11:v18-20230807` names the module's own version behind a colon.
            if let text = node.string { runtime(String(text.prefix { $0 != ":" }), Evidence(path, line: node.line)) }
        }
        for node in root["nix"]?["packages"]?.array ?? [] {
            guard let name = node.string, let found = nixPackage(name) else { continue }
            for need in found.needs {
                project.system(need, .run, reason: "Nix's \(name)", Evidence(path, line: node.line))
            }
        }
        for node in root["ports"]?.array ?? [] {
            if let number = node["localPort"] { port(number.int, Evidence(path, line: number.line)) }
        }
        if let node = root["run"] {
            let line = node.string ?? node.strings.map(shellQuoted).joined(separator: " ")
            project.task("start", line, .inferred, Evidence(path, line: node.line))
        }
    }
}
