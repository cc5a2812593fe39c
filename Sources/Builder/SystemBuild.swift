//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Debian
public import Layers
import Lock
import State
public import Store
import SystemPackage
import Timing

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
    private static var systemVersion: Int { 5 }

    /// The digest of what decides a platform's system layers.
    func systemKey(of platform: LockedPlatform, in lock: Lockfile) -> Digest {
        var text = "system \(Self.systemVersion) \(lock.base) \(platform.name) \(lock.sourceDateEpoch)\n"
        text += "\(compression.identity)\n"
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
        let state = try await systemState(of: try await unpack(platform, lock), platform, lock, try suite(of: lock))
        try await require(state.unhandled, runOn: platform)
    }

    /// The packages with their content.
    private func unpack(_ platform: LockedPlatform, _ lock: Lockfile) async throws(BuilderError) -> [Unpacked] {
        let suite = try suite(of: lock)
        report(.phase("fetching and converting \(platform.packages.count) packages"))
        let conversion = Conversion(isUsrMerged: suite.isUsrMerged)
        let fragments = try await measured("packages") { () async throws(BuilderError) in
            try await self.fragments(of: platform.packages, lock, by: conversion)
        }
        return try unpackedPackages(platform.packages, fragments, lock)
    }

    private func buildSystem(
        _ platform: LockedPlatform, _ lock: Lockfile
    ) async throws(BuilderError) -> [TitledLayer] {
        let suite = try suite(of: lock)
        let unpacked = try await unpack(platform, lock)

        report(.phase("writing layers and configuring packages"))
        async let state = systemState(of: unpacked, platform, lock, suite)
        var layers = try await packageLayers(unpacked, platform, lock, suite)
        let configuration: SystemState
        do { configuration = try await state } catch { throw error as? BuilderError ?? .cancelled }
        try await require(configuration.unhandled, runOn: platform)
        try keepAccounts(of: unpacked, configuration, on: platform, in: lock)
        let time = lock.sourceDateEpoch
        var generated = configuration.entries
        generated += configuration.removals.compactMap { GeneratedEntry.whiteout($0, mtime: time) }
        try addOrdinaryUser(to: &generated, time: time)
        let plan = LayerPlan(generated: generated, time: time, compression: compression)
        layers.append(TitledLayer(layer: try await write(plan, over: layers), title: "configuration"))
        if !configuration.unhandled.isEmpty {
            layers.append(try await configureInSandbox(configuration.unhandled, over: layers, platform, lock))
        }
        return layers
    }

    /// The layers of the packages' own files.
    private func packageLayers(
        _ packages: [Unpacked], _ platform: LockedPlatform, _ lock: Lockfile, _ suite: Suite
    ) async throws(BuilderError) -> [TitledLayer] {
        let groups = try wrappingDebian { () throws(DebianError) in try PackageGroup.groups(of: packages) }
        let lost = try wrappingDebian { () throws(DebianError) in
            try replacedPaths(packages.map { ($0.package, $0.fragment) })
        }
        let time = lock.sourceDateEpoch
        var plans = groups.map { group in
            let parts = group.packages.map { item in
                LayerPlan.Part(
                    name: item.package.name, fragment: item.fragment, excluding: lost[item.package.name] ?? [])
            }
            return LayerPlan(parts: parts, time: time, compression: compression)
        }
        if suite.isUsrMerged, !plans.isEmpty {
            let shipped = Set(packages.flatMap { $0.fragment.members.map(\.entry.path) })
            plans[0].generated = usrMergeLinks(platform.architecture, time: 0).filter {
                !shipped.contains($0.entry.path)
            }
        }
        let layers = try await measured("layers") { [plans] () async throws(BuilderError) in
            try await wrappingLayers { try await writeLayers(plans, in: store) }
        }
        return zip(groups, layers).map { group, layer in
            TitledLayer(layer: layer, title: "\(group.name): \(group.packages.count) packages")
        }
    }

    /// The layer of a plan over others.
    func write(_ plan: LayerPlan, over lower: [TitledLayer]) async throws(BuilderError) -> Layer {
        try await wrappingLayers { try await writeLayer(plan, over: lower.map(\.layer), in: store) }
    }
}
