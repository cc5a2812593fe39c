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
        let isChosen = hasTestEnvironment
        let names = extras.map(\.name) + groups.map(\.name)
        let hasTests = isChosen || hasTestItem || names.contains { pythonRole(ofName: $0) == .test }
        for extra in extras {
            guard let normal = normalExtra(extra) else { continue }
            let texts = closure(ofExtra: normal)
            reportGroup(
                .extra(normal.name), normal, texts: texts, isChosen: isChosen,
                role: testExtras[canonicalName(normal.name)] != nil
                    ? nil : pythonRole(ofName: normal.name, requirements: texts, hasTests: hasTests) ?? .development)
        }
        for group in groups {
            let texts = requirements(of: group)
            reportGroup(
                .group(group.name), group, texts: texts, isChosen: isChosen,
                role: testGroups[canonicalName(group.name)] != nil
                    ? nil : pythonRole(ofName: group.name, requirements: texts, hasTests: hasTests) ?? .development)
        }
        guard !hasTestItem else { return }
        for entry in wheelTestRequirements {
            require(entry.text, role: .test, reason: "cibuildwheel test-requires", evidence: entry.evidence)
        }
    }

    /// An extra without its condition (`:python_version < "3"`); nil where it has nothing but a condition.
    private func normalExtra(_ extra: Group) -> Group? {
        let name = extra.name.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard !name.isEmpty else { return nil }
        return Group(name: name, requirements: extra.requirements, evidence: extra.evidence)
    }

    private var hasPlainTests: Bool { (extras + groups).contains { isPlainTestName($0.name) } }

    private func isPlainTestName(_ name: String) -> Bool {
        ["test", "tests", "testing", "pytest", "unittest", "unittests"].contains(canonicalName(name))
    }

    /// Reports an extra or a group; one without a role is what the environment of the tests installs.
    private mutating func reportGroup(_ item: Item, _ group: Group, texts: [String], isChosen: Bool, role: Role?) {
        var reason = ""
        var final = role ?? .test
        if isChosen, role == .test {
            final = .development
            reason = "the tests' environment does without"
        } else if role == .test, hasPlainTests, !isPlainTestName(group.name) {
            final = .development
            reason = "a variant of the tests' requirements"
        } else if final == .development, ["all", "full", "complete"].contains(canonicalName(group.name)) {
            reason = "everything optional"
        }
        report(item, role: final, reason: reason, evidence: group.evidence)
        for text in texts { declare(text, role: final, evidence: group.evidence) }
    }

    /// The requirements of an extra with those of the project's own extras that it names: `name[test,docs]`.
    private func closure(ofExtra extra: Group, depth: Int = 0) -> [String] {
        extra.requirements.flatMap { text -> [String] in
            guard depth < 8, let requirement = PythonRequirement(text), isOwnName(requirement.name) else {
                return [text]
            }
            return requirement.extras.flatMap { name in
                extras.filter { canonicalName($0.name) == name }.flatMap { closure(ofExtra: $0, depth: depth + 1) }
            }
        }
    }
}
