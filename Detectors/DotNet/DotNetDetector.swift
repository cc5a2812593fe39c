//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// Reads projects and solutions of .NET
/// ([Project SDKs](https://learn.microsoft.com/dotnet/core/project-sdk/overview)).
struct DotNetDetector: Detector {
    let name = "dotnet"
    let summary = "*.sln(x), *.csproj, *.fsproj, *.vbproj, Directory.Build.props, global.json, launchSettings.json"

    var sources: [DetectorSource] {
        [
            DetectorSource("global.json", "version of the SDK, as far as it may roll forward", kind: .pin),
            DetectorSource(
                "*.csproj, *.fsproj, *.vbproj, Directory.Build.props", "target frameworks, packages, tests, programs",
                kind: .range),
            DetectorSource("*.sln, *.slnx, *.slnf", "members"),
            DetectorSource("packages.lock.json, paket.dependencies, packages.config", "packages"),
            DetectorSource("launchSettings.json, appsettings*.json", "ports, variables, services"),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        guard let survey = DotNetSurvey(repository) else { return [] }
        return survey.findings
    }
}

private struct DotNetSurvey {
    private var project: ProjectFindings
    private let solution: SolutionFile?
    /// The projects, those of the solution first.
    private let projects: [MSBuildProject]
    /// Those that are not samples and the like.
    private let own: [MSBuildProject]
    private let directory: String
    private let evidence: Evidence

    init?(_ repository: Repository) {
        let files = ["csproj", "fsproj", "vbproj"].flatMap { repository.files(withExtension: $0) }
        if files.isEmpty { return nil }
        let solutions = ["sln", "slnx", "slnf"].flatMap { repository.files(withExtension: $0) }
            .filter { !repository.isSecondary($0.path) && $0.depth <= 2 }
            .sorted { $0.isNearer(than: $1) }
        let nearest = solutions.filter { $0.depth == solutions.first?.depth }
            .map { SolutionFile($0, repository) }.filter { !$0.projects.isEmpty }
        // Filters show parts of a solution; of two solutions the larger one builds more.
        solution = nearest.max { lhs, rhs in
            (lhs.file.name.hasSuffix(".slnf") ? 0 : 1, lhs.projects.count, rhs.file.path)
                < (rhs.file.name.hasSuffix(".slnf") ? 0 : 1, rhs.projects.count, lhs.file.path)
        }
        let loose = files.filter { !repository.isSecondary($0.path) || isTestPath($0.path) }
            .sorted { $0.isNearer(than: $1) }.map(\.path)
        var paths = solution?.projects.map(\.path) ?? []
        let listed = Set(paths)
        paths += loose.filter { !listed.contains($0) }
        var parsed = MSBuildFiles(repository)
        projects = paths.prefix(2_000).compactMap { MSBuildProject($0, repository, &parsed) }
        guard let first = projects.first(where: { !repository.isSecondary($0.path) }) ?? projects.first else {
            return nil
        }
        own = projects.filter { !repository.isSecondary($0.path) || (isTestPath($0.path) && listed.contains($0.path)) }
        directory = solution?.file.directory ?? parentPath(first.path)
        evidence = Evidence(solution?.file.path ?? first.path)
        project = ProjectFindings(repository)
        read()
    }

    var findings: [Finding] { project.findings }

    private mutating func read() {
        let repository = project.repository
        for (ext, language) in [("csproj", "c#"), ("fsproj", "f#"), ("vbproj", "vb")] {
            if let file = own.first(where: { $0.path.hasSuffix(".\(ext)") }) {
                project.language(language, solution == nil || isOnly(ext) ? file.place : evidence)
            }
        }
        // The file nearest to where the command runs is the one that counts.
        if let path = nearest("global.json") { project.dotnetSDK(path) }
        if let solution, solution.file.name.hasSuffix(".slnx") {
            // The format is read from this SDK on.
            project.toolchain("dotnet", .range, ">=9.0.200", evidence)
        }
        project.dotnetFrameworks(own.isEmpty ? projects : own)
        readManager()
        let names = Dictionary(projects.map { ($0.path, $0.name) }, uniquingKeysWith: { first, _ in first })
        for member in solution?.projects ?? [] {
            project.member(names[member.path], in: parentPath(member.path), of: "dotnet", member.evidence)
        }
        readPackages()
        for item in own where !item.isTest { project.dotnetSettings(of: item) }
        readTasks(repository)
    }

    private func isOnly(_ ext: String) -> Bool { !own.contains { !$0.path.hasSuffix(".\(ext)") } && solution == nil }

    private mutating func readManager() {
        let repository = project.repository
        if let paket = nearest("paket.dependencies") {
            let lock = joinPath(parentPath(paket), "paket.lock")
            project.packageManager(
                "paket", version: tools["paket"]?.version, lockfile: repository.contains(lock) ? lock : nil,
                in: parentPath(paket), Evidence(paket))
        } else if !frameworkOnly {
            project.packageManager(
                "dotnet", lockfile: lockfile, in: directory, lockfile.map { Evidence($0) } ?? evidence)
        }
        project.dependency("dotnet", .project(backend: nil, isNative: false), in: directory, evidence)
    }

    /// The file in the folder of the solution or the nearest one above it.
    private func nearest(_ name: String) -> String? {
        var folder = directory
        while true {
            let path = joinPath(folder, name)
            if project.repository.contains(path) { return path }
            if folder.isEmpty { return nil }
            folder = parentPath(folder)
        }
    }

    /// The lockfile of the first project that has one.
    private var lockfile: String? {
        own.lazy.map { joinPath(parentPath($0.path), "packages.lock.json") }.first(where: project.repository.contains)
    }

    /// The tools of the manifest, by name.
    private var tools: [String: (version: String, evidence: Evidence)] {
        guard let path = nearest(".config/dotnet-tools.json") ?? nearest("dotnet-tools.json") else { return [:] }
        var result: [String: (String, Evidence)] = [:]
        for tool in project.repository.json(path)?["tools"]?.object ?? [] {
            result[tool.key.lowercased()] = (
                tool.value["version"]?.string ?? "", Evidence(path, line: tool.line)
            )
        }
        return result
    }

    private mutating func readPackages() {
        var known: Set<String> = []
        var usesNative = false
        for item in own {
            for package in item.packages where known.insert(package.name).inserted {
                project.needs(
                    of: UsedPackage(
                        name: package.name, version: package.version, isForDevelopment: item.isTest,
                        evidence: package.evidence), in: dotnetNeeds)
                for name in serviceNames(ofClient: package.name.lowercased(), in: "dotnet") {
                    project.service(name, isSuggestion: true, package.evidence)
                }
            }
            if !usesNative, let (value, place) = item.property("PublishAot"), value.lowercased() == "true" {
                usesNative = true
                for name in ["clang", "zlib1g-dev"] {
                    project.system(.package(name), .build, reason: "PublishAot links natively", place)
                }
            }
        }
        readPaketPackages()
        let isInvariant = own.filter(\.isProgram).allSatisfy {
            $0.property("InvariantGlobalization")?.value.lowercased() == "true"
        }
        let runs = own.contains { $0.frameworks.contains { $0.release != nil } }
        if runs, !isInvariant || !own.contains(where: \.isProgram) {
            // The library's own package has another name in each suite; this small one depends on it in all.
            project.system(.package("icu-devtools"), .run, reason: "culture data of .NET", evidence)
        }
    }

    private mutating func readPaketPackages() {
        guard let path = nearest("paket.dependencies") else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count > 1, words[0] == "nuget" else { continue }
            let place = Evidence(path, line: index + 1)
            project.needs(of: words[1], in: dotnetNeeds, place)
            for name in serviceNames(ofClient: words[1].lowercased(), in: "dotnet") {
                project.service(name, isSuggestion: true, place)
            }
        }
    }

    private mutating func readTasks(_ repository: Repository) {
        if frameworkOnly { return readFrameworkTasks() }
        // In a folder with two candidates the command wants a name.
        let here = repository.files(in: directory).filter {
            ["sln", "slnx", "slnf"].contains($0.name.split(separator: ".").last.map(String.init) ?? "")
                || isProject($0.name)
        }
        let name = evidence.path.split(separator: "/").last.map(String.init) ?? ""
        let target = here.count > 1 ? " " + shellQuoted(name) : ""
        let restore = "dotnet restore\(target)\(lockfile == nil ? "" : " --locked-mode")"
        let first = tools.isEmpty ? "" : "dotnet tool restore && "
        let paket = nearest("paket.lock") != nil && tools["paket"] != nil
        project.task(
            "install", first + (paket ? "dotnet paket restore && " : "") + restore, .inferred, in: directory, evidence)
        project.task("build", "dotnet build\(target)", .inferred, in: directory, evidence)
        readTest(target)
        if repository.contains(joinPath(directory, ".editorconfig")) {
            project.task(
                "lint", "dotnet format\(target) --verify-no-changes", .inferred, in: directory,
                Evidence(joinPath(directory, ".editorconfig")))
        }
        let programs = own.filter(\.isProgram)
        let start =
            programs.first(where: \.isAppHost) ?? programs.first(where: \.isWeb)
            ?? (programs.count == 1 ? programs.first : nil)
        if let start {
            let folder = parentPath(start.path)
            let inner = directory.isEmpty ? folder : String(folder.dropFirst(directory.count + 1))
            let option = folder == directory ? "" : " --project \(shellQuoted(inner))"
            project.task("start", "dotnet run\(option)", .inferred, in: directory, start.place)
        }
    }

    /// What is for the .NET Framework alone is built by Mono's own tool.
    private mutating func readFrameworkTasks() {
        guard let solution, solution.file.name.hasSuffix(".sln") else { return }
        let name = shellQuoted(solution.file.name)
        project.system(.program("xbuild"), evidence)
        let packages = own.map { joinPath(parentPath($0.path), "packages.config") }
        if let list = packages.first(where: project.repository.contains) {
            project.packageManager("nuget", in: directory, Evidence(list))
            project.system(.program("nuget"), Evidence(list))
            project.task("install", "nuget restore \(name)", .inferred, in: directory, Evidence(list))
        }
        project.task("build", "xbuild /p:Configuration=Release \(name)", .inferred, in: directory, evidence)
    }

    private mutating func readTest(_ target: String) {
        let tests = projects.filter(\.isTest)
        guard let test = tests.first else { return }
        let isInSolution = solution?.projects.contains { $0.path == test.path } ?? (parentPath(test.path) == directory)
        if isInSolution {
            project.task("test", "dotnet test\(target)", .inferred, in: directory, test.place)
        } else {
            let inner =
                directory.isEmpty || !test.path.hasPrefix(directory + "/")
                ? test.path : String(test.path.dropFirst(directory.count + 1))
            project.task(
                "test", "dotnet test \(shellQuoted(inner))", .inferred,
                in: test.path.hasPrefix(directory + "/") ? directory : "", test.place)
        }
    }

    /// Whether nothing is for .NET itself.
    private var frameworkOnly: Bool {
        projects.allSatisfy(\.isFrameworkOnly)
    }
}

extension MSBuildProject {
    /// Where the project says what it is built for; the file where it does not.
    fileprivate var place: Evidence { Evidence(path) }
}

/// Whether only a folder of tests makes the path secondary.
private func isTestPath(_ path: String) -> Bool {
    let folders = path.split(separator: "/").dropLast().map { $0.lowercased() }
    return !folders.contains { samples.contains($0) }
}

private let samples: Set<String> = [
    "samples", "sample", "examples", "example", "demo", "demos", "docs", "doc", "templates", "template", "fixtures",
    "testdata", "benchmarks", "benchmark", "vendor", "third_party", "external", "testassets", "node_modules",
]
private let dotnetNeeds = PackageNeeds("DotNet/system-packages.tsv")
