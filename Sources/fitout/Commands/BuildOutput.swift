//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import Layers
import OCI
import Store
import SystemPackage

/// One `--output`.
struct BuildOutput {
    enum Form { case layout, archive, rootFileSystem(Compression) }

    let form: Form
    let destination: FilePath

    init(_ text: String) throws {
        var values: [String: String] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw Self.malformed(text) }
            values[pair[0]] = pair[1]
        }
        guard let type = values["type"], let dest = values["dest"], values.count == 2 else {
            throw Self.malformed(text)
        }
        destination = FilePath(dest)
        switch type {
        case "oci", "docker": form = dest.hasSuffix(".tar") ? .archive : .layout
        case "tar":
            form = .rootFileSystem(
                dest.hasSuffix(".gz") || dest.hasSuffix(".tgz") ? .gzip : dest.hasSuffix(".zst") ? .zstd : .none)
        default: throw Self.malformed(text)
        }
    }

    private static func malformed(_ text: String) -> CommandError {
        CommandError(
            "`--output \(text)` is not understood",
            hint: "write `type=oci,dest=image.tar`, with type oci, docker or tar")
    }

    /// Fails now rather than after the build where the place cannot be written to.
    func check() throws {
        let folder = destination.removingLastComponent()
        guard access(folder.isEmpty ? "." : folder.string, W_OK) == 0 else {
            let reason = Errno(rawValue: errno)
            throw CommandError(
                "cannot write `\(destination)`: \(reason)", hint: "name a place in a folder that exists and is writable"
            )
        }
        var status = stat()
        guard lstat(destination.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
        if case .layout = form, access(destination.appending("oci-layout").string, F_OK) == 0 { return }
        throw CommandError("cannot write `\(destination)`: a folder is there", hint: "name a place that does not exist")
    }

    func write(_ images: [Image], tag: String, from store: Store) throws {
        switch form {
        case .layout: try writeLayout(images, tag: tag, to: destination, from: store)
        case .archive: try writeArchive(images, tag: tag, to: destination, from: store)
        case .rootFileSystem(let compression):
            try writeRootFileSystem(of: try only(images), compression: compression, to: destination, from: store)
        }
    }

    private func only(_ images: [Image]) throws -> Image {
        guard images.count == 1, let image = images.first else {
            throw CommandError(
                "a root file system is of one platform", hint: "choose it with `--platform linux/amd64`")
        }
        return image
    }
}
