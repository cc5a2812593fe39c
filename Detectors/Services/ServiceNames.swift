//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// The service that a container image is, by the last one or two components of its name; nil for other images.
func serviceName(ofImage path: String) -> String? {
    let parts = path.lowercased().split(separator: "/")
    guard let last = parts.last else { return nil }
    return images[parts.suffix(2).joined(separator: "/")] ?? images[String(last)]
}

/// The service that a short name such as `postgresql`, `mongodb` or `redis-server` stands for; the name itself where it
/// is not known.
func serviceName(_ name: String) -> String {
    let name = name.lowercased()
    return images[name] ?? name
}

/// A service that an address such as `postgres://user@host:5432/name` talks to.
struct ServiceAddress: Hashable {
    let service: String
    let port: Int?
    /// The version in Doctrine's `?serverVersion=16`.
    let version: String?

    /// Reads the scheme and the port of an address; nil for a scheme that is no service's.
    init?(_ text: String) {
        guard let separator = text.range(ofText: "://") else { return nil }
        // `jdbc:postgresql`, `postgresql+asyncpg`, `mongodb+srv`.
        let scheme = text[..<separator].lowercased().split(separator: ":").last.map(String.init) ?? ""
        let base = String(scheme.prefix { $0 != "+" })
        guard let service = schemes[base] else { return nil }
        let stated = text.range(ofText: "serverVersion=").map {
            text[$0...].dropFirst(14).prefix { $0 != "&" && $0 != "\"" && $0 != "'" }.lowercased()
        }
        self.service = stated?.range(ofText: "mariadb") != nil ? "mariadb" : service
        let number = stated?.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
        version = number.flatMap { $0.isEmpty ? nil : String($0) }
        let authority = text[separator...].dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != ";" && $0 != "," }
        let host = authority.split(separator: "@").last ?? authority
        let sides = host.split(separator: ":")
        port = sides.count == 2 ? Int(sides[1]) : nil
    }
}

private let images = DataTable("Services/images.tsv").dictionary
private let schemes: [String: String] = [
    "postgres": "postgres", "postgresql": "postgres", "psql": "postgres", "pgsql": "postgres", "postgis": "postgres",
    "mysql": "mysql", "mysql2": "mysql", "mariadb": "mariadb", "redis": "redis", "rediss": "redis",
    "memcached": "memcached", "memcache": "memcached", "amqp": "rabbitmq", "amqps": "rabbitmq", "pyamqp": "rabbitmq",
    "kafka": "kafka", "mongodb": "mongo", "mongo": "mongo", "clickhouse": "clickhouse", "ch": "clickhouse",
    "elasticsearch": "elasticsearch", "nats": "nats", "bolt": "neo4j", "neo4j": "neo4j", "sqlserver": "sqlserver",
    "mssql": "sqlserver", "oracle": "oracle", "cassandra": "cassandra", "couchdb": "couchdb", "influxdb": "influxdb",
    "cockroachdb": "cockroachdb", "beanstalkd": "beanstalkd", "mqtt": "mosquitto", "meilisearch": "meilisearch",
    "solr": "solr", "etcd": "etcd",
]
