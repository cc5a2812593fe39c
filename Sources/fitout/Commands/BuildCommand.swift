//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import ArgumentParser
import Builder
import Checkout
import Environment
import Layers
import OCI
import Registry
import Store
import SystemPackage
import Timing

/// `fitout build`: make the image.
struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the image of fitout.yaml.",
        discussion: """
            Locks first where fitout.lock is missing or stale. Without --output the image stays in the store, where \
            `fitout run` finds it. Outputs: `type=oci,dest=FOLDER` an OCI image layout; `type=oci,dest=FILE.tar` or \
            `type=docker,dest=FILE.tar` one archive that docker, podman, skopeo and containerd load; \
            `type=tar,dest=FILE.tar[.gz|.zst]` the root file system. With --push the image goes to a registry, with an \
            index if it is for several platforms.
            """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var workshop: WorkshopOptions

    @Option(name: [.short, .long], help: "The image's name, for example `app:dev`.")
    var tag = "fitout:latest"

    @OptionGroup var platforms: PlatformOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("What to write, may be given several times.", valueName: "type=…,dest=…"))
    var output: [String] = []

    @Option(
        help: ArgumentHelp(
            "How layers are compressed: zstd, gzip for engines that do not know zstd, or none.", valueName: "kind"),
        transform: compression(named:))
    var compression = Compression.zstd

    @Option(
        help: ArgumentHelp(
            "Push the image under this name, `[HOST[:PORT]/]REPOSITORY[:TAG]`; may be given several times.",
            valueName: "reference"))
    var push: [String] = []

    @OptionGroup var registry: RegistryOptions

    @Flag(help: "Fail instead of locking where fitout.lock is missing or stale.")
    var locked = false

    @Flag(name: [.short, .long], help: "Print the digest alone, of the index if there is one.")
    var quiet = false

    func run() async throws {
        let outputs = try output.map(BuildOutput.init)
        for output in outputs { try output.check() }
        let references = try push.map { text throws(RegistryError) in try ImageReference(text) }
        let spec = try platforms.applied(to: try repository.spec())
        let checkout = try repository.checkout()
        let trace = workshop.trace.map { FilePath($0) }
        try await workshop.withWorkshop { workshop in
            var workshop = workshop
            workshop.compression = compression
            let lock = try await repository.currentLock(spec, checkout, isLocked: locked, workshop)
            // Walked again: the image holds the lock too, which may have been written just now.
            let source = try repository.checkout()
            for path in source.unreadable {
                printNote("warning: \(path.path) is left out of the image: \(path.reason)")
            }
            let written = (outputs.map(\.destination) + [trace].compactMap(\.self)).compactMap(repository.path)
            let images = try await workshop.build(lock, spec.platforms, spec, source, leavingOut: written)
            try measured("output") {
                for output in outputs { try output.write(images.map(\.image), tag: tag, from: workshop.store) }
            }
            let content = try PushContent(images.map(\.image), in: workshop.store)
            if quiet { printData("\(content.root.digest)") }
            for (name, image) in zip(spec.platforms, images) where !quiet {
                let size = image.layers.reduce(0) { $0 + $1.layer.size }
                printNote("built \(tag) for \(name): \(image.layers.count) layers, \(size / 1_000_000) MB")
                printData(image.image.descriptor.digest.description)
            }
            for output in outputs where !quiet { printNote("wrote \(output.destination)") }
            if references.isEmpty { return }
            try await push(content, to: references, remembering: workshop.store)
        }
    }

    private func push(
        _ content: PushContent, to references: [ImageReference], remembering store: Store
    ) async throws {
        try await registry.withClient(TransferPrinter(style: quiet ? .none : workshop.progress)) { client in
            for reference in references {
                let result = try await client.push(content, to: reference, remembering: store)
                if quiet { continue }
                printNote(summary(result))
                printData("\(result.reference)")
            }
        }
    }
}

private func compression(named name: String) throws -> Compression {
    guard let compression = Compression(rawValue: name) else {
        throw ValidationError("`\(name)` is not a compression: write zstd, gzip or none")
    }
    return compression
}
