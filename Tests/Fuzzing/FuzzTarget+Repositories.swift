//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Checkout
import Detection
import Detectors
import Environment
import TestSupport

extension FuzzTarget {
    /// The files of repositories, for each ecosystem: an input is the name of a file, a newline, and its content.
    static let repositories = [
        repository(
            "detect-c", ["c"],
            words: [
                "find_package(", "if(", "endif()\n", "${", "$<", "AC_CHECK_LIB([", "AS_IF([", "dependency('",
                "foreach ", "$(shell ",
            ]),
        repository(
            "detect-python", ["python"],
            words: [
                "[", "(", "{", "def f():\n", "setup(", "f'{", "lambda: ", "{posargs}", "[testenv:", "==", "-r ",
                "\"\"\"", "    ",
            ]),
        repository(
            "detect-ci", ["ci", "docker", "devcontainer", "platforms", "services", "tasks", "versions", "lists"],
            words: [
                "${{ ", " }}", "run: |\n", "matrix:\n", "uses: ", "$(", "if: ", "!(", "extends: ", "<<: *a", "&a ",
                "FROM ", "RUN ", "apt-get install ", "image: ", "<<EOF\n", "[tools]\n",
            ]),
        repository(
            "detect-jvm", ["java", "gradle", "kotlin", "scala", "clojure", "bazel", "dotnet", "swift"],
            words: [
                "<a>", "</a>", "<![CDATA[", "&amp;", "<!DOCTYPE a [", "<!ENTITY a \"&a;\">", "${a}", "$(a)", "{", "}",
                "(", ":a ", "include(", "\"\"\"", "/*", "val a = ",
            ]),
        repository(
            "detect-packages", ["node", "bun", "ruby", "php", "go", "rust", "perl"],
            words: [
                "require ", "gem '", "//go:build ", "{", "}", "[", "]", ": ", "@", "\n  ", "[[package]]\n", "^", "*",
                "workspace:", "||",
            ]),
        repository(
            "detect-other", others, words: ["[", "]", "{", "(", ")", ";; ", "\"", "= ", ": ", "%%", "-- ", ">=", "~>"]),
    ]

    /// What the repositories of all other ecosystems begin with.
    private static var others: [String] {
        let known: Set<String> = [
            "c", "python", "ci", "docker", "devcontainer", "platforms", "services", "tasks", "versions", "lists",
            "java",
            "gradle", "kotlin", "scala", "clojure", "bazel", "dotnet", "swift", "node", "bun", "ruby", "php", "go",
            "rust",
            "perl",
        ]
        let subjects = files(below: "Fixtures/repositories").compactMap { path, _ in
            path.split(separator: "/").first.flatMap { $0.split(separator: "-").first }.map(String.init)
        }
        return Set(subjects).subtracting(known).sorted()
    }

    private static func repository(_ name: String, _ subjects: [String], words: [String]) -> FuzzTarget {
        FuzzTarget(name, words: words, samples: subjects.map { "repositories/\($0)-" }) { bytes in
            guard let end = bytes.firstIndex(of: 0x0A) else { return }
            let file = String(decoding: bytes[..<end], as: UTF8.self)
            let checkout = Checkout(files: [file: String(decoding: bytes[(end + 1)...], as: UTF8.self)])
            let found = detect(in: Repository(checkout), using: builtInDetectors)
            try expectSame(
                detect(in: Repository(checkout), using: builtInDetectors).findings, found.findings, "findings")
            guard let catalog, let plan = try? plan(found, catalog: catalog) else { return }
            // Whatever was found, the spec that is written for it can be read, and says the same.
            let text = plan.spec.rendered()
            guard let read = try accepted({ try EnvironmentSpec(yaml: Array(text.utf8)) }) else {
                throw BrokenProperty("a spec that is refused:\n\(text)")
            }
            try expectSame(values(of: read), values(of: plan.spec), "a spec")
        }
    }

    /// What a spec says, without the comments.
    private static func values(of spec: EnvironmentSpec) -> [[String]] {
        [
            ["\(spec.base.distribution):\(spec.base.suite)"], spec.toolchains.map { "\($0.value)" },
            spec.packages.map(\.value), spec.dependencies.flatMap(values), spec.environment.map { "\($0.value)" },
            spec.tasks.map { "\($0.value)" }, spec.services.map { "\($0.value)" },
        ]
    }

    private static func values(of step: DependencyStep) -> [String] {
        [step.manager, step.directory, "\(step.installsProject.value)", step.lockfile.value, step.excludeNewer.value]
            + [step.extras, step.groups, step.requirementsFiles, step.constraintsFiles, step.requirements]
            .flatMap { $0.map(\.value) + [","] }
    }

    private static let catalog = try? Catalog.builtIn()

    /// The samples as inputs: their names in the repository before their contents.
    static func repositorySamples(_ prefix: String) -> [[UInt8]] {
        files(below: "Fixtures/repositories").compactMap { path, bytes in
            guard "repositories/\(path)".hasPrefix(prefix), let slash = path.firstIndex(of: "/") else { return nil }
            return Array(path[path.index(after: slash)...].utf8) + [0x0A] + bytes
        }
    }
}
