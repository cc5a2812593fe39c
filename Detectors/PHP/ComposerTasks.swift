//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

extension ProjectFindings {
    /// The commands of a Composer project: its scripts, then what its files and packages tell.
    mutating func composerTasks(_ root: JSONNode, _ path: String) {
        let directory = parentPath(path)
        func file(_ name: String) -> String { joinPath(directory, name) }
        task("install", "composer install", .inferred, in: directory, Evidence(path))
        var known: Set<String> = []
        for (task, names) in taskScripts {
            let scripts = root["scripts"]?.object ?? []
            guard let script = names.lazy.compactMap({ name in scripts.first { $0.key == name } }).first else {
                continue
            }
            known.insert(task)
            let command =
                composerCommands.contains(script.key) ? "composer run \(script.key)" : "composer \(script.key)"
            self.task(task, command, .declared, in: directory, Evidence(path, line: script.line))
        }
        if !known.contains("test"), let (command, evidence) = composerTest(root, path, file) {
            task("test", command, .inferred, in: directory, evidence)
        }
        if !known.contains("lint"), let settings = lintSettings.first(where: { repository.contains(file($0.file)) }) {
            task("lint", settings.command, .inferred, in: directory, Evidence(file(settings.file)))
        }
        if !known.contains("start") { phpStart(in: directory) }
    }

    /// How an application serves: with its framework's program, or with PHP's own server.
    mutating func phpStart(in directory: String) {
        func file(_ name: String) -> String { joinPath(directory, name) }
        if repository.contains(file("artisan")) {
            task("start", "php artisan serve", .inferred, in: directory, Evidence(file("artisan")))
        } else if repository.contains(file("public/index.php")) {
            let evidence = Evidence(file("public/index.php"))
            task("start", "php -S localhost:8000 -t public", .inferred, in: directory, evidence)
        } else if repository.contains(file("index.php")) {
            task("start", "php -S localhost:8000", .inferred, in: directory, Evidence(file("index.php")))
        }
    }

    private func composerTest(
        _ root: JSONNode, _ path: String, _ file: (String) -> String
    ) -> (String, Evidence)? {
        func depends(on name: String) -> Evidence? {
            for key in ["require-dev", "require"] {
                if let member = root[key]?.object?.first(where: { $0.key == name }) {
                    return Evidence(path, line: member.line)
                }
            }
            return nil
        }
        if let evidence = depends(on: "pestphp/pest") { return ("vendor/bin/pest", evidence) }
        if repository.contains(file("artisan")), repository.contains(file("phpunit.xml")) {
            return ("php artisan test", Evidence(file("artisan")))
        }
        let settings = ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"].map(file).first(
            where: repository.contains)
        if repository.contains(file("bin/phpunit")) { return ("php bin/phpunit", Evidence(file("bin/phpunit"))) }
        if let settings {
            let bridge = depends(on: "symfony/phpunit-bridge") != nil && depends(on: "phpunit/phpunit") == nil
            return (bridge ? "vendor/bin/simple-phpunit" : "vendor/bin/phpunit", Evidence(settings))
        }
        for (name, command) in [
            ("codeception.yml", "vendor/bin/codecept run"), ("behat.yml", "vendor/bin/behat"),
            ("behat.yml.dist", "vendor/bin/behat"), ("phpspec.yml", "vendor/bin/phpspec run"),
            (".atoum.php", "vendor/bin/atoum"), ("kahlan-config.php", "vendor/bin/kahlan"),
        ] where repository.contains(file(name)) { return (command, Evidence(file(name))) }
        if let evidence = depends(on: "phpunit/phpunit"),
            let folder = ["tests", "test"].map(file).first(where: { !repository.files(in: $0).isEmpty })
        {
            return ("vendor/bin/phpunit \(folder.split(separator: "/").last ?? "tests")", evidence)
        }
        return nil
    }
}

/// The scripts that are taken for each task, the first that is there.
private let taskScripts: [(task: String, names: [String])] = [
    ("test", ["test", "tests", "phpunit", "test:unit", "unit", "pest"]), ("build", ["build"]),
    ("lint", ["lint", "cs", "cs-check", "check-style", "phpcs", "cs:check", "check-cs", "style"]),
    ("start", ["start", "serve"]), ("dev", ["dev"]), ("typecheck", ["phpstan", "analyse", "analyze", "psalm", "stan"]),
]

/// Commands of Composer itself, which a script of the same name does not replace.
private let composerCommands: Set<String> = ["archive", "check", "install", "update", "validate", "run", "exec"]

private let lintSettings: [(file: String, command: String)] = [
    ("phpcs.xml", "vendor/bin/phpcs"), ("phpcs.xml.dist", "vendor/bin/phpcs"),
    (".php-cs-fixer.dist.php", "vendor/bin/php-cs-fixer check"), (".php-cs-fixer.php", "vendor/bin/php-cs-fixer check"),
    ("pint.json", "vendor/bin/pint --test"),
]
