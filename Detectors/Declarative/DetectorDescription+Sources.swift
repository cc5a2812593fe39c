//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension DetectorDescription {
    /// The files of the rules and what they say, in the order of the rules.
    var sources: [DetectorSource] {
        var sources: [DetectorSource] = []
        for rule in rules {
            for pattern in rule.files {
                let statements = rule.toolchains.filter { $0.value != nil }
                sources += statements.map { DetectorSource(pattern, "version of \($0.tool)", kind: $0.kind) }
                let others = rule.others
                if !others.isEmpty { sources.append(DetectorSource(pattern, others.joined(separator: ", "))) }
            }
        }
        var seen: Set<DetectorSource> = []
        return sources.filter { seen.insert($0).inserted }
    }
}

extension DetectorDescription.Rule {
    /// What it says apart from versions.
    fileprivate var others: [String] {
        var parts: [String] = []
        if let language { parts.append("language \(language)") }
        parts += toolchains.filter { $0.value == nil }.map { "need for \($0.tool)" }
        if let packageManager { parts.append("package manager \(packageManager.name)") }
        if let members { parts.append("members of the workspace of \(members.workspace)") }
        if !needs.isEmpty { parts.append("system packages") }
        if !tasks.isEmpty { parts.append("tasks \(tasks.map(\.name).joined(separator: ", "))") }
        if commands != nil { parts.append("commands") }
        if ports != nil { parts.append("ports") }
        if !variables.isEmpty { parts.append("variables \(variables.map(\.name).joined(separator: ", "))") }
        if !services.isEmpty { parts.append("services \(services.map(\.name).joined(separator: ", "))") }
        if suggestions != nil { parts.append("services that it may need") }
        return parts
    }
}
