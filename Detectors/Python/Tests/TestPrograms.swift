//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reports the programs that test code runs or looks for by a literal name, and the libraries that it looks for.
    mutating func readPrograms(_ statements: [PythonStatement], file: String) {
        for statement in statements {
            let tokens = Array(statement.tokens)
            for index in tokens.indices where tokens[index].kind == .name {
                guard index + 2 < tokens.count, tokens[index + 1].isSymbol("(") else { continue }
                let evidence = Evidence(file, line: tokens[index].line)
                let qualifier = index > 1 && tokens[index - 1].isSymbol(".") ? tokens[index - 2].text : ""
                let argument = tokens[index + 2]
                switch tokens[index].text {
                case "which" where qualifier == "shutil" || qualifier.isEmpty, "find_executable":
                    guard let name = argument.literal, isProgramName(name) else { continue }
                    addTestProgram(name, reason: "looked for by \(evidence)", isOptional: true, evidence: evidence)
                case "run" where qualifier == "subprocess", "check_output", "check_call", "Popen", "getoutput",
                    "getstatusoutput",
                    "call" where qualifier == "subprocess":
                    let isList = argument.isSymbol("[") || argument.isSymbol("(")
                    let word = isList && index + 3 < tokens.count ? tokens[index + 3].literal : argument.literal
                    guard let name = word?.split(separator: " ").first, isProgramName(String(name)) else { continue }
                    addTestProgram(String(name), reason: "run by \(evidence)", evidence: evidence)
                case "system" where qualifier == "os", "popen" where qualifier == "os":
                    guard let name = argument.literal?.split(separator: " ").first, isProgramName(String(name)) else {
                        continue
                    }
                    addTestProgram(String(name), reason: "run by \(evidence)", evidence: evidence)
                case "find_library":
                    guard let name = argument.literal, !["c", "m"].contains(name) else { continue }
                    system(
                        .library(name), .test, isOptional: true, reason: "looked for by \(evidence)", evidence: evidence
                    )
                default: break
                }
            }
        }
    }

    private mutating func addTestProgram(
        _ name: String, reason: String, isOptional: Bool = false, evidence: Evidence
    ) {
        let known = findings.contains { finding in
            if case .system(let item) = finding { item.requirement == .program(name) } else { false }
        }
        guard !known else { return }
        addProgram(name, reason: reason, phase: .test, isOptional: isOptional, evidence: evidence)
    }

    private func isProgramName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 32 && !text.contains("/") && !text.hasPrefix("-") && !isLocalModule(text)
    }
}
