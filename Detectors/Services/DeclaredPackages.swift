//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON
import TOML

/// The packages that the manifests of all ecosystems declare by name, as far as a program cannot do without them.
struct DeclaredPackages {
    struct Package: Hashable {
        /// `python`, `node`, `ruby`, `php`, `go`, `rust`, `elixir`, `java` or `dotnet`.
        let ecosystem: String
        /// As the table of clients spells it.
        let name: String
        let evidence: Evidence
    }

    private let repository: Repository
    private(set) var packages: [Package] = []
    private var ownModules: [String] = []

    init(_ repository: Repository) { self.repository = repository }

    mutating func read() {
        for file in manifests("pyproject.toml") { readPyproject(file.path) }
        for file in manifests("Pipfile") { readPipfile(file.path) }
        for file in manifests("setup.cfg") { readSetupCfg(file.path) }
        for file in manifests("setup.py").prefix(20) { readSetupPy(file.path) }
        readRequirements()
        for file in manifests("package.json") { readPackageJSON(file.path) }
        for file in manifests("Gemfile") { readRuby(file.path) }
        for file in repository.files(withExtension: "gemspec").prefix(fileLimit)
        where !repository.isSecondary(file.path) {
            readRuby(file.path)
        }
        for file in manifests("composer.json") { readComposer(file.path) }
        ownModules = modules(Array(manifests("go.mod").prefix(20)))
        for file in manifests("go.mod") { readGoModule(file.path) }
        for file in manifests("Cargo.toml") { readCargo(file.path) }
        for file in manifests("mix.exs") { readMix(file.path) }
        for file in manifests("pom.xml") { readMaven(file.path) }
        for name in ["build.gradle", "build.gradle.kts", "libs.versions.toml", "build.sbt"] {
            for file in manifests(name) { readGradle(file.path) }
        }
        for ext in ["csproj", "fsproj", "props"] {
            for file in repository.files(withExtension: ext).prefix(fileLimit) where !repository.isSecondary(file.path)
            {
                readProject(file.path)
            }
        }
    }

    private func manifests(_ name: String) -> [CheckoutFile] {
        Array(repository.manifests(named: name).prefix(fileLimit))
    }

    private mutating func add(_ ecosystem: String, _ name: String, _ path: String, line: Int) {
        packages.append(Package(ecosystem: ecosystem, name: name, evidence: Evidence(path, line: line)))
    }

    // MARK: Python

    private mutating func addPython(_ requirement: String, _ path: String, line: Int) {
        let text = requirement.trimmingSpaces
        let name = text.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        guard !name.isEmpty, name.first?.isLetter == true else { return }
        add("python", pythonName(name), path, line: line)
        // `celery[redis]` brings the client along.
        guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else { return }
        for extra in text[text.index(after: open)..<close].split(separator: ",") {
            guard let known = clientExtras[extra.trimmingSpaces.lowercased()] else { continue }
            add("python", known, path, line: line)
        }
    }

    private func pythonName(_ name: Substring) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }

    private mutating func readPyproject(_ path: String) {
        guard let root = repository.toml(path) else { return }
        var lists = [root["project"]?["dependencies"]]
        // Extras are features that a program does without; those for tests are not.
        for pair in root["project"]?["optional-dependencies"]?.table ?? [] where isForDevelopers(pair.key) {
            lists.append(pair.value)
        }
        for pair in root["dependency-groups"]?.table ?? [] where isForDevelopers(pair.key) { lists.append(pair.value) }
        for node in lists.compactMap({ $0?.array }).joined() {
            if let text = node.string { addPython(text, path, line: node.line) }
        }
        let poetry = root["tool"]?["poetry"]
        var tables = [poetry?["dependencies"], poetry?["dev-dependencies"]]
        for pair in poetry?["group"]?.table ?? [] where isForDevelopers(pair.key) {
            tables.append(pair.value["dependencies"])
        }
        for pair in tables.compactMap({ $0?.table }).joined() where pair.value["optional"]?.bool != true {
            add("python", pythonName(pair.key[...]), path, line: pair.value.line)
        }
    }

    private func isForDevelopers(_ group: String) -> Bool {
        ["dev", "test", "tests", "testing", "develop", "development", "ci"].contains(group.lowercased())
    }

    private mutating func readPipfile(_ path: String) {
        guard let root = repository.toml(path) else { return }
        for pair in ["packages", "dev-packages"].compactMap({ root[$0]?.table }).joined() {
            add("python", pythonName(pair.key[...]), path, line: pair.value.line)
        }
    }

    private mutating func readSetupCfg(_ path: String) {
        var isReading = false
        for (index, line) in repository.lines(path).enumerated() {
            if line.first?.isWhitespace == false {
                let key = line.prefix { $0 != "=" }.trimmingSpaces
                isReading = key == "install_requires"
                if isReading, let sign = line.firstIndex(of: "=") {
                    addPython(String(line[line.index(after: sign)...]), path, line: index + 1)
                }
            } else if isReading {
                addPython(line, path, line: index + 1)
            }
        }
    }

    private mutating func readSetupPy(_ path: String) {
        guard let bytes = repository.bytes(path) else { return }
        let scope = PythonScope(pythonStatements(bytes), isFile: { _ in false })
        guard let call = scope.calls.last(where: { $0.name == "setup" || $0.name.hasSuffix(".setup") }) else { return }
        for argument in scope.entries(of: call.arguments)
        where ["install_requires", "tests_require"].contains(argument.key) {
            for text in argument.value.strings {
                addPython(text, path, line: argument.line > 0 ? argument.line : call.line)
            }
        }
    }

    private mutating func readRequirements() {
        // Those nearest to the root come first.
        let groups = repository.groups(withExtension: "txt").prefix { $0.parent.depth <= 3 }
        let files = groups.flatMap(\.files).filter { file in
            (file.name.hasPrefix("requirements") || file.name.hasSuffix("requirements.txt")
                || file.parent.name == "requirements") && !repository.isSecondary(file)
        }
        for file in files.prefix(fileLimit) {
            for (index, line) in repository.lines(file.path).enumerated()
            where !line.hasPrefix("-") && !line.hasPrefix("#") {
                addPython(line, file.path, line: index + 1)
            }
        }
    }

    // MARK: Others

    private mutating func readPackageJSON(_ path: String) {
        guard let root = repository.json(path) else { return }
        for key in ["dependencies", "devDependencies"] {
            for member in root[key]?.object ?? [] { add("node", member.key.lowercased(), path, line: member.line) }
        }
    }

    private mutating func readRuby(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            guard
                text.hasPrefix("gem ") || text.hasPrefix("gem(")
                    || text.range(ofText: ".add_") != nil
                        && text.range(ofText: "dependency") != nil,
                let name = rubyStrings(text).first
            else { continue }
            add("ruby", name.lowercased(), path, line: index + 1)
        }
    }

    private mutating func readComposer(_ path: String) {
        guard let root = repository.json(path) else { return }
        for key in ["require", "require-dev"] {
            for member in root[key]?.object ?? [] { add("php", member.key.lowercased(), path, line: member.line) }
        }
    }

    private mutating func readGoModule(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() where line.range(ofText: "// indirect") == nil {
            var words = line.split(whereSeparator: \.isWhitespace)
            if words.first == "require" { words.removeFirst() }
            guard words.count >= 2, words[0].contains("/"), words[1].hasPrefix("v") else { continue }
            // The repository's own client is no sign of a server beside it.
            if ownModules.contains(where: { words[0].hasPrefix($0 + "/") }) { continue }
            add("go", String(words[0]), path, line: index + 1)
        }
    }

    /// The names of the repository's modules of Go; `/v3` is a release of the same one.
    private func modules(_ files: [CheckoutFile]) -> [String] {
        files.compactMap { file in
            let line = repository.lines(file.path).prefix(100).first { $0.hasPrefix("module ") }
            guard var name = line?.dropFirst(7).trimmingSpaces, !name.isEmpty else { return nil }
            if let last = name.split(separator: "/").last, last.hasPrefix("v"), Int(last.dropFirst()) != nil {
                name = String(name.dropLast(last.count + 1))
            }
            return name
        }
    }

    /// A crate, and with a slash each of its features, which choose the database of `sqlx` and `diesel`.
    private mutating func readCargo(_ path: String) {
        guard let root = repository.toml(path) else { return }
        let tables = [
            root["dependencies"], root["dev-dependencies"], root["workspace"]?["dependencies"],
        ]
        for pair in tables.compactMap({ $0?.table }).joined() where pair.value["optional"]?.bool != true {
            let name = (pair.value["package"]?.string ?? pair.key).lowercased()
            add("rust", name, path, line: pair.value.line)
            for feature in pair.value["features"]?.strings ?? [] {
                add("rust", "\(name)/\(feature)", path, line: pair.value.line)
            }
        }
    }

    private mutating func readMix(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() {
            let text = line.trimmingSpaces
            guard text.hasPrefix("{:") || text.hasPrefix("[{:") else { continue }
            let name = text.drop { $0 != ":" }.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            add("elixir", String(name), path, line: index + 1)
        }
    }

    private mutating func readMaven(_ path: String) {
        func content(_ line: String, _ tag: String) -> String? {
            guard let open = line.range(ofText: "<\(tag)>") else { return nil }
            return String(line[open...].dropFirst(tag.count + 2).prefix { $0 != "<" }).trimmingSpaces
        }
        var group = ""
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            if let text = content(line, "groupId") { group = text }
            if let artifact = content(line, "artifactId") {
                add("java", "\(group):\(artifact)".lowercased(), path, line: index + 1)
            }
        }
    }

    /// `"group:artifact:version"` of Gradle and its catalogs, `"group" % "artifact"` of sbt.
    private mutating func readGradle(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            let strings = rubyStrings(line)
            for text in strings where text.contains(":") {
                let parts = text.split(separator: ":")
                guard parts.count >= 2 else { continue }
                add("java", "\(parts[0]):\(parts[1])".lowercased(), path, line: index + 1)
            }
            guard strings.count >= 2, line.contains("%") || line.range(ofText: "name") != nil else { continue }
            add("java", "\(strings[0]):\(strings[1])".lowercased(), path, line: index + 1)
        }
    }

    private mutating func readProject(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() where line.utf8.count < 2_000 {
            guard let place = line.range(ofText: "<PackageReference") ?? line.range(ofText: "<PackageVersion"),
                let include = line[place...].range(ofText: "Include=\"")
            else { continue }
            add(
                "dotnet", line[include...].dropFirst(9).prefix { $0 != "\"" }.lowercased(), path, line: index + 1)
        }
    }
}

/// Extras by which other packages bring a client, with a client of that name.
private let clientExtras = [
    "redis": "redis", "postgres": "psycopg", "postgresql": "psycopg", "psycopg2": "psycopg2", "psycopg": "psycopg",
    "asyncpg": "asyncpg", "mysql": "pymysql", "mongodb": "pymongo", "kafka": "kafka-python",
    "elasticsearch": "elasticsearch", "rabbitmq": "pika", "amqp": "pika",
]

/// A tree of more manifests of one kind than this is no project of one environment.
private let fileLimit = 400
