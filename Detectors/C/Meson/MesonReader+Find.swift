//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension MesonReader {
    /// Whether a call says that it does without what it looks for; nil where it is switched off.
    private func isRequired(_ named: [String: MesonValue]) -> Bool? {
        if named["disabler"]?.truth == true { return false }
        switch named["required"] {
        case .boolean(let value)?: return value
        case .feature("disabled")?: return nil
        case .feature("enabled")?, nil: return true
        default: return false
        }
    }

    func isOptional(_ named: [String: MesonValue]) -> Bool { isRequired(named) != true }

    /// `dependency(NAME, …)`; the first of several names counts.
    mutating func findDependency(_ names: [String], _ named: [String: MesonValue]) -> MesonValue {
        guard let name = names.first, let isRequired = isRequired(named) else { return .unknown }
        let isOptional = isConditional || !isRequired
        let phase: SystemFinding.Phase = testPackages.contains(name.lowercased()) ? .test : .build
        func need(_ requirement: SystemRequirement) {
            survey.need(requirement, phase: phase, isOptional: isOptional, evidence: evidence)
        }
        let modules = named["modules"]?.texts ?? []
        switch name {
        case "threads", "openmp", "appleframeworks", "dl", "intl", "iconv", "m", "", "cuda", "objc": return .unknown
        case "boost":
            need(.cmake("Boost"))
            for module in modules { need(.cmake("boost_" + module.lowercased())) }
        case "qt4", "qt5", "qt6", "qt":
            let prefix = name == "qt" ? "Qt6" : "Qt" + name.dropFirst(2)
            need(.cmake(prefix))
            for module in modules { need(.cmake(prefix + module)) }
        case "gtest", "gmock": need(.cmake("GTest"))
        case "curses": need(.pkgConfig("ncurses"))
        case "python", "python3": need(.package("python3-dev"))
        case "llvm": need(.package("llvm-dev"))
        case "pcap": need(.pkgConfig("libpcap"))
        case "cups": need(.header("cups/cups.h"))
        case "mpi": need(.program("mpicc"))
        case "wxwidgets": need(.cmake("wxWidgets"))
        case "jni", "jdk": need(.package("default-jdk-headless"))
        default: need(named["method"]?.text == "cmake" ? .cmake(name) : .pkgConfig(name))
        }
        survey.need(.program("pkg-config"), isOptional: isOptional, evidence: evidence)
        return .unknown
    }

    /// `find_program(NAME, …)`: a program of the system, or a script of the project.
    mutating func findProgram(_ names: [String], _ named: [String: MesonValue]) -> MesonValue {
        guard let name = names.first, let isRequired = isRequired(named) else { return .unknown }
        let script = joinPath(folder, name)
        if repository.contains(script) {
            survey.needInterpreter(
                of: script, phase: .build, isOptional: isConditional || !isRequired, evidence: evidence)
        } else if !name.contains("/"), !names.contains(where: programsOfEverySystem.contains),
            isRequired || !survey.isTestPath(path)
        {
            survey.needProgram(name, isOptional: isConditional || !isRequired, evidence: evidence)
        }
        return .unknown
    }

    /// Checks of a compiler: `find_library`, `has_header`.
    mutating func readCompilerCheck(_ name: String, _ values: [MesonValue], _ named: [String: MesonValue]) {
        guard let text = values.first?.text, let isRequired = isRequired(named) else { return }
        switch name {
        case "find_library":
            guard !librariesOfTheCompiler.contains(text), !survey.isOwnLibrary(text) else { return }
            survey.need(.library(text), isOptional: isConditional || !isRequired, evidence: evidence)
        case "has_header", "check_header", "has_header_symbol":
            guard isHeaderName(text), !isStandardHeader(text) else { return }
            let isAsked = named["required"] != nil && isRequired
            survey.need(.header(text), isOptional: isConditional || !isAsked, evidence: evidence)
        default: break
        }
    }
}
