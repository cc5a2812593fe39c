//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads the builds of Java, Kotlin, Scala, Clojure and Groovy, with what they say of the JDK.
struct JavaDetector: Detector {
    let name = "java"
    let summary =
        "pom.xml, build.gradle(.kts), build.sbt, build.mill, project.clj, deps.edn, build.xml, wrappers, .java-version"

    var sources: [DetectorSource] {
        [
            DetectorSource(".java-version, system.properties", "version of the JDK", kind: .pin),
            DetectorSource("*.gradle, *.gradle.kts, *.versions.toml", "toolchain of the build", kind: .pin),
            DetectorSource("gradle-daemon-jvm.properties", "version of the JDK", kind: .pin),
            DetectorSource("pom.xml", "release that the sources are written for, modules, plugins", kind: .range),
            DetectorSource(
                "gradle-wrapper.properties, maven-wrapper.properties",
                "version of the build tool, and on which JDKs it runs",
                kind: .range),
            DetectorSource(
                "build.sbt, build.properties, build.mill, project.clj, deps.edn, build.xml",
                "options of the compilers, libraries, commands", kind: .range),
            DetectorSource("application*.properties, application*.yml", "ports, services, variables"),
            DetectorSource(".jdk-version, jitpack.yml", "version of the JDK", kind: .hint),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        let roots = buildRoots(in: repository)
        var project = ProjectFindings(repository)
        guard let first = roots.first else {
            readSources(&project)
            return project.findings
        }
        project.javaVersionFiles(in: "")
        if !first.directory.isEmpty { project.javaVersionFiles(in: first.directory) }
        for root in roots {
            var facts = BuildFacts()
            for file in root.manifests { read(file, &facts, &project) }
            readLanguages(root, facts, &project)
            let hasPort = ApplicationProperties(repository).read(in: root.directory, &project)
            // What serves HTTP on port 8080 unless told otherwise.
            let server = facts.dependencies.first { servers.contains($0.name) && !$0.isForTests }
            if !hasPort, let server { project.add(.port(PortFinding(8080, evidence: server.evidence))) }
        }
        if project.findings.isEmpty { return [] }
        for directory in Set(["", first.directory]).sorted() { project.weakJavaVersionFiles(in: directory) }
        project.needsJava(Evidence(first.manifests.first?.path ?? ""))
        return languagesFirst(project.findings)
    }

    /// Sources without a build, where the repository has hardly anything else.
    private func readSources(_ project: inout ProjectFindings) {
        let repository = project.repository
        func count(_ extensions: [String]) -> Int {
            extensions.reduce(0) { sum, ext in
                sum + repository.files(withExtension: ext).count { !repository.isSecondary($0.path) }
            }
        }
        guard let source = repository.files(withExtension: "java").first(where: { !repository.isSecondary($0.path) }),
            count(["java"]) > count(otherSources)
        else { return }
        project.language("java", Evidence(source.path))
        project.javaVersionFiles(in: "")
        project.needsJava(Evidence(source.path))
    }

    private func read(_ file: CheckoutFile, _ facts: inout BuildFacts, _ project: inout ProjectFindings) {
        switch kind(of: file.name) {
        case .maven:
            var reader = MavenReader(file, project.repository)
            facts.dependencies += reader.read(&project)
        case .gradle:
            let reader = GradleReader(file, project.repository)
            reader.read(&project)
            facts.dependencies += reader.dependencies
            facts.plugins.merge(reader.languagePlugins) { first, _ in first }
        case .sbt:
            var reader = SbtReader(file, project.repository)
            reader.read(&project)
        case .mill: readMill(file, &project)
        case .leiningen: readLeiningen(file, &project)
        case .toolsDeps: readToolsDeps(file, &project)
        case .ant: readAnt(file, &project)
        case .scalaCLI: _ = readScalaCLI(file, &project)
        case nil: break
        }
    }

    /// The languages of the sources below a build, at the line of their plugin where there is one.
    private func readLanguages(_ root: BuildRoot, _ facts: BuildFacts, _ project: inout ProjectFindings) {
        let languages = JVMLanguages(project.repository, in: root.directory).found
        if languages.isEmpty, let first = root.manifests.first {
            let plugin = facts.plugins.min { $0.value < $1.value }?.key
            project.language(plugin ?? usualLanguage(of: first.name), Evidence(first.path))
        }
        for language in languages {
            let manifest = root.manifests.first.map { Evidence($0.path) } ?? language.evidence
            project.language(language.name, facts.plugins[language.name] ?? manifest)
        }
    }

    private func usualLanguage(of manifest: String) -> String {
        switch kind(of: manifest) {
        case .sbt, .mill, .scalaCLI: "scala"
        case .leiningen, .toolsDeps: "clojure"
        default: "java"
        }
    }

    private func languagesFirst(_ findings: [Finding]) -> [Finding] {
        var names: Set<String> = []
        let languages = findings.filter { finding in
            if case .language(let language) = finding { names.insert(language.name).inserted } else { false }
        }
        return languages
            + findings.filter { finding in
                if case .language = finding { false } else { true }
            }
    }
}

/// What sources of languages with projects of their own end in.
private let otherSources = [
    "py", "js", "ts", "tsx", "jsx", "go", "rs", "rb", "php", "c", "cc", "cpp", "cs", "fs", "vb", "swift", "dart", "ex",
    "hs",
]

/// What one build says beyond its findings.
private struct BuildFacts {
    var dependencies: [JVMDependency] = []
    /// The line of each language's plugin.
    var plugins: [String: Evidence] = [:]
}

private let servers: Set<String> = [
    "spring-boot-starter-web", "spring-boot-starter-webflux", "spring-boot-starter-webmvc",
    "spring-boot-starter-jersey", "quarkus-rest", "quarkus-resteasy", "quarkus-resteasy-reactive",
    "quarkus-rest-jackson", "quarkus-resteasy-reactive-jackson", "micronaut-http-server-netty",
]
