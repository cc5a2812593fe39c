//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension CSurvey {
    /// Reads `-lNAME` in a line of a makefile or the like.
    mutating func readLinkFlags(
        _ line: String, isOptional: Bool, phase: SystemFinding.Phase = .build, evidence: Evidence
    ) {
        guard line.contains("-l") else { return }
        for word in line.split(whereSeparator: {
            $0 == " " || $0 == "\t" || $0 == "=" || $0 == "\"" || $0 == "'" || $0 == ")"
        }) {
            guard word.hasPrefix("-l"), word.utf8.count > 2 else { continue }
            let name = word.dropFirst(2)
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || "_+-.".contains($0) }),
                !librariesOfTheCompiler.contains(String(name)),
                !isOwnLibrary(String(name))
            else { continue }
            need(.library(String(name)), phase: phase, isOptional: isOptional, evidence: evidence)
        }
    }

    /// Reads the modules of calls of pkg-config in a line of shell or make.
    mutating func readPkgConfigCalls(_ line: String, isOptional: Bool, evidence: Evidence) {
        var words = line.split(whereSeparator: { " \t()`\"'|;".contains($0) }).map(String.init)[...]
        while let word = words.popFirst() {
            let name = word.split(separator: "/").last.map(String.init) ?? word
            // `sdl-config --libs`: a library's own program for its flags.
            if name == word, name.hasSuffix("-config"), name != "pkg-config", words.first?.hasPrefix("--") == true,
                name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) })
            {
                needProgram(name, isOptional: isOptional, evidence: evidence)
            }
            // Variables too: `$PKG_CONFIG`, `${pkgconfig}`.
            guard ["pkgconfig", "pkgconf"].contains(name.lowercased().filter { !"${}_-".contains($0) }) else {
                continue
            }
            var isCall = false
            while let argument = words.first {
                if argument.hasPrefix("--") {
                    isCall =
                        isCall
                        || ["--libs", "--cflags", "--exists", "--atleast-version", "--modversion", "--variable"]
                            .contains { argument.hasPrefix($0) }
                } else if !isModuleName(argument) || !isCall {
                    break
                } else {
                    need(.program("pkg-config"), isOptional: isOptional, evidence: evidence)
                    need(.pkgConfig(argument), isOptional: isOptional, evidence: evidence)
                }
                words = words.dropFirst()
            }
        }
    }

    private func isModuleName(_ word: String) -> Bool {
        guard let first = word.utf8.first, first != UInt8(ascii: "-"), word.contains(where: \.isLetter) else {
            return false
        }
        return word.allSatisfy { $0.isLetter || $0.isNumber || "-_.+".contains($0) }
            && !["if", "then", "echo", "else", "fi"].contains(word)
    }
}
