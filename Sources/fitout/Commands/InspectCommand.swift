//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
import OCI
import SystemPackage

/// `fitout inspect`: what an image holds, and whether it is sound.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show an image's layers, or check them for what engines refuse or misread.",
        discussion: "IMAGE is an OCI image layout folder, or a tar of one. Problems end with exit status 1.")

    @Argument(help: "A layout folder or a tar.")
    var image: String

    @Flag(help: "Check every rule that engines rely on.")
    var validate = false

    func run() async throws {
        let layout = try ImageLayout(at: FilePath(image))
        if validate {
            let problems = try OCI.validate(layout)
            for problem in problems { printData("\(problem)") }
            if !problems.isEmpty { throw ExitStatus.different }
            printNote("\(image) is sound")
            return
        }
        for (descriptor, manifest) in try layout.manifests() {
            let config = try layout.config(of: manifest)
            printData("\(config.platform)  \(descriptor.digest)")
            var table = Table()
            let history = config.history ?? []
            for (number, layer) in manifest.layers.enumerated() {
                let title = number < history.count ? history[number].createdBy ?? "" : ""
                table.add("\(layer.size / 1_000) kB", "\(layer.digest)", title)
            }
            printData(table.text)
        }
    }
}
