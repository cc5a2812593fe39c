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
        let roots = ["src", "lib", "python", "source"]
        let depth = directory.split(separator: "/").count
        // Files of one folder mostly follow each other, so that what the folder says is found once.
        var start = 0
        while start < sources.count {
            let folder = sources[start].directory
            let end = sources[start...].firstIndex { $0.directory != folder } ?? sources.count
            defer { start = end }
            if isForeign(sources[start]) { continue }
            let parts = folder.split(separator: "/").map(String.init)
            let isPackage = packages.contains(folder)
            if isPackage {
                var top = parts.count
                while top > 1, packages.contains(parts[..<(top - 1)].joined(separator: "/")) { top -= 1 }
                if top > 0 { names.insert(parts[top - 1]) }
            }
            var hasPython = false
            for file in sources[start..<end] {
                let isPython = file.name.hasSuffix(".py")
                hasPython = hasPython || isPython
                if !isPackage, isPython || file.name.hasSuffix(".pyx") || file.name.hasSuffix(".so") {
                    names.insert(String(file.name.prefix { $0 != "." }))
                }
            }
            let inside = parts.dropFirst(directory.isEmpty ? 0 : depth)
            if hasPython, let first = inside.first {
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
    /// Whether a file lies in code that is not the project's: vendored, built, documentation, data of tests.
    func isForeign(_ file: CheckoutFile) -> Bool { repository.lies(file, below: foreignFolders) }
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
