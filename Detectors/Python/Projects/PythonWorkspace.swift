//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

/// The members of a uv workspace in the repository, as their manifests and the root's say.
func pythonMembers(in repository: Repository, _ projects: [String]) -> [Finding] {
    let root = "pyproject.toml"
    guard repository.contains(root),
        let members = repository.toml(root)?[["tool", "uv", "workspace", "members"]]
    else { return [] }
    return projects.filter { !$0.isEmpty }.map { directory in
        let manifest = repository.toml(joinPath(directory, "pyproject.toml"))
        let name = manifest?[["project", "name"]]?.string ?? directory.split(separator: "/").last.map(String.init)
        // The pattern that takes it in, where each stands on a line of its own.
        let pattern = members.array?.first { $0.string.map { matchesGlob(directory, $0) } ?? false }
        return .member(
            MemberFinding(
                name ?? directory, directory: directory, workspace: "uv",
                evidence: Evidence(root, line: pattern?.line ?? members.line)))
    }
}
