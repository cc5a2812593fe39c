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
    let summary = "composer.json, composer.lock, .php-version, extensions, PHPUnit"

    let sources = [
        DetectorSource(".php-version", "version of php", kind: .pin),
        DetectorSource("composer.json", "config.platform.php", kind: .pin),
        DetectorSource("composer.json", "require.php", kind: .range),
        DetectorSource("composer.json", "packages, extensions, scripts"),
        DetectorSource("composer.lock", "packages, extensions and versions that they need", kind: .range),
        DetectorSource("config.m4", "an extension in C, its libraries"), DetectorSource("phpunit.xml", "tests"),
        DetectorSource("index.php", "language"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        guard let manifest = repository.manifests(named: "composer.json").first else {
            readBareProject(&project)
            return project.findings + phpExtensionFindings(repository)
        }
        let directory = manifest.directory
        project.language("php", Evidence(manifest.path))
        project.versionFile(".php-version", tool: "php", in: directory)
        guard let root = repository.json(manifest.path) else { return project.findings }
        if let node = root["config"]?["platform"]?["php"], let version = node.string {
            project.toolchain("php", .pin, version, Evidence(manifest.path, line: node.line))
        }
        let lockPath = joinPath(directory, "composer.lock")
        let lockfile = repository.largeBytes(lockPath).map { ComposerLockfile($0) }
        if let line = lockfile?.faultyLine {
            repository.warn(Evidence(lockPath, line: line), "the lockfile is malformed")
        }
        readRequirements(root, manifest.path, lockfile, &project)
        if let lockfile { readLockfile(lockfile, lockPath, root, &project) }
        // PHPUnit and Composer themselves are of no use without these.
        for package in ["php-cli", "php-xml", "php-mbstring"] {
            project.system(.package(package), .run, Evidence(manifest.path))
        }
        project.system(.program("composer"), .build, Evidence(manifest.path))
        project.packageManager(
            "composer", lockfile: lockfile == nil ? nil : lockPath, in: directory, Evidence(manifest.path))
        project.dependency("composer", .project(backend: nil, isNative: false), in: directory, Evidence(manifest.path))
        if lockfile != nil { project.dependency("composer", .lockfile(lockPath), in: directory, Evidence(lockPath)) }
        readMembers(root, manifest.path, &project)
        project.composerTasks(root, manifest.path)
        return project.findings + phpExtensionFindings(repository)
    }

    /// PHP without Composer: a page at the root, or an application that is known by its settings.
    private func readBareProject(_ project: inout ProjectFindings) {
        let repository = project.repository
        let names = ["index.php", "wp-config.php", "wp-config-sample.php", ".php-version"]
        guard let first = names.first(where: repository.contains) else { return }
        project.language("php", Evidence(first))
        project.versionFile(".php-version", tool: "php")
        project.system(.package("php-cli"), .run, Evidence(first))
        if first.hasPrefix("wp-") { project.system(.package("php-mysql"), .run, Evidence(first)) }
        project.phpStart(in: "")
    }

    private func readRequirements(
        _ root: JSONNode, _ path: String, _ lockfile: ComposerLockfile?, _ project: inout ProjectFindings
    ) {
        let versions = Dictionary(
            (lockfile?.packages ?? []).map { ($0.name, $0.version) }, uniquingKeysWith: { first, _ in first })
        let direct = ["require", "require-dev"].flatMap { root[$0]?.object ?? [] }.map(\.key)
        let names = Set(direct + versions.keys)
        for (key, phase) in [("require", SystemFinding.Phase.run), ("require-dev", .test)] {
            for member in root[key]?.object ?? [] {
                let evidence = Evidence(path, line: member.line)
                if member.key == "php" || member.key == "php-64bit", let range = member.value.string {
                    project.toolchain("php", .range, range, evidence)
                } else if member.key.hasPrefix("ext-"), let package = extensionPackage(String(member.key.dropFirst(4)))
                {
                    project.system(.package(package), phase, reason: member.key, evidence)
                } else if member.key == "phpunit/phpunit" {
                    project.system(.program("phpunit"), .test, evidence)
                } else {
                    project.needs(
                        of: UsedPackage(
                            name: member.key, version: versions[member.key] ?? member.value.string ?? "",
                            companions: names, isForDevelopment: phase == .test, evidence: evidence),
                        in: packageNeeds)
                }
            }
        }
    }

    /// Extensions and programs that packages below the direct ones need, and the version of PHP that suits all.
    private func readLockfile(
        _ lockfile: ComposerLockfile, _ path: String, _ root: JSONNode, _ project: inout ProjectFindings
    ) {
        if let php = lockfile.strictest(than: root["require"]?["php"]?.string) {
            project.toolchain("php", .range, php.constraint, Evidence(path, line: php.line))
        }
        let names = Set(lockfile.packages.map(\.name))
        let direct = Set(["require", "require-dev"].flatMap { root[$0]?.object ?? [] }.map(\.key))
        var seen: Set<String> = []
        for package in lockfile.packages {
            for (name, line) in package.extensions {
                guard let debian = extensionPackage(name),
                    seen.insert("\(debian) \(package.isForDevelopment)").inserted
                else { continue }
                project.system(
                    .package(debian), package.isForDevelopment ? .test : .run,
                    reason: "ext-\(name.lowercased()) for \(package.name)", Evidence(path, line: line))
            }
            if direct.contains(package.name) { continue }
            project.needs(
                of: UsedPackage(
                    name: package.name, version: package.version, companions: names, isDirect: false,
                    isForDevelopment: package.isForDevelopment, evidence: Evidence(path, line: package.line)),
                in: packageNeeds)
        }
    }

    /// Packages of the repository itself, which it takes from folders.
    private func readMembers(_ root: JSONNode, _ path: String, _ project: inout ProjectFindings) {
        let directory = parentPath(path)
        let entries = root["repositories"]?.array ?? (root["repositories"]?.object ?? []).map(\.value)
        var patterns = WorkspacePatterns()
        for entry in entries where entry["type"]?.string == "path" {
            if let url = entry["url"], let text = url.string { patterns.add(text, line: url.line) }
        }
        if patterns.isEmpty { return }
        for file in project.repository.files(named: "composer.json").prefix(2_000) {
            guard let folder = relative(file.directory, to: directory), !folder.isEmpty,
                let line = patterns.line(naming: folder)
            else { continue }
            let name = project.repository.json(file.path)?["name"]?.string
            project.member(name, in: file.directory, of: "composer", Evidence(path, line: line))
        }
    }

    /// Debian's package of an extension; nil for one that PHP itself carries.
    func extensionPackage(_ name: String) -> String? {
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

private let packageNeeds = PackageNeeds("PHP/system-packages.tsv")
private let builtIn: Set<String> = [
    "json", "pdo", "ctype", "iconv", "tokenizer", "phar", "fileinfo", "filter", "hash", "openssl", "pcntl", "posix",
    "pcre",
    "reflection", "session", "spl", "standard", "zlib", "date", "calendar", "exif", "ftp", "gettext", "shmop",
    "sockets",
    "sysvmsg", "sysvsem", "sysvshm", "readline", "sodium", "ffi", "random", "core", "zend-opcache", "opcache", "mhash",
]
