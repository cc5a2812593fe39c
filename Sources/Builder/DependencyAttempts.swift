//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import Checkout
import Environment
import PythonStep
import Store

/// One way of resolving a dependency step.
struct DependencyAttempt {
    /// What is different about it, in a few words.
    let title: String
    let inputs: PythonInputs
}

extension Workshop {
    /// The ways to try, the one that the spec asks for first: then without the lockfile, whose versions may not fit the
    /// interpreter; then as of the day of the newest file, or without a day.
    func attempts(
        at step: DependencyStep, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) throws(BuilderError) -> [DependencyAttempt] {
        var inputs = PythonInputs()
        let folder = step.folder.isEmpty ? "" : step.folder + "/"
        if step.installsProject.value || !step.extras.isEmpty {
            let manifests = ["pyproject.toml", "setup.py", "setup.cfg"].map { folder + $0 }
            inputs.projects = manifests.first { checkout[$0] != nil }.map { [$0] } ?? []
        }
        inputs.extras = step.extras.map(\.value)
        inputs.groups = step.groups.map { .init($0.value, of: folder + "pyproject.toml") }
        inputs.requirementFiles = step.requirementsFiles.map(\.value)
        inputs.constraintFiles = step.constraintsFiles.map(\.value)
        inputs.requirements = step.requirements.map(\.value)
        inputs.variables = spec.variables
        inputs.excludeNewer = step.excludeNewer.value.isEmpty ? nil : endOfDay(step.excludeNewer.value)
        let today = timestamp(now - now % 86_400)
        inputs.buildExcludeNewer = inputs.excludeNewer.map { max($0, editableWheelsKnown) } ?? today

        var attempts: [DependencyAttempt] = []
        if !step.lockfile.value.isEmpty {
            var locked = inputs
            locked.constraints = try lockfileConstraints(step.lockfile.value, in: checkout)
            attempts.append(DependencyAttempt(title: "with the versions of \(step.lockfile.value)", inputs: locked))
        }
        attempts.append(DependencyAttempt(title: "without the lockfile's versions", inputs: inputs))
        var other = inputs
        if inputs.excludeNewer != nil {
            other.buildExcludeNewer = today
            attempts.append(DependencyAttempt(title: "with the newest build tools", inputs: other))
            other.excludeNewer = nil
            attempts.append(DependencyAttempt(title: "with the newest versions", inputs: other))
        } else if let newest = checkout.newestModification, newest + 30 * 86_400 < now {
            other.excludeNewer = timestamp(newest + 86_400)
            other.buildExcludeNewer = max(timestamp(newest + 86_400), editableWheelsKnown)
            let title = "with versions of before \(timestamp(newest + 86_400).prefix(10)), the day of the newest file"
            attempts.append(DependencyAttempt(title: title, inputs: other))
        }
        return attempts
    }

    /// When all build backends had learned to make editable wheels (PEP 660), in which the project itself is installed:
    /// setuptools, the last of them, in August 2022.
    private var editableWheelsKnown: String { endOfDay("2022-12-31") }

    private func endOfDay(_ day: String) -> String { "\(day)T23:59:59Z" }
}

extension DependencyStep {
    /// The project's folder, empty for the root.
    var folder: String { directory == "." ? "" : directory }
}

extension EnvironmentSpec {
    /// The variables by name.
    var variables: [String: String] {
        Dictionary(environment.map { ($0.value.name, $0.value.value) }) { first, _ in first }
    }
}
