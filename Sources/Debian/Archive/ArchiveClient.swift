//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Concurrency
public import Download
public import Store
import SystemPackage

/// Gets package indexes from archives, verified from the signature of the release file on down.
///
/// Parsed indexes are kept in the store under the digest of the file they were made from, and mapped from there.
public struct ArchiveClient: Sendable {
    private let downloader: Downloader
    private let store: Store
    private let verifier: SignatureVerifier
    private let isOffline: Bool

    /// A client that downloads with `downloader` and keeps what it has in `store`.
    ///
    /// Offline, the last release file that was verified is used, whatever its `Valid-Until`.
    public init(downloader: Downloader, store: Store, isOffline: Bool = false, verifier: SignatureVerifier? = nil) {
        self.downloader = downloader
        self.store = store
        self.isOffline = isOffline
        self.verifier = verifier ?? SignatureVerifier(store: store)
    }

    /// The packages that these sources together have for an architecture, at `now` in seconds since 1970.
    ///
    /// Earlier sources come first where two have the same version.
    public func load(
        _ sources: [ArchiveSource], architecture: String, now: Int64
    ) async throws(DebianError) -> PackageIndex {
        let indexes: [PackageIndex]
        do {
            indexes = try await concurrentMap(sources, limit: 2) { source in
                try await load(source, architecture: architecture, now: now)
            }
        } catch let error as DebianError {
            throw error
        } catch {
            throw .cannot("load package indexes", cause: "\(error)")
        }
        return try PackageIndex(merging: indexes, architecture: architecture)
    }

    /// The packages that a source has for an architecture, at `now` in seconds since 1970.
    public func load(
        _ source: ArchiveSource, architecture: String, now: Int64
    ) async throws(DebianError) -> PackageIndex {
        guard source.architectures.isEmpty || source.architectures.contains(architecture) else {
            throw .cannot("load \(source.suite)", cause: "the source has no architecture `\(architecture)`")
        }
        let (release, mirror) = try await release(source, now: now)
        var parts: [IndexPart] = []
        for component in source.components {
            let origin = IndexOrigin(
                baseURL: mirror, suite: source.suite, component: component, date: release.date,
                priority: release.priority)
            parts.append(try await part(origin, release, source, architecture: architecture))
        }
        return PackageIndex(architecture: architecture, parts: parts)
    }

    // MARK: - Release file

    private func release(
        _ source: ArchiveSource, now: Int64
    ) async throws(DebianError) -> (release: ReleaseFile, mirror: String) {
        var failure = DebianError.cannot("load \(source.suite)", cause: "the source has no mirror")
        for mirror in source.mirrors.map(withoutSlash) {
            do throws(DebianError) {
                return (try await release(source, at: mirror, now: now), mirror)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private func release(
        _ source: ArchiveSource, at mirror: String, now: Int64
    ) async throws(DebianError) -> ReleaseFile {
        let url = "\(mirror)/dists/\(source.suite)/InRelease"
        let key = Digest.sha256(Array("\(url)\n\(source.keyring)".utf8))
        let bytes = try await inRelease(url, key)
        let text = try await verifier.signedText(of: bytes, keyring: source.keyring, source: url)
        let release = try ReleaseFile(signedText: text, source: url)
        try release.check(suite: source.suite, now: now, allowExpired: source.allowExpired || isOffline)
        do throws(StoreError) { try store.setRecord("debian-release", key, bytes) } catch {
            throw .cannot("keep \(url)", cause: error.description)
        }
        return release
    }

    private func inRelease(_ url: String, _ key: Digest) async throws(DebianError) -> [UInt8] {
        if isOffline, let bytes = store.record("debian-release", key) { return bytes }
        do throws(DownloadError) {
            return try await downloader.document(url, maximumSize: 16 << 20)
        } catch {
            throw .cannot("load \(url)", cause: error.description)
        }
    }

    // MARK: - Index

    private func part(
        _ origin: IndexOrigin, _ release: ReleaseFile, _ source: ArchiveSource, architecture: String
    ) async throws(DebianError) -> IndexPart {
        let folder = "\(origin.component)/binary-\(architecture)"
        let url = "\(origin.baseURL)/dists/\(origin.suite)"
        let listed = ["Packages.xz", "Packages.gz", "Packages"].lazy.compactMap { name in
            release.entry("\(folder)/\(name)").map { (name, $0) }
        }
        guard let (name, entry) = listed.first else {
            throw .release(source: "\(url)/InRelease", .missingFile("\(folder)/Packages.xz"))
        }
        let kind = "debian-index-\(IndexLayout.version)-\(architecture)"
        if let known = store.record(kind, entry.sha256).flatMap({ Digest(bytes: $0) }), store.contains(known),
            let part = IndexPart(try IndexStorage.mapping(store.blobPath(known)), origin: origin)
        {
            return part
        }
        var urls = source.mirrors.map { "\(withoutSlash($0))/dists/\(origin.suite)/\(folder)/\(name)" }
        if release.hasPathsByHash {
            urls.insert("\(url)/\(folder)/by-hash/SHA256/\(entry.sha256.hex)", at: 0)
        }
        let label = "\(origin.suite)/\(folder)/\(name)"
        let request = DownloadRequest(urls: urls, digest: entry.sha256, size: entry.size, label: label)
        let parsed = try parse(try await fetch(request), origin, architecture: architecture, label: label)
        return try keep(parsed, kind, entry.sha256, origin, label: label)
    }

    private func fetch(_ request: DownloadRequest) async throws(DebianError) -> FilePath {
        do throws(DownloadError) {
            return try await downloader.blob(request)
        } catch {
            throw .cannot("load \(request.label)", cause: error.description)
        }
    }

    private func parse(
        _ path: FilePath, _ origin: IndexOrigin, architecture: String, label: String
    ) throws(DebianError) -> [UInt8] {
        let compressed = try read(path, limit: 1 << 30)
        let text: [UInt8]
        do throws(ArchiveError) {
            text = try decompress(compressed, limit: 1 << 30)
        } catch {
            throw .cannot("unpack \(label)", cause: error.description)
        }
        return try PackageIndex.parse(text, architecture: architecture, origin: origin)
    }

    private func keep(
        _ parsed: [UInt8], _ kind: String, _ key: Digest, _ origin: IndexOrigin, label: String
    ) throws(DebianError) -> IndexPart {
        let digest: Digest
        do throws(StoreError) {
            digest = try store.insert(parsed)
            try store.setRecord(kind, key, digest.bytes)
        } catch {
            throw .cannot("keep \(label)", cause: error.description)
        }
        guard let part = IndexPart(try IndexStorage.mapping(store.blobPath(digest)), origin: origin) else {
            throw .cannot("read \(label)", cause: "its parsed form is inconsistent")
        }
        return part
    }
}

extension BinaryPackage {
    /// What to download to have the .deb file.
    public var downloadRequest: DownloadRequest {
        DownloadRequest(urls: [url], digest: sha256, size: size, label: "\(name) \(version)")
    }
}

private func withoutSlash(_ url: String) -> String {
    url.hasSuffix("/") ? String(url.dropLast()) : url
}
