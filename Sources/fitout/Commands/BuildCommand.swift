//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Archive
import Builder
import Environment
import Layers
import OCI
import Store
import SystemPackage

/// `fitout build`: make the image.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the image of fitout.yaml.",
        discussion: """
            Locks first where fitout.lock is missing or stale. Without --output the image stays in the store, where \
            `fitout run` finds it. Outputs: `type=oci,dest=FOLDER` an OCI image layout; `type=oci,dest=FILE.tar` or \
            `type=docker,dest=FILE.tar` one archive that docker, podman, skopeo and containerd load; \
            `type=tar,dest=FILE.tar[.gz|.zst]` the root file system.
            """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var workshop: WorkshopOptions

    @Option(name: [.short, .long], help: "The image's name, for example `app:dev`.")
    var tag = "fitout:latest"

    @Option(help: "Platforms to build, separated by commas; those of fitout.yaml unless given.")
    var platform: String?

    @Option(name: [.short, .long], help: ArgumentHelp("What to write, may be given several times.", valueName: "type=…,dest=…"))
    var output: [String] = []

    @Flag(help: "Fail instead of locking where fitout.lock is missing or stale.")
    var locked = false

    func run() async throws {
        let outputs = try output.map(BuildOutput.init)
        let spec = try repository.spec()
        let checkout = try repository.checkout()
        try await workshop.withWorkshop { workshop in
            let lock = try await repository.currentLock(spec, checkout, isLocked: locked, workshop)
            let platforms = platform.map { $0.split(separator: ",").map(String.init) } ?? spec.platforms
            var images: [BuiltImage] = []
            for name in platforms { images.append(try await workshop.build(lock, name, spec, checkout)) }
            for output in outputs { try output.write(images.map(\.image), tag: tag, from: workshop.store) }
            for (name, image) in zip(platforms, images) {
                let size = image.layers.reduce(0) { $0 + $1.layer.size }
                printNote("built \(tag) for \(name): \(image.layers.count) layers, \(size / 1_000_000) MB")
                printData(image.image.descriptor.digest.description)
            }
            for output in outputs { printNote("wrote \(output.destination)") }
        }
    }
}

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
        guard let type = values["type"], let dest = values["dest"], values.count == 2 else { throw Self.malformed(text) }
        destination = FilePath(dest)
        switch type {
        case "oci", "docker": form = dest.hasSuffix(".tar") ? .archive : .layout
        case "tar":
            form = .rootFileSystem(dest.hasSuffix(".gz") || dest.hasSuffix(".tgz") ? .gzip : dest.hasSuffix(".zst") ? .zstd : .none)
        default: throw Self.malformed(text)
        }
    }

    private static func malformed(_ text: String) -> CommandError {
        CommandError(
            "`--output \(text)` is not understood",
            hint: "write `type=oci,dest=image.tar`, with type oci, docker or tar")
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
