//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Detection
import Detectors
import SystemPackage

/// `fitout detectors`: what reads a repository.
struct DetectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detectors", abstract: "List the detectors, those of the repository's .fitout/detectors included.")

    @OptionGroup var repository: RepositoryOptions

    func run() async throws {
        var table = Table()
        for detector in try builtInDetectors + declaredDetectors(in: repository.root.string) {
            table.add(detector.name, detector.summary)
        }
        printData(table.text)
    }
}
