//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OCI
import Registry
import Store
import SystemPackage

/// `fitout push`: bring an image to a registry.
struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push an image to a registry.",
        discussion: """
            IMAGE is what `fitout build -o type=oci,dest=IMAGE` has written: a layout folder or a tar. REFERENCE is \
            `[HOST[:PORT]/]REPOSITORY[:TAG]`, on Docker Hub unless a host is named. Credentials are those of `docker \
            login` and `podman login`. `fitout build --push REFERENCE` pushes without writing the image first.
            """)

    @Argument(help: "A layout folder or a tar.")
    var image: String

    @Argument(help: "Where to push it, one or several names.")
    var references: [String]

    @OptionGroup var registry: RegistryOptions

    @Flag(name: .customLong("dry-run"), help: "Tell what would be pushed, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("The folder for downloads and results.", valueName: "folder"))
    var store: String?

    @Option(help: "How to show progress: auto, plain, json or none.")
    var progress = ProgressStyle.auto

    @Flag(name: [.short, .long], help: "Print the digest alone.")
    var quiet = false

    func validate() throws {
        if references.isEmpty { throw ValidationError("Missing expected argument '<references> ...'") }
    }

    func run() async throws {
        let references = try references.map { text throws(RegistryError) in try ImageReference(text) }
        let content = try PushContent(ImageLayout(at: FilePath(image)))
        let store = try Store(at: storeFolder(store, currentEnvironment()))
        try await untilInterrupted {
            try await registry.withClient(TransferPrinter(style: quiet ? .none : progress)) { client in
                for reference in references {
                    let result = try await client.push(content, to: reference, remembering: store, isDryRun: dryRun)
                    if dryRun && !quiet { printData(table(result).text) }
                    if !quiet { printNote(summary(result, isDryRun: dryRun)) }
                    printData(quiet ? "\(content.root.digest)" : "\(result.reference)")
                }
            }
        }
    }
}

private func table(_ result: PushResult) -> Table {
    var table = Table()
    for item in result.blobs + result.documents {
        let outcome =
            switch item.outcome {
            case .existed: "is there"
            case .mounted(let source): "would be mounted from \(source)"
            case .uploaded: "would be uploaded"
            }
        table.add("\(item.digest)", byteCount(item.size), outcome)
    }
    return table
}

/// What came of a push, for people.
func summary(_ result: PushResult, isDryRun: Bool = false) -> String {
    var uploaded: (count: Int, bytes: Int64) = (0, 0), others = 0
    for item in result.blobs {
        if item.outcome == .uploaded {
            uploaded = (uploaded.count + 1, uploaded.bytes + item.size)
        } else {
            others += 1
        }
    }
    return (isDryRun ? "would upload " : "uploaded ") + "\(uploaded.count) blobs, \(byteCount(uploaded.bytes)); "
        + "\(others) of \(result.blobs.count) are with the registry already"
}
