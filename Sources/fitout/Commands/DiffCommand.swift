//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inspection
import OCI

/// `fitout diff`: what is different between two images, to the package and to the file.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what is different between two images.",
        discussion: """
            FIRST and SECOND are OCI image layout folders, tars of them, or names of images in a registry, with \
            `docker://` before them where there is a file of that name. Packages that were added (+), removed (-) or \
            replaced (~) come first, then files, with what is different about them. Exit status 1 says that the images \
            differ.
            """)

    @Argument(help: "A layout folder, a tar, or a reference.")
    var first: String

    @Argument(help: "Another one.")
    var second: String

    @Option(help: "The platform to compare, for images of several.")
    var platform: String?

    @Flag(help: "Leave out the files.")
    var packages = false

    @Flag(help: "Let times of modification count.")
    var times = false

    @OptionGroup var registry: RegistryOptions

    @Option(help: ArgumentHelp("The folder for layers of a registry's image.", valueName: "folder"))
    var store: String?

    func run() async throws {
        let old = try await tree(of: first), new = try await tree(of: second)
        let changes = differences(from: try InstalledPackages(in: old), to: try InstalledPackages(in: new))
        for change in changes { printData(line(change)) }
        var isDifferent = !changes.isEmpty
        if !packages {
            let paths = differences(from: old, to: new, withTimes: times)
            for path in paths { printData(line(path)) }
            isDifferent = isDifferent || !paths.isEmpty
        }
        if isDifferent { throw ExitStatus.different }
    }

    private func tree(of name: String) async throws -> ImageTree {
        let images = try await OpenedImage.all(
            at: try ImageLocation(name), platform: try parsedPlatform(platform), registry, store: store)
        guard let image = images.first else {
            throw CommandError("`\(name)` has no image for `\(platform ?? "")`", hint: "see `fitout inspect \(name)`")
        }
        guard images.count == 1 else {
            throw CommandError(
                "`\(name)` has images for several platforms", hint: "choose one, for example `--platform linux/amd64`")
        }
        return try image.tree()
    }

    private func line(_ change: PackageDifference) -> String {
        switch (change.first, change.second) {
        case (nil, let new?): "+ package \(change.name) \(new)"
        case (let old?, nil): "- package \(change.name) \(old)"
        default: "~ package \(change.name) \(change.first ?? "") -> \(change.second ?? "")"
        }
    }

    private func line(_ change: PathDifference) -> String {
        let path = "/" + printable(String(decoding: change.path, as: UTF8.self))
        switch change.kind {
        case .added(let entry): return "+ \(path)\(size(entry))"
        case .removed(let entry): return "- \(path)\(size(entry))"
        case .changed(let old, let new, let aspects):
            let details = aspects.map { aspect in
                switch aspect {
                case .mode: "mode \(String(old.mode, radix: 8)) -> \(String(new.mode, radix: 8))"
                case .owner: "owner \(old.uid):\(old.gid) -> \(new.uid):\(new.gid)"
                default: aspect.rawValue
                }
            }
            return "~ \(path) (\(details.joined(separator: ", ")))"
        }
    }

    private func size(_ entry: ImageTree.Entry) -> String {
        switch entry.kind {
        case .file(let size, _): "  \(size) B"
        case .directory: "/"
        case .symlink(let target): " -> \(printable(String(decoding: target, as: UTF8.self)))"
        case .special: ""
        }
    }
}
