//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// The C libraries that a distribution of Perl with XS is linked with, as its build scripts name them: `LIBS` of
/// [ExtUtils::MakeMaker](https://metacpan.org/pod/ExtUtils::MakeMaker#LIBS), `extra_linker_flags` of Module::Build,
/// `lib` and `header` of Devel::CheckLib, modules of pkg-config and of ExtUtils::PkgConfig.
func perlLibraries(in directory: String, _ repository: Repository) -> [Finding] {
    var survey = CSurvey(repository, directory: directory)
    var scripts = ["Makefile.PL", "Build.PL"].map { joinPath(directory, $0) }.filter(repository.contains)
    for folder in [joinPath(directory, "inc"), joinPath(directory, "builder")] {
        scripts += repository.files(in: folder).filter { $0.name.hasSuffix(".pm") || $0.name.hasSuffix(".pl") }
            .map(\.path)
    }
    for script in scripts { survey.readPerlScript(script) }
    return survey.findings
}

extension CSurvey {
    fileprivate mutating func readPerlScript(_ path: String) {
        var asksForModules = false
        let lines = repository.lines(path)
        let checksLibraries = lines.contains { $0.contains("CheckLib") }
        for (index, line) in lines.enumerated() {
            let bare = line.trimmingSpaces
            if bare == "__END__" || bare == "__DATA__" { break }
            if bare.hasPrefix("#") || bare.hasPrefix("=") || isForAnotherSystem(bare) { continue }
            let evidence = Evidence(path, line: index + 1)
            if bare.contains("-l") {
                let flags = bare.map { ",;[](){}`".contains($0) ? " " : $0 }
                readLinkFlags(String(flags), isOptional: true, evidence: evidence)
            }
            if bare.contains("-config") { readPkgConfigCalls(line, isOptional: true, evidence: evidence) }
            if asksForModules || bare.contains("PkgConfig") || bare.contains("pkg_config(") {
                readModules(bare, asks: &asksForModules, evidence)
            }
            if bare.contains("swig"), bare.contains("-perl") { needProgram("swig", evidence: evidence) }
            if checksLibraries { readCheck(bare, evidence) }
        }
    }

    /// `ExtUtils::PkgConfig->find('gtk+-3.0')`, or calls of a function of the script's own that asks so with its argument.
    private mutating func readModules(_ line: String, asks: inout Bool, _ evidence: Evidence) {
        let names = rubyStrings(line)
        if line.range(ofText: "PkgConfig->") != nil || line.range(ofText: "pkg_config('") != nil {
            asks = asks || names.isEmpty
            if let module = names.first { add(module: module, evidence) }
        } else if asks, line.hasSuffix(");"), let module = names.first,
            line.prefix(while: { $0.isLetter || $0 == "_" }).hasSuffix("dep")
        {
            add(module: module, evidence)
        }
    }

    private mutating func add(module: String, _ evidence: Evidence) {
        let name = module.split(separator: " ").first.map(String.init) ?? ""
        guard name.first?.isLetter == true, name.allSatisfy({ $0.isLetter || $0.isNumber || "+-._".contains($0) })
        else { return }
        need(.pkgConfig(name), evidence: evidence)
    }

    /// `check_lib_or_exit(lib => 'z', header => 'zlib.h')`, with the keys in quotes or without.
    private mutating func readCheck(_ line: String, _ evidence: Evidence) {
        let sides = line.parts(separatedBy: "=>")
        for (key, value) in zip(sides, sides.dropFirst()) {
            let word = key.filter { $0 != "'" && $0 != "\"" }.trimmingSpaces
            guard let name = word.split(whereSeparator: { " ({,".contains($0) }).last,
                ["lib", "libs", "header", "headers"].contains(name)
            else { continue }
            // A value ends where the next key begins.
            let values =
                value.first(where: { !$0.isWhitespace }) == "["
                ? rubyStrings(value) : rubyStrings(value).prefix(1).map { $0 }
            for text in values.prefix(8) {
                if name.hasPrefix("header") {
                    if isHeaderName(text), !isStandardHeader(text) {
                        need(.header(text), isOptional: true, evidence: evidence)
                    }
                } else if !text.isEmpty, !text.hasPrefix("-"), !librariesOfTheCompiler.contains(text),
                    text.allSatisfy({ $0.isLetter || $0.isNumber || "_+-.".contains($0) })
                {
                    need(.library(text), isOptional: true, evidence: evidence)
                }
            }
        }
    }

    /// Whether a line says itself that it is for Windows, macOS or VMS.
    private func isForAnotherSystem(_ line: String) -> Bool {
        ["MSWin32", "darwin", "VMS", "cygwin", "/cl/"].contains { line.contains($0) }
    }
}
