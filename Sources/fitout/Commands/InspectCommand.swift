//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import OCI
import Registry
import Store
import SystemPackage

/// `fitout inspect`: what an image holds, and whether it is sound.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show an image's layers, or check them for what engines refuse or misread.",
        discussion: """
            IMAGE is an OCI image layout folder, a tar of one, or the name of an image in a registry, with `docker://` \
            before it where there is a file of that name. Of an image in a registry, layers are downloaded for \
            `--tree` alone. Problems end with exit status 1.
            """)

    @Argument(help: "A layout folder, a tar, or a reference.")
    var image: String

    @Flag(help: "Check every rule that engines rely on.")
    var validate = false

    @Flag(help: "Show the packages in each layer, by size.")
    var tree = false

    @Option(help: "The platform of an image in a registry, for example `linux/arm64`; all of them unless given.")
    var platform: String?

    @OptionGroup var registry: RegistryOptions

    @Option(help: ArgumentHelp("The folder for layers of a registry's image.", valueName: "folder"))
    var store: String?

    func run() async throws {
        if tree, !validate { return try await showTree() }
        switch try ImageLocation(image) {
        case .path(let path): try inspect(ImageLayout(at: path))
        case .registry(let reference): try await inspect(reference)
        }
    }

    private func showTree() async throws {
        let images = try await OpenedImage.all(
            at: try ImageLocation(image), platform: try parsedPlatform(platform), registry, store: store)
        for image in images {
            printData("\(image.config.platform)  \(image.digest)")
            let report = try ImageReport(of: try image.tree())
            printData(report.text(titles: image.titles, sizes: image.manifest.layers.map(\.size)))
        }
    }

    private func inspect(_ layout: ImageLayout) throws {
        if validate {
            let problems = try OCI.validate(layout)
            for problem in problems { printData("\(problem)") }
            if !problems.isEmpty { throw ExitStatus.different }
            printNote("\(image) is sound")
            return
        }
        for (descriptor, manifest) in try layout.manifests() {
            show(descriptor.digest, manifest, try layout.config(of: manifest))
        }
    }

    private func inspect(_ reference: ImageReference) async throws {
        if validate {
            throw CommandError(
                "only a layout or a tar can be checked",
                hint: "copy the image, for example with `skopeo copy docker://\(reference) oci:FOLDER`")
        }
        let wanted = try parsedPlatform(platform)
        let images = try await untilInterrupted {
            try await registry.withClient(TransferPrinter(style: .none)) { client in
                try await client.images(reference, platform: wanted)
            }
        }
        for image in images { show(image.descriptor.digest, image.manifest, image.config) }
    }

    private func show(_ digest: Digest, _ manifest: Manifest, _ config: ImageConfig) {
        printData("\(config.platform)  \(digest)")
        var table = Table()
        let history = (config.history ?? []).filter { $0.isEmptyLayer != true }
        for (number, layer) in manifest.layers.enumerated() {
            let title = number < history.count ? history[number].createdBy ?? "" : ""
            table.add("\(layer.size / 1_000) kB", "\(layer.digest)", title)
        }
        printData(table.text)
    }
}

/// Where an image is that a command is given.
enum ImageLocation: Equatable {
    case path(FilePath)
    case registry(ImageReference)

    /// With `docker://`, a reference. What exists, and what is written as only paths are, is a path; the rest is a
    /// reference.
    init(_ text: String) throws(RegistryError) {
        let scheme = "docker://"
        if text.hasPrefix(scheme) {
            self = .registry(try ImageReference(String(text.dropFirst(scheme.count))))
        } else if ["/", "./", "../"].contains(where: { text.hasPrefix($0) }) || text.hasSuffix(".tar")
            || access(text, F_OK) == 0
        {
            self = .path(FilePath(text))
        } else {
            self = .registry(try ImageReference(text))
        }
    }
}
