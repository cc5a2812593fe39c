//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Checkout
import Detection
import Detectors
import Environment
import Store
import SystemPackage

/// `fitout detectors`: which detectors there are, what they read, and whether they find what they should.
struct DetectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detectors",
        abstract: "List, explain and test detectors, those of the repository's .fitout/detectors included.",
        subcommands: [DetectorListCommand.self, DetectorShowCommand.self, DetectorTestCommand.self],
        defaultSubcommand: DetectorListCommand.self)
}

/// `fitout detectors list`: the names and what each reads.
struct DetectorListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the detectors.")

    @OptionGroup var repository: RepositoryOptions

    func run() async throws {
        var table = Table()
        for detector in try allDetectors(of: repository) { table.add(detector.name, detector.summary) }
        printData(table.text)
    }
}

/// `fitout detectors show`: the files that one detector reads.
struct DetectorShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the files that a detector reads, what they say, and which of them wins.",
        discussion: """
            Of two files that name a version, the kind of statement decides first: a pin is stronger than a range, and \
            both are stronger than what was locked or what another environment holds (hint). Among statements of one \
            kind, the file that stands higher in the list is stronger.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Argument(help: "The detector's name, as `fitout detectors` lists it.")
    var name: String

    func run() async throws {
        let detectors = try allDetectors(of: repository)
        guard let detector = detectors.first(where: { $0.name == name }) else {
            throw CommandError("there is no detector `\(name)`", hint: "`fitout detectors` lists those there are")
        }
        var table = Table()
        for source in detector.sources { table.add(source.pattern, source.kind?.rawValue ?? "", source.what) }
        printData("\(detector.name): \(detector.summary)" + (table.isEmpty ? "" : "\n\n\(table.text)"))
    }
}

/// `fitout detectors test`: small repositories with the findings that are expected in them.
struct DetectorTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run detectors over small repositories and compare what they find with what is expected.",
        discussion: """
            FOLDER holds a folder for each case, and beside it `CASE.findings.txt` with one finding to a line. The \
            detectors are those of `fitout detectors`, and those in the case's own .fitout/detectors. \
            --record writes the expected findings from what is found: read them before you keep them.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Option(help: ArgumentHelp("Run this detector only; may be given several times.", valueName: "name"))
    var detector: [String] = []

    @Flag(help: "Write what is found as what is expected.")
    var record = false

    @Argument(help: "The folder with the cases.")
    var folder: String

    func run() async throws {
        let detectors = try allDetectors(of: repository)
        for name in detector where !detectors.contains(where: { $0.name == name }) {
            throw CommandError("there is no detector `\(name)`", hint: "`fitout detectors` lists those there are")
        }
        let root = repository.absolute(FilePath(folder))
        // A file in a folder makes the folder a case.
        let nested = try Checkout(root: root.string).files.filter { $0.depth > 0 }
        let cases = Set(nested.compactMap { $0.path.split(separator: "/").first }).sorted()
        if cases.isEmpty {
            throw CommandError("no cases in \(root)", hint: "make a folder with the files of a small repository")
        }
        var failures = 0
        for name in cases where try !passes(String(name), in: root, detectors) { failures += 1 }
        printNote("\(cases.count) cases, \(failures) failed")
        if failures > 0 && !record { throw ExitStatus.different }
    }

    /// Whether the findings of a case are those beside it; prints what differs.
    private func passes(_ name: String, in root: FilePath, _ detectors: [any Detector]) throws -> Bool {
        let path = root.appending(name)
        let all = try detectors + declaredDetectors(in: path.string)
        let wanted = all.filter { detector.isEmpty || detector.contains($0.name) }
        let found = detect(in: Repository(try Checkout(root: path.string)), using: wanted)
        let lines = found.findings.map { "\($0)" } + found.warnings.map { "warning \($0)" }
        let file = root.appending("\(name).findings.txt")
        let actual = lines.map { $0 + "\n" }.joined()
        if record {
            try writeAtomically(Array(actual.utf8), to: file)
            printData("recorded  \(file)")
            return true
        }
        guard let expected = try readFileIfPresent(file) else {
            printData("failed    \(name): there is no \(file.lastComponent?.string ?? "")")
            return false
        }
        if expected.elementsEqual(actual.utf8) {
            printData("passed    \(name)")
            return true
        }
        let old = String(decoding: expected, as: UTF8.self).split(separator: "\n").map(String.init)
        printData("failed    \(name)\n" + unifiedDifference(from: old, to: lines, name: file.string))
        return false
    }
}

/// The detectors that ship with the tool, and those of the repository.
private func allDetectors(of options: RepositoryOptions) throws -> [any Detector] {
    try builtInDetectors + declaredDetectors(in: options.root.string)
}
