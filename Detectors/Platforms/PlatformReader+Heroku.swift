//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON
import TOML
import YAML

extension PlatformReader {
    /// The web process of a [Procfile](https://devcenter.heroku.com/articles/procfile); other processes have names of
    /// their own, and one without a web process is for running helpers of developers.
    mutating func readProcfile(_ path: String) {
        guard repository.contains(path) else { return }
        for (index, line) in repository.lines(path).enumerated() where line.hasPrefix("web:") {
            let command = line.dropFirst(4).trimmingSpaces
            if !command.isEmpty { project.task("start", command, .declared, Evidence(path, line: index + 1)) }
        }
    }

    /// Heroku's [app.json](https://devcenter.heroku.com/articles/app-json-schema). Expo's file of the same name has none
    /// of these keys at its top.
    mutating func readAppManifest(_ path: String) {
        guard repository.contains(path), let root = repository.json(path), root["expo"] == nil else { return }
        for member in root["env"]?.object ?? [] {
            let value = member.value.string ?? member.value["value"]?.string
            variable(member.key, value, Evidence(path, line: member.line))
        }
        let test = root["environments"]?["test"]
        for node in (root["addons"]?.array ?? []) + (test?["addons"]?.array ?? []) {
            guard let text = node.string ?? node["plan"]?.string else { continue }
            addOn(text, version: node["options"]?["version"]?.string, Evidence(path, line: node.line))
        }
        if let node = test?["scripts"]?["test"], let text = node.string {
            project.task("test", text, .declared, Evidence(path, line: node.line))
        }
    }

    /// Heroku's [heroku.yml](https://devcenter.heroku.com/articles/build-docker-images-heroku-yml).
    mutating func readHerokuManifest(_ path: String) {
        guard repository.contains(path), let root = repository.yaml(path) else { return }
        for node in root["setup"]?["addons"]?.sequence ?? [] {
            guard let text = (node["plan"] ?? node).string else { continue }
            addOn(text, version: nil, Evidence(path, line: node.line))
        }
        for pair in root["setup"]?["config"]?.mapping ?? [] {
            guard let name = pair.key.string else { continue }
            variable(name, pair.value.string, Evidence(path, line: pair.key.line))
        }
        if let node = root["run"]?["web"],
            let text = (node["command"]?.sequence?.first ?? node["command"] ?? node).string
        {
            project.task("start", text, .declared, Evidence(path, line: node.line))
        }
    }

    /// `heroku-postgresql:mini`.
    private mutating func addOn(_ plan: String, version: String?, _ evidence: Evidence) {
        let name = plan.prefix { $0 != ":" }
        guard let service = addOns[String(name)] else { return }
        project.service(service, version: version, evidence)
    }

    /// Buildpacks' [project.toml](https://buildpacks.io/docs/reference/config/project-descriptor/).
    mutating func readBuildpacksProject(_ path: String) {
        guard repository.contains(path), let root = repository.toml(path) else { return }
        let lists = [
            root["io"]?["buildpacks"]?["build"]?["env"], root["build"]?["env"],
            root["com"]?["heroku"]?["buildpacks"]?["deb-packages"]?["install"],
        ]
        for node in lists.prefix(2).compactMap({ $0?.array }).joined() {
            guard let name = node["name"]?.string, let value = node["value"]?.string else { continue }
            let evidence = Evidence(path, line: node["name"]?.line ?? node.line)
            if let tool = buildpackVariables[name] {
                guard let version = toolVersion(tool, value.filter { $0 != "*" }),
                    let hint = toolchainHint(
                        tool, version.hasSuffix(".") ? String(version.dropLast()) : version, evidence: evidence)
                else { continue }
                project.add(.toolchain(hint))
            } else if !name.hasPrefix("BP_"), !name.hasPrefix("BPL_"), !name.hasPrefix("GOOGLE_") {
                variable(name, value, evidence)
            }
        }
        for node in lists[2]?.array ?? [] {
            guard let text = node.string ?? node["name"]?.string, let name = debianPackageName(text) else { continue }
            project.system(.package(name), .run, Evidence(path, line: node.line))
        }
    }
}

private let addOns: [String: String] = [
    "heroku-postgresql": "postgres", "heroku-redis": "redis", "rediscloud": "redis", "redistogo": "redis",
    "openredis": "redis", "jawsdb": "mysql", "cleardb": "mysql", "jawsdb-maria": "mariadb", "mongolab": "mongo",
    "mongohq": "mongo", "ormongo": "mongo", "cloudamqp": "rabbitmq", "heroku-kafka": "kafka", "cloudkarafka": "kafka",
    "memcachier": "memcached", "memcachedcloud": "memcached", "bonsai": "elasticsearch", "searchbox": "elasticsearch",
    "foundelasticsearch": "elasticsearch", "graphenedb": "neo4j", "stackhero-mysql": "mysql",
]
private let buildpackVariables: [String: String] = [
    "BP_NODE_VERSION": "node", "BP_JVM_VERSION": "java", "BP_CPYTHON_VERSION": "python", "BP_GO_VERSION": "go",
    "BP_MRI_VERSION": "ruby", "BP_PHP_VERSION": "php", "BP_DOTNET_FRAMEWORK_VERSION": "dotnet",
    "GOOGLE_PYTHON_VERSION": "python", "GOOGLE_NODEJS_VERSION": "node", "GOOGLE_GO_VERSION": "go",
]
