//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// `Extension(…)` objects: the libraries that they link, and their languages.
    mutating func readExtensionModules(_ scope: PythonScope, _ arguments: [PythonPair], file: String) {
        let listed = arguments.filter { $0.key == "ext_modules" }.flatMap { extensions(in: $0.value) }
        // `**options()` hands the arguments of some on as a `dict`.
        let called = scope.calls.filter { isExtension($0.name) || $0.name == "dict" }
            .map { ($0.name, scope.entries(of: $0.arguments)) }
            .filter { name, parameters in name != "dict" || parameters.contains { $0.key == "libraries" } }
        let bound = scope.values.sorted { $0.key < $1.key }.flatMap { extensions(in: $0.value) }
        var seen: Set<String> = []
        for (_, parameters) in listed + called + bound {
            let line = parameters.first { $0.line > 0 }?.line
            let evidence = Evidence(file, line: line)
            let isOptional = line.map { scope.conditionalLines.contains($0) } ?? false
            nativeEvidence = nativeEvidence ?? evidence
            for parameter in parameters where parameter.key == "libraries" {
                for library in parameter.value.strings where !basicLibraries.contains(library) {
                    guard seen.insert(library).inserted else { continue }
                    let place = Evidence(file, line: parameter.line > 0 ? parameter.line : line)
                    system(
                        .library(library), .build, isOptional: isOptional, reason: "linked by an extension module",
                        evidence: place)
                }
            }
            let isCPlusPlus = parameters.contains { parameter in
                parameter.key == "language" && parameter.value.string == "c++"
                    || parameter.value.strings.contains {
                        $0.hasSuffix(".cpp") || $0.hasSuffix(".cc") || $0.hasSuffix(".cxx")
                    }
            }
            let compiler = isCPlusPlus ? "g++" : "gcc"
            if seen.insert(compiler).inserted {
                system(.program(compiler), .build, reason: "an extension module is compiled", evidence: evidence)
            }
        }
    }

    /// `cythonize(…)`, and `pkg-config` with the modules that it is asked for.
    mutating func readNativeCalls(_ statements: [PythonStatement], file: String) {
        let tokens = statements.flatMap { $0.tokens }
        for (index, token) in tokens.enumerated() {
            let evidence = Evidence(file, line: token.line)
            let isCall = index + 1 < tokens.count && tokens[index + 1].isSymbol("(")
            if isCall, token.kind == .name,
                ["cythonize", "mypycify", "RustExtension", "CMakeExtension", "Extension", "Pybind11Extension"].contains(
                    token.text)
            {
                nativeEvidence = nativeEvidence ?? evidence
                if token.text == "CMakeExtension" {
                    system(.program("cmake"), .build, reason: "an extension module is compiled", evidence: evidence)
                }
            }
            if token.literal == "pkg-config" {
                for module in pkgConfigModules(tokens[index...]) {
                    system(.pkgConfig(module), .build, reason: "asked for by setup.py", evidence: evidence)
                }
            }
            if let literal = token.literal, literal.hasPrefix("pkg-config ") {
                for word in literal.split(separator: " ").dropFirst() where !word.hasPrefix("-") && !word.contains("%")
                {
                    system(.pkgConfig(String(word)), .build, reason: "asked for by setup.py", evidence: evidence)
                }
            }
            if isCall, token.isName("parse") || token.isName("pkgconfig"), index + 2 < tokens.count,
                tokens[index + 1].isSymbol("("), index > 1, tokens[index - 2].isName("pkgconfig"),
                let module = tokens[index + 2].literal
            {
                system(.pkgConfig(module), .build, reason: "asked for by setup.py", evidence: evidence)
            }
        }
    }

    private func extensions(in value: PythonValue) -> [(String, [PythonPair])] {
        value.calls.flatMap { call -> [(String, [PythonPair])] in
            if isExtension(call.name) { return [(call.name, call.arguments)] }
            return call.arguments.flatMap { extensions(in: $0.value) }
        }
    }

    private func pkgConfigModules(_ tokens: ArraySlice<PythonToken>) -> [String] {
        var modules: [String] = []
        for token in tokens.dropFirst() {
            if token.isSymbol(",") { continue }
            guard let literal = token.literal else { break }
            if !literal.hasPrefix("-") { modules.append(literal) }
        }
        return modules
    }
}

private func isExtension(_ name: String) -> Bool {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return last == "Extension" || last == "Pybind11Extension" || last == "ParallelCompile"
}

/// Libraries that come with the C library and the compiler.
private let basicLibraries: Set<String> = [
    "", "c", "m", "dl", "rt", "pthread", "util", "stdc++", "gcc", "gomp", "npymath", "npyrandom", "python3", "resolv",
    "ws2_32", "user32", "gdi32", "advapi32", "crypt32", "kernel32", "shell32", "ole32", "psapi", "iphlpapi", "secur32",
]
