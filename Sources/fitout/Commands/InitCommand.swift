//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Calendar
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
            run and the network is not used. A fitout.yaml that is there already stays as it is; what the repository \
            asks for beyond it is shown as a diff, and --update adds it. Your values, comments and layout are kept. \
            A line that you have made a comment (`# - libpq-dev`) is not added again.
            """)

    @OptionGroup var repository: RepositoryOptions

    @Flag(help: "Add to an existing fitout.yaml what the repository newly asks for.")
    var update = false

    @Flag(help: "Write fitout.yaml anew, whatever it says now.")
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

    @Option(
        help: ArgumentHelp(
            "Write the environment of one member of a workspace, by its folder or name.", valueName: "member"))
    var member: String?

    @Option(help: "How to print what was found: table or json.")
    var format = OutputFormat.table

    func validate() throws {
        if update && force {
            throw ValidationError("--update keeps what is in fitout.yaml and --force does not; give one of them")
        }
    }

    func run() async throws {
        let names = platform.isEmpty ? ["linux/\(hostArchitecture)"] : try platforms(named: platform)
        let plan = try await planned(repository, member: member, suite: suite, platforms: names)
        switch format {
        case .table: printNote(summary(of: plan.plan, plan.detection))
        case .json: printData(json(of: plan.plan, plan.detection))
        }
        for warning in plan.detection.warnings { printNote("warning: \(warning)") }
        let text = Array(plan.plan.spec.rendered().utf8)
        if !force, let existing = try readFileIfPresent(repository.specPath), existing != text {
            return try propose(plan.plan.spec, to: existing)
        }
        if dryRun {
            if format == .table { printData(plan.plan.spec.rendered()) }
            return
        }
        try writeAtomically(text, to: repository.specPath)
        let hasTest = plan.plan.spec.task("test") != nil
        if !hasTest { printNote("\nno command that runs tests was found; write it as `test` below `tasks`") }
        let test = hasTest ? " && fitout run --task test" : ""
        printNote("\nwrote \(repository.specPath)\nnext: fitout build\(test)")
    }

    /// Shows what the existing file lacks, and adds it if that is wanted.
    private func propose(_ spec: EnvironmentSpec, to existing: [UInt8]) throws {
        let path = repository.specPath.string
        let merged = try SpecUpdate(of: existing, with: spec, file: path)
        let old = String(decoding: existing, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let new = merged.text.split(separator: "\n", omittingEmptySubsequences: false)
        let difference = unifiedDifference(
            from: old.map(String.init), to: new.map(String.init), name: repository.specPath.lastComponent?.string ?? "")
        if !merged.notes.isEmpty {
            printNote("\nkept as it is:\n" + merged.notes.map { "  \($0)" }.joined(separator: "\n"))
        }
        if difference.isEmpty { return printNote("\n\(path) has all that the repository asks for") }
        if format == .table { printData("\n\(difference)") }
        if dryRun || !update {
            return printNote("\n\(path) stays as it is\nnext: fitout init --update adds these lines")
        }
        try writeAtomically(Array(merged.text.utf8), to: repository.specPath)
        printNote("\nupdated \(path)\nnext: fitout build")
    }
}

/// The day of an unpacked archive, from the times of its files; nil where they tell none.
private func archiveDate(of checkout: Checkout) -> DateFinding? {
    guard let time = checkout.archiveTime else { return nil }
    let path = checkout["PKG-INFO"] == nil ? "." : "PKG-INFO"
    return DateFinding(day: CalendarDay(daysSinceEpoch: Int(time / 86_400)).description, evidence: Evidence(path))
}

/// Detection and planning of a repository, as `init` and `explain` do it.
func planned(
    _ options: RepositoryOptions, member: String? = nil, suite: String? = nil,
    platforms: [String] = ["linux/\(hostArchitecture)"]
) async throws -> (detection: Detection, plan: EnvironmentPlan) {
    // What does not depend on the tree is made ready while it is walked.
    let root = options.root
    async let day = newestCommitDay(of: root)
    async let shipped = (detectors: builtInDetectors, catalog: try Catalog.builtIn())
    let repository = Repository(try options.checkout())
    // The program ends soon, and taking a hundred thousand files apart one by one takes longer than leaving them.
    _ = Unmanaged.passRetained(repository)
    let (builtIn, catalog) = try await shipped
    let detectors = try builtIn + declaredDetectors(in: root.string)
    var detection = detect(in: repository, using: detectors)
    if let member {
        guard let folder = detection.memberFolder(member) else {
            let names = detection.memberNames
            throw CommandError(
                "no workspace of the repository has the member `\(member)`",
                hint: names.isEmpty
                    ? "there is no workspace; `fitout init -C \(member)` takes a folder as a repository of its own"
                    : "members are \(names.map { "`\($0)`" }.joined(separator: ", "))")
        }
        let own = Repository(try Checkout(root: root.appending(folder).string))
        detection = detection.narrowed(to: folder, own: detect(in: own, using: detectors))
    }
    if repository.checkout.hasGitMetadata, let day = await day {
        detection.findings.append(.date(DateFinding(day: day, evidence: Evidence(".git"))))
    } else if !repository.checkout.hasGitMetadata, let finding = archiveDate(of: repository.checkout) {
        detection.findings.append(.date(finding))
    }
    return (detection, try plan(detection, catalog: catalog, suite: suite, platforms: platforms))
}
