//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Decides which jobs run for a push to the main branch or for a merge request, by `rules`, or by `only` and `except`
/// ([Specify when jobs run](https://docs.gitlab.com/ci/jobs/job_rules/)).
struct GitLabRules {
    /// Whether a job runs.
    enum Outcome {
        case runs
        /// By hand, or without its failure counting.
        case optional
        case absent
    }

    private let configuration: GitLabConfiguration
    private let repository: Repository

    init(_ configuration: GitLabConfiguration, _ repository: Repository) {
        self.configuration = configuration
        self.repository = repository
    }

    /// Whether the job runs in one of the pipelines.
    func outcome(of name: String, _ variables: [String: String]) -> Outcome {
        let isTolerated = configuration.value("allow_failure", of: name)?.node.bool == true
        let start = configuration.value("when", of: name)?.node.string ?? "on_success"
        if start == "never" { return .absent }
        let standard: Outcome = isTolerated || ["manual", "delayed"].contains(start) ? .optional : .runs
        if let (_, rules) = configuration.value("rules", of: name) {
            let flat = rulesList(rules)
            let outcomes = pipelines.map { predefined in
                outcome(flat, merged(variables, predefined), standard, isTolerated)
            }
            return outcomes.contains(.runs) ? .runs : outcomes.contains(.optional) ? .optional : .absent
        }
        if let (_, only) = configuration.value("only", of: name), !admits(only, variables) { return .absent }
        if let (_, except) = configuration.value("except", of: name), excludes(except, variables) { return .absent }
        return standard
    }

    /// The rules with those that references bring in, which may be lists of their own.
    private func rulesList(_ node: YAMLNode, depth: Int = 0) -> [YAMLNode] {
        guard depth < 10 else { return [] }
        if node.tag == "!reference" {
            return configuration.referenced(node).map { rulesList($0.node, depth: depth + 1) } ?? []
        }
        guard let nodes = node.sequence else { return [node] }
        return Array(nodes.flatMap { rulesList($0, depth: depth + 1) }.prefix(500))
    }

    /// The first rule that matches decides.
    private func outcome(
        _ rules: [YAMLNode], _ variables: [String: String?], _ standard: Outcome, _ isTolerated: Bool
    ) -> Outcome {
        for rule in rules {
            var holds: Bool? = true
            if let condition = rule["if"]?.string { holds = GitLabExpression(condition, variables).holds }
            if holds != false, let exists = rule["exists"] {
                let paths = (exists["paths"] ?? exists).strings.filter { !$0.contains("$") }
                let isThere = paths.contains { !repository.paths(matching: joinPath("", $0)).isEmpty }
                if !paths.isEmpty, !isThere { holds = false }
            }
            let start = rule["when"]?.string
            if holds == false { continue }
            if holds == nil {
                // What is not known counts for the job rather than against it.
                if start == "never" { continue }
            }
            if start == "never" { return .absent }
            if start == "manual" || start == "delayed" || rule["allow_failure"]?.bool == true { return .optional }
            if start == "on_success" || start == "always" { return isTolerated ? .optional : .runs }
            return standard
        }
        return .absent
    }

    /// Whether `only` names a branch or a merge request.
    private func admits(_ only: YAMLNode, _ variables: [String: String]) -> Bool {
        if let conditions = only["variables"]?.strings, !conditions.isEmpty,
            !conditions.contains(where: { holds($0, variables) != false })
        {
            return false
        }
        let references = only.sequence?.compactMap(\.string) ?? (only["refs"] ?? only).strings
        return references.isEmpty || references.contains(where: namesPush)
    }

    private func excludes(_ except: YAMLNode, _ variables: [String: String]) -> Bool {
        if let conditions = except["variables"]?.strings,
            conditions.contains(where: { holds($0, variables) == true })
        {
            return true
        }
        let references = except.sequence?.compactMap(\.string) ?? (except["refs"] ?? except).strings
        return references.contains { ["branches", "pushes"].contains($0.prefix { $0 != "@" }) }
    }

    private func holds(_ condition: String, _ variables: [String: String]) -> Bool? {
        let values = pipelines.map { predefined in
            GitLabExpression(condition, merged(variables, predefined)).holds
        }
        if values.contains(true) { return true }
        return values.contains(nil) ? nil : false
    }

    private func namesPush(_ reference: String) -> Bool {
        let name = reference.hasPrefix("/") ? reference : String(reference.prefix { $0 != "@" })
        if name.hasPrefix("/") {
            return ["main", "master"].contains { GitLabExpression("$REF =~ \(name)", ["REF": $0]).holds != false }
        }
        return [
            "branches", "pushes", "merge_requests", "external_pull_requests", "main", "master", "develop", "trunk",
            "devel",
        ].contains(name)
    }
}

/// The variables of the configuration, and what the service sets.
private func merged(_ variables: [String: String], _ predefined: [String: String?]) -> [String: String?] {
    variables.mapValues { Optional($0) }.merging(predefined) { _, known in known }
}

/// What GitLab sets in a pipeline for the main branch, by either of its usual names, and for a merge request.
private let pipelines: [[String: String?]] =
    ["main", "master"].map { branch in
        let values: [String: String?] = [
            "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": branch, "CI_COMMIT_REF_NAME": branch,
            "CI_COMMIT_REF_SLUG": branch, "CI_DEFAULT_BRANCH": branch, "CI_COMMIT_REF_PROTECTED": "true",
            "CI_OPEN_MERGE_REQUESTS": nil,
        ]
        return always.merging(values) { _, new in new }
    } + [always.merging(mergeRequest) { _, new in new }]
private let mergeRequest: [String: String?] = [
    "CI_PIPELINE_SOURCE": "merge_request_event", "CI_COMMIT_REF_NAME": "change", "CI_DEFAULT_BRANCH": "main",
    "CI_COMMIT_BRANCH": nil, "CI_COMMIT_REF_SLUG": "change", "CI_MERGE_REQUEST_ID": "1", "CI_MERGE_REQUEST_IID": "1",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "change",
    "CI_MERGE_REQUEST_TITLE": "Change", "CI_MERGE_REQUEST_LABELS": "", "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
    "CI_OPEN_MERGE_REQUESTS": "1",
]
private let always: [String: String?] = [
    "CI": "true", "GITLAB_CI": "true", "CI_COMMIT_TAG": nil, "CI_COMMIT_MESSAGE": "Change",
    "CI_COMMIT_TITLE": "Change", "CI_COMMIT_DESCRIPTION": "", "CI_EXTERNAL_PULL_REQUEST_IID": nil,
]
