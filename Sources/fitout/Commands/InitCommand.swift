//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Checkout
import Detection
import Detectors
import Environment
import History
import Store
import SystemPackage

/// `fitout init`: detect, plan, write the spec.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Detect what the repository needs and write fitout.yaml.",
        discussion: """
            Reads package manifests, lockfiles, toolchain files and CI configuration. Nothing of the repository is \
            run and the network is not used. A fitout.yaml that is there already is kept unless --force is given.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Flag(help: "Overwrite an existing fitout.yaml.")
    var force = false

    @Flag(name: .customLong("dry-run"), help: "Print the spec instead of writing it.")
    var dryRun = false

    @Option(help: "Take this suite (trixie, bookworm, jammy…) instead of the one that fits best.")
    var suite: String?

    @Option(
        help: ArgumentHelp(
            "Platforms to write, separated by commas or given several times; this machine's unless given.",
            valueName: "platform,…"))
    var platform: [String] = []

    @Option(help: "How to print what was found: table or json.")
    var format = OutputFormat.table

    func run() async throws {
        let names = platform.isEmpty ? ["linux/\(hostArchitecture)"] : try platforms(named: platform)
        let plan = try await planned(repository, suite: suite, platforms: names)
        switch format {
        case .table: printNote(summary(of: plan.plan, plan.detection))
        case .json: printData(json(of: plan.plan, plan.detection))
        }
        for warning in plan.detection.warnings { printNote("warning: \(warning)") }
        if dryRun {
            if format == .table { printData(plan.plan.spec.rendered()) }
            return
        }
        let text = Array(plan.plan.spec.rendered().utf8)
        if let existing = try readFileIfPresent(repository.specPath), existing != text, !force {
            throw CommandError(
                "\(repository.specPath) is there already and says something else",
                hint: "compare with `fitout init --dry-run`, or overwrite it with `--force`")
        }
        try writeAtomically(text, to: repository.specPath)
        let test = plan.plan.spec.task("test") == nil ? "" : " && fitout run --task test"
        printNote("\nwrote \(repository.specPath)\nnext: fitout build\(test)")
    }
}

/// Detection and planning of a repository, as `init` and `explain` do it.
func planned(
    _ options: RepositoryOptions, suite: String? = nil, platforms: [String] = ["linux/\(hostArchitecture)"]
) async throws -> (detection: Detection, plan: EnvironmentPlan) {
    let repository = Repository(try options.checkout())
    let detectors = try builtInDetectors + declaredDetectors(in: options.root.string)
    var detection = detect(in: repository, using: detectors)
    if repository.checkout.hasGitMetadata, let day = await newestCommitDay(of: options.root) {
        detection.findings.append(.date(DateFinding(day: day, evidence: Evidence(".git"))))
    }
    return (detection, try plan(detection, catalog: try Catalog.builtIn(), suite: suite, platforms: platforms))
}
