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
    /// Builds the image of a lock for one of its platforms.
    ///
    /// - Parameter written: Files and folders of the repository that become no part of the image because they are
    ///   made from it, as paths in the repository.
    /// - Throws: ``BuilderError``, `unsupported` if the lock has no such platform.
    public func build(
        _ lock: Lockfile, _ platform: String, _ spec: EnvironmentSpec, _ checkout: Checkout,
        leavingOut written: [String] = []
    ) async throws(BuilderError) -> BuiltImage {
        guard let locked = lock.platforms.first(where: { $0.name == platform }) else {
            throw .unsupported(
                "fitout.lock has no platform `\(platform)`", hint: "add it to `platforms` in fitout.yaml")
        }
        var layers = try await rootLayers(of: locked, lock, spec, checkout)
        let count = layers.count
        if let source = try await sourceLayer(checkout, leavingOut: written, over: layers, lock) {
            layers.append(source)
        }
        return BuiltImage(
            image: try image(of: layers, platform: locked, spec, lock), layers: layers, rootLayerCount: count)
    }

    /// The layers of system, dependencies and project, without the repository's source.
    func rootLayers(
        of platform: LockedPlatform, _ lock: Lockfile, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) async throws(BuilderError) -> [TitledLayer] {
        let system = try await systemLayers(of: platform, in: lock)
        var key = "root 2 \(system.key)"
        if !platform.steps.isEmpty {
            key += " \(Digest.sha256(Array(lock.rendered().utf8))) \(try projectKey(of: checkout))"
        }
        let rootKey = Digest.sha256(Array(key.utf8))
        if let known = storedLayers(rootKey) { return known }
        var layers = system.layers
        for step in platform.steps { layers += try await dependencyLayers(step, system, layers, lock, spec, checkout) }
        layers.append(TitledLayer(layer: try await write(entrypointPlan(layers, lock)), title: "entrypoint"))
        try keepLayers(layers, as: rootKey)
        return layers
    }

    private func dependencyLayers(
        _ step: LockedStep, _ system: SystemLayers, _ below: [TitledLayer], _ lock: Lockfile, _ spec: EnvironmentSpec,
        _ checkout: Checkout
    ) async throws(BuilderError) -> [TitledLayer] {
        let runner = try await pythonStep(with: step.python.uv, over: system, lock)
        report(.phase("installing \(step.python.distributions.count) Python distributions"))
        let dependencies = try await wrappingPython { () throws(PythonStepError) in
            try await runner.install(step.python)
        }
        var parts = [(dependencies, EntryPath?.none, "\(step.python.distributions.count) Python distributions")]
        if !step.python.localProjects.isEmpty {
            report(.phase("installing the project"))
            let key = try projectKey(of: checkout)
            let project = try await wrappingPython { () throws(PythonStepError) in
                try await runner.installProjects(
                    step.python.localProjects, lock: step.python, over: dependencies,
                    checkout: FilePath(checkout.root), checkoutKey: key, variables: spec.variables)
            }
            parts.append((project.system, nil, "the project in the environment"))
            parts.append((project.workspace, Place.generated, "files that the build generates in the repository"))
        }
        var layers: [TitledLayer] = []
        for (folder, prefix, title) in parts {
            let lower = (below + layers).map(\.layer)
            let layer = try await wrappingLayers { () -> Layer? in
                var capture = try captureTree(folder, time: lock.sourceDateEpoch)
                if capture.entries.isEmpty { return nil }
                if let prefix {
                    // Folders have the modes of the checkout's.
                    capture.keepAttributesOfGit()
                    capture = capture.moved(below: prefix)
                }
                return try writeLayer(fromTree: capture, lower: lower, time: lock.sourceDateEpoch, in: store)
            }
            if let layer { layers.append(TitledLayer(layer: layer, title: title)) }
        }
        return layers
    }
}
