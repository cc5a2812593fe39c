//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// Reads Composer's manifests ([composer.json](https://getcomposer.org/doc/04-schema.md)).
struct PHPDetector: Detector {
    let name = "php"
    let summary = "composer.json, .php-version, extensions, PHPUnit"

    func findings(in repository: Repository) -> [Finding] {
        guard let manifest = repository.manifests(named: "composer.json").first,
            let root = repository.json(manifest.path)
        else { return [] }
        var project = ProjectFindings(repository)
        let directory = manifest.directory
        project.language("php", Evidence(manifest.path))
        project.versionFile(".php-version", tool: "php", in: directory)
        if let node = root["config"]?["platform"]?["php"], let version = node.string {
            project.toolchain("php", .pin, version, Evidence(manifest.path, line: node.line))
        }
        for (key, phase) in [("require", SystemFinding.Phase.run), ("require-dev", .test)] {
            for member in root[key]?.object ?? [] {
                let evidence = Evidence(manifest.path, line: member.line)
                if member.key == "php", let range = member.value.string {
                    project.toolchain("php", .range, range, evidence)
                } else if member.key.hasPrefix("ext-"), let package = extensionPackage(String(member.key.dropFirst(4)))
                {
                    project.system(.package(package), phase, reason: member.key, evidence)
                } else if member.key == "phpunit/phpunit" {
                    project.system(.program("phpunit"), .test, evidence)
                }
            }
        }
        // PHPUnit and Composer themselves are of no use without these.
        for package in ["php-cli", "php-xml", "php-mbstring"] {
            project.system(.package(package), .run, Evidence(manifest.path))
        }
        project.system(.program("composer"), .build, Evidence(manifest.path))
        project.dependency("composer", .project(backend: nil, isNative: false), in: directory, Evidence(manifest.path))
        let lockfile = joinPath(directory, "composer.lock")
        if repository.contains(lockfile) {
            project.dependency("composer", .lockfile(lockfile), in: directory, Evidence(lockfile))
        }
        project.task("install", "composer install", .inferred, in: directory, Evidence(manifest.path))
        if let member = root["scripts"]?.object?.first(where: { $0.key == "test" }) {
            project.task("test", "composer test", .declared, in: directory, Evidence(manifest.path, line: member.line))
        } else if let name = ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"].first(where: {
            repository.contains(joinPath(directory, $0))
        }) {
            project.task("test", "vendor/bin/phpunit", .inferred, in: directory, Evidence(joinPath(directory, name)))
        }
        return project.findings
    }

    /// Debian's package of an extension; nil for one that PHP itself carries.
    private func extensionPackage(_ name: String) -> String? {
        let name = name.lowercased()
        if builtIn.contains(name) { return nil }
        switch name {
        case "pdo_pgsql": return "php-pgsql"
        case "pdo_mysql", "mysqli", "mysqlnd": return "php-mysql"
        case "pdo_sqlite", "sqlite3": return "php-sqlite3"
        case "dom", "simplexml", "xmlreader", "xmlwriter", "xsl", "libxml", "xml": return "php-xml"
        case "bcmath", "bz2", "curl", "gd", "gmp", "imap", "intl", "ldap", "mbstring", "odbc", "pgsql", "soap", "tidy",
            "zip",
            "apcu", "imagick", "memcached", "redis", "mongodb", "xdebug", "amqp", "ssh2", "uuid", "yaml", "igbinary",
            "ds",
            "enchant", "snmp", "dba", "pspell", "pcov", "ast", "msgpack", "raphf", "http", "zmq", "gnupg", "mailparse",
            "uopz", "rrd", "stomp", "lua", "sass", "protobuf", "grpc", "excimer", "decimal":
            return "php-\(name)"
        default: return "php-\(name.replacing(text: "_", with: "-"))"
        }
    }
}

private let builtIn: Set<String> = [
    "json", "pdo", "ctype", "iconv", "tokenizer", "phar", "fileinfo", "filter", "hash", "openssl", "pcntl", "posix",
    "pcre",
    "reflection", "session", "spl", "standard", "zlib", "date", "calendar", "exif", "ftp", "gettext", "shmop",
    "sockets",
    "sysvmsg", "sysvsem", "sysvshm", "readline", "sodium", "ffi", "random", "core", "zend-opcache", "opcache", "mhash",
]
