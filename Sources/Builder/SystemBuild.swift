//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Download
public import Layers
import Lock
import State
public import Store
import SystemPackage

/// The system part of an image: its layers, lowest first.
public struct SystemLayers: Hashable, Sendable {
    /// The layers with what each holds, for the image's history.
    public let layers: [TitledLayer]
    /// The digest of all that decided them.
    public let key: Digest
}

/// A layer and what it holds, in a few words.
public struct TitledLayer: Hashable, Sendable {
    /// The layer.
    public let layer: Layer
    /// What it holds, for example `base system: 81 packages`.
    public let title: String
}

extension Workshop {
    /// The layers of a locked platform's packages: those in the store, or made now.
    func systemLayers(of platform: LockedPlatform, in lock: Lockfile) async throws(BuilderError) -> SystemLayers {
        let lock = lock.only(platform)
        let key = systemKey(of: platform, in: lock)
        if let known = storedLayers(key) { return SystemLayers(layers: known, key: key) }
        let layers = try await buildSystem(platform, lock)
        try keepLayers(layers, as: key)
        return SystemLayers(layers: layers, key: key)
    }

    /// Changes when the same packages give other layers.
    private static var systemVersion: Int { 2 }

    /// The digest of what decides a platform's system layers.
    func systemKey(of platform: LockedPlatform, in lock: Lockfile) -> Digest {
        var text = "system \(Self.systemVersion) \(lock.base) \(platform.name) \(lock.sourceDateEpoch)\n"
        for package in platform.packages {
            let archive = lock.archives[package.archive]
            text += "\(package.digest) \(package.group.rawValue) \(archive.uri) \(archive.suite)\n"
        }
        return .sha256(Array(text.utf8))
    }

    /// Sees that what the packages of a foreign platform would run can run here, unless its layers are made already.
    func checkScripts(of platform: LockedPlatform, in lock: Lockfile) async throws(BuilderError) {
        let lock = lock.only(platform)
        guard isForeign(platform), storedLayers(systemKey(of: platform, in: lock)) == nil else { return }
        _ = try await prepare(platform, lock)
    }

    /// Fetches and converts packages, and computes what configuring them leaves.
    ///
    /// - Throws: ``BuilderError/scripts(_:platform:hint:)`` where scripts would have to run that cannot or may not.
    private func prepare(
        _ platform: LockedPlatform, _ lock: Lockfile
    ) async throws(BuilderError) -> (packages: [Unpacked], state: SystemState) {
        let suite = try suite(of: lock)
        report(.phase("fetching \(platform.packages.count) packages"))
        let paths = try await fetch(platform.packages, lock)
        report(.phase("converting packages"))
        let inputs = zip(platform.packages, paths).map { DebInput(package: $0.name, path: $1, digest: $0.digest) }
        let conversion = Conversion(isUsrMerged: suite.isUsrMerged)
        let fragments = try await wrappingLayers { try await convert(debs: inputs, by: conversion, in: store) }
        let packages = try unpackedPackages(platform.packages, fragments, lock)
        report(.phase("configuring packages"))
        let state = try systemState(of: packages, platform, lock, suite)
        try await require(state.unhandled, runOn: platform)
        return (packages, state)
    }

    private func buildSystem(
        _ platform: LockedPlatform, _ lock: Lockfile
    ) async throws(BuilderError) -> [TitledLayer] {
        let (unpacked, state) = try await prepare(platform, lock)
        let suite = try suite(of: lock)
        let lost = try wrappingDebian { () throws(DebianError) in
            try replacedPaths(unpacked.map { ($0.package, $0.fragment) })
        }
        func part(_ item: Unpacked) -> LayerPlan.Part {
            .init(name: item.package.name, fragment: item.fragment, excluding: lost[item.package.name] ?? [])
        }

        report(.phase("writing layers"))
        let base = unpacked.filter { $0.locked.group == .base }
        let others = unpacked.filter { $0.locked.group != .base }
        let epoch = lock.sourceDateEpoch
        var plan = LayerPlan(parts: base.map(part), time: epoch)
        if suite.isUsrMerged {
            let shipped = Set(base.flatMap { $0.fragment.members.map(\.entry.path) })
            plan.generated = usrMergeLinks(platform.architecture, time: epoch).filter {
                !shipped.contains($0.entry.path)
            }
        }
        var layers = [TitledLayer(layer: try await write(plan), title: "base system: \(base.count) packages")]
        if !others.isEmpty {
            let plan = LayerPlan(parts: others.map(part), lower: layers.map(\.layer), time: epoch)
            layers.append(TitledLayer(layer: try await write(plan), title: "\(others.count) packages"))
        }

        var generated = state.entries
        generated += state.removals.compactMap { GeneratedEntry.whiteout($0, mtime: epoch) }
        try addOrdinaryUser(to: &generated, time: epoch)
        let statePlan = LayerPlan(generated: generated, lower: layers.map(\.layer), time: epoch)
        layers.append(TitledLayer(layer: try await write(statePlan), title: "configuration"))
        if !state.unhandled.isEmpty {
            layers.append(try await configureInSandbox(state.unhandled, over: layers, platform, lock))
        }
        return layers
    }

    private func fetch(
        _ packages: [LockedPackage], _ lock: Lockfile
    ) async throws(BuilderError) -> [FilePath] {
        let requests = packages.map { package in
            let archive = lock.archives[package.archive]
            let urls = uris(for: archive.uri).map { "\($0)/\(escapedPath(package.path))" }
            return DownloadRequest(
                urls: urls, digest: package.digest, size: package.size, label: "\(package.name) \(package.version)")
        }
        // What is in the store since earlier may have been damaged there; without it, it is fetched anew.
        for package in packages { try? store.check(package.digest) }
        do throws(DownloadError) { return try await downloader.blobs(requests) } catch { throw .download(error) }
    }

    func write(_ plan: LayerPlan) async throws(BuilderError) -> Layer {
        try await wrappingLayers { try await writeLayer(plan, in: store) }
    }
}
