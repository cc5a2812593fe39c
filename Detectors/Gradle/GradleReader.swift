//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads a build by Gradle: the settings, the scripts of all its projects and the wrapper.
struct GradleReader {
    private let repository: Repository
    private let directory: String
    private let evidence: Evidence
    private let wrapper: GradleWrapper?
    private let scripts: [GradleScript]
    private let scan: GradleScan
    private let settings: [GradleScript]

    /// A build in the folder of `file`.
    init(_ file: CheckoutFile, _ repository: Repository) {
        self.repository = repository
        directory = file.directory
        evidence = Evidence(file.path)
        wrapper = GradleWrapper(repository, in: file.directory)
        let files = gradleFiles(repository, in: file.directory)
        let scripts = files.map { GradleScript($0, repository) }
        self.scripts = scripts
        settings = scripts.filter { isSettings($0.path) && parentPath($0.path) == file.directory }
        var scan = GradleScan(GradleValues(repository, in: file.directory, scripts: scripts))
        for script in scripts { scan.read(script) }
        self.scan = scan
    }

    /// Reports everything.
    func read(_ project: inout ProjectFindings) {
        readToolchains(&project)
        readDaemon(&project)
        readCompatibility(&project)
        readWrapper(&project)
        readMembers(&project)
        project.jvmDependencies(scan.dependencies + pluginDependencies)
        readNative(&project)
        readTasks(&project)
    }

    /// Plugins as dependencies, for the tables.
    private var pluginDependencies: [JVMDependency] {
        scan.plugins.map { JVMDependency($0.id, $0.id, version: $0.version, evidence: $0.evidence) }
    }

    /// All dependencies, for whoever asks what the project uses.
    var dependencies: [JVMDependency] { scan.dependencies + pluginDependencies }

    private var isAndroid: Bool { scan.plugins.contains { $0.id.hasPrefix("com.android.") } }

    /// The line of each language's plugin.
    var languagePlugins: [String: Evidence] {
        var result: [String: Evidence] = [:]
        for plugin in scan.plugins {
            let isKotlin = plugin.id.hasPrefix("org.jetbrains.kotlin") || plugin.id.hasPrefix("kotlin")
            let name = isKotlin && plugin.id != "kotlin-dsl" ? "kotlin" : plugin.id
            if ["kotlin", "java", "scala", "groovy"].contains(name), result[name] == nil {
                result[name] = plugin.evidence
            }
        }
        return result
    }

    /// Toolchains are exact. One that Gradle itself does not run on is found beside the JDK that runs Gradle.
    private func readToolchains(_ project: inout ProjectFindings) {
        var pinned: String?
        var known: Set<String> = []
        for release in scan.toolchains {
            guard let number = javaReleaseNumber(release.version) else { continue }
            let isTooOld = wrapper?.java.map { number < $0.oldest } ?? false
            let isPin = !release.isForTask && !isTooOld && (pinned == nil || pinned == release.version)
            if isPin { pinned = release.version }
            guard known.insert("\(isPin) \(number)").inserted else { continue }
            project.toolchain("java", isPin ? .pin : .hint, "\(number)", release.evidence)
        }
    }

    /// The JDK of the daemon ([Daemon JVM criteria](https://docs.gradle.org/current/userguide/gradle_daemon.html)).
    private func readDaemon(_ project: inout ProjectFindings) {
        for entry in repository.properties(joinPath(directory, "gradle/gradle-daemon-jvm.properties"))
        where entry.key == "toolchainVersion" {
            guard let number = javaReleaseNumber(entry.value) else { continue }
            project.toolchain("java", .pin, "\(number)", entry.evidence)
        }
    }

    private func readCompatibility(_ project: inout ProjectFindings) {
        var known: Set<String> = []
        for release in scan.compatibilities where known.insert(release.version).inserted {
            project.javaSource(release.version, release.evidence)
        }
        for dependency in dependencies {
            guard let floor = javaFloor(of: dependency), known.insert("\(floor)").inserted else { continue }
            project.javaMinimum("\(floor)", dependency.evidence)
        }
    }

    private func readWrapper(_ project: inout ProjectFindings) {
        if let wrapper {
            project.toolchain("gradle", .pin, wrapper.version, wrapper.evidence)
            if let java = wrapper.java {
                project.toolchain("java", .range, ">=\(java.oldest), <\(java.newest + 1)", wrapper.evidence)
            }
        }
        let lock = joinPath(directory, "gradle.lockfile")
        project.packageManager(
            "gradle", version: wrapper?.version, lockfile: repository.contains(lock) ? lock : nil, in: directory,
            wrapper?.evidence ?? evidence)
        project.dependency("gradle", .project(backend: nil, isNative: false), in: directory, evidence)
        if command == "gradle" { project.system(.program("gradle"), evidence) }
    }

    private var command: String { wrapperCommand("gradlew", in: directory, repository) ?? "gradle" }

    /// `include("a:b")`, `includeBuild("x")` and `project(":a").projectDir = file("y")`.
    private func readMembers(_ project: inout ProjectFindings) {
        var members: [(name: String, directory: String, evidence: Evidence)] = []
        var places: [String: String] = [:]
        var isComputed: Evidence?
        for script in settings {
            script.forEachWord { index, _ in
                let word = script.tokens[index].text
                let arguments = script.statement(from: index + 1)
                guard ["include", "includeBuild", "includeFlat", "project"].contains(word) else { return }
                if word == "project" {
                    guard let name = arguments.first(where: { $0.kind == .string }),
                        arguments.contains(where: { $0.isWord("projectDir") }),
                        let target = arguments.last(where: { $0.kind == .string }), target.text != name.text
                    else { return }
                    let text = target.text.replacing(text: "$rootDir/", with: "")
                        .replacing(text: "${rootDir}/", with: "")
                    places[name.text.hasPrefix(":") ? String(name.text.dropFirst()) : name.text] = text
                    return
                }
                var names = script.continued(from: index + 1).filter { $0.kind == .string }
                if names.isEmpty, word == "include" {
                    names = script.listed(before: index)
                    isComputed = isComputed ?? Evidence(script.path, line: script.tokens[index].line)
                }
                for token in names {
                    guard !token.text.contains("$"), !token.text.isEmpty else {
                        isComputed = isComputed ?? Evidence(script.path, line: token.line)
                        continue
                    }
                    let name = token.text.hasPrefix(":") ? String(token.text.dropFirst()) : token.text
                    let folder = word == "include" ? name.split(separator: ":").joined(separator: "/") : name
                    members.append((name, folder, Evidence(script.path, line: token.line)))
                }
            }
        }
        // What the settings compute is usually a walk over the folders with scripts.
        if let isComputed {
            let own = scripts.map { parentPath($0.path) }.filter { $0 != directory && !isShared($0 + "/x") }
            for folder in own.sorted() {
                let inner = directory.isEmpty ? folder : String(folder.dropFirst(directory.count + 1))
                members.append((inner.split(separator: "/").joined(separator: ":"), inner, isComputed))
            }
        }
        let folders = repository.folders
        var known: Set<String> = []
        for member in members {
            let folder = joinPath(directory, places[member.name] ?? member.directory)
            guard known.insert(folder).inserted, folders.contains(folder) else { continue }
            project.member(member.name, in: folder, of: "gradle", member.evidence)
        }
    }

    private func readNative(_ project: inout ProjectFindings) {
        // Android's SDK has its own compiler and CMake.
        guard let place = scan.usesCMake, !isAndroid else { return }
        project.system(.program("cmake"), place)
    }

    private func readTasks(_ project: inout ProjectFindings) {
        let place = evidence
        project.task("install", "\(command) dependencies", .inferred, in: directory, place)
        project.task("build", "\(command) assemble", .inferred, in: directory, place)
        project.task("test", "\(command) test", .inferred, in: directory, place)
        if isAndroid {
            project.add(.variable(VariableFinding("ANDROID_HOME", value: nil, evidence: place)))
        }
        for (id, task) in lintTasks {
            guard let plugin = scan.plugins.first(where: { $0.id == id }) else { continue }
            project.task("lint", "\(command) \(task)", .inferred, in: directory, plugin.evidence)
            break
        }
        for (id, task) in startTasks {
            let plugins = scan.plugins.filter {
                $0.id == id && !isShared($0.evidence.path) && !isExample($0.evidence.path)
            }
            guard
                let plugin = plugins.first(where: { isProgram($0.evidence.path) })
                    ?? plugins.first(where: { parentPath($0.evidence.path) == directory && plugins.count == 1 })
                    ?? (plugins.count == 1 ? plugins.first : nil)
            else { continue }
            let folder = parentPath(plugin.evidence.path)
            let inner = directory.isEmpty ? folder : String(folder.dropFirst(directory.count + 1))
            let prefix = folder == directory ? "" : ":" + inner.split(separator: "/").joined(separator: ":") + ":"
            project.task("start", "\(command) \(prefix)\(task)", .inferred, in: directory, plugin.evidence)
            break
        }
    }

    /// Whether the script is shared by several projects rather than of one.
    private func isShared(_ path: String) -> Bool {
        path.split(separator: "/").contains { $0 == "buildSrc" || $0 == "build-logic" || $0 == "gradle" }
    }

    private func isProgram(_ path: String) -> Bool {
        let folder = joinPath(parentPath(path), "src/main")
        let resources = joinPath(folder, "resources")
        if repository.files(in: resources).contains(where: { $0.name.hasPrefix("application.") }) { return true }
        return scan.mainClass?.path == path
    }
}

extension GradleScript {
    /// The tokens from `start` on, as long as commas or parentheses make a statement go on.
    fileprivate func continued(from start: Int) -> ArraySlice<ScriptToken> {
        var depth = 0
        var end = start
        var last: ScriptToken?
        while end < tokens.count, end - start < 20_000 {
            let token = tokens[end]
            if token.isSymbol("(") || token.isSymbol("[") { depth += 1 }
            if token.isSymbol(")") || token.isSymbol("]") { depth -= 1 }
            if depth < 0 || token.isSymbol("{") || token.isSymbol("}") { break }
            if token.kind == .lineEnd {
                if depth == 0, last?.isSymbol(",") != true, end > start { break }
            } else {
                last = token
            }
            end += 1
        }
        return tokens[start..<end]
    }
}

extension GradleScript {
    /// The texts of the list over which a loop around `index` goes: `["a", "b"].each { include it }`.
    fileprivate func listed(before index: Int) -> [ScriptToken] {
        guard let open = tokens[max(0, index - 10)..<index].lastIndex(where: { $0.isSymbol("{") }) else { return [] }
        var start = open
        var depth = 0
        while start > 0, open - start < 2_000 {
            let token = tokens[start - 1]
            if token.isSymbol("]") || token.isSymbol(")") { depth += 1 }
            if token.isSymbol("[") || token.isSymbol("(") { depth -= 1 }
            if depth < 0 || (depth == 0 && token.kind == .lineEnd) || token.isSymbol("}") { break }
            start -= 1
        }
        return tokens[start..<open].filter { $0.kind == .string }
    }
}

extension Repository {
    /// All folders that hold files at any depth.
    var folders: Set<String> {
        var result: Set<String> = []
        for file in checkout.files {
            var folder = file.directory
            while result.insert(folder).inserted, !folder.isEmpty { folder = parentPath(folder) }
        }
        return result
    }
}

private func isSettings(_ path: String) -> Bool {
    path.hasSuffix("settings.gradle") || path.hasSuffix("settings.gradle.kts")
}

/// The scripts of the build in `directory`: its own, then shared ones, then those of its projects, nearest first.
private func gradleFiles(_ repository: Repository, in directory: String) -> [CheckoutFile] {
    let prefix = directory.isEmpty ? "" : directory + "/"
    func isShared(_ file: CheckoutFile) -> Bool {
        file.path.dropFirst(prefix.count).split(separator: "/").dropLast().contains {
            sharedFolders.contains(String($0))
        }
    }
    // A folder with settings of its own is a build of its own: an example, or what tests build.
    let settings = repository.files(named: "settings.gradle") + repository.files(named: "settings.gradle.kts")
    let foreign = settings.map(\.directory).filter { folder in
        folder != directory && folder.hasPrefix(prefix)
            && !folder.split(separator: "/").contains { sharedFolders.contains(String($0)) }
    }
    func isForeign(_ file: CheckoutFile) -> Bool {
        foreign.contains { file.directory == $0 || file.path.hasPrefix($0 + "/") }
            || file.path.dropFirst(prefix.count).split(separator: "/").dropLast().contains("src")
    }
    var found: [(rank: Int, file: CheckoutFile)] = []
    for ext in ["gradle", "kts", "kt", "groovy", "java"] {
        for file in repository.files(withExtension: ext) where file.path.hasPrefix(prefix) {
            let isScript = file.name.hasSuffix(".gradle") || file.name.hasSuffix(".gradle.kts")
            if file.directory == directory {
                if isScript { found.append((isSettings(file.path) ? 1 : 0, file)) }
            } else if !repository.isSecondary(file.path), isShared(file) {
                found.append((2, file))
            } else if isScript, !repository.isSecondary(file.path), !isForeign(file) {
                found.append((3, file))
            }
        }
    }
    return found.sorted { ($0.rank, $0.file.depth, $0.file.path) < ($1.rank, $1.file.depth, $1.file.path) }
        .prefix(1_000).map(\.file)
}

/// Where builds keep what their projects share.
private let sharedFolders: Set<String> = [
    "buildSrc", "gradle", "build-logic", "buildLogic", "build-plugin", "build-conventions", "convention",
    "build-settings-logic", "plugins",
]

private let lintTasks = [
    ("com.diffplug.spotless", "spotlessCheck"), ("com.diffplug.gradle.spotless", "spotlessCheck"),
    ("org.jlleitschuh.gradle.ktlint", "ktlintCheck"), ("org.jmailen.kotlinter", "lintKotlin"),
    ("io.gitlab.arturbosch.detekt", "detekt"), ("dev.detekt", "detekt"), ("checkstyle", "checkstyleMain"),
    ("pmd", "pmdMain"), ("com.github.spotbugs", "spotbugsMain"),
]
private let startTasks = [
    ("org.springframework.boot", "bootRun"), ("io.quarkus", "quarkusDev"), ("io.ktor.plugin", "run"),
    ("io.micronaut.application", "run"), ("application", "run"), ("org.openjfx.javafxplugin", "run"),
    ("org.jetbrains.compose", "run"), ("org.gretty", "appRun"),
]
