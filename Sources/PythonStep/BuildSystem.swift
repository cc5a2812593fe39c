//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TOML

/// The `[build-system]` table of a project: PEP 517, 518.
struct BuildSystem: Hashable {
    /// The backend's object reference; nil for setuptools' fallback.
    var backend: String?
    /// What it needs.
    var requirements: [String]

    /// Reads the `pyproject.toml` beside or at `manifest`; a project without one has the fallback.
    init(of manifest: String, in checkout: FilePath) throws(PythonStepError) {
        let folder = FilePath(manifest).removingLastComponent()
        let relative = folder.appending("pyproject.toml")
        guard let bytes = try? readFile(checkout.pushing(relative)) else {
            self.init(backend: nil, requirements: [])
            return
        }
        do throws(TOMLError) {
            self.init(try parseTOML(bytes))
        } catch {
            throw .malformedManifest(relative.string, "\(error)")
        }
    }

    init(_ document: TOMLNode) {
        self.init(
            backend: document[["build-system", "build-backend"]]?.string,
            requirements: document[["build-system", "requires"]]?.strings ?? [])
    }

    init(backend: String?, requirements: [String]) {
        self.backend = backend
        self.requirements = requirements
    }

    /// What has to be in the environment so that the project can be built without isolation; empty for backends that
    /// are better built in isolation. meson-python asks for ninja only when it is called.
    var requirementsWithoutIsolation: [String] {
        backend == "mesonpy" ? requirements + ["ninja"] : []
    }
}
