//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Whether the file's name is one that test runners collect or load.
func isTestFile(_ file: CheckoutFile) -> Bool {
    let name = file.name.utf8
    // Asked of every Python file of the repository, several times.
    guard name.last == UInt8(ascii: "y"), file.name.hasSuffix(".py") else { return false }
    let stem = file.name.dropLast(3)
    switch name.first {
    case UInt8(ascii: "t"):
        return stem.hasPrefix("test_") || stem.hasPrefix("test-") || stem.hasPrefix("tests_") || stem == "tests"
            || stem == "test" || stem.hasSuffix("_test") || stem.hasSuffix("_tests")
    default: return stem.hasSuffix("_test") || stem.hasSuffix("_tests") || stem == "conftest"
    }
}

extension PythonSurvey {
    /// Reads the tests: what they import that nothing declares, the plugins whose fixtures and markers they use, the
    /// programs that they run.
    mutating func readTestSources() {
        let sources = sources()
        var files = testFiles(of: sources)
        var scans: [(file: CheckoutFile, scan: ImportScan)] = []
        var mentioned: Set<String> = []
        // Helpers of the tests are read when a test imports them.
        var helpers = testHelpers(of: sources)
        while !files.isEmpty {
            for file in files {
                guard let bytes = source(file) else { continue }
                let statements = pythonStatements(bytes)
                let scan = ImportScan(statements)
                mentioned.formUnion(scan.imported)
                scans.append((file, scan))
                readPrograms(statements, file: file.path)
            }
            let folders = Set(scans.flatMap { foldersAbove($0.file.directory) })
            files = helpers.filter { file in
                (mentioned.contains(String(file.name.dropLast(3))) || file.name == "__init__.py")
                    && (folders.contains(file.directory) || folders.contains(parentPath(file.directory)))
            }
            helpers.removeAll { file in files.contains { $0.path == file.path } }
            if scans.count > 600 { break }
        }
        noteRunners(scans)
        findDjangoSettings(scans)
        reportImports(scans)
        reportPlugins(scans)
        readOwnSources(of: sources)
        readTestCommandOptions()
    }

    /// The first of the sources that `isWanted` chooses.
    private func first(
        _ limit: Int, of sources: [CheckoutFile], where isWanted: (CheckoutFile) -> Bool
    ) -> [CheckoutFile] {
        var result: [CheckoutFile] = []
        for file in sources where isWanted(file) {
            if result.count == limit { break }
            result.append(file)
        }
        return result
    }

    /// The bytes of a source, unless it is too large to be written by hand.
    private func source(_ file: CheckoutFile) -> [UInt8]? {
        repository.bytes(file.path).flatMap { $0.count <= 1 << 19 ? $0 : nil }
    }

    private func testFiles(of sources: [CheckoutFile]) -> [CheckoutFile] {
        first(400, of: sources, where: isTestFile)
    }

    private func testHelpers(of sources: [CheckoutFile]) -> [CheckoutFile] {
        first(400, of: sources) { repository.lies($0, below: pythonTestFolders) && !isTestFile($0) }
    }

    private mutating func reportImports(_ scans: [(file: CheckoutFile, scan: ImportScan)]) {
        var seen: Set<String> = []
        var unknown: Set<String> = []
        for (file, scan) in scans {
            for entry in scan.required {
                let top = entry.module.split(separator: ".").first.map(String.init) ?? entry.module
                let evidence = Evidence(file.path, line: entry.line)
                if let module = standardLibrary[top] {
                    noteStandard(
                        top, module, reason: "imported by \(evidence)", role: .test, seen: &seen, evidence: evidence)
                    noteSystemModule(entry.module, seen: &seen, evidence: evidence)
                    continue
                }
                if isLocalModule(top) || isBeside(file, top) || top.hasPrefix("_") { continue }
                guard let text = distribution(ofModule: entry.module), let requirement = PythonRequirement(text) else {
                    if !isProvided(top, by: canonicalName(top)), unknown.insert(top).inserted {
                        repository.warn(evidence, "nothing declares what provides the module `\(top)`")
                    }
                    continue
                }
                guard seen.insert(requirement.name).inserted, !isOwnName(requirement.name),
                    !isProvided(top, by: requirement.name)
                else { continue }
                require(
                    knownSpecification(of: requirement), role: .test, reason: "imported by \(evidence)",
                    evidence: evidence)
            }
        }
    }

    /// Whether something that is installed for testing brings the module: its distribution, a variant or a plugin of
    /// it (`psycopg2-binary`, `pytest-cov`), or the lockfile.
    func isProvided(_ module: String, by distribution: String) -> Bool {
        let names = [distribution, canonicalName(module)]
        let roles = rolesForTesting
        return declarations.contains { declaration in
            roles.contains(declaration.role) && markerMayHold(declaration.requirement.marker)
                && names.contains { name in
                    let declared = declaration.requirement.name
                    return declared == name || (declared.hasPrefix(name + "-") && !declared.hasSuffix("-stubs"))
                        || name.hasPrefix(declared + "-") && variants.contains { name == declared + $0 }
                }
        } || names.contains { locked[$0] != nil }
    }

    private mutating func noteStandard(
        _ top: String, _ module: StandardModule, reason: String, role: Role, seen: inout Set<String>, evidence: Evidence
    ) {
        guard !module.removed.isEmpty, module.removed != "3.0", seen.insert("standard:\(top)").inserted else { return }
        if module.replacement.isEmpty {
            python(.range, "<\(module.removed)", evidence: evidence)
        } else if !isDeclared(module.replacement, in: rolesForTesting) {
            let text = "\(module.replacement); python_version >= \"\(module.removed)\""
            require(text, role: role, reason: "\(reason), `\(top)` left the standard library", evidence: evidence)
        }
    }

    /// Modules of the standard library that Debian splits off.
    private mutating func noteSystemModule(_ module: String, seen: inout Set<String>, evidence: Evidence) {
        let needs = [
            "tkinter": "python3-tk", "dbm.gnu": "python3-gdbm", "test.support": "libpython3-testsuite",
            "test.test_support": "libpython3-testsuite", "curses": "ncurses-base", "lib2to3": "python3-lib2to3",
        ]
        for (name, package) in needs.sorted(by: { $0.key < $1.key })
        where module == name || module.hasPrefix(name + ".") {
            guard seen.insert("system:\(package)").inserted else { return }
            system(.package(package), .test, reason: "tests import \(name)", evidence: evidence)
        }
    }

    private func ownSources(of sources: [CheckoutFile]) -> [CheckoutFile] {
        first(300, of: sources) { file in
            !repository.isSecondary(file) && !isTestFile(file) && !file.name.hasPrefix("setup")
                && file.name != "noxfile.py" && file.name != "versioneer.py" && !file.path.hasPrefix("tools/")
        }
    }

    /// Modules of the project itself that current Pythons and setuptools no longer have.
    private mutating func readOwnSources(of sources: [CheckoutFile]) {
        var seen: Set<String> = []
        for file in ownSources(of: sources) {
            guard let bytes = source(file), mentionsImport(ofAny: leavingModules, in: bytes) else {
                continue
            }
            for entry in ImportScan(pythonStatements(bytes)).required {
                let top = entry.module.split(separator: ".").first.map(String.init) ?? entry.module
                let evidence = Evidence(file.path, line: entry.line)
                let isMoved =
                    entry.module.hasPrefix("collections.")
                    && collectionsABCs.contains(String(entry.module.dropFirst(12)))
                if isMoved {
                    if seen.insert("collections").inserted { python(.range, "<3.10", evidence: evidence) }
                } else if let module = standardLibrary[top], !isBeside(file, top) {
                    noteStandard(
                        top, module, reason: "imported by \(evidence)", role: .runtime, seen: &seen, evidence: evidence)
                    if top == "tkinter", seen.insert(top).inserted {
                        system(.package("python3-tk"), .run, reason: "imports tkinter", evidence: evidence)
                    }
                } else if top == "pkg_resources", !isOwnName("setuptools"), seen.insert(top).inserted {
                    require(
                        "setuptools<81", role: .runtime, reason: "pkg_resources is imported by \(evidence)",
                        evidence: evidence)
                }
            }
        }
    }
}

/// The folder and all above it but the root.
private func foldersAbove(_ folder: String) -> [String] {
    folder.isEmpty ? [] : [folder] + foldersAbove(parentPath(folder))
}

private let variants = ["-binary", "-headless", "-cpu", "-gpu", "-nightly", "-python"]

let pythonTestFolders = FolderNames(["tests", "test", "testing"])

/// The modules that an import of the project's own sources is looked at for.
private let leavingModules: Set<String> = Set(
    standardLibrary.filter { !$0.value.removed.isEmpty && $0.value.removed != "3.0" }.keys
).union(["collections", "tkinter", "pkg_resources"])

/// Names that left `collections` for `collections.abc` for good in Python 3.10.
private let collectionsABCs: Set<String> = [
    "Mapping", "MutableMapping", "Sequence", "MutableSequence", "Iterable", "Iterator", "Callable", "Hashable", "Sized",
    "Container", "Set", "MutableSet", "Generator", "Awaitable", "Coroutine", "MappingView", "KeysView", "ValuesView",
    "ItemsView",
]
