//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Sandbox
public import Store
public import SystemPackage
public import Toolchains

extension PythonStep {
    /// The digest of all that decides what ``install(_:)`` makes.
    public func inputKey(of lock: PythonLock) -> Digest {
        let sources = lock.distributions.contains(where: \.isSource)
        let parts = [
            "python-dependencies \(Self.version)", "uv \(uv.locked.wheel.digest)", "root \(rootKey)",
            "target \(target?.rawValue ?? "")", "time \(sourceDateEpoch)",
            "build \(sources ? lock.buildExcludeNewer ?? "" : "")",
            pylock(of: lock.distributions),
        ]
        return Digest.sha256(Array(parts.joined(separator: "\n").utf8))
    }

    /// The folder with what the environment `/opt/venv` of this lock adds to the root file system, in overlayfs' form:
    /// made now, or taken from the store if the inputs are the same.
    ///
    /// Exactly the locked files are installed, each checked against its digest; source distributions are built in
    /// isolation.
    /// - Throws: ``PythonStepError``, `buildFailed` among them.
    public func install(_ lock: PythonLock) async throws(PythonStepError) -> FilePath {
        try await tree("python-dependencies", inputKey(of: lock)) { (folder) throws(PythonStepError) in
            let (files, upper) = try workFolders()
            let shared = try sharedCache()
            let make = ["venv", "--python", Place.systemPython, "--no-project", "--quiet", Place.environment]
            try await run(Invocation(arguments: [Place.uv + "/uv"] + make, cache: shared), in: root, upper: upper)
            try await installWheels(of: lock, files.path, upper)
            try await installSources(of: lock, files.path, upper)
            try normalize(upper.folder)
            try await compileEnvironment(in: upper)
            try move(upper.folder, to: folder)
        }
    }
    private func installWheels(
        of lock: PythonLock, _ files: FilePath, _ upper: UpperLayer
    ) async throws(PythonStepError) {
        let wheels = lock.distributions.filter { !$0.isSource }
        if wheels.isEmpty { return }
        try write([pylock(of: wheels)], to: files.appending("pylock.wheels.toml"))
        let arguments = try await installArguments() + ["--requirements", Place.files + "/pylock.wheels.toml"]
        try await run(Invocation(arguments: arguments, cache: try sharedCache(), files: files), in: root, upper: upper)
    }

    private func installSources(
        of lock: PythonLock, _ files: FilePath, _ upper: UpperLayer
    ) async throws(PythonStepError) {
        let sources = lock.distributions.filter(\.isSource)
        if sources.isEmpty { return }
        var arguments = try await installArguments()
        if let date = lock.buildExcludeNewer { arguments += ["--exclude-newer", date] }
        arguments += ["--requirements", Place.files + "/pylock.sources.toml"]
        // One after the other for a foreign platform, so that all that must be compiled can be named.
        let groups = target == nil ? [sources] : sources.map { [$0] }
        let invocation = Invocation(arguments: arguments, cache: try buildCache(), files: files)
        try await forEach(groups, named: { $0[0].name }) { (group) throws(PythonStepError) in
            try write([pylock(of: group)], to: files.appending("pylock.sources.toml"))
            try await run(invocation, in: root, upper: upper)
        }
    }
}
