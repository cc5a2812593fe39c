//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension CMakeReader {
    /// Whether what is asked for here may be missing.
    var isConditional: Bool { conditions > 0 || isThirdParty(path) }

    /// `find_package(NAME [version] [REQUIRED] [COMPONENTS …])`.
    mutating func findPackage(_ words: [String]) {
        guard let name = words.first, !name.contains("$") else { return }
        var components: [String] = []
        var names: [String] = []
        var section = ""
        var isRequired = false
        for word in words.dropFirst() {
            switch word {
            case "REQUIRED":
                isRequired = true
                section = "COMPONENTS"
            case "COMPONENTS", "OPTIONAL_COMPONENTS", "NAMES": section = word
            case "QUIET", "MODULE", "CONFIG", "NO_MODULE", "EXACT", "GLOBAL", "NO_POLICY_SCOPE", "HINTS", "PATHS",
                "NO_DEFAULT_PATH", "CONFIGS", "PATH_SUFFIXES", "NO_CMAKE_FIND_ROOT_PATH", "REGISTRY_VIEW":
                section = word
            default:
                if section == "NAMES" { names.append(word) }
                if section.hasSuffix("COMPONENTS"), !word.contains("$") { components.append(word) }
            }
        }
        variables[name + "_FOUND"] = .unknown
        // KDE's modules choose the Qt of their own generation.
        if name == "ECM", variables["QT_MAJOR_VERSION"] == nil, let version = words.dropFirst().first,
            let major = Int(version.prefix { $0.isNumber })
        {
            let isSixth = major >= 6 || version.hasPrefix("5.240") || version.hasPrefix("5.9999")
            asksForQt6 = !isSixth && isTestedWithQt6
            variables["QT_MAJOR_VERSION"] = .known(isSixth || asksForQt6 ? "6" : "5")
        }
        let isOptional = isConditional || !isRequired
        for name in names.isEmpty ? [name] : [names[0]] {
            require(package: name, components, isOptional: isOptional)
        }
        if let major = (names.first ?? name).last, name.uppercased() == "QT", major.isNumber {
            for prefix in ["QT", "Qt"] { variables[prefix + "_VERSION_MAJOR"] = .known(String(major)) }
        }
        // The project's own module says more exactly what it looks for.
        if let module = ownModule("Find" + name) {
            if isRequired { read(module) } else { conditionally { _ = $0.read(module) } }
        }
    }

    /// Whether the project's CI builds it with Qt 6 and no longer with Qt 5.
    private var isTestedWithQt6: Bool {
        let file = survey.path(".gitlab-ci.yml")
        guard repository.contains(file) else { return false }
        let lines = repository.lines(file).map { $0.lowercased() }
        return lines.contains { $0.contains("qt6") } && !lines.contains { $0.contains("qt5") }
    }

    private mutating func require(package name: String, _ components: [String], isOptional: Bool) {
        if packagesOfTheCompiler.contains(name) { return }
        let phase: SystemFinding.Phase = testPackages.contains(name.lowercased()) ? .test : .build
        func need(_ requirement: SystemRequirement) {
            survey.need(requirement, phase: phase, isOptional: isOptional, evidence: evidence)
        }
        switch name {
        case "Python", "Python2", "Python3", "PythonInterp":
            need(.program("python3"))
            if components.contains(where: { $0.hasPrefix("Development") }) { need(.cmake("Python3")) }
            if components.contains("NumPy") { need(.module(language: "python", name: "numpy")) }
        case "PkgConfig": need(.program("pkg-config"))
        case "Git": need(.program("git"))
        case "Perl": need(.program("perl"))
        case "Wayland", "XCB":
            // KDE's modules, with pkg-config's modules as components.
            let module = name.lowercased()
            for component in components.isEmpty ? [name == "XCB" ? "XCB" : "Client"] : components {
                let part = component.lowercased()
                need(.pkgConfig(part == module ? part : module + "-" + part))
            }
        case "WaylandProtocols": need(.pkgConfig("wayland-protocols"))
        case "WaylandScanner": need(.program("wayland-scanner"))
        case "BISON", "FLEX", "SWIG": need(.program(name.lowercased()))
        case "Doxygen", "LATEX", "Sphinx", "ClangFormat", "ClangTidy", "CCache", "Pandoc": break
        default:
            need(.cmake(name))
            for component in components {
                switch true {
                case name == "Boost": need(.cmake("boost_" + component.lowercased()))
                case name.hasPrefix("Qt") || name.hasPrefix("KF"): need(.cmake(name + component))
                default: break
                }
            }
        }
    }

    /// `pkg_check_modules(PREFIX [REQUIRED] [IMPORTED_TARGET] module>=1.0 …)`.
    mutating func checkModules(_ words: [String], isSearch: Bool) {
        guard let prefix = words.first else { return }
        variables[prefix + "_FOUND"] = .unknown
        survey.need(.program("pkg-config"), isOptional: isConditional, evidence: evidence)
        let isRequired = words.contains("REQUIRED")
        let modules = words.dropFirst().filter { !pkgConfigKeywords.contains($0) && !$0.contains("$") }
        for (index, word) in modules.enumerated() {
            let module = String(word.prefix { !"<>=! ".contains($0) })
            guard module.first?.isLetter == true || module.first?.isNumber == true, !isVersion(word) else { continue }
            survey.need(
                .pkgConfig(module), isOptional: isConditional || !isRequired || (isSearch && index > 0),
                evidence: evidence)
        }
    }

    /// `find_library`, `find_path`, `find_program`: the first name counts, the others are spellings of other systems.
    mutating func find(_ command: String, _ words: [String]) {
        guard let result = words.first else { return }
        let wasKnown = variables[result] != nil
        variables[result] = .unknown
        guard !wasKnown || words.contains("REQUIRED") else { return }
        var names: [String] = []
        var section = "NAMES"
        for word in words.dropFirst() {
            if findKeywords.contains(word) {
                section = word
            } else if section == "NAMES", !word.contains("$") {
                names.append(word)
                // Without keywords, what follows the name are folders.
                if !words.contains("NAMES") { section = "PATHS" }
            }
        }
        guard let name = names.first(where: { !$0.hasPrefix("/") }) else { return }
        let isOptional = isConditional || !words.contains("REQUIRED")
        switch command {
        case "find_library":
            let library =
                name.hasPrefix("lib") && name.contains(".") ? String(name.dropFirst(3).prefix { $0 != "." }) : name
            if !librariesOfTheCompiler.contains(library), !survey.isOwnLibrary(library) {
                survey.need(.library(library), isOptional: isOptional, evidence: evidence)
            }
        case "find_program":
            // Servers and the like that only some of the tests talk to are not installed for them.
            guard !names.contains(where: programsOfEverySystem.contains), !isOptional || !survey.isTestPath(path) else {
                return
            }
            survey.needProgram(name, isOptional: isOptional, evidence: evidence)
        default:
            if isHeaderName(name), !isStandardHeader(name) {
                survey.need(.header(name), isOptional: isOptional, evidence: evidence)
            }
        }
    }

    /// `check_include_file(s)`: what is there is used.
    mutating func checkHeaders(_ words: [String]) {
        if words.count > 1, let result = words.dropFirst().first { variables[result] = .unknown }
        for header in list(words.first ?? "") where isHeaderName(header) && !isStandardHeader(header) {
            survey.need(.header(header), isOptional: true, evidence: evidence)
        }
    }

    mutating func checkLibrary(_ words: [String]) {
        if let result = words.last { variables[result] = .unknown }
        guard let name = words.first, !name.contains("$"), !name.contains("/"), !librariesOfTheCompiler.contains(name)
        else { return }
        survey.need(.library(name), isOptional: true, evidence: evidence)
    }

    /// `FetchContent_Declare`: the system's copy serves where there is one.
    mutating func declareFetched(_ words: [String]) {
        guard let name = words.first?.lowercased(), !name.contains("$") else { return }
        if fetched[name] == nil { fetched[name] = evidence }
        let package = packagesOfFetched[name] ?? words.first ?? name
        let phase: SystemFinding.Phase = testPackages.contains(package.lowercased()) ? .test : .build
        survey.need(
            .cmake(package), phase: phase, isOptional: isConditional, reason: "in place of a download",
            evidence: evidence)
        if words.contains("GIT_REPOSITORY") {
            survey.need(.program("git"), isOptional: true, reason: "downloads sources", evidence: evidence)
        }
    }

    private func isVersion(_ word: String) -> Bool {
        word.first?.isNumber == true && word.contains(".") && Double(word) != nil
    }
}

/// Whether `name` can stand between the brackets of an include.
func isHeaderName(_ name: String) -> Bool {
    !name.contains("$") && !name.hasPrefix("/") && !name.contains("..") && name.contains { $0.isLetter }
        && (name.contains(".") || name.contains("/") || name.first?.isUppercase == true)
}

/// What a compiler and its libraries bring.
private let packagesOfTheCompiler: Set<String> = [
    "Threads", "OpenMP", "OpenACC", "Iconv", "Intl", "Backtrace", "UnixCommands", "CTest", "StandardMathLibrary",
    "Math", "PkgConfigMath",
]

private let pkgConfigKeywords: Set<String> = [
    "REQUIRED", "QUIET", "IMPORTED_TARGET", "GLOBAL", "NO_CMAKE_PATH", "NO_CMAKE_ENVIRONMENT_PATH", "STATIC_TARGET",
]

private let findKeywords: Set<String> = [
    "NAMES", "HINTS", "PATHS", "PATH_SUFFIXES", "DOC", "REQUIRED", "NO_CACHE", "NO_DEFAULT_PATH",
    "NO_PACKAGE_ROOT_PATH",
    "NO_CMAKE_PATH", "NO_CMAKE_ENVIRONMENT_PATH", "NO_SYSTEM_ENVIRONMENT_PATH", "NO_CMAKE_SYSTEM_PATH", "ENV",
    "NO_CMAKE_INSTALL_PREFIX", "CMAKE_FIND_ROOT_PATH_BOTH", "ONLY_CMAKE_FIND_ROOT_PATH", "NO_CMAKE_FIND_ROOT_PATH",
    "NAMES_PER_DIR", "VALIDATOR", "REGISTRY_VIEW",
]

/// CMake packages of dependencies whose usual names for FetchContent differ.
private let packagesOfFetched = [
    "googletest": "GTest", "gtest": "GTest", "catch": "Catch2", "catch2": "Catch2", "json": "nlohmann_json",
    "nlohmann": "nlohmann_json", "nlohmannjson": "nlohmann_json", "googlebenchmark": "benchmark", "eigen": "Eigen3",
    "tinyxml": "tinyxml2", "yaml": "yaml-cpp", "yaml_cpp": "yaml-cpp", "zlib": "ZLIB", "openssl": "OpenSSL",
    "abseil": "absl",
    "abseil-cpp": "absl", "expected": "tl-expected", "cxx-opts": "cxxopts", "sdl": "SDL2", "glfw": "glfw3",
]

/// Packages that only tests use.
let testPackages: Set<String> = [
    "gtest", "googletest", "catch2", "catch", "doctest", "cmocka", "check", "criterion", "cunit", "cppunit", "unity",
    "benchmark", "boost_unit_test_framework", "snitch", "ut", "trompeloeil", "gmock",
]
