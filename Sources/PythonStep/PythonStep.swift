//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Sandbox
public import Store
import SystemPackage
public import Toolchains

/// Resolves and installs Python distributions with uv, inside the root file system of the image in the making.
///
/// The environment is `/opt/venv`, made from the system's `/usr/bin/python3`. The repository is at `/workspace`.
public struct PythonStep: Sendable {
    /// The version of the results: it changes whenever the same inputs give other files.
    public static let version = 2

    let sandbox: Sandbox
    let store: Store
    let uv: Uv
    let host: StepHost
    let root: SandboxRoot
    let rootKey: Digest
    let target: PythonPlatform.Architecture?
    let sourceDateEpoch: Int64
    let toolFolders: [String]
    let report: @Sendable (String) -> Void

    /// Steps in a root file system.
    ///
    /// - Parameters:
    ///   - root: the layers below.
    ///   - rootKey: the digest of what these layers were built from.
    ///   - target: the architecture to install for, where the root file system is of another one: files are chosen for
    ///     `target`, and what has to be built may hold no compiled code.
    ///   - sourceDateEpoch: what no file is newer than, in seconds since 1970.
    ///   - toolFolders: folders of programs to search after those of the system.
    ///   - report: gets each line that the tools write.
    public init(
        sandbox: Sandbox, store: Store, uv: Uv, host: StepHost, root: SandboxRoot, rootKey: Digest,
        target: PythonPlatform.Architecture? = nil, sourceDateEpoch: Int64,
        toolFolders: [String] = [], report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.sandbox = sandbox
        self.store = store
        self.uv = uv
        self.host = host
        self.root = root
        self.rootKey = rootKey
        self.target = target
        self.sourceDateEpoch = sourceDateEpoch
        self.toolFolders = toolFolders
        self.report = report
    }

    /// Places inside the sandbox.
    enum Place {
        static let environment = "/opt/venv"
        static let python = environment + "/bin/python"
        static let systemPython = "/usr/bin/python3"
        static let workspace = "/workspace"
        static let uv = "/fitout/uv"
        static let cache = "/fitout/cache"
        static let files = "/fitout/step"
        static let certificates = StepHost.certificatePlace
    }

    /// The cache that all steps share, for what is downloaded.
    func sharedCache() throws(PythonStepError) -> FilePath {
        try cache("uv")
    }

    /// The cache for what is built from source: what comes out depends on the libraries of this root file system.
    func buildCache() throws(PythonStepError) -> FilePath {
        try cache("uv-" + rootKey.hex.prefix(16))
    }

    private func cache(_ name: String) throws(PythonStepError) -> FilePath {
        do throws(StoreError) { return try store.cacheDirectory(name) } catch { throw .store(error) }
    }
}
