//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension CSurvey {
    /// Reads the project's makefile and those it goes down to.
    mutating func readMakefile() {
        guard let rules = MakeRules(in: directory, of: repository) else { return }
        var files = [rules.path]
        let names = [
            "Makefile", "GNUmakefile", "makefile", "Makefile.linux", "Makefile.Linux", "Makefile.unix", "makefile.unix",
        ]
        for name in names {
            files += repository.files(named: name).map(\.path).filter { isOwn($0) && $0 != rules.path }
        }
        files += repository.files(withExtension: "mk").map(\.path).filter { isOwn($0) }
        for file in files.prefix(60) { readLines(of: file) }

        guard systems.isEmpty else { return }
        let build = "make -j\"$(nproc)\""
        let target = testTarget()
        let ownTargets = Set(rules.targets.compactMap { $0.name.split(separator: "/").last.map(String.init) })
        for (target, phase) in [
            (rules.targets.first?.name ?? "all", SystemFinding.Phase.build), ("all", .build), (target ?? "test", .test),
        ] {
            for recipe in rules.recipes(for: target).prefix(100) {
                readRecipe(recipe, path: recipe.path, ownTargets: ownTargets, phase: phase)
            }
        }
        systems.append(
            BuildSystem(build: build, test: target.map { build + " && make \($0)" }, evidence: Evidence(rules.path)))
    }

    /// The first of the usual targets for tests in the makefile, or in what it is made from.
    func testTarget() -> String? {
        var names: Set<String> = []
        if let rules = MakeRules(in: directory, of: repository) { names = Set(rules.targets.map(\.name)) }
        for template in ["Makefile.in", "makefile.in", "GNUmakefile.in", "Makefile.am"] {
            for line in repository.contains(path(template)) ? repository.lines(path(template)) : []
            where line.first?.isWhitespace == false {
                guard let colon = line.firstIndex(of: ":"), !line[colon...].hasPrefix(":=") else { continue }
                names.formUnion(line[..<colon].split(separator: " ").map(String.init))
            }
        }
        if let own = usualTestTargets.first(where: names.contains) { return own }
        // `.DEFAULT: cd src && $(MAKE) $@` hands every other target down.
        guard names.contains(".DEFAULT") || handsTargetsDown, let below = MakeRules(in: path("src"), of: repository)
        else { return nil }
        return usualTestTargets.first(where: Set(below.targets.map(\.name)).contains)
    }

    private var handsTargetsDown: Bool {
        repository.contains(path("Makefile"))
            && repository.lines(path("Makefile")).contains { $0.hasPrefix(".DEFAULT:") }
    }

    /// What compiler and linker are told, line by line.
    private mutating func readLines(of file: String) {
        var depth = 0
        let lines = repository.lines(file)
        let variables = MakeVariables(lines)
        for (index, line) in lines.enumerated() {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("ifeq") || bare.hasPrefix("ifneq") || bare.hasPrefix("ifdef") || bare.hasPrefix("ifndef")
            {
                depth += 1
            }
            if bare.hasPrefix("endif") { depth = max(depth - 1, 0) }
            guard !bare.hasPrefix("#") else { continue }
            let evidence = Evidence(file, line: index + 1)
            readLinkFlags(line, isOptional: depth > 0 || file != path("Makefile"), evidence: evidence)
            // Far fewer lines could be a call than have `CONFIG` in them.
            if line.contains("--") || line.contains("shell") || line.contains("`"),
                line.contains("onfig") || line.contains("ONFIG")
            {
                readPkgConfigCalls(variables.expanded(line), isOptional: depth > 0, evidence: evidence)
            }
        }
    }

    /// The programs that a recipe runs, but for targets of the makefile, among which are programs that it makes.
    private mutating func readRecipe(
        _ recipe: MakeRules.Recipe, path: String, ownTargets: Set<String>, phase: SystemFinding.Phase
    ) {
        for word in recipe.script.split(whereSeparator: { $0.isWhitespace || ";&|()\"'".contains($0) })
        where word.contains("/") {
            let script = joinPath(directory, String(word))
            if repository.contains(script) {
                needInterpreter(of: script, phase: phase, evidence: Evidence(path, line: recipe.line))
            }
        }
        var tracer = ShellTracer(repository, directory: directory)
        tracer.trace(recipe.script, path: path, firstLine: recipe.line)
        for command in tracer.commands {
            guard let word = command.call.first, !word.contains("$"), !word.contains("=") else { continue }
            if word.contains("/") {
                needInterpreter(of: joinPath(command.directory, word), phase: phase, evidence: command.evidence)
            } else if word.allSatisfy({ $0.isLetter || $0.isNumber || "+-_.".contains($0) }),
                word.first?.isLetter == true,
                !developersPrograms.contains(word), !ownTargets.contains(word)
            {
                needProgram(word, phase: phase, isOptional: command.isConditional, evidence: command.evidence)
            }
        }
    }
}

private let usualTestTargets = [
    "check", "test", "tests", "check-all", "test-all", "runtests", "run-tests", "unittest", "unittests", "unit-test",
    "runtest", "testall", "selftest",
]
