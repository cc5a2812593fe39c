//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
public import Download
public import Store
public import SystemPackage

/// The uv that resolves and installs Python distributions; a single program, which never gets into an image.
public struct Uv: Hashable, Sendable {
    /// Which it is.
    public let locked: LockedUv
    /// The folder that holds the program `uv` and nothing else.
    public let folder: FilePath

    /// Chooses a uv: the newest release, or the given version, for this processor.
    ///
    /// The wheel is for glibc 2.17 and later, which every suite has.
    /// - Throws: ``ToolchainError`` if the index cannot be read or has no such uv.
    public static func lock(
        version: String? = nil, for architecture: PythonPlatform.Architecture, from index: PythonDistributionIndex,
        with downloader: Downloader
    ) async throws(ToolchainError) -> LockedUv {
        let files = try await index.files(of: "uv", with: downloader)
        return try choose(version: version, for: architecture, among: files)
    }

    static func choose(
        version: String?, for architecture: PythonPlatform.Architecture, among files: [PythonDistributionFile]
    ) throws(ToolchainError) -> LockedUv {
        // A wheel for `py3-none`: the minor version does not matter.
        let platform = PythonPlatform(minor: 9, architecture: architecture, glibc: 17)
        let available = files.filter { file in
            !file.isYanked && file.digest != nil && platform.bestWheel(among: [file], named: \.name) != nil
        }
        let versions = Set(available.compactMap { WheelName($0.name)?.version })
        let wanted = version ?? newestRelease(among: versions)
        let candidates = available.filter { WheelName($0.name)?.version == wanted }
        guard let wanted, let file = platform.bestWheel(among: candidates, named: \.name), let digest = file.digest
        else { throw .noSuitableFile(name: "uv", version: version) }
        return LockedUv(version: wanted, wheel: PythonArtifact(url: file.url, size: file.size, digest: digest))
    }

    /// The uv of this lock, from the store or else downloaded and unpacked there.
    ///
    /// - Throws: ``ToolchainError`` if it cannot be downloaded or its wheel has no program.
    public init(_ locked: LockedUv, in store: Store, with downloader: Downloader) async throws(ToolchainError) {
        self.locked = locked
        do {
            folder = try await store.tree("uv", locked.wheel.digest) { unfinished in
                let wheel = try await downloader.blob(
                    DownloadRequest(
                        urls: [locked.wheel.url], digest: locked.wheel.digest, size: locked.wheel.size,
                        label: "uv \(locked.version)"))
                try Self.extract(wheel, version: locked.version, to: unfinished.appending("uv"))
            }
        } catch let error as ToolchainError {
            throw error
        } catch let error as DownloadError {
            throw .download(error)
        } catch let error as ArchiveError {
            throw .cannotUnpack("uv \(locked.version)", reason: "\(error)")
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .cannotUnpack("uv \(locked.version)", reason: "\(error)")
        }
    }

    private static func extract(_ wheel: FilePath, version: String, to path: FilePath) throws {
        var reader = try ArchiveReader(.file(path: wheel.string), limit: 1 << 30)
        let name = Array("uv-\(version).data/scripts/uv".utf8)
        while let entry = try reader.next() {
            guard entry.path == name else { continue }
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute])
            defer { try? file.close() }
            while try reader.nextBlock() {
                try reader.withBlock { block in try block.withUnsafeBytes { _ = try file.writeAll($0) } }
            }
            return
        }
        throw ToolchainError.cannotUnpack("uv \(version)", reason: "its wheel has no program `uv`")
    }
}
