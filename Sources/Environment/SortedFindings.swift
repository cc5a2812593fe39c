//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import Catalog
import Detection
import Versions

/// Findings by their kind, in the order in which they were found.
struct SortedFindings {
    var languages: [LanguageFinding] = []
    var sources: [SourceFinding] = []
    var toolchains: [ToolchainFinding] = []
    var systems: [SystemFinding] = []
    var packageManagers: [PackageManagerFinding] = []
    var dependencies: [DependencyFinding] = []
    var members: [MemberFinding] = []
    var tasks: [TaskFinding] = []
    var services: [ServiceFinding] = []
    var suggestedServices: [ServiceFinding] = []
    var ports: [PortFinding] = []
    var variables: [VariableFinding] = []
    var bases: [BaseFinding] = []
    var dates: [DateFinding] = []

    init(_ findings: [Finding]) {
        for finding in findings {
            switch finding {
            case .language(let value): languages.append(value)
            case .source(let value): sources.append(value)
            case .toolchain(let value): toolchains.append(value)
            case .system(let value): systems.append(value)
            case .dependency(let value): dependencies.append(value)
            case .task(let value): tasks.append(value)
            case .packageManager(let value):
                packageManagers.include(value, named: { "\($0.name) \($0.directory)" }) { $0.version != nil }
            case .member(let value): members.include(value, named: \.directory) { _ in false }
            case .port(let value): ports.include(value, named: { "\($0.port)" }) { _ in false }
            case .service(let value) where value.isSuggestion:
                suggestedServices.include(value, named: \.name) { $0.version != nil }
            case .service(let value): services.include(value, named: \.name) { $0.version != nil }
            case .variable(let value): variables.include(value, named: \.name) { $0.value != nil }
            case .base(let value): bases.append(value)
            case .date(let value): dates.append(value)
            }
        }
        addPythonForSteps()
    }

    /// What is installed with uv needs Python also in a repository that has none of its own, such as one whose continuous
    /// integration installs a tool with pip.
    private mutating func addPythonForSteps() {
        guard let step = dependencies.first(where: { $0.manager == "uv" && $0.makesProject }),
            !toolchains.contains(where: { $0.tool == "python" }), !languages.contains(where: { $0.name == "python" })
        else { return }
        toolchains.append(
            ToolchainFinding(
                tool: "python", kind: .hint, constraint: "", dialect: .pep440, evidence: step.evidence))
    }

    /// The newest day that the repository names; what is no day does not count.
    var newestDay: DateFinding? {
        dates.filter { CalendarDay($0.day) != nil }.max { $0.day < $1.day }
    }

    /// The statements about each tool that some suite offers; a language without a statement counts as one that
    /// takes any version.
    func toolchainEvidence(knowing catalog: Catalog) -> ToolchainEvidence {
        let known = Set(catalog.suites.flatMap(\.tools.keys))
        var byTool = Dictionary(grouping: toolchains) { $0.tool }.filter { tool, findings in
            known.contains(tool)
                && (!compiledByBuilds.contains(tool) || findings.contains { $0.kind == .pin || $0.kind == .range })
        }
        for language in languages
        where known.contains(language.name) && byTool[language.name] == nil && !compiledByBuilds.contains(language.name)
            && !(language.name == "lua" && byTool["luajit"] != nil)
        {
            byTool[language.name] = [
                ToolchainFinding(
                    tool: language.name, kind: .hint, constraint: "", dialect: .generic, evidence: language.evidence)
            ]
        }
        let depth = languages.map { $0.evidence.path.utf8.count { $0 == 0x2F } }.min()
        let primary = languages.filter { $0.evidence.path.utf8.count { $0 == 0x2F } == depth }.map(\.name)
        return ToolchainEvidence(
            byTool: byTool, bases: bases, primary: Set(primary), incidental: incidentalTools(byTool),
            day: newestDay?.day)
    }

    /// A step of continuous integration may set up Perl or Node.js to build or to publish something: the release that it
    /// takes is no reason to choose another suite for a project that is written in other languages.
    private func incidentalTools(_ byTool: [String: [ToolchainFinding]]) -> Set<String> {
        let written = Set(languages.map(\.name) + sources.map(\.language))
        if written.isEmpty { return [] }
        return Set(
            byTool.filter { tool, findings in
                guard let languages = languagesOfTools[tool] else { return false }
                return written.isDisjoint(with: languages) && findings.allSatisfy { $0.kind == .hint }
            }.keys)
    }
}

/// The languages of tools that continuous integration also sets up for other ends.
private let languagesOfTools: [String: Set<String>] = [
    "perl": ["perl"], "node": ["javascript", "typescript"], "ruby": ["ruby"], "php": ["php"], "go": ["go"],
    "java": ["java", "kotlin", "scala", "groovy", "clojure"], "dotnet": ["c#", "f#", "vb"],
]

extension Array {
    /// Adds the first element of each name, or the first that says more.
    fileprivate mutating func include(_ element: Element, named name: (Element) -> String, saysMore: (Element) -> Bool)
    {
        guard let index = firstIndex(where: { name($0) == name(element) }) else { return append(element) }
        if !saysMore(self[index]), saysMore(element) { self[index] = element }
    }
}

/// Languages whose compilers Maven, Gradle and the like download in the version that the project depends on: a compiler
/// of the system is for those who pin one.
private let compiledByBuilds: Set<String> = ["kotlin", "scala", "groovy", "clojure"]
