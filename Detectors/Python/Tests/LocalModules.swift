//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension PythonSurvey {
    /// Finds the packages that can be imported from the checkout itself: those whose parent is none, folders with Python
    /// in them, extension modules, and the project's own name.
    mutating func findLocalModules() {
        var names: Set<String> = []
        let endings = ["py", "pyx", "pyi", "so", "c", "cpp", "rs"]
        let packages = endings.flatMap { repository.files(named: "__init__.\($0)") }.map(\.parent)
        packageFolders = Set(packages.map(\.path))
        for package in packages where !repository.lies(in: package, below: foreignFolders) {
            let parts = package.path.split(separator: "/").map(String.init)
            var top = parts.count
            while top > 1, packageFolders.contains(parts[..<(top - 1)].joined(separator: "/")) { top -= 1 }
            if top > 0 { names.insert(parts[top - 1]) }
        }
        let roots = ["src", "lib", "python", "source"]
        let depth = directory.split(separator: "/").count
        for group in repository.groups(withExtension: "py")
        where !repository.lies(in: group.parent, below: foreignFolders) {
            let inside = group.parent.path.split(separator: "/").dropFirst(depth).prefix(2).map(String.init)
            if let first = inside.first { names.insert(roots.contains(first) ? inside.last ?? first : first) }
        }
        for group in repository.groups(withExtension: "so")
        where isModuleFolder(group.parent) {
            for file in group.files { names.insert(String(file.name.prefix { $0 != "." })) }
        }
        if let name { names.insert(canonicalName(name).replacing(text: "-", with: "_")) }
        localModules = names
    }

    /// Whether the module comes from the checkout.
    func isLocalModule(_ module: String) -> Bool {
        let top = module.split(separator: ".").first.map(String.init) ?? module
        return [top, top.lowercased()].contains { name in
            localModules.contains(name)
                || ["py", "pyx"].contains { ending in
                    repository.files(named: "\(name).\(ending)").contains { isModuleFolder($0.parent) }
                }
        }
    }

    /// Whether modules in the folder are imported by their names alone, for it is no package.
    private func isModuleFolder(_ folder: CheckoutDirectory) -> Bool {
        !packageFolders.contains(folder.path) && !repository.lies(in: folder, below: foreignFolders)
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
