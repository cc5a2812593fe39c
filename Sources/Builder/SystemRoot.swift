//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Lock
import PythonStep
import Sandbox
import Store
import SystemPackage
import Toolchains

extension Workshop {
    /// The folders with the layers' content, lowest first, for the sandbox.
    func folders(of layers: [Layer]) throws(BuilderError) -> [FilePath] {
        var folders: [FilePath] = []
        for layer in layers {
            do {
                folders.append(
                    try store.tree("layer", layer.diffID) { folder in
                        report(.phase("unpacking layers"))
                        try store.check(layer.digest)
                        try unpackLayer(layer, from: store, to: folder)
                    })
            } catch let error as LayerError {
                throw .layers(error)
            } catch let error as StoreError {
                throw .store(error)
            } catch {
                throw .cancelled
            }
        }
        return folders
    }

    /// The sandbox over the system's layers in which Python's tools run.
    func pythonStep(
        with uv: LockedUv, over system: SystemLayers, _ lock: Lockfile
    ) async throws(BuilderError) -> PythonStep {
        let tool: Uv
        do throws(ToolchainError) { tool = try await Uv(uv, in: store, with: downloader) } catch {
            throw .toolchain(error)
        }
        let root = SandboxRoot(layers: try folders(of: system.layers.map(\.layer)))
        let sandbox: Sandbox
        do throws(SandboxError) { sandbox = try Sandbox(store: store) } catch { throw .sandbox(error) }
        let report = report
        return PythonStep(
            sandbox: sandbox, store: store, uv: tool, host: host, root: root, rootKey: system.key,
            sourceDateEpoch: lock.sourceDateEpoch, report: { report(.output($0)) })
    }

    /// The newest uv for a platform.
    func newestUv(for platform: LockedPlatform) async throws(BuilderError) -> LockedUv {
        guard platform.architecture == architecture,
            let processor = PythonPlatform.Architecture(rawValue: platform.architecture)
        else {
            throw .unsupported(
                "dependency steps for \(platform.name) do not run on this machine",
                hint: "build for it on a machine of that architecture, or take `dependencies` out of fitout.yaml")
        }
        do throws(ToolchainError) {
            return try await Uv.lock(for: processor, from: index, with: downloader)
        } catch {
            throw .toolchain(error)
        }
    }
}
