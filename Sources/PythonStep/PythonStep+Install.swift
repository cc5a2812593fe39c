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
            "time \(sourceDateEpoch)", "build \(sources ? lock.buildExcludeNewer ?? "" : "")",
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
            for isSource in [false, true] {
                let distributions = lock.distributions.filter { $0.isSource == isSource }
                guard !distributions.isEmpty else { continue }
                let name = isSource ? "pylock.sources.toml" : "pylock.wheels.toml"
                try write([pylock(of: distributions)], to: files.path.appending(name))
                var arguments = [Place.uv + "/uv", "pip", "install", "--python", Place.python, "--no-deps"]
                if isSource, let date = lock.buildExcludeNewer { arguments += ["--exclude-newer", date] }
                let invocation = Invocation(
                    arguments: arguments + ["--requirements", Place.files + "/" + name],
                    cache: isSource ? try buildCache() : shared, files: files.path)
                try await run(invocation, in: root, upper: upper)
            }
            try normalize(upper.folder)
            try await compileEnvironment(in: upper)
            try move(upper.folder, to: folder)
        }
    }
}
