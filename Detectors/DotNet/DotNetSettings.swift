//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

extension ProjectFindings {
    /// Ports and variables of `Properties/launchSettings.json`, ports and connections of `appsettings*.json`.
    mutating func dotnetSettings(of project: MSBuildProject) {
        let before = findings.count
        readSettings(of: project)
        let hasPort = findings[before...].contains { if case .port = $0 { true } else { false } }
        // Kestrel's own choice.
        if project.isWeb, !hasPort { add(.port(PortFinding(5000, evidence: Evidence(project.path)))) }
    }

    private mutating func readSettings(of project: MSBuildProject) {
        let folder = parentPath(project.path)
        launchSettings(joinPath(folder, "Properties/launchSettings.json"), isWeb: project.isWeb)
        let files = repository.files(in: folder).filter {
            $0.name.hasPrefix("appsettings") && $0.name.hasSuffix(".json")
        }
        for file in files {
            guard let root = repository.json(file.path) else { continue }
            urls(root["Urls"] ?? root["urls"], file.path)
            for endpoint in root["Kestrel"]?["Endpoints"]?.object ?? [] { urls(endpoint.value["Url"], file.path) }
            for connection in root["ConnectionStrings"]?.object ?? [] {
                guard let text = connection.value.string,
                    let name = service(ofConnection: text, named: connection.key, packages: project.packages)
                else { continue }
                service(name, Evidence(file.path, line: connection.line))
            }
        }
    }

    private mutating func launchSettings(_ path: String, isWeb: Bool) {
        guard repository.contains(path), let profiles = repository.json(path)?["profiles"]?.object else { return }
        var isFirst = true
        for profile in profiles where profile.value["commandName"]?.string == "Project" {
            guard isFirst else { return }
            isFirst = false
            urls(profile.value["applicationUrl"], path)
            for variable in profile.value["environmentVariables"]?.object ?? [] {
                guard let value = variable.value.string else { continue }
                if variable.key == "ASPNETCORE_URLS" || variable.key == "ASPNETCORE_HTTP_PORTS" {
                    urls(variable.value, path)
                }
                add(
                    .variable(
                        VariableFinding(variable.key, value: value, evidence: Evidence(path, line: variable.line))))
            }
        }
    }

    /// The ports in `https://localhost:7001;http://+:5000`.
    private mutating func urls(_ node: JSONNode?, _ path: String) {
        guard let node, let text = node.string else { return }
        // Without a certificate HTTPS does not start.
        let parts = text.split(separator: ";").sorted { !$0.hasPrefix("https") && $1.hasPrefix("https") }
        for part in parts {
            let authority = String(part).parts(separatedBy: "://").last?.prefix { $0 != "/" } ?? ""
            guard let port = authority.split(separator: ":").last.flatMap({ Int($0) }), (1...65_535).contains(port)
            else { continue }
            add(.port(PortFinding(port, evidence: Evidence(path, line: node.line))))
        }
    }

    /// The service of an ADO.NET connection string or an address; nil for files and for what cannot be told.
    private func service(
        ofConnection text: String, named name: String, packages: [MSBuildProject.Package]
    ) -> String? {
        if let known = Detectors.service(ofURL: text) { return known }
        if text.range(ofText: "://") != nil { return nil }
        var keys: [String: String] = [:]
        for part in text.split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            if sides.count == 2 { keys[sides[0].lowercased()] = sides[1] }
        }
        let source = keys["data source"] ?? ""
        if ["sqlite", ".db", ".sqlite3", ":memory:"].contains(where: { source.lowercased().hasSuffix($0) })
            || keys["filename"] != nil
        {
            return nil
        }
        let names = Set(packages.map { $0.name.lowercased() })
        func uses(_ parts: [String]) -> Bool {
            names.contains { name in parts.contains { name.range(ofText: $0) != nil } }
        }
        let hasPostgres = uses(["npgsql", "postgres"])
        let hasMySQL = uses(["mysql"])
        if keys["host"] != nil, keys["database"] != nil || keys["username"] != nil { return "postgres" }
        if keys["server"] != nil || !source.isEmpty {
            if keys["uid"] != nil || keys["port"] == "3306" || (hasMySQL && !hasPostgres) { return "mysql" }
            if keys["port"] == "5432" || (hasPostgres && !uses(["sqlserver", "sqlclient"])) { return "postgres" }
            if keys["database"] != nil || keys["initial catalog"] != nil || keys["trusted_connection"] != nil {
                return "sqlserver"
            }
            return nil
        }
        let label = name.lowercased()
        if label.range(ofText: "redis") != nil || label.range(ofText: "cache") != nil, text.contains(":") {
            return "redis"
        }
        if label.range(ofText: "rabbit") != nil { return "rabbitmq" }
        return nil
    }
}
