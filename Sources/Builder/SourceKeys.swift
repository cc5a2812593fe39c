//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Store

extension Workshop {
    /// The digest of what decides how the project is built: its manifests, its sources that are compiled, and the
    /// names of its folders. Editing a module of Python does not change it.
    func projectKey(of checkout: Checkout) throws(BuilderError) -> Digest {
        var hasher = DigestHasher()
        var folders: Set<String> = []
        for file in checkout.files {
            if file.name.hasSuffix(".py") { folders.insert(file.directory) }
            // Setuptools' notes on an earlier build.
            guard isBuildInput(file), !file.directory.hasSuffix(".egg-info") else { continue }
            do throws(CheckoutError) {
                hasher.update(
                    Array("\(file.path)\n\(Digest.sha256(try checkout.read(file.path, limit: 64 << 20)))\n".utf8))
            } catch {
                throw .unsupported("cannot read \(file.path): \(error)", hint: "make the file readable")
            }
        }
        for folder in folders.sorted() { hasher.update(Array("\(folder)/\n".utf8)) }
        return hasher.finalize()
    }

    private func isBuildInput(_ file: CheckoutFile) -> Bool {
        let manifests = [
            "pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "meson.build", "meson_options.txt",
            "meson.options",
            "CMakeLists.txt", "Cargo.toml", "Cargo.lock", "build.py", "versioneer.py", "PKG-INFO", "VERSION",
            "_version.py", "version.py", "__version__.py", "__about__.py",
        ]
        if manifests.contains(file.name) { return true }
        guard let dot = file.name.utf8.lastIndex(of: 0x2E) else { return false }
        let compiled: Set = [
            "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "pyx", "pxd", "pxi", "rs", "f", "f90", "pyf", "cmake", "s", "S",
            "in",
            "l", "y", "i", "tmpl", "src",
        ]
        return compiled.contains(String(file.name[file.name.index(after: dot)...]))
    }
}
