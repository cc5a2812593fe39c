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
        let sources = ["py", "pyx", "pyi", "so", "c", "cpp", "rs"].flatMap(repository.files(withExtension:))
        let packages = Set(sources.filter { $0.name.hasPrefix("__init__.") }.map(\.directory))
        for file in sources where !isForeign(file.path) {
            let parts = file.directory.split(separator: "/").map(String.init)
            if packages.contains(file.directory) {
                var top = parts.count
                while top > 1, packages.contains(parts[..<(top - 1)].joined(separator: "/")) { top -= 1 }
                if top > 0 { names.insert(parts[top - 1]) }
            } else if file.name.hasSuffix(".py") || file.name.hasSuffix(".pyx") || file.name.hasSuffix(".so") {
                names.insert(file.name.split(separator: ".").first.map(String.init) ?? "")
            }
            guard file.name.hasSuffix(".py") else { continue }
            let inside = directory.isEmpty ? parts[...] : parts.dropFirst(directory.split(separator: "/").count)
            let roots = ["src", "lib", "python", "source"]
            if let first = inside.first {
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

/// Whether a path lies in code that is not the project's: vendored, built, documentation, data of tests.
func isForeign(_ path: String) -> Bool {
    path.split(separator: "/").dropLast().contains { foreignFolders.contains($0.lowercased()) }
}

private let foreignFolders: Set<String> = [
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
]
