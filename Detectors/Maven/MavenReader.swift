//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads a build by Maven: a POM and the modules below it.
struct MavenReader {
    private let repository: Repository
    private let directory: String
    private let evidence: Evidence
    private var files: MavenFiles
    private var projects: [MavenProject] = []
    /// The POMs of the build.
    private var paths: Set<String> = []

    init(_ file: CheckoutFile, _ repository: Repository) {
        self.repository = repository
        directory = file.directory
        evidence = Evidence(file.path)
        files = MavenFiles(repository)
    }

    /// Reports everything, and answers what the modules depend on; nothing where the root POM cannot be read.
    mutating func read(_ project: inout ProjectFindings) -> [JVMDependency] {
        readModules(&project)
        guard !projects.isEmpty else { return [] }
        readJava(&project)
        readManager(&project)
        let dependencies = projects.flatMap(\.dependencies)
        project.jvmDependencies(dependencies)
        readTasks(dependencies, &project)
        return dependencies
    }

    /// Modules, and those of modules ([Aggregation](https://maven.apache.org/pom.html#aggregation-or-multi-module)).
    private mutating func readModules(_ project: inout ProjectFindings) {
        var queue: [(path: String, evidence: Evidence?)] = [(evidence.path, nil)]
        var index = 0
        while index < queue.count, index < 5_000 {
            let (path, place) = queue[index]
            index += 1
            guard paths.insert(path).inserted, let module = MavenProject(path, &files),
                let root = module.chain.first?.root
            else { continue }
            projects.append(module)
            if let place {
                project.member(
                    module.artifact.isEmpty ? nil : module.artifact, in: parentPath(path), of: "maven", place)
            }
            let lists = ([root] + mavenProfiles(root)).flatMap {
                $0.children(named: "modules") + $0.children(named: "subprojects")
            }
            for list in lists {
                for node in list.children {
                    guard let name = module.resolved(node.text) else { continue }
                    let target = joinPath(parentPath(path), name)
                    let file = repository.contains(target) ? target : joinPath(target, "pom.xml")
                    if repository.contains(file) { queue.append((file, Evidence(path, line: node.line))) }
                }
            }
        }
    }

    private func readJava(_ project: inout ProjectFindings) {
        var known: Set<String> = []
        for module in projects {
            for (value, place) in module.configuration(of: "maven-toolchains-plugin", "toolchains", "jdk", "version")
            where known.insert("toolchain \(value)").inserted {
                if let number = javaReleaseNumber(value) {
                    project.toolchain("java", .pin, "\(number)", place)
                } else {
                    project.javaRequirement(value, place)
                }
            }
            for (value, place) in releases(of: module) {
                guard let number = javaReleaseNumber(value), known.insert("\(number)").inserted else { continue }
                project.javaSource(value, place)
            }
            for (value, place) in module.required("requireJavaVersion")
            where known.insert("required \(value)").inserted {
                project.javaRequirement(value, place)
            }
            if let parent = module.foreignParent, let floor = javaFloor(of: parent),
                known.insert("\(floor)").inserted
            {
                project.javaMinimum("\(floor)", parent.evidence)
            }
        }
    }

    /// The releases of Java that the sources of a module are written for, in order of precedence.
    private func releases(of module: MavenProject) -> [(value: String, evidence: Evidence)] {
        let compiler = "maven-compiler-plugin"
        var result = [module.property("maven.compiler.release")].compactMap(\.self)
        result += module.configuration(of: compiler, "release")
        result += [module.property("java.version")].compactMap(\.self)
        result += ["maven.compiler.source", "maven.compiler.target"].compactMap { module.property($0) }
        result += module.configuration(of: compiler, "source") + module.configuration(of: compiler, "target")
        result += ["jdk.version", "javaVersion", "kotlin.compiler.jvmTarget"].compactMap { module.property($0) }
        result += module.configuration(of: "kotlin-maven-plugin", "jvmTarget")
        result += module.configuration(of: "scala-maven-plugin", "release")
        result += ["maven.compiler.testRelease", "maven.compiler.testSource"].compactMap { module.property($0) }
        return result + module.configuration(of: compiler, "testRelease")
    }

    private var wrapper: (version: String, evidence: Evidence)? {
        for entry in repository.properties(joinPath(directory, ".mvn/wrapper/maven-wrapper.properties"))
        where entry.key == "distributionUrl" {
            guard let name = entry.value.split(separator: "/").last, let start = name.range(ofText: "maven-") else {
                continue
            }
            var version = name[start...].dropFirst(6)
            if version.hasPrefix("mvnd-") { version = version.dropFirst(5) }
            for suffix in [".zip", ".tar.gz", "-bin", "-src"] where version.hasSuffix(suffix) {
                version = version.dropLast(suffix.count)
            }
            if version.first?.isNumber == true { return (String(version), entry.evidence) }
        }
        return nil
    }

    /// The wrapper's script, or Maven.
    private var command: String { wrapperCommand("mvnw", in: directory, repository) ?? "mvn" }

    private func readManager(_ project: inout ProjectFindings) {
        let wrapper = wrapper
        project.packageManager("maven", version: wrapper?.version, in: directory, wrapper?.evidence ?? evidence)
        project.dependency("maven", .project(backend: nil, isNative: false), in: directory, evidence)
        // The wrapper brings Maven along.
        if command != "mvn" { return }
        for module in projects.prefix(1) {
            for (value, place) in module.required("requireMavenVersion") {
                let isRange = value.hasPrefix("[") || value.hasPrefix("(")
                project.toolchain("maven", .range, isRange ? value : "[\(value),)", place)
            }
            for (path, root) in module.chain.prefix(1) {
                guard let node = root["prerequisites"]?["maven"], let value = module.resolved(node.text) else {
                    continue
                }
                project.toolchain("maven", .range, "[\(value),)", Evidence(path, line: node.line))
            }
        }
        project.system(.program("mvn"), evidence)
    }

    private func readTasks(_ dependencies: [JVMDependency], _ project: inout ProjectFindings) {
        let maven = "\(command) -B"
        let isAggregate = projects.count > 1
        project.task(
            "install", isAggregate ? "\(maven) install -DskipTests" : "\(maven) dependency:go-offline", .inferred,
            in: directory, evidence)
        project.task("build", "\(maven) package -DskipTests", .inferred, in: directory, evidence)
        let plugins = dependencies.filter { $0.name.hasSuffix("-plugin") || $0.group == "org.apache.maven.plugins" }
        // Integration tests run behind `test`.
        let hasIntegrationTests = plugins.contains { $0.name == "maven-failsafe-plugin" }
        project.task("test", "\(maven) \(hasIntegrationTests ? "verify" : "test")", .inferred, in: directory, evidence)
        for (plugin, goal) in lintGoals {
            guard let place = plugins.first(where: { $0.name == plugin }) else { continue }
            project.task("lint", "\(maven) \(goal)", .inferred, in: directory, place.evidence)
            break
        }
        for (plugin, goal) in startGoals {
            let places = plugins.filter {
                $0.name == plugin && !isExample($0.evidence.path)
                    && (plugin != "exec-maven-plugin" || runsClass($0.evidence.path))
            }
            guard
                let place = places.first(where: { isProgram($0.evidence.path) })
                    ?? (places.count == 1 ? places.first : nil)
            else { continue }
            let module = parentPath(place.evidence.path)
            let isRoot = module == directory
            let folder = directory.isEmpty ? module : String(module.dropFirst(directory.count + 1))
            let selection = isRoot ? "" : " -pl \(shellQuoted(folder))"
            project.task("start", "\(maven)\(selection) \(goal)", .inferred, in: directory, place.evidence)
            break
        }
    }

    /// Whether the configuration of the plugin that runs classes names one.
    private func runsClass(_ path: String) -> Bool {
        projects.first { $0.path == path }?.plugins.contains { file, plugin in
            file == path && plugin["artifactId"]?.text == "exec-maven-plugin"
                && plugin["configuration"]?["mainClass"] != nil
        } ?? false
    }

    /// Whether the POM's module has a program rather than a library: a class with the annotation is not looked for.
    private func isProgram(_ path: String) -> Bool {
        let folder = joinPath(parentPath(path), "src/main/resources")
        return repository.files(in: folder).contains { $0.name.hasPrefix("application.") }
    }
}

private let lintGoals = [
    ("spotless-maven-plugin", "spotless:check"), ("maven-checkstyle-plugin", "checkstyle:check"),
    ("fmt-maven-plugin", "fmt:check"), ("formatter-maven-plugin", "formatter:validate"),
    ("ktlint-maven-plugin", "ktlint:check"), ("maven-pmd-plugin", "pmd:check"),
    ("spotbugs-maven-plugin", "spotbugs:check"),
]
private let startGoals = [
    ("spring-boot-maven-plugin", "spring-boot:run"), ("quarkus-maven-plugin", "quarkus:dev"),
    ("micronaut-maven-plugin", "mn:run"), ("javafx-maven-plugin", "javafx:run"),
    ("liberty-maven-plugin", "liberty:run"), ("wildfly-maven-plugin", "wildfly:run"),
    ("jetty-maven-plugin", "jetty:run"), ("jetty-ee10-maven-plugin", "jetty:run"),
    ("tomcat7-maven-plugin", "tomcat7:run"), ("exec-maven-plugin", "exec:java"),
]

/// Whether the folders of a module say that it shows or tests what the others are for.
func isExample(_ path: String) -> Bool {
    path.split(separator: "/").dropLast().contains { folder in
        let name = folder.lowercased()
        return ["example", "sample", "demo", "test", "benchmark", "showcase"].contains { name.range(ofText: $0) != nil }
    }
}

/// How to run the wrapper's script `name` from its folder; nil where there is none.
func wrapperCommand(_ name: String, in directory: String, _ repository: Repository) -> String? {
    guard let file = repository.checkout[joinPath(directory, name)] else { return nil }
    return file.isExecutable ? "./\(name)" : "sh ./\(name)"
}

/// The oldest release of Java that a framework's parent or plugin runs on; nil for those that run on any.
func javaFloor(of dependency: JVMDependency) -> Int? {
    let numbers = dependency.version.split(separator: ".").compactMap { Int($0) }
    guard let major = numbers.first else { return nil }
    let minor = numbers.count > 1 ? numbers[1] : 0
    switch dependency.group {
    case "org.springframework.boot": return major >= 3 ? 17 : nil
    case "io.quarkus", "io.quarkus.platform": return (major, minor) >= (3, 7) ? 17 : (major >= 2 ? 11 : nil)
    case "io.micronaut.platform", "io.micronaut": return major >= 4 ? 17 : nil
    // The plugin for Android ([Compatibility](https://developer.android.com/build/releases/past-releases)).
    case "com.android.application", "com.android.library", "com.android.tools.build":
        return major >= 8 ? 17 : (major == 7 ? 11 : nil)
    default: return nil
    }
}
