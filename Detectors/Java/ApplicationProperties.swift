//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// The settings of a Spring Boot, Quarkus or Micronaut application in `application.properties` and `application.yml`.
struct ApplicationProperties {
    private let repository: Repository

    init(_ repository: Repository) { self.repository = repository }

    /// Ports, services and names of variables; whether a port is among them.
    func read(in directory: String, _ project: inout ProjectFindings) -> Bool {
        var hasPort = false
        let files = repository.checkout.files.filter { file in
            guard file.name.hasPrefix("application") || file.name.hasPrefix("bootstrap"),
                directory.isEmpty || file.path.hasPrefix(directory + "/"), !repository.isSecondary(file.path)
            else { return false }
            return ["properties", "yml", "yaml"].contains { file.name.hasSuffix(".\($0)") }
        }
        for file in files.sorted(by: { $0.isNearer(than: $1) }).prefix(60) {
            let stem = file.name.prefix { $0 != "." }
            let isMain = stem == "application" || stem == "bootstrap"
            guard isMain || stem.hasPrefix("application-") else { continue }
            for entry in entries(file) {
                if isMain, readPort(entry, &project) { hasPort = true }
                readService(entry, isSuggestion: !isMain, &project)
                if isMain { readVariables(entry, &project) }
            }
        }
        return hasPort
    }

    private func entries(_ file: CheckoutFile) -> [Property] {
        if file.name.hasSuffix(".properties") { return repository.properties(file.path) }
        var result: [Property] = []
        for document in repository.yamlDocuments(file.path) {
            flatten(document, "", file.path, depth: 0, into: &result)
        }
        return result
    }

    private func flatten(_ node: YAMLNode, _ key: String, _ path: String, depth: Int, into result: inout [Property]) {
        guard depth < 20, result.count < 10_000 else { return }
        for pair in node.mapping ?? [] {
            guard let name = pair.key.string else { continue }
            flatten(pair.value, key.isEmpty ? name : "\(key).\(name)", path, depth: depth + 1, into: &result)
        }
        for item in node.sequence ?? [] { flatten(item, key, path, depth: depth + 1, into: &result) }
        if node.mapping == nil, node.sequence == nil, let text = node.string {
            result.append(Property(key: key, value: text, evidence: Evidence(path, line: node.line)))
        }
    }

    private func readPort(_ entry: Property, _ project: inout ProjectFindings) -> Bool {
        guard ["server.port", "quarkus.http.port", "micronaut.server.port"].contains(relaxed(entry.key)),
            let port = Int(resolved(entry.value)), (1...65_535).contains(port)
        else { return false }
        project.add(.port(PortFinding(port, evidence: entry.evidence)))
        return true
    }

    private func readService(_ entry: Property, isSuggestion: Bool, _ project: inout ProjectFindings) {
        let key = relaxed(entry.key)
        let value = resolved(entry.value)
        let name: String?
        if let service = serviceKeys.first(where: { key.hasPrefix($0.key) })?.service {
            name = service
        } else if key.hasSuffix("url") || key.hasSuffix("uri") || key.hasSuffix("uris") || key.hasSuffix("jdbc-url") {
            name = service(ofURL: value)
        } else if key.hasPrefix("quarkus.datasource"), key.hasSuffix("db-kind") {
            name = service(ofURL: "jdbc:\(value):")
        } else {
            name = nil
        }
        guard let name else { return }
        let isEmbedded = value.hasPrefix("jdbc:tc:")
        project.service(name, isSuggestion: isSuggestion || isEmbedded, entry.evidence)
    }

    /// Names in `${NAME}` and `${NAME:default}`; what has dots or small letters is another setting.
    private func readVariables(_ entry: Property, _ project: inout ProjectFindings) {
        for part in entry.value.parts(separatedBy: "${").dropFirst() {
            let name = String(part.prefix { $0 != "}" && $0 != ":" })
            guard name.first?.isLetter == true,
                name.utf8.allSatisfy({ ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F })
            else { continue }
            project.add(.variable(VariableFinding(name, value: nil, evidence: entry.evidence)))
        }
    }

    /// The text with `${NAME:default}` replaced by the default.
    private func resolved(_ text: String) -> String {
        var result = text
        for _ in 0..<10 {
            guard let start = result.range(ofText: "${"), let end = result[start...].firstIndex(of: "}") else { break }
            let inner = result[start...].dropFirst(2).prefix { $0 != "}" }
            let fallback = inner.firstIndex(of: ":").map { inner[inner.index(after: $0)...] } ?? ""
            result = String(result[..<start]) + fallback + String(result[result.index(after: end)...])
        }
        return result
    }

    /// Spring reads `bootstrapServers` and `bootstrap_servers` as `bootstrap-servers`; `%dev.` names a profile of Quarkus.
    private func relaxed(_ key: String) -> String {
        var result = ""
        var rest = key[...]
        if rest.hasPrefix("%") { rest = rest.drop { $0 != "." }.dropFirst() }
        for character in rest {
            if character == "_" {
                result.append("-")
            } else if character.isUppercase {
                result += "-" + character.lowercased()
            } else {
                result.append(character)
            }
        }
        return result
    }
}

/// The service that an address is of: `jdbc:postgresql://…`, `mongodb://…`, `amqp://…`; nil for databases in the process
/// and for addresses of anything else.
func service(ofURL text: String) -> String? {
    var rest = text[...]
    for prefix in ["jdbc:", "r2dbc:", "tc:", "p6spy:", "log4jdbc:", "pool:"] where rest.hasPrefix(prefix) {
        rest = rest.dropFirst(prefix.count)
    }
    guard let colon = rest.firstIndex(of: ":") else { return nil }
    return urlServices[rest[..<colon].lowercased()]
}

private let urlServices = [
    "postgresql": "postgres", "postgres": "postgres", "pgsql": "postgres", "postgis": "postgres", "mysql": "mysql",
    "mysql2": "mysql", "mariadb": "mariadb", "sqlserver": "sqlserver", "mssql": "sqlserver", "oracle": "oracle",
    "clickhouse": "clickhouse", "ch": "clickhouse", "mongodb": "mongo", "mongodb+srv": "mongo", "redis": "redis",
    "rediss": "redis", "amqp": "rabbitmq", "amqps": "rabbitmq", "nats": "nats", "kafka": "kafka", "neo4j": "neo4j",
    "bolt": "neo4j", "memcached": "memcached", "cassandra": "cassandra", "mqtt": "mosquitto",
]

private let serviceKeys: [(key: String, service: String)] = [
    ("spring.data.redis.host", "redis"), ("spring.redis.host", "redis"), ("spring.data.redis.cluster", "redis"),
    ("spring.redis.cluster", "redis"), ("spring.redis.sentinel", "redis"), ("spring.data.redis.sentinel", "redis"),
    ("quarkus.redis.hosts", "redis"), ("spring.rabbitmq.host", "rabbitmq"), ("spring.rabbitmq.addresses", "rabbitmq"),
    ("rabbitmq-host", "rabbitmq"), ("spring.kafka.bootstrap-servers", "kafka"),
    ("spring.kafka.producer.bootstrap-servers", "kafka"), ("spring.kafka.consumer.bootstrap-servers", "kafka"),
    ("spring.cloud.stream.kafka.binder.brokers", "kafka"), ("kafka.bootstrap.servers", "kafka"),
    ("spring.data.mongodb.host", "mongo"), ("spring.mongodb.host", "mongo"),
    ("spring.elasticsearch.uris", "elasticsearch"), ("spring.elasticsearch.rest.uris", "elasticsearch"),
    ("spring.data.elasticsearch", "elasticsearch"), ("quarkus.elasticsearch.hosts", "elasticsearch"),
    ("spring.data.cassandra.contact-points", "cassandra"), ("spring.cassandra.contact-points", "cassandra"),
    ("spring.activemq.broker-url", "activemq"), ("spring.artemis.broker-url", "activemq-artemis"),
    ("spring.data.solr", "solr"), ("spring.pulsar.client.service-url", "pulsar"),
    ("spring.cloud.consul.host", "consul"), ("spring.cloud.vault.host", "vault"), ("spring.cloud.vault.uri", "vault"),
    ("spring.influx.url", "influxdb"), ("spring.couchbase.connection-string", "couchbase"),
]
