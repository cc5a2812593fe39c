//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Checkout
public import Environment
import Layers
public import Lock
public import OCI
import PythonStep
import Sandbox
import Store
import SystemPackage
import Toolchains

/// An image in the store, and what its parts are.
public struct BuiltImage: Sendable {
    /// The image.
    public let image: Image
    /// Its layers, lowest first.
    public let layers: [TitledLayer]
    /// How many of the layers are the root file system below the repository's source.
    public let rootLayerCount: Int
}

extension Workshop {
    /// Builds the images of a lock for some of its platforms, in the order asked for.
    ///
    /// What foreign platforms need of this machine is found out before any layer is written.
    ///
    /// - Parameter written: Files and folders of the repository that become no part of the image because they are
    ///   made from it, as paths in the repository.
    /// - Throws: ``BuilderError``, `unsupported` if the lock lacks a platform.
    public func build(
        _ lock: Lockfile, _ platforms: [String], _ spec: EnvironmentSpec, _ checkout: Checkout,
        leavingOut written: [String] = []
    ) async throws(BuilderError) -> [BuiltImage] {
        var images: [String: BuiltImage] = [:]
        for name in ordered(platforms, first: { !$0.hasSuffix("/" + architecture) }) {
            guard let locked = lock.platforms.first(where: { $0.name == name }) else {
                throw .unsupported(
                    "fitout.lock has no platform `\(name)`", hint: "run `fitout lock --platform \(name)`")
            }
            if platforms.count > 1 { report(.phase("building for \(name)")) }
            images[name] = try await build(lock, locked, spec, checkout, leavingOut: written)
        }
        return platforms.compactMap { images[$0] }
    }

    private func build(
        _ lock: Lockfile, _ platform: LockedPlatform, _ spec: EnvironmentSpec, _ checkout: Checkout,
        leavingOut written: [String]
    ) async throws(BuilderError) -> BuiltImage {
        var layers = try await rootLayers(of: platform, lock, spec, checkout)
        let count = layers.count
        let part = lock.only(platform)
        if let source = try await sourceLayer(checkout, leavingOut: written, over: layers, part) {
            layers.append(source)
        }
        return BuiltImage(
            image: try image(of: layers, platform: platform, spec, part), layers: layers, rootLayerCount: count)
    }

    /// The layers of system, dependencies and project, without the repository's source.
    func rootLayers(
        of platform: LockedPlatform, _ lock: Lockfile, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) async throws(BuilderError) -> [TitledLayer] {
        let part = lock.only(platform)
        var key = "root 3 \(systemKey(of: platform, in: part))"
        if !platform.steps.isEmpty {
            key += " \(Digest.sha256(Array(part.rendered().utf8))) \(try projectKey(of: checkout))"
        }
        let rootKey = Digest.sha256(Array(key.utf8))
        if let known = storedLayers(rootKey) { return known }
        try await checkScripts(of: platform, in: lock)
        var installed: [Installed] = []
        for step in platform.steps {
            installed += try await withPython(of: platform, uv: step.python.uv, lock) { (runner) throws(BuilderError) in
                try await install(step, with: runner, spec, checkout)
            }
        }
        var layers = try await systemLayers(of: platform, in: lock).layers
        for item in installed {
            if let layer = try await self.layer(of: item, over: layers, time: part.sourceDateEpoch) {
                layers.append(layer)
            }
        }
        layers.append(
            TitledLayer(
                layer: try await write(entrypointPlan(part, compression: compression), over: layers),
                title: "entrypoint"))
        try keepLayers(layers, as: rootKey)
        return layers
    }

    /// Installs what a step has locked.
    private func install(
        _ step: LockedStep, with runner: PythonStep, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) async throws(BuilderError) -> [Installed] {
        report(.phase("installing \(step.python.distributions.count) Python distributions"))
        let dependencies = try await wrappingPython { () throws(PythonStepError) in
            try await runner.install(step.python)
        }
        let title = "\(step.python.distributions.count) Python distributions"
        var installed = [Installed(folder: dependencies, place: nil, title: title)]
        if !step.python.localProjects.isEmpty {
            report(.phase("installing the project"))
            let key = try projectKey(of: checkout)
            let project = try await wrappingPython { () throws(PythonStepError) in
                try await runner.installProjects(
                    step.python.localProjects, lock: step.python, over: dependencies,
                    checkout: FilePath(checkout.root), checkoutKey: key, variables: spec.variables)
            }
            installed += [
                Installed(folder: project.system, place: nil, title: "the project in the environment"),
                Installed(
                    folder: project.workspace, place: Place.generated,
                    title: "files that the build generates in the repository"),
            ]
        }
        return installed
    }

    private func layer(
        of installed: Installed, over below: [TitledLayer], time: Int64
    ) async throws(BuilderError) -> TitledLayer? {
        let layer = try await wrappingLayers { () -> Layer? in
            var capture = try captureTree(installed.folder, time: time)
            if capture.entries.isEmpty { return nil }
            if let place = installed.place {
                // Folders have the modes of the checkout's.
                capture.keepAttributesOfGit()
                capture = capture.moved(below: place)
            }
            return try writeLayer(
                fromTree: capture, lower: below.map(\.layer), time: time, compression: compression, in: store)
        }
        return layer.map { TitledLayer(layer: $0, title: installed.title) }
    }
}

/// What a step has installed.
private struct Installed {
    /// The folder with the changes, in overlayfs' form.
    let folder: FilePath
    /// Where they belong; nil for the root file system.
    let place: EntryPath?
    /// What it is, for the image's history.
    let title: String
}
