//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Sandbox
public import Store
public import SystemPackage
public import Toolchains

/// What installing the repository's own projects adds, in overlayfs' form.
public struct PythonProjectLayers: Hashable, Sendable {
    /// The folder with the changes of the root file system.
    public let system: FilePath
    /// The folder with what was generated in the repository.
    public let workspace: FilePath
}

extension PythonStep {
    /// Installs projects of the repository into the environment, without their dependencies.
    ///
    /// The repository is not changed: what the build writes into it is kept apart. The build systems get their
    /// requirements in isolation, up to `lock.buildExcludeNewer`; meson-python, whose editable projects are rebuilt
    /// when they are imported, those of the environment.
    ///
    /// - Parameters:
    ///   - projects: the projects, in this order.
    ///   - lock: what the environment below was installed from.
    ///   - dependencies: the folder that ``install(_:)`` gave.
    ///   - checkout: the repository's root.
    ///   - checkoutKey: the digest of the repository's content, as far as it decides the outcome.
    ///   - variables: further environment variables, such as `SETUPTOOLS_SCM_PRETEND_VERSION`.
    /// - Throws: ``PythonStepError``, `buildFailed` among them.
    public func installProjects(
        _ projects: [LocalPythonProject], lock: PythonLock, over dependencies: FilePath, checkout: FilePath,
        checkoutKey: Digest, variables: [String: String] = [:]
    ) async throws(PythonStepError) -> PythonProjectLayers {
        let key = projectKey(projects, lock, checkoutKey, variables)
        let result = try await tree("python-projects", key) { (folder) throws(PythonStepError) in
            let (_, system) = try workFolders()
            let (_, generated) = try workFolders()
            let stack = SandboxRoot(layers: root.layers + [dependencies])
            try await withOverlayable(checkout) { (checkout) throws(PythonStepError) in
                let name = { (project: LocalPythonProject) in project.path.isEmpty ? "the project" : project.path }
                try await forEach(projects, named: name) { (project) throws(PythonStepError) in
                    // Without `--reinstall`, a project that was built before with the same manifest would come from the
                    // cache and leave nothing in the tree.
                    var arguments = try await installArguments() + ["--reinstall"]
                    let file = project.path.isEmpty ? "pyproject.toml" : project.path + "/pyproject.toml"
                    if try !BuildSystem(of: file, in: checkout).requirementsWithoutIsolation.isEmpty {
                        // The environment's tools, which build it, are not for this machine.
                        if let target { throw .compiled([name(project)], architecture: target.rawValue) }
                        arguments.append("--no-build-isolation")
                    }
                    if let date = lock.buildExcludeNewer { arguments += ["--exclude-newer", date] }
                    if project.isEditable { arguments.append("--editable") }
                    arguments.append(Place.workspace + (project.path.isEmpty ? "" : "/" + project.path))
                    let invocation = Invocation(
                        arguments: arguments, cache: try buildCache(),
                        workspace: SandboxMount(.overlay(lower: checkout, upper: generated), at: Place.workspace),
                        variables: variables)
                    try await run(invocation, in: stack, upper: system)
                }
            }
            try normalize(system.folder)
            try normalizeWorkspace(generated.folder)
            try makeFolder(folder.appending("system"))
            try makeFolder(folder.appending("workspace"))
            try move(system.folder, to: folder.appending("system"))
            try move(generated.folder, to: folder.appending("workspace"))
        }
        return PythonProjectLayers(
            system: result.appending("system"), workspace: result.appending("workspace"))
    }

    private func projectKey(
        _ projects: [LocalPythonProject], _ lock: PythonLock, _ checkoutKey: Digest, _ variables: [String: String]
    ) -> Digest {
        let parts =
            ["python-projects \(Self.version)", "over \(inputKey(of: lock))", "checkout \(checkoutKey)"]
            + ["build \(lock.buildExcludeNewer ?? "")"]
            + projects.map { "project \($0.isEditable) \($0.path)" }
            + variables.sorted { $0.key < $1.key }.map { "variable \($0.key)=\($0.value)" }
        return Digest.sha256(Array(parts.joined(separator: "\n").utf8))
    }
}
