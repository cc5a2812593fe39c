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
    /// Does `work` with what installs Python distributions for a platform.
    ///
    /// That is its own Python where its programs run on this machine. For a foreign platform it is the Python of the
    /// machine's own one: wheels are unpacked, and what has no compiled code can be built anywhere. What must be
    /// compiled needs an emulator.
    func withPython<Result>(
        of platform: LockedPlatform, uv: LockedUv, _ lock: Lockfile,
        _ work: (PythonStep) async throws(BuilderError) -> Result
    ) async throws(BuilderError) -> Result {
        guard isForeign(platform) else { return try await work(try await pythonStep(of: platform, with: uv, lock)) }
        let emulation = await emulation(of: platform)
        if let own = lock.platforms.first(where: { !isForeign($0) }) {
            do throws(BuilderError) {
                let ownUv = try uvOfSameVersion(uv, own)
                return try await work(try await pythonStep(of: own, with: ownUv, lock, for: platform))
            } catch {
                guard case .python(.compiled(let names, _)) = error, emulation != nil else { throw error }
                report(.note("\(names.joined(separator: ", ")): compiled with emulation of \(platform.architecture)"))
            }
        }
        guard let emulation else {
            throw .unsupported(
                "the Python of \(platform.name) does not run on this machine",
                hint: "lock and build linux/\(architecture) too, whose Python can install for it: "
                    + "`--platform linux/\(architecture),\(platform.name)`")
        }
        return try await work(try await pythonStep(of: platform, with: uv, lock, emulation: emulation))
    }

    /// The sandbox over a platform's system in which Python's tools run, to install for `target` if that is another.
    private func pythonStep(
        of platform: LockedPlatform, with uv: LockedUv, _ lock: Lockfile, for target: LockedPlatform? = nil,
        emulation: Emulation? = nil
    ) async throws(BuilderError) -> PythonStep {
        let system = try await systemLayers(of: platform, in: lock)
        let tool: Uv
        do throws(ToolchainError) { tool = try await Uv(uv, in: store, with: downloader) } catch {
            throw .toolchain(error)
        }
        let root = SandboxRoot(layers: try folders(of: system.layers.map(\.layer)))
        let sandbox: Sandbox
        do throws(SandboxError) { sandbox = try Sandbox(store: store, emulation: emulation) } catch {
            throw .sandbox(error)
        }
        let report = report
        return PythonStep(
            sandbox: sandbox, store: store, uv: tool, host: host, root: root, rootKey: system.key,
            target: try target.map { (platform) throws(BuilderError) in try processor(of: platform) },
            sourceDateEpoch: lock.only(target ?? platform).sourceDateEpoch,
            toolFolders: toolFolders(ofPackages: platform.packages.map(\.name)), report: { report(.output($0)) })
    }

    /// The uv to lock for a platform: of the version that another platform of the lock has, so that all are installed
    /// alike, else the newest.
    func uv(for platform: LockedPlatform, in lock: Lockfile) async throws(BuilderError) -> LockedUv {
        let version = lock.platforms.filter { $0.name != platform.name }.flatMap(\.steps).first?.python.uv.version
        let processor = try processor(of: platform)
        do throws(ToolchainError) {
            return try await Uv.lock(version: version, for: processor, from: index, with: downloader)
        } catch {
            throw .toolchain(error)
        }
    }

    /// A platform's own uv, of the version that another platform was locked with.
    private func uvOfSameVersion(_ uv: LockedUv, _ platform: LockedPlatform) throws(BuilderError) -> LockedUv {
        let known = platform.steps.map(\.python.uv)
        if let uv = known.first(where: { $0.version == uv.version }) { return uv }
        throw .unsupported(
            "fitout.lock has no uv \(uv.version) for \(platform.name)", hint: "run `fitout lock --upgrade`")
    }

    private func processor(of platform: LockedPlatform) throws(BuilderError) -> PythonPlatform.Architecture {
        if let processor = PythonPlatform.Architecture(rawValue: platform.architecture) { return processor }
        throw .unsupported(
            "Python distributions cannot be installed for \(platform.name)", hint: "take linux/amd64 or linux/arm64")
    }
}
