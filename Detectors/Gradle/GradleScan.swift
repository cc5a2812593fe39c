//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// What the scripts of a build by Gradle say, collected script by script.
struct GradleScan {
    struct Plugin {
        let id: String
        let version: String
        let evidence: Evidence
    }

    struct Release {
        let version: String
        let evidence: Evidence
        /// Whether it is for a single task, such as tests on another JDK.
        var isForTask = false
    }

    let values: GradleValues
    private(set) var toolchains: [Release] = []
    private(set) var compatibilities: [Release] = []
    private(set) var plugins: [Plugin] = []
    private(set) var dependencies: [JVMDependency] = []
    private(set) var usesCMake: Evidence?
    private(set) var mainClass: Evidence?

    init(_ values: GradleValues) { self.values = values }

    mutating func read(_ script: GradleScript) {
        var scan = self
        script.forEachWord { index, blocks in scan.read(index, blocks, script) }
        scan.readCoordinates(script)
        self = scan
    }

    private mutating func read(_ index: Int, _ blocks: [[String]], _ script: GradleScript) {
        let tokens = script.tokens
        let before = index > 0 ? tokens[index - 1] : nil
        switch tokens[index].text {
        case "jvmToolchain", "languageVersion":
            readToolchain(index, blocks, script)
        case "jdkToolchain", "javaToolchainVersion":
            add(script.argument(of: index), script, index) { scan, release in scan.toolchains.append(release) }
        case "sourceCompatibility", "targetCompatibility", "jvmTarget":
            add(script.argument(of: index), script, index) { scan, release in scan.compatibilities.append(release) }
        case "release":
            let isOption =
                before?.isSymbol(".") == true && index > 1
                ? tokens[index - 2].isWord("options") : blocks.last?.contains("options") == true
            guard isOption else { return }
            add(script.argument(of: index), script, index) { scan, release in scan.compatibilities.append(release) }
        case "id", "alias", "kotlin", "plugin", "java", "application", "groovy", "scala":
            readPlugin(index, blocks, script)
        case "java-library", "java-gradle-plugin", "kotlin-dsl":
            guard blocks.last == ["plugins"] else { return }
            plugins.append(Plugin(id: tokens[index].text, version: "", evidence: script.evidence(index)))
        case "externalNativeBuild":
            if usesCMake == nil { usesCMake = script.evidence(index) }
        case "mainClass", "mainClassName":
            if mainClass == nil,
                !blocks.suffix(12).contains(where: { $0.contains("register") || $0.contains("JavaExec") })
            {
                mainClass = script.evidence(index)
            }
        case "libs":
            readLibrary(index, script)
        default: break
        }
    }

    private mutating func add(
        _ expression: ArraySlice<ScriptToken>, _ script: GradleScript, _ index: Int,
        to list: (inout GradleScan, Release) -> Void
    ) {
        guard let version = values.java(expression, in: script) else { return }
        list(&self, Release(version: version, evidence: script.evidence(index)))
    }

    /// `toolchain { languageVersion = JavaLanguageVersion.of(21) }` and `jvmToolchain(21)`; within `launcherFor` it is
    /// the JDK of one task.
    private mutating func readToolchain(_ index: Int, _ blocks: [[String]], _ script: GradleScript) {
        let isCall = script.tokens[index].text == "jvmToolchain"
        let expression = script.argument(of: index)
        if isCall, expression.isEmpty { return }
        let head = blocks.suffix(12).flatMap(\.self)
        let isForTask = head.contains { $0.hasSuffix("launcherFor") || $0.hasSuffix("ompilerFor") }
        guard
            isCall || expression.contains(where: { $0.isWord("JavaLanguageVersion") })
                || head.contains(where: { $0 == "toolchain" || $0 == "jvmToolchain" }) || isForTask,
            !head.contains("compilerOptions"), !head.contains("kotlinOptions"),
            let version = values.java(expression, in: script)
        else { return }
        toolchains.append(Release(version: version, evidence: script.evidence(index), isForTask: isForTask))
    }

    /// `id("x") version "1"`, `kotlin("jvm")`, `alias(libs.plugins.x)`, `apply plugin: 'x'`, and names of Gradle's own.
    private mutating func readPlugin(_ index: Int, _ blocks: [[String]], _ script: GradleScript) {
        let tokens = script.tokens
        let isInPlugins = blocks.last.map { $0 == ["plugins"] } ?? false
        let rest = script.statement(from: index)
        let line = rest.dropFirst()
        let evidence = script.evidence(index)
        switch tokens[index].text {
        case "alias" where isInPlugins:
            guard let start = line.firstIndex(where: { $0.kind == .word }),
                let plugin = values.plugin(named: script.dottedName(at: start, in: line).parts)
            else { return }
            plugins.append(Plugin(id: plugin.name, version: plugin.version, evidence: evidence))
        case "id" where isInPlugins, "kotlin" where isInPlugins:
            guard let first = line.first(where: { $0.kind == .string }) else { return }
            var version = ""
            if let place = line.firstIndex(where: { $0.isWord("version") }) {
                version = line[place...].first { $0.kind == .string }.map { values.string($0.text) } ?? ""
            }
            let id = tokens[index].text == "kotlin" ? "org.jetbrains.kotlin.\(first.text)" : first.text
            plugins.append(Plugin(id: id, version: version, evidence: evidence))
        case "java", "application", "groovy", "scala":
            guard isInPlugins, line.allSatisfy({ $0.kind == .lineEnd }) || line.isEmpty else { return }
            plugins.append(Plugin(id: tokens[index].text, version: "", evidence: evidence))
        case "plugin":
            let isApplied = tokens[max(0, index - 3)..<index].contains { $0.isWord("apply") }
            guard isApplied, let id = line.first(where: { $0.kind == .string }) else { return }
            plugins.append(Plugin(id: id.text, version: "", evidence: evidence))
        default: break
        }
    }

    private mutating func readLibrary(_ index: Int, _ script: GradleScript) {
        let range = script.tokens[index..<min(index + 30, script.tokens.count)]
        for entry in values.libraries(named: script.dottedName(at: index, in: range).parts) {
            guard
                let dependency = JVMDependency(
                    coordinates: "\(entry.name):\(entry.version)", isForTests: isTest(script, index),
                    evidence: script.evidence(index))
            else { continue }
            dependencies.append(dependency)
        }
    }

    /// `implementation 'group:name:version'` and `group: 'g', name: 'n'`.
    private mutating func readCoordinates(_ script: GradleScript) {
        let tokens = script.tokens
        for index in tokens.indices where tokens[index].kind == .string {
            let text = values.resolvedCoordinates(tokens[index].text)
            if text.contains(":"), !text.contains("/"), !text.hasPrefix(":"),
                let dependency = JVMDependency(
                    coordinates: text, isForTests: isTest(script, index), evidence: script.evidence(index))
            {
                dependencies.append(dependency)
            } else if index > 1, tokens[index - 2].isWord("group") {
                let line = script.statement(from: index)
                guard let place = line.firstIndex(where: { $0.isWord("name") }),
                    let name = line[place...].first(where: { $0.kind == .string })
                else { continue }
                dependencies.append(
                    JVMDependency(
                        text, name.text, isForTests: isTest(script, index), evidence: script.evidence(index)))
            }
        }
    }

    /// Whether the configuration that the line names is one of tests.
    private func isTest(_ script: GradleScript, _ index: Int) -> Bool {
        var start = index
        while start > max(0, index - 40), script.tokens[start - 1].kind != .lineEnd { start -= 1 }
        return script.tokens[start..<index].contains { token in
            token.kind == .word && token.text.lowercased().range(ofText: "test") != nil
        }
    }
}
