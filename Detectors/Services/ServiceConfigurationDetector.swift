//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import YAML

/// Reads from the configuration of frameworks and from examples of `.env` which services the program talks to, and
/// which variables it expects.
struct ServiceConfigurationDetector: Detector {
    let name = "service-configuration"
    let summary =
        ".env.example, config/database.yml, schema.prisma, Django's settings, alembic.ini, application.properties and the like"
    let sources = [
        DetectorSource(".env.example", "names of variables, services"),
        DetectorSource(".envrc", "names of variables, services"),
        DetectorSource("config/database.yml", "services"), DetectorSource("*.prisma", "services"),
        DetectorSource("settings.py", "services"), DetectorSource("alembic.ini", "services"),
        DetectorSource("application.properties", "services"), DetectorSource("application.yml", "services"),
        DetectorSource("knexfile.js", "services"), DetectorSource("ormconfig.json", "services"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        readExamples(&project)
        for path in [".envrc", ".envrc.example", ".envrc.sample"] where repository.contains(path) {
            readDirectoryEnvironment(path, &project)
        }
        for file in own("database.yml", in: "config", repository) { readRails(file.path, &project) }
        for file in own("mongoid.yml", in: "config", repository) {
            project.service("mongo", Evidence(file.path))
        }
        for file in repository.files(withExtension: "prisma").prefix(50) where !repository.isSecondary(file.path) {
            readPrisma(file.path, &project)
        }
        readDjango(&project)
        for file in repository.manifests(named: "alembic.ini").prefix(50) { readAddresses(file.path, &project) }
        for name in ["application.properties", "application.yml", "application.yaml"] {
            for file in repository.files(named: name).prefix(50) where !repository.isSecondary(file.path) {
                readAddresses(file.path, &project)
            }
        }
        readJavaScript(&project)
        for file in own("config.exs", in: "config", repository) + own("dev.exs", in: "config", repository) {
            readAdapters(file.path, &project)
        }
        return project.findings
    }

    private func own(_ name: String, in folder: String, _ repository: Repository) -> [CheckoutFile] {
        repository.files(named: name).filter {
            !repository.isSecondary($0.path) && ($0.directory == folder || $0.directory.hasSuffix("/" + folder))
        }
    }

    // MARK: .env

    /// Examples hold names; their values are placeholders, of which the addresses tell services.
    private func readExamples(_ project: inout ProjectFindings) {
        let repository = project.repository
        for name in exampleNames {
            for file in repository.files(named: name).prefix(50)
            where !repository.isSecondary(file.path) && file.depth <= 2 {
                var services: Set<String> = []
                for (index, line) in repository.lines(file.path).enumerated() where line.utf8.count < 10_000 {
                    let evidence = Evidence(file.path, line: index + 1)
                    guard let (name, value) = assignment(line) else { continue }
                    if name == "PORT", let port = Int(value), (1...65_535).contains(port) {
                        project.add(.port(PortFinding(port, evidence: evidence)))
                        continue
                    }
                    project.add(.variable(VariableFinding(name, value: nil, evidence: evidence)))
                    if let address = ServiceAddress(value), services.insert(address.service).inserted {
                        project.service(address.service, version: address.version, port: address.port, evidence)
                    } else if connectionNames.contains(name), let service = adapters[value.lowercased()],
                        services.insert(service).inserted
                    {
                        // Laravel's `DB_CONNECTION=mysql`, `CACHE_DRIVER=redis`.
                        project.service(service, evidence)
                    }
                }
            }
        }
    }

    /// What direnv's file exports.
    private func readDirectoryEnvironment(_ path: String, _ project: inout ProjectFindings) {
        for (index, line) in project.repository.lines(path).enumerated()
        where line.hasPrefix("export ") && line.utf8.count < 10_000 {
            guard let (name, value) = assignment(line), name != "PATH" else { continue }
            let evidence = Evidence(path, line: index + 1)
            project.add(.variable(VariableFinding(name, value: nil, evidence: evidence)))
            if let address = ServiceAddress(value) {
                project.service(address.service, version: address.version, port: address.port, evidence)
            }
        }
    }

    /// `NAME=value`, `export NAME='value'`; nil for comments and for anything else.
    private func assignment(_ line: String) -> (String, String)? {
        var text = line.trimmingSpaces
        if text.hasPrefix("export ") { text = text.dropFirst(7).trimmingSpaces }
        guard let sign = text.firstIndex(of: "=") else { return nil }
        let name = text[..<sign].trimmingSpaces
        guard isVariableName(name) else { return nil }
        let value = text[text.index(after: sign)...].trimmingSpaces
        guard let quote = value.first, quote == "\"" || quote == "'" else {
            return (name, value.parts(separatedBy: " #")[0].trimmingSpaces)
        }
        return (name, String(value.dropFirst().prefix { $0 != quote }))
    }

    // MARK: Frameworks

    /// Rails names an adapter for each of its environments; the file is a template, so that it is read by lines.
    private func readRails(_ path: String, _ project: inout ProjectFindings) {
        var seen: Set<String> = []
        for (index, line) in project.repository.lines(path).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            let evidence = Evidence(path, line: index + 1)
            if text.hasPrefix("adapter:") {
                // A template may choose: `<%= ENV.fetch("ADAPTER") { "postgresql" } %>`.
                let words = text.dropFirst(8).split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map {
                    $0.lowercased()
                }
                guard let service = words.lazy.compactMap({ adapters[$0] }).first, seen.insert(service).inserted else {
                    continue
                }
                project.service(service, evidence)
            } else if text.hasPrefix("url:"), let address = firstAddress(in: text),
                seen.insert(address.service).inserted
            {
                project.service(address.service, version: address.version, port: address.port, evidence)
            }
        }
    }

    private func readPrisma(_ path: String, _ project: inout ProjectFindings) {
        var isSource = false
        for (index, line) in project.repository.lines(path).enumerated() {
            let text = line.trimmingSpaces
            if text.hasPrefix("datasource ") { isSource = true }
            if text == "}" { isSource = false }
            guard isSource, text.hasPrefix("provider"), let value = rubyStrings(text).first,
                let service = adapters[value.lowercased()]
            else { continue }
            project.service(service, Evidence(path, line: index + 1))
        }
    }

    /// Django's `ENGINE`; where several are written, the project may run with any.
    private func readDjango(_ project: inout ProjectFindings) {
        let repository = project.repository
        guard repository.files(named: "manage.py").contains(where: { !repository.isSecondary($0.path) }) else { return }
        let files = repository.files(withExtension: "py").filter { file in
            !repository.isSecondary(file.path) && file.depth <= 5
                && (file.name.hasPrefix("settings") || file.directory.split(separator: "/").last == "settings")
        }
        var found: [(service: String?, evidence: Evidence)] = []
        for file in files.prefix(50) {
            for (index, line) in repository.lines(file.path).enumerated() where line.utf8.count < 2_000 {
                let text = line.trimmingSpaces
                guard !text.hasPrefix("#") else { continue }
                let evidence = Evidence(file.path, line: index + 1)
                if text.range(ofText: "ENGINE") != nil,
                    let engine = rubyStrings(text).last(where: { $0.contains(".backends.") || $0.contains("django") })
                {
                    found.append((engine.split(separator: ".").last.flatMap { adapters[$0.lowercased()] }, evidence))
                } else if let address = firstAddress(in: text) {
                    found.append((address.service, evidence))
                }
            }
        }
        let hasLocal = found.contains { $0.service == nil }
        var seen: Set<String> = []
        for (service, evidence) in found {
            guard let service, seen.insert(service).inserted else { continue }
            project.service(service, isSuggestion: hasLocal && databases.contains(service), evidence)
        }
    }

    /// Ecto's adapters.
    private func readAdapters(_ path: String, _ project: inout ProjectFindings) {
        for (index, line) in project.repository.lines(path).enumerated() {
            for (adapter, service) in [
                ("Ecto.Adapters.Postgres", "postgres"), ("Ecto.Adapters.MyXQL", "mysql"),
                ("Ecto.Adapters.Tds", "sqlserver"),
            ] where line.range(ofText: adapter) != nil {
                project.service(service, Evidence(path, line: index + 1))
            }
        }
    }

    /// `client: 'pg'` of knex and `type: 'postgres'` of TypeORM.
    private func readJavaScript(_ project: inout ProjectFindings) {
        let repository = project.repository
        for name in javaScriptFiles {
            for file in repository.manifests(named: name).prefix(50) {
                var services: [String: Evidence] = [:]
                var hasLocal = false
                for (index, line) in repository.lines(file.path).enumerated() where line.utf8.count < 2_000 {
                    if line.range(ofText: "sqlite") != nil { hasLocal = true }
                    let text = line.drop { !$0.isLetter }
                    guard ["client", "type", "dialect"].contains(where: text.hasPrefix), line.contains(":"),
                        let value = rubyStrings(line).last?.lowercased()
                    else { continue }
                    if let service = adapters[value], services[service] == nil {
                        services[service] = Evidence(file.path, line: index + 1)
                    }
                }
                for (service, evidence) in services.sorted(by: { $0.key < $1.key }) {
                    project.service(service, isSuggestion: hasLocal, evidence)
                }
            }
        }
    }

    /// Each service that an address in the file names, once.
    private func readAddresses(_ path: String, _ project: inout ProjectFindings) {
        var seen: Set<String> = []
        for (index, line) in project.repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            let text = line.trimmingSpaces
            guard !text.hasPrefix("#"), let address = firstAddress(in: text), seen.insert(address.service).inserted
            else { continue }
            project.service(
                address.service, version: address.version, port: address.port, Evidence(path, line: index + 1))
        }
    }

    private func firstAddress(in line: String) -> ServiceAddress? {
        guard line.range(ofText: "://") != nil else { return nil }
        return line.split { $0.isWhitespace || "\"'=`(),${}<>".contains($0) }.lazy.compactMap {
            ServiceAddress(String($0))
        }
        .first
    }
}

private let exampleNames = [
    ".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env", ".env.defaults",
    ".env.development.example", ".env.local.example", "sample.env", ".env.test.example", ".env-example", ".env-sample",
    ".env.development.sample", "env.sample", ".env.docker.example",
    // What is kept with the sources holds no secrets, and names as much as an example.
    ".env", ".env.dev", ".env.development", ".env.test", ".env.testing", ".env.ci",
]
private let connectionNames: Set<String> = [
    "DB_CONNECTION", "DB_DRIVER", "DB_TYPE", "DB_DIALECT", "DATABASE_TYPE", "DATABASE_DRIVER", "CACHE_DRIVER",
    "CACHE_STORE", "QUEUE_CONNECTION", "QUEUE_DRIVER", "SESSION_DRIVER", "BROADCAST_DRIVER", "DB_ENGINE",
    "DATABASE_ENGINE",
]
private let adapters: [String: String] = [
    "postgresql": "postgres", "postgres": "postgres", "postgis": "postgres", "pg": "postgres", "pgsql": "postgres",
    "postgresql_psycopg2": "postgres", "pg-native": "postgres", "psycopg": "postgres", "psycopg2": "postgres",
    "cockroachdb": "cockroachdb", "mysql": "mysql", "mysql2": "mysql", "trilogy": "mysql", "mariadb": "mariadb",
    "mongodb": "mongo", "sqlserver": "sqlserver", "mssql": "sqlserver", "tedious": "sqlserver", "oracle": "oracle",
    "oracledb": "oracle", "oracle_enhanced": "oracle", "redis": "redis", "rediss": "redis", "memcached": "memcached",
    "predis": "redis", "beanstalkd": "beanstalkd", "clickhouse": "clickhouse", "sqlsrv": "sqlserver",
    "jdbcpostgresql": "postgres", "jdbcmysql": "mysql",
]
private let databases: Set<String> = ["postgres", "mysql", "mariadb", "sqlserver", "oracle", "mongo"]
private let javaScriptFiles = [
    "knexfile.js", "knexfile.ts", "knexfile.cjs", "knexfile.mjs", "ormconfig.json", "ormconfig.js", "ormconfig.ts",
    "data-source.ts", "datasource.ts", "drizzle.config.ts", "drizzle.config.js", "mikro-orm.config.ts",
]
