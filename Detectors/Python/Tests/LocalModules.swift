//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Finds the modules that can be imported from the checkout itself: packages whose parent is none, modules beside no
    /// package, extension modules, and the project's own name.
    mutating func findLocalModules() {
        var names: Set<String> = []
        let groups = ["py", "pyx", "pyi", "so", "c", "cpp", "rs"].flatMap { repository.groups(withExtension: $0) }
        let initial = ["py", "pyx", "pyi", "so", "c", "cpp", "rs"].flatMap { repository.files(named: "__init__.\($0)") }
        let packages = Set(initial.map(\.directory))
        let roots = ["src", "lib", "python", "source"]
        let depth = directory.split(separator: "/").count
        for group in groups where !repository.lies(in: group.parent, below: foreignFolders) {
            let parts = group.parent.path.split(separator: "/").map(String.init)
            let isPackage = packages.contains(group.parent.path)
            if isPackage {
                var top = parts.count
                while top > 1, packages.contains(parts[..<(top - 1)].joined(separator: "/")) { top -= 1 }
                if top > 0 { names.insert(parts[top - 1]) }
            }
            // All of a group end in the same extension.
            let example = group.files.first?.name ?? ""
            let isPython = example.hasSuffix(".py")
            if !isPackage, isPython || example.hasSuffix(".pyx") || example.hasSuffix(".so") {
                for file in group.files {
                    names.insert(String(Substring(file.name.utf8.prefix { $0 != UInt8(ascii: ".") })))
                }
            }
            let inside = parts.dropFirst(directory.isEmpty ? 0 : depth)
            if isPython, let first = inside.first {
                names.insert(roots.contains(first) ? inside.dropFirst().first ?? first : first)
            }
        }
        if let name { names.insert(canonicalName(name).replacing(text: "-", with: "_")) }
        localModules = names
    }

    /// Whether the module comes from the checkout.
    func isLocalModule(_ module: String) -> Bool {
        let top = module.split(separator: ".").first.map(String.init) ?? module
        return localModules.contains(top) || localModules.contains(top.lowercased())
    }

    /// Whether the module stands beside the file, or in a folder above it.
    func isBeside(_ file: CheckoutFile, _ module: String) -> Bool {
        var folder = file.directory
        while true {
            if repository.contains(joinPath(folder, "\(module).py"))
                || repository.contains(joinPath(folder, "\(module)/__init__.py"))
            {
                return true
            }
            if folder.isEmpty { return false }
            folder = parentPath(folder)
        }
    }
}

extension PythonSurvey {
    /// The Python sources that are the project's, those nearest to the root first: not vendored, built, documentation or
    /// data of tests.
    func sources() -> [CheckoutFile] {
        let prefix = directory.isEmpty ? "" : directory + "/"
        return repository.files(withExtension: "py", outside: foreignFolders).filter { $0.path.hasPrefix(prefix) }
    }
}

private let foreignFolders = FolderNames([
    "node_modules", "vendor", "vendored", "_vendor", "third_party", "third-party", "thirdparty", "external", "extern",
    "site-packages", ".venv", "venv", "env", "build", "dist", "_build", "docs", "doc", "examples", "example", "samples",
    "sample",
    "demo", "demos", "benchmarks", "benchmark", "bench", "asv_bench", "contrib", "tutorials", "templates", "template",
    "testdata",
    "test-data", "test_data", "data", "fixtures", "assets", "resources", "snippets", "projects", "cookiecutter",
    "packages",
    "deps", "target", ".git", ".tox", ".nox", "snapshots", "cassettes", "scripts", "notebooks", "stubs", "typings",
    "fuzz",
    "fuzzing", "roots", "cases", "corpus", "sandbox", "playground", "devscripts", "release", "docker", "scenarios",
])
