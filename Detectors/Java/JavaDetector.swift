//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Versions

/// Reads the builds of Java and Kotlin: Maven, Gradle and Ant, with what pins the JDK.
struct JavaDetector: Detector {
    let name = "java"
    let summary = "pom.xml, build.gradle(.kts), build.xml, wrappers, .java-version, .sdkmanrc, system.properties"

    func findings(in repository: Repository) -> [Finding] {
        let names = [
            "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "build.xml",
        ]
        let manifests = names.flatMap { repository.manifests(named: $0) }
        guard let depth = manifests.map(\.depth).min(), depth <= 1 else { return [] }
        let nearest = manifests.filter { $0.depth == depth }
        guard let first = nearest.first, hasSources(repository) else { return [] }
        let directory = first.directory
        var project = ProjectFindings(repository)
        project.language("java", Evidence(first.path))
        readPins(directory, &project)
        if let pom = nearest.first(where: { $0.name == "pom.xml" }) {
            readMaven(pom, &project)
        } else if let build = nearest.first(where: { $0.name.range(ofText: "gradle") != nil }) {
            readGradle(build, &project)
        } else if let build = nearest.first(where: { $0.name == "build.xml" }) {
            readAnt(build, &project)
        }
        return project.findings
    }

    private func hasSources(_ repository: Repository) -> Bool {
        ["java", "kt", "scala", "groovy"].contains { !repository.files(withExtension: $0).isEmpty }
    }

    private func readPins(_ directory: String, _ project: inout ProjectFindings) {
        let repository = project.repository
        for name in [".java-version", ".jdk-version"] {
            let path = joinPath(directory, name)
            guard repository.contains(path), let text = repository.lines(path).first?.trimmingSpaces, !text.isEmpty
            else { continue }
            let version = text.split(separator: "-").first { $0.first?.isNumber == true }.map(String.init) ?? text
            project.toolchain("java", .pin, javaRelease(version), Evidence(path, line: 1))
        }
        let properties = joinPath(directory, "system.properties")
        for (index, line) in (repository.contains(properties) ? repository.lines(properties) : []).enumerated() {
            let sides = line.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard sides.count == 2, sides[0] == "java.runtime.version" else { continue }
            project.toolchain("java", .pin, javaRelease(sides[1]), Evidence(properties, line: index + 1))
        }
    }

    private func readMaven(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let evidence = Evidence(file.path)
        if let pom = MavenProject(file.path, project.repository) {
            if let (version, place) = pom.release { project.toolchain("java", .range, ">=\(version)", place) }
            if let (constraint, place) = pom.required {
                let isRange = constraint.contains(",") || constraint.hasPrefix("[") || constraint.hasPrefix("(")
                project.add(
                    .toolchain(
                        ToolchainFinding(
                            tool: "java", kind: .range,
                            constraint: isRange ? constraint : ">=\(javaRelease(constraint))",
                            dialect: isRange ? .maven : .generic, evidence: place)))
            }
        } else {
            project.repository.warn(evidence, "the POM is not well-formed XML")
        }
        let hasWrapper = project.repository.contains(joinPath(file.directory, "mvnw"))
        if !hasWrapper { project.system(.program("mvn"), evidence) }
        let command = hasWrapper ? "./mvnw" : "mvn"
        project.dependency("maven", .project(backend: nil, isNative: false), in: file.directory, evidence)
        project.task("build", "\(command) -B package -DskipTests", .inferred, in: file.directory, evidence)
        project.task("test", "\(command) -B verify", .inferred, in: file.directory, evidence)
    }

    private func readGradle(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let repository = project.repository
        let scripts = repository.files(in: file.directory).filter {
            $0.name.hasSuffix(".gradle") || $0.name.hasSuffix(".gradle.kts")
        }
        for script in scripts { readGradleVersions(script.path, &project) }
        let daemon = joinPath(file.directory, "gradle/gradle-daemon-jvm.properties")
        for (index, line) in (repository.contains(daemon) ? repository.lines(daemon) : []).enumerated() {
            guard line.hasPrefix("toolchainVersion=") else { continue }
            project.toolchain(
                "java", .pin, String(line.dropFirst(17)).trimmingSpaces, Evidence(daemon, line: index + 1))
        }
        let wrapper = joinPath(file.directory, "gradle/wrapper/gradle-wrapper.properties")
        for (index, line) in (repository.contains(wrapper) ? repository.lines(wrapper) : []).enumerated() {
            guard line.hasPrefix("distributionUrl"), let place = line.range(ofText: "gradle-") else { continue }
            let version = line[place...].dropFirst(7).prefix { $0.isNumber || $0 == "." }
            let evidence = Evidence(wrapper, line: index + 1)
            project.toolchain("gradle", .pin, String(version), evidence)
            if let newest = newestJava(forGradle: version) {
                project.toolchain("java", .range, "<=\(newest)", evidence)
            }
        }
        let hasWrapper = repository.contains(joinPath(file.directory, "gradlew"))
        let command = hasWrapper ? "./gradlew" : "gradle"
        let evidence = Evidence(file.path)
        if !hasWrapper { project.system(.program("gradle"), evidence) }
        project.dependency("gradle", .project(backend: nil, isNative: false), in: file.directory, evidence)
        project.task("build", "\(command) assemble", .inferred, in: file.directory, evidence)
        project.task("test", "\(command) test", .inferred, in: file.directory, evidence)
    }

    /// Toolchains are exact, the compatibility of sources is a minimum.
    private func readGradleVersions(_ path: String, _ project: inout ProjectFindings) {
        for (index, line) in project.repository.lines(path).enumerated() {
            let text = line.trimmingSpaces
            if text.hasPrefix("//") || text.hasPrefix("*") { continue }
            let evidence = Evidence(path, line: index + 1)
            for (marker, kind) in gradleMarkers {
                guard let place = text.range(ofText: marker) else { continue }
                let rest = text[place...].dropFirst(marker.count).drop { " =(\"'".contains($0) }
                let version =
                    rest.hasPrefix("JavaVersion.VERSION_")
                    ? rest.dropFirst(20).prefix { $0.isNumber || $0 == "_" }.replacing("_", with: ".")
                    : String(rest.prefix { $0.isNumber || $0 == "." })
                guard version.first?.isNumber == true else { continue }
                project.toolchain("java", kind, (kind == .range ? ">=" : "") + javaRelease(version), evidence)
                break
            }
        }
    }

    private func readAnt(_ file: CheckoutFile, _ project: inout ProjectFindings) {
        let evidence = Evidence(file.path)
        project.system(.program("ant"), evidence)
        guard let root = project.repository.text(file.path).flatMap(XMLElement.parse) else { return }
        for task in root.descendants(named: "javac") {
            guard let version = task.attributes["release"] ?? task.attributes["source"], version.first?.isNumber == true
            else { continue }
            project.toolchain("java", .range, ">=\(javaRelease(version))", Evidence(file.path, line: task.line))
            break
        }
        project.task("build", "ant", .inferred, in: file.directory, evidence)
        if let target = root.children.first(where: {
            $0.name == "target" && ["test", "check", "tests"].contains($0.attributes["name"] ?? "")
        }) {
            project.task(
                "test", "ant \(target.attributes["name"] ?? "test")", .declared, in: file.directory,
                Evidence(file.path, line: target.line))
        }
    }
}

/// The newest release of Java that a release of Gradle runs on
/// ([Compatibility Matrix](https://docs.gradle.org/current/userguide/compatibility.html)).
private func newestJava(forGradle version: Substring) -> Int? {
    let numbers = version.split(separator: ".").compactMap { Int($0) }
    guard let major = numbers.first else { return nil }
    let minor = numbers.count > 1 ? numbers[1] : 0
    return gradleLimits.last { ($0.major, $0.minor) <= (major, minor) }?.java
}

private let gradleLimits: [(major: Int, minor: Int, java: Int)] = [
    (2, 0, 8), (4, 3, 9), (4, 7, 10), (5, 0, 11), (5, 4, 12), (6, 0, 13), (6, 3, 14), (6, 7, 15), (7, 0, 16),
    (7, 3, 17),
    (7, 5, 18), (7, 6, 19), (8, 3, 20), (8, 5, 21), (8, 8, 22), (8, 10, 23), (8, 14, 24), (9, 1, 25),
]

private let gradleMarkers: [(String, StatementKind)] = [
    ("JavaLanguageVersion.of(", .pin), ("jvmToolchain(", .pin), ("sourceCompatibility", .range),
    ("targetCompatibility", .range),
    ("options.release", .range), ("languageVersion.set(JavaLanguageVersion.of(", .pin),
]

extension StringProtocol {
    fileprivate func replacing(_ old: Character, with new: Character) -> String { String(map { $0 == old ? new : $0 }) }
}
