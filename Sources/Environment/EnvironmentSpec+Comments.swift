//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension EnvironmentSpec {
    /// The same spec without its comments.
    public var withoutComments: EnvironmentSpec {
        func bare<Value>(_ items: [Annotated<Value>]) -> [Annotated<Value>] { items.map { Annotated($0.value) } }
        var spec = self
        spec.base.comment = ""
        spec.allowsExpired.comment = ""
        spec.toolchains = bare(toolchains)
        spec.packages = bare(packages)
        spec.environment = bare(environment)
        spec.tasks = bare(tasks)
        spec.services = bare(services)
        spec.dependencies = dependencies.map { step in
            var step = step
            step.installsProject.comment = ""
            step.extras = bare(step.extras)
            step.groups = bare(step.groups)
            step.requirementsFiles = bare(step.requirementsFiles)
            step.constraintsFiles = bare(step.constraintsFiles)
            step.requirements = bare(step.requirements)
            step.lockfile.comment = ""
            step.excludeNewer.comment = ""
            return step
        }
        return spec
    }
}
