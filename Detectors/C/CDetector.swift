//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
public import Detection
import TOML

/// Reads what C and C++ repositories say: CMake, Meson, Autotools, makefiles, SCons, Waf, qmake and Bazel, Conan and
/// vcpkg, and the headers that the sources include.
public struct CDetector: Detector {
    /// A detector.
    public init() {}

    /// `c`.
    public let name = "c"

    /// One line that says what it reads.
    public let summary =
        "CMakeLists.txt, meson.build, configure.ac, makefiles, conanfile and vcpkg.json, includes of C and C++ sources"

    /// It reads sources and makefiles.
    public let takesLong = true

    /// The files in the order of their weight.
    public var sources: [DetectorSource] {
        [
            DetectorSource(
                "meson.build, meson.options", "version of meson, dependencies, programs, tests", kind: .range),
            DetectorSource(
                "CMakeLists.txt, *.cmake", "version of cmake, packages, language standards, tests", kind: .range),
            DetectorSource("CMakePresets.json", "version of cmake", kind: .range),
            DetectorSource(
                "configure.ac, *.m4, Makefile.am", "version of autoconf, packages, headers, libraries", kind: .range),
            DetectorSource("Makefile, GNUmakefile", "commands, libraries, programs, the test target"),
            DetectorSource("SConstruct, wscript, *.pro, xmake.lua, premake5.lua, MODULE.bazel", "the build system"),
            DetectorSource(
                "conanfile.txt, conanfile.py, vcpkg.json", "libraries; the system's packages take their place"),
            DetectorSource("*.c, *.cpp, *.h…", "headers that are included"),
        ]
    }

    /// What the repository's C and C++ files say.
    public func findings(in repository: Repository) -> [Finding] {
        guard let directory = projectFolder(in: repository) else { return bindingFindings(in: repository) }
        var survey = CSurvey(repository, directory: directory)
        survey.read()
        return survey.findings
    }
}

extension CSurvey {
    /// Goes through all sources. Later ones know what earlier ones declared.
    mutating func read() {
        readLanguages()
        readMeson()
        readCMake()
        readAutotools()
        if isOwnMakefile { readMakefile() }
        readOtherSystems()
        readPackageManagers()
        readResources()
        readIncludes()
        reportTasks()
    }

    /// What glib-compile-resources runs on files as their lists say.
    private mutating func readResources() {
        let files = repository.files(withExtension: "xml").filter { $0.name.hasSuffix(".gresource.xml") && isOwn($0) }
        for file in files.prefix(50) {
            for (index, line) in repository.lines(file.path).enumerated() where line.contains("preprocess=") {
                let evidence = Evidence(file.path, line: index + 1)
                if line.contains("xml-stripblanks") { need(.program("xmllint"), evidence: evidence) }
                if line.contains("to-pixdata") { need(.program("gdk-pixbuf-pixdata"), evidence: evidence) }
            }
        }
    }

    private mutating func readMeson() {
        guard repository.contains(path("meson.build")) else { return }
        var reader = MesonReader(self)
        reader.readOptions()
        reader.read(folder: directory)
        self = reader.survey
        let system = reader.buildSystem()
        need(.program("meson"), evidence: system.evidence)
        need(.program("ninja"), evidence: system.evidence)
        systems.append(system)
    }

    private mutating func readCMake() {
        guard repository.contains(path("CMakeLists.txt")) else { return }
        var reader = CMakeReader(self)
        reader.read(path("CMakeLists.txt"))
        self = reader.survey
        let system = reader.buildSystem()
        need(.program("cmake"), evidence: system.evidence)
        need(.program("ninja"), evidence: system.evidence)
        if let declared = reader.fetched["googletest"] {
            need(.package("googletest"), phase: .test, reason: "sources in place of a download", evidence: declared)
        }
        systems.append(system)
    }

    /// Whether a manifest of Python's stands beside the build system.
    private var isBuiltByPython: Bool {
        let manifest = path("pyproject.toml")
        return repository.contains(path("setup.py"))
            || repository.contains(manifest) && repository.toml(manifest)?["build-system"] != nil
    }

    /// Whether it is a package of R, which runs `configure` itself.
    private var isBuiltByR: Bool {
        repository.contains(path("NAMESPACE"))
            && repository.lines(path("DESCRIPTION")).contains { $0.hasPrefix("Package:") }
    }

    /// Whether the makefile builds C, rather than being another language's list of shortcuts.
    private var isOwnMakefile: Bool {
        hasSources && !belongsToOtherLanguage
    }

    /// The first build system with tests builds and tests; without tests, the first builds.
    ///
    /// Where a Python package is built with it, installing the package runs it, and the package's own tests come first.
    private mutating func reportTasks() {
        // What builds another language's project beside its own manifest is for those who embed it.
        if belongsToOtherLanguage, !isBuiltByPython { return }
        if repository.contains(path("fpm.toml")) { return }
        guard let system = systems.first(where: { $0.test != nil }) ?? systems.first else { return }
        let standing = isBuiltByPython || isBuiltByR ? TaskFinding.Standing.inferred : .declared
        task("build", system.build, standing, evidence: system.evidence)
        guard let test = system.test else { return }
        task("test", test, standing, evidence: system.evidence)
        readTestScripts()
    }
}

/// What the C sources of a project in another language include, where that language has them compiled on installation.
private func bindingFindings(in repository: Repository) -> [Finding] {
    let manifests = ["setup.py", "Makefile.PL", "Build.PL", "dist.ini", "Gemfile", "dune-project"]
    guard manifests.contains(where: repository.contains) || pyprojectCompiles(in: repository) else { return [] }
    var survey = CSurvey(repository, directory: "")
    guard survey.hasSources || !repository.files(withExtension: "xs").isEmpty else { return [] }
    survey.readIncludes()
    return survey.findings
}

/// Whether Python's manifest names extension modules, or a build backend that is there to make them.
private func pyprojectCompiles(in repository: Repository) -> Bool {
    guard let text = repository.text("pyproject.toml") else { return false }
    return ["ext-modules", "mesonpy", "scikit_build", "scikit-build", "skbuild", "cffi", "Cython", "cython"]
        .contains { text.contains($0) }
}

/// The folder of the main project: the root, or the nearest folder below it with a build system, unless the root belongs
/// to a project in another language.
private func projectFolder(in repository: Repository) -> String? {
    func isProject(_ folder: String) -> Bool {
        buildFiles.contains { repository.contains(joinPath(folder, $0)) }
    }
    if isProject("") { return "" }
    if CSurvey(repository, directory: "").belongsToOtherLanguage || isMarginal(in: repository) { return nil }
    let hasMakefile =
        MakeRules(in: "", of: repository) != nil || repository.files(in: "").contains { $0.name.hasSuffix(".pro") }
    if hasMakefile { return CSurvey(repository, directory: "").hasSources ? "" : nil }
    // Sources at the root are the project's, whatever lies below with a makefile alone.
    let sources = ["c", "cc", "cpp", "cxx"]
    let hasOwnSources = repository.files(in: "").contains { sources.contains($0.fileExtension) }
    let makefiles = hasOwnSources ? [] : ["Makefile", "GNUmakefile"].flatMap { repository.files(named: $0) }
    let projects = hasOwnSources ? [] : repository.files(withExtension: "pro")
    let candidates = (buildFiles.flatMap { repository.files(named: $0) } + makefiles + projects)
        .filter { !repository.isSecondary($0.path) && !isThirdParty($0.path) && $0.depth < 3 }
        .sorted { $0.isNearer(than: $1) }
    if let first = candidates.first(where: { CSurvey(repository, directory: $0.directory).hasSources }) {
        return first.directory
    }
    // Sources alone are compiled by hand.
    return CSurvey(repository, directory: "").hasSources ? "" : nil
}

/// Whether there are only a few helpers in C among the sources of another language.
private func isMarginal(in repository: Repository) -> Bool {
    let count = CSurvey(repository, directory: "").sourceCount
    return mainLanguages.contains { ext in
        repository.files(withExtension: ext).count { !repository.isSecondary($0.path) } >= 20 * max(count, 1)
    }
}

private let mainLanguages = [
    "php", "py", "rb", "java", "erl", "ex", "pl", "pm", "js", "ts", "cs", "scm", "lisp", "tcl",
]

private let buildFiles = [
    "CMakeLists.txt", "meson.build", "configure.ac", "configure.in", "configure", "SConstruct", "wscript",
    "conanfile.txt", "vcpkg.json", "Imakefile",
    "xmake.lua", "premake5.lua", "premake4.lua",
]

extension CSurvey {
    /// Whether a manifest makes the folder a project in another language, of which it has more sources than of C.
    fileprivate var belongsToOtherLanguage: Bool {
        let extensions = otherManifests.filter { repository.contains(path($0.name)) }.map(\.extension)
        guard !extensions.isEmpty else { return false }
        return repository.derived(OtherLanguage.self, from: directory) {
            let count = sourceCount
            return OtherLanguage(
                isAhead: extensions.contains { ext in
                    let others =
                        directory.isEmpty
                        ? repository.primaryCount(withExtension: ext)
                        : repository.files(withExtension: ext).count(where: isOwnSource)
                    return others >= count
                })
        }.isAhead
    }
}

extension CSurvey {
    /// Whether a source of another language is the project's own: folders such as `src/main/java` hold bindings only
    /// where the project is one of C.
    private func isOwnSource(_ file: CheckoutFile) -> Bool {
        file.path.hasPrefix(directory + "/") && !repository.isSecondary(file)
    }
}

/// Whether a project has more sources of another language than of C.
private struct OtherLanguage {
    let isAhead: Bool
}

/// Manifests of other languages, and what their sources end in.
private let otherManifests: [(name: String, extension: String)] = [
    ("pyproject.toml", "py"), ("setup.py", "py"), ("setup.cfg", "py"), ("package.json", "js"), ("package.json", "ts"),
    ("Cargo.toml", "rs"), ("go.mod", "go"),
    ("Gemfile", "rb"), ("pom.xml", "java"), ("build.gradle", "java"), ("build.gradle.kts", "kt"),
    ("composer.json", "php"), ("mix.exs", "ex"),
    ("rebar.config", "erl"), ("Package.swift", "swift"), ("DESCRIPTION", "R"), ("Makefile.PL", "pm"),
    ("Build.PL", "pm"), ("dist.ini", "pm"),
    ("dune-project", "ml"), ("stack.yaml", "hs"), ("build.zig", "zig"), ("Project.toml", "jl"),
    ("pubspec.yaml", "dart"), ("build.sbt", "scala"),
    ("project.clj", "clj"), ("dub.json", "d"), ("dub.sdl", "d"), ("fpm.toml", "f90"), ("shard.yml", "cr"),
    ("gleam.toml", "gleam"), ("info.rkt", "rkt"),
]
