//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reads the arguments of `setup()` in `setup.py` without running it.
    mutating func readSetupPy() {
        let file = path("setup.py")
        guard let bytes = repository.bytes(file), repository.contains(file) else { return }
        let statements = pythonStatements(bytes)
        let isFile = { [repository, directory] (name: String) in
            name.contains(".") && !otherFormats.contains { name.hasSuffix($0) }
                && repository.contains(joinPath(directory, name))
        }
        let scope = PythonScope(statements, isFile: isFile)
        readBuildImports(statements, file: file)
        guard let call = scope.calls.last(where: { isSetup($0.name) }) else { return }
        report(.language(LanguageFinding("python", evidence: Evidence(file))))
        manifest = manifest ?? Evidence(file, line: call.line)
        let arguments = scope.entries(of: call.arguments)
        for argument in arguments { readSetupArgument(argument, call: call.line, file: file) }
        if let suite = arguments.last(where: { $0.key == "test_suite" }), let name = suite.value.string {
            if name.hasPrefix("nose") {
                runners["nose"] = runners["nose"] ?? Evidence(file, line: suite.line)
            } else {
                runners["test_suite"] = Evidence(file, line: suite.line)
                if name.hasSuffix("test_suite") || name.hasSuffix(".suite") {
                    testSuite = (name, Evidence(file, line: suite.line))
                }
            }
        }
        readExtensionModules(scope, arguments, file: file)
        readNativeCalls(statements, file: file)
    }

    private mutating func readSetupArgument(_ argument: PythonPair, call: Int, file: String) {
        let evidence = Evidence(file, line: argument.line > 0 ? argument.line : call)
        switch argument.key {
        case "name": name = name ?? argument.value.string
        case "version": version = version ?? argument.value.string
        case "python_requires":
            if let text = argument.value.string { python(.range, text, evidence: evidence) }
        case "install_requires", "requires":
            guard runtime.isEmpty else { return }
            for (text, place) in requirements(in: argument.value, evidence: evidence) {
                addRuntime(text, evidence: place)
            }
        case "tests_require", "test_requires":
            for (text, place) in requirements(in: argument.value, evidence: evidence) {
                require(text, role: .test, reason: "tests_require", evidence: place)
            }
        case "setup_requires":
            for (text, place) in requirements(in: argument.value, evidence: evidence) {
                guard let requirement = declare(text, role: .build, evidence: place) else { continue }
                noteVersionSource(requirement.name, evidence: place)
                if nativeBuildTools.contains(requirement.name) { nativeEvidence = nativeEvidence ?? place }
            }
        case "extras_require":
            for pair in argument.value.pairs {
                let texts = requirements(in: pair.value, evidence: evidence).map(\.0)
                addExtra(pair.key, texts, evidence: evidence)
            }
        case "classifiers": readClassifiers(argument.value.strings.map { ($0.trimmingSpaces, evidence) })
        case "use_scm_version": noteVersionSource("setuptools-scm", evidence: evidence)
        case "pbr": noteVersionSource("pbr", evidence: evidence)
        case "cffi_modules", "rust_extensions", "ext_modules":
            if argument.value != .list([]), argument.value != .unknown { nativeEvidence = nativeEvidence ?? evidence }
        default: break
        }
    }

    /// The requirements that a value holds: strings, and the lines of files.
    private mutating func requirements(in value: PythonValue, evidence: Evidence) -> [(String, Evidence)] {
        var result = value.strings.map { (withoutComment($0), evidence) }.filter { !$0.0.isEmpty }
        for name in value.files {
            let file = path(name)
            filesTaken.insert(file)
            let content = RequirementsFile(repository, path: file)
            filesTaken.formUnion(content.included)
            result += content.requirements.map { ($0.text, $0.evidence) }
        }
        return result
    }

    /// What the module imports, before `setup()` can run.
    private mutating func readBuildImports(_ statements: [PythonStatement], file: String) {
        for statement in statements where statement.keyword == "import" || statement.keyword == "from" {
            for module in importedModules(statement)
            where ["versioneer", "setuptools_scm", "vcversioner"].contains(module) {
                noteVersionSource(canonicalName(module), evidence: Evidence(file, line: statement.line))
            }
        }
    }
}

/// What `setup.py` reads besides lists of requirements: modules, documents, files of other formats.
private let otherFormats = [".py", ".lock", ".json", ".toml", ".yaml", ".yml", ".cfg", ".ini", ".md", ".rst"]

private func isSetup(_ name: String) -> Bool {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return last == "setup" || last == "skbuild_setup"
}
