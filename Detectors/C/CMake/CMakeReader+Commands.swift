//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension CMakeReader {
    /// Runs one command.
    mutating func call(_ command: CMakeCommand) {
        let words = expand(command.arguments)
        let first = words.first ?? ""
        if let procedure = procedures[command.name] { return call(procedure, name: command.name, words) }
        switch command.name {
        case "set": setVariable(words)
        case "unset": variables[first] = nil
        case "list": changeList(words)
        case "string", "file", "get_filename_component", "math", "cmake_path": forgetOutput(of: command.name, words)
        case "option", "cmake_dependent_option": declareOption(command, words)
        case "include": include(first)
        case "add_subdirectory", "subdirs": addSubdirectory(first)
        case "cmake_minimum_required": readMinimum(words)
        case "project": startProject(words)
        case "enable_language": words.forEach { readLanguage($0) }
        case "target_compile_features": words.forEach { readStandard(feature: $0) }
        case "set_target_properties", "set_property", "target_properties": readStandards(inProperties: words)
        case "enable_testing": enableTests()
        case "add_test": addTest(words)
        case "gtest_discover_tests", "gtest_add_tests", "catch_discover_tests", "doctest_discover_tests", "qt_add_test",
            "qt5_add_test", "qt6_add_test", "ecm_add_test", "ecm_add_tests", "add_cmocka_test", "boost_discover_tests",
            "ament_add_gtest", "cxx_test":
            addTest(words)
        case "add_custom_target": addTarget(words)
        case "find_package", "find_dependency": findPackage(words)
        case "pkg_check_modules", "pkg_search_module":
            checkModules(words, isSearch: command.name == "pkg_search_module")
        case "find_library", "find_path", "find_file", "find_program": find(command.name, words)
        case "check_include_file", "check_include_file_cxx", "check_include_files": checkHeaders(words)
        case "check_symbol_exists", "check_cxx_symbol_exists": if words.count > 1 { checkHeaders([words[1]]) }
        case "check_library_exists": checkLibrary(words)
        case "fetchcontent_declare": declareFetched(words)
        case "externalproject_add":
            survey.need(.program("git"), isOptional: true, reason: "downloads sources", evidence: evidence)
        default:
            if command.name.hasPrefix("check_"), let result = words.last { variables[result] = .unknown }
            if command.name == "execute_process" || command.name == "try_compile" || command.name == "try_run" {
                forgetOutput(of: command.name, words)
            }
        }
    }

    private mutating func setVariable(_ words: [String]) {
        guard let name = words.first, !name.hasPrefix("ENV{") else { return }
        var values = Array(words.dropFirst())
        let isCached = values.firstIndex(of: "CACHE")
        if let cache = isCached {
            let isForced = values.contains("FORCE")
            values = Array(values[..<cache])
            if isTestSwitch(name), constantTruth(values.first ?? "") != nil {
                return declareSwitch(name, values.first ?? "")
            }
            // The cache never takes the place of a value.
            if variables[name] != nil, !isForced { return }
        }
        values.removeAll { $0 == "PARENT_SCOPE" }
        if words.count == 1 { variables[name] = nil } else { set(name, values) }
        if name.hasSuffix("CMAKE_CXX_STANDARD") { readStandard(cxx: values.first ?? "") }
        if name.hasSuffix("CMAKE_C_STANDARD") { readStandard(c: values.first ?? "") }
    }

    private mutating func changeList(_ words: [String]) {
        guard words.count > 2 else { return }
        switch words[0] {
        case "APPEND", "PREPEND":
            let known = variables[words[1]]
            guard known != .unknown else { return }
            let old = list(text(words[1]) ?? "")
            set(words[1], words[0] == "APPEND" ? old + words.dropFirst(2) : words.dropFirst(2) + old)
        case "REMOVE_ITEM":
            set(words[1], list(text(words[1]) ?? "").filter { !words.dropFirst(2).contains($0) })
        case "LENGTH", "GET", "FIND", "JOIN", "SUBLIST": variables[words.last ?? ""] = .unknown
        default: break
        }
    }

    /// Variables that a command computes are not known.
    private mutating func forgetOutput(of name: String, _ words: [String]) {
        switch (name, words.first) {
        case ("string", "TOUPPER"), ("string", "TOLOWER"):
            guard words.count == 3, !words[1].contains("$") else { break }
            return set(words[2], [words[0] == "TOUPPER" ? words[1].uppercased() : words[1].lowercased()])
        case ("string", "APPEND"), ("string", "CONCAT"):
            guard words.count > 1 else { break }
            let old = words[0] == "APPEND" ? text(words[1]) ?? "" : ""
            return set(words[1], [old + words.dropFirst(2).joined()])
        case ("get_filename_component", _), ("math", _):
            variables[words.count > 1 && name == "math" ? words[1] : words.first ?? ""] = .unknown
        case ("file", "GLOB"), ("file", "GLOB_RECURSE"):
            // Files of unknown names: a loop over them runs once.
            if words.count > 1 { variables[words[1]] = .unknown }
        case ("string", "REPLACE"), ("string", "SUBSTRING"), ("string", "FIND"), ("string", "STRIP"),
            ("string", "LENGTH"):
            if words.count > 3 || words.count > 2 {
                variables[words[words[0] == "REPLACE" ? min(3, words.count - 1) : words.count - 1]] = .unknown
            }
        case ("string", "REGEX"):
            let place = words.dropFirst().first == "REPLACE" ? 4 : 3
            if words.count > place { variables[words[place]] = .unknown }
        default:
            for (word, next) in zip(words, words.dropFirst()) where outputKeywords.contains(word) {
                variables[next] = .unknown
            }
        }
    }

    /// Reads the module or file that `include` names, where it is the project's own.
    private mutating func include(_ name: String) {
        guard !name.isEmpty, !name.contains("$") else { return }
        if name == "CTest" { enableTests() }
        // Of KDE's modules: makes Qt's files of translations.
        if name == "ECMPoQmTools" {
            let major = text("QT_MAJOR_VERSION") ?? "6"
            survey.need(.cmake("Qt\(major)LinguistTools"), isOptional: isConditional, evidence: evidence)
        }
        if name.hasSuffix(".cmake") || name.contains("/") {
            if let path = resolved(name, in: currentFolder) { read(path) }
        } else if let path = ownModule(name) {
            read(path)
        }
    }

    /// The project's own module of that name on CMAKE_MODULE_PATH.
    func ownModule(_ name: String) -> String? {
        for folder in list(text("CMAKE_MODULE_PATH") ?? "") {
            if let path = resolved(folder + "/" + name + ".cmake", in: currentFolder), repository.contains(path) {
                return path
            }
        }
        return nil
    }

    private mutating func addSubdirectory(_ name: String) {
        guard !name.contains("$"), let path = resolved(name, in: currentFolder), path != survey.directory else {
            return
        }
        let isBundled = repository.isSecondary(path + "/x") && isThirdParty(path)
        let before = variables
        variables["CMAKE_CURRENT_SOURCE_DIR"] = .known(absolute(path))
        variables["PROJECT_IS_TOP_LEVEL"] = .known("OFF")
        if isBundled {
            // What a bundled library asks for is its own matter, and usually optional.
            let known = tests
            conditionally { _ = $0.read(joinPath(path, "CMakeLists.txt")) }
            tests = known
        } else {
            read(joinPath(path, "CMakeLists.txt"))
        }
        let procedures = procedures
        variables = before
        self.procedures = procedures
    }

    private mutating func startProject(_ words: [String]) {
        guard let name = words.first else { return }
        variables["PROJECT_NAME"] = .known(name)
        if variables["CMAKE_PROJECT_NAME"] == nil { variables["CMAKE_PROJECT_NAME"] = .known(name) }
        variables["PROJECT_SOURCE_DIR"] = .known(currentFolder)
        for suffix in ["_SOURCE_DIR"] { variables[name + suffix] = .known(currentFolder) }
        for suffix in ["_VERSION", "_VERSION_MAJOR", "_VERSION_MINOR"] { variables["PROJECT" + suffix] = .unknown }
        var rest = words.dropFirst()
        if let place = rest.firstIndex(of: "LANGUAGES") { rest = rest[rest.index(after: place)...] }
        rest.prefix { !["VERSION", "DESCRIPTION", "HOMEPAGE_URL"].contains($0) }.forEach { readLanguage($0) }
    }

    private mutating func readLanguage(_ word: String) {
        switch word {
        case "Fortran": survey.language("fortran", evidence: evidence)
        case "ASM_NASM": survey.language("assembly", evidence: evidence)
        default: break
        }
    }

    /// `cmake_minimum_required(VERSION minimum...newest)`.
    private mutating func readMinimum(_ words: [String]) {
        guard let place = words.firstIndex(of: "VERSION"), place + 1 < words.count else { return }
        let bounds = words[place + 1].split(separator: "...").map(String.init)
        guard let version = bounds.first, version.first?.isNumber == true,
            version.allSatisfy({ $0.isNumber || $0 == "." })
        else { return }
        if let newest = bounds.last, compareVersions(newest, "3.5") < 0 { hasRefusedPolicies = true }
        if path == survey.path("CMakeLists.txt") { survey.toolchain("cmake", ">= \(version)", evidence: evidence) }
    }
}

/// Whether a path lies in a bundled copy of somebody else's project.
func isThirdParty(_ path: String) -> Bool {
    path.split(separator: "/").contains { thirdPartyFolders.contains($0.lowercased()) }
}

private let thirdPartyFolders: Set<String> = [
    "third_party", "third-party", "thirdparty", "3rdparty", "3rd_party", "external", "externals", "extern", "vendor",
    "vendored", "deps", "contrib", "bundled", "submodules", "subprojects", "dependencies", "ext",
]

private let outputKeywords: Set<String> = [
    "OUTPUT_VARIABLE", "RESULT_VARIABLE", "ERROR_VARIABLE", "COMPILE_RESULT_VAR", "RUN_RESULT_VAR", "READ", "STRINGS",
    "OUTPUT", "TIMESTAMP",
]
