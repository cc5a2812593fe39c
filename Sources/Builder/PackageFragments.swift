//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import Debian
import Download
import Layers
import Lock
import Store
import Timing

extension Workshop {
    /// The fragments of locked packages, in their order: those in the store, or made now of .debs that are fetched now.
    /// While some are fetched, others are converted.
    func fragments(of packages: [LockedPackage], _ lock: Lockfile, by conversion: Conversion)
        async throws(BuilderError) -> [Fragment]
    {
        let pool = ComputePool()
        // The largest first, so that none of them is left over when all others are done.
        let order = packages.indices.sorted { (packages[$1].size, $0) < (packages[$0].size, $1) }
        do {
            let fragments = try await concurrentMap(order, limit: downloader.parallelism + availableCores()) { index in
                try await self.fragment(of: packages[index], lock, by: conversion, on: pool)
            }
            var sorted = [Fragment?](repeating: nil, count: packages.count)
            for (index, fragment) in zip(order, fragments) { sorted[index] = fragment }
            return sorted.compactMap(\.self)
        } catch let error as LayerError {
            throw .layers(error)
        } catch let error as DownloadError {
            throw .download(error)
        } catch let error as BuilderError {
            throw error
        } catch {
            throw .cancelled
        }
    }

    private func fragment(
        of package: LockedPackage, _ lock: Lockfile, by conversion: Conversion, on pool: ComputePool
    ) async throws -> Fragment {
        let store = store
        let known = try await pool.run {
            if let fragment = storedFragment(conversion.key(of: package.digest), in: store) {
                return fragment as Fragment?
            }
            // A .deb that is there since earlier may have been damaged; without it, it is fetched anew.
            try? store.check(package.digest)
            return nil
        }
        if let known { return known }
        let archive = lock.archives[package.archive]
        let request = DownloadRequest(
            urls: uris(for: archive.uri).map { "\($0)/\(escapedPath(package.path))" }, digest: package.digest,
            size: package.size, label: "\(package.name) \(package.version)")
        let path = try await measured("fetch \(package.name)") { () async throws(DownloadError) in
            try await downloader.blob(request)
        }
        let input = DebInput(package: package.name, path: path, digest: package.digest)
        return try await pool.run {
            try measured("convert \(package.name)") { () throws(LayerError) in
                try convert(deb: input, by: conversion, in: store)
            }
        }
    }
}
