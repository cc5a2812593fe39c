//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import Detection

/// Turns the parts that detectors found into steps: runtime and test parts always, development parts where nothing is
/// named for tests.
func planDependencies(
    _ findings: [DependencyFinding], day: DateFinding?, python: ToolchainDecision?, catalogDay: String,
    released: (ToolchainDecision?) -> String?
) -> (steps: [DependencyStep], rejected: [RejectedDependency]) {
    let supported = findings.filter { $0.manager == "uv" }
    var rejected = findings.filter { $0.manager != "uv" }.map {
        RejectedDependency(finding: $0, reason: "no step installs with \($0.manager)")
    }
    // The project nearest to the root is the one that the environment is for; a folder that only has parts for
    // documentation or style is none.
    let directories = Set(supported.filter(\.makesProject).map(\.directory)).sorted { ($0.depth, $0) < ($1.depth, $1) }
    guard let directory = directories.first else {
        return ([], rejected + supported.map { RejectedDependency(finding: $0, reason: $0.role.whyLeftOut) })
    }
    let members = supported.filter { $0.directory == directory }
    rejected += supported.filter { $0.directory != directory }.map {
        let place = $0.directory.isEmpty ? "the root" : $0.directory
        return RejectedDependency(finding: $0, reason: "belongs to the project in \(place)")
    }

    let hasTestParts = members.contains { $0.role == .test && !$0.isLockfile }
    var step = DependencyStep(manager: "uv", directory: directory.isEmpty ? "." : directory)
    for finding in members {
        let wanted: Bool =
            switch finding.role {
            case .runtime, .test: true
            case .development: !hasTestParts
            case .documentation, .lint, .build: false
            }
        if !wanted {
            rejected.append(RejectedDependency(finding: finding, reason: finding.role.whyLeftOut))
        } else if !step.take(finding) {
            rejected.append(RejectedDependency(finding: finding, reason: "\(step.lockfile.value) was found first"))
        }
    }
    step.excludeNewer = cutOff(day, python: python, released: released(python), catalogDay: catalogDay)
    return ([step], rejected)
}

extension DependencyStep {
    /// Adds a part; false where there is room for one only and it is taken.
    fileprivate mutating func take(_ finding: DependencyFinding) -> Bool {
        let places = [finding.reason, finding.evidence.description].filter { !$0.isEmpty }
        let comment = places.count == 2 ? "\(places[0]) (\(places[1]))" : places.joined()
        switch finding.item {
        case .project: if !installsProject.value { installsProject = Annotated(true, comment: comment) }
        case .extra(let name): extras.include(name, comment)
        case .group(let name): groups.include(name, comment)
        case .requirementsFile(let path): requirementsFiles.include(path, comment)
        case .constraintsFile(let path): constraintsFiles.include(path, comment)
        case .requirement(let text): requirements.include(text, comment)
        case .lockfile(let path):
            if !lockfile.value.isEmpty, lockfile.value != path { return false }
            lockfile = Annotated(path, comment: comment)
        }
        return true
    }
}

/// The day after which nothing published is taken, for a repository that has not been worked on for a year before the
/// catalog was made: what has been published since was never tested with it.
private func cutOff(
    _ day: DateFinding?, python: ToolchainDecision?, released: String?, catalogDay: String
) -> Annotated<String> {
    guard let day, let last = CalendarDay(day.day), let now = CalendarDay(catalogDay),
        last.daysSinceEpoch + 365 < now.daysSinceEpoch
    else { return Annotated("") }
    // An interpreter that came out later needs packages that know it.
    if let released, let start = CalendarDay(released), start.daysSinceEpoch > last.daysSinceEpoch {
        let ready = CalendarDay(daysSinceEpoch: start.daysSinceEpoch + 270)
        let tool = python.map { "\($0.tool) \($0.requirement)" } ?? "the interpreter"
        return Annotated(
            ready.description, comment: "last worked on \(day.day) (\(day.place)), \(tool) is of \(released)")
    }
    return Annotated(day.day, comment: "last worked on \(day.day) (\(day.place))")
}

extension DateFinding {
    /// Where it stands; the root stands for the times of all files.
    fileprivate var place: String { evidence.path == "." ? "the times of the files" : "\(evidence)" }
}

extension [Annotated<String>] {
    fileprivate mutating func include(_ value: String, _ comment: String) {
        if !contains(where: { $0.value == value }) { append(Annotated(value, comment: comment)) }
    }
}

extension DependencyFinding {
    /// Whether there is something to install where this part is.
    var makesProject: Bool {
        !isLockfile && [.runtime, .test, .development].contains(role)
    }

    fileprivate var isLockfile: Bool {
        if case .lockfile = item { true } else { false }
    }
}

extension DependencyFinding.Role {
    fileprivate var whyLeftOut: String {
        switch self {
        case .runtime, .test: "not needed"
        case .development: "what the tests need is named apart"
        case .documentation: "builds documentation only"
        case .lint: "checks style only"
        case .build: "the build backend fetches it itself"
        }
    }
}

extension String {
    fileprivate var depth: Int { isEmpty ? 0 : 1 + utf8.count { $0 == 0x2F } }
}
