//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Layers
import Store

extension Checkout {
    /// The paths of the repository's files without what running its programs leaves behind: byte-code, results of
    /// coverage, and folders marked as caches (Cache Directory Tagging Specification).
    var sourcePaths: [String] {
        let caches = files.filter { $0.name == "CACHEDIR.TAG" && isCacheTag($0) }.map { $0.directory + "/" }
        return files.map(\.path).filter { path in
            let parts = path.split(separator: "/")
            return !parts.dropLast().contains { $0 == "__pycache__" || $0 == ".hypothesis" }
                && parts.last != ".coverage"
                && !path.hasSuffix(".pyc") && !caches.contains { path.hasPrefix($0) }
        }
    }

    private func isCacheTag(_ file: CheckoutFile) -> Bool {
        guard !file.directory.isEmpty, let bytes = try? read(file.path, limit: 1 << 16) else { return false }
        return bytes.starts(with: "Signature: 8a477f597d28d172789f06886806bc55".utf8)
    }
}

extension Workshop {
    /// The paths of the repository's files that are no copies of what installing the project generates: the entrypoint
    /// lays those under a repository that is mounted, where the next build finds them.
    func ungenerated(_ paths: [String], of checkout: Checkout, _ layers: [TitledLayer]) throws(BuilderError) -> [String]
    {
        var generated: [EntryPath: Digest] = [:]
        guard let folder = Place.generated else { return paths }
        for item in layers {
            let entries: [LayerEntry]
            do throws(LayerError) { entries = try inventory(of: item.layer, in: store) } catch { throw .layers(error) }
            for entry in entries.map(\.entry) where entry.path.bytes.starts(with: folder.bytes) {
                if case .file(_, let digest) = entry.kind { generated[entry.path] = digest }
            }
        }
        if generated.isEmpty { return paths }
        return paths.filter { path in
            guard let place = EntryPath(path), let digest = generated[folder.appending(place)] else { return true }
            return (try? checkout.read(path, limit: 1 << 30)).map { Digest.sha256($0) } != digest
        }
    }
}
