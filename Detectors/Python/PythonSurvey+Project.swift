//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reports the project with its extras and groups, each with the role that its name, its content or a test
    /// environment gives it.
    mutating func reportProject() {
        if let manifest, !isApplication {
            report(
                .project(backend: backend, isNative: nativeEvidence != nil), role: .runtime,
                reason: nativeEvidence.map { "compiles (\($0))" } ?? "", evidence: manifest)
        } else if isApplication {
            for entry in runtime {
                report(.requirement(entry.text), role: .runtime, reason: "not a package", evidence: entry.evidence)
            }
        }
        let isChosen = !testExtras.isEmpty || !testGroups.isEmpty
        for extra in extras {
            guard let normal = normalExtra(extra) else { continue }
            let name = canonicalName(normal.name)
            let role = testExtras[name] != nil
                ? .test : pythonRole(ofName: name, requirements: closure(ofExtra: normal)) ?? .development
            reportGroup(.extra(normal.name), normal, role: role, texts: closure(ofExtra: normal), isChosen: isChosen && testExtras[name] == nil)
        }
        for group in groups {
            let name = canonicalName(group.name)
            let texts = requirements(of: group)
            let role = testGroups[name] != nil ? .test : pythonRole(ofName: name, requirements: texts) ?? .development
            reportGroup(.group(group.name), group, role: role, texts: texts, isChosen: isChosen && testGroups[name] == nil)
        }
    }

    /// An extra without its condition (`:python_version < "3"`); nil where it has nothing but a condition.
    private func normalExtra(_ extra: Group) -> Group? {
        let name = extra.name.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard !name.isEmpty else { return nil }
        return Group(name: name, requirements: extra.requirements, evidence: extra.evidence)
    }

    private mutating func reportGroup(_ item: Item, _ group: Group, role: Role, texts: [String], isChosen: Bool) {
        // An extra that its environment of tests leaves out is for something else, unless its name says tests.
        let isNamed = pythonRole(ofName: group.name) == .test
        let final: Role = isChosen && role == .test && !isNamed ? .development : role
        let isAll = final == .development && ["all", "full", "complete"].contains(canonicalName(group.name))
        report(item, role: final, reason: isAll ? "everything optional" : "", evidence: group.evidence)
        for text in texts { declare(text, role: final, evidence: group.evidence) }
    }

    /// The requirements of an extra with those of the project's own extras that it names: `name[test,docs]`.
    private func closure(ofExtra extra: Group, depth: Int = 0) -> [String] {
        extra.requirements.flatMap { text -> [String] in
            guard depth < 8, let requirement = PythonRequirement(text), isOwnName(requirement.name) else { return [text] }
            return requirement.extras.flatMap { name in
                extras.filter { canonicalName($0.name) == name }.flatMap { closure(ofExtra: $0, depth: depth + 1) }
            }
        }
    }
}
