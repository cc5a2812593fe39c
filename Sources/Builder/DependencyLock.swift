//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Checkout
import Environment
import Lock
import PythonStep
import Store
import SystemPackage
import Toolchains

extension Workshop {
    /// Resolves the dependency steps of one platform, and installs them once to see that they can be.
    ///
    /// A source distribution that misses a header, a program or a library while it is built gets the package that has
    /// it: the system is then locked again with that package.
    func lockDependencies(
        of platform: String, _ spec: EnvironmentSpec, _ checkout: Checkout, into lock: inout Lockfile
    ) async throws(BuilderError) {
        var extra: [String] = []
        // Each round adds a package, so that a project with many needs takes many rounds; but not for ever.
        while extra.count < 24 {
            do throws(BuilderError) {
                let steps = try await resolveSteps(of: platform, spec, checkout, lock)
                if let index = lock.platforms.firstIndex(where: { $0.name == platform }) {
                    lock.platforms[index].steps = steps
                }
                return
            } catch {
                guard case .python(.buildFailed(let name, let missing?, _)) = error,
                    let package = try package(with: missing, in: spec.base.suite), !extra.contains(package)
                else { throw error }
                report(.note("added \(package): to build \(name), \(missing)"))
                extra.append(package)
                try await lockSystem(platform, spec, extra: extra, into: &lock)
            }
        }
        throw .unsupported(
            "building the dependencies needs more than \(extra.count) packages that fitout.yaml does not name",
            hint: "name them under `packages`; found so far: \(extra.joined(separator: ", "))")
    }

    private func resolveSteps(
        of platform: String, _ spec: EnvironmentSpec, _ checkout: Checkout, _ lock: Lockfile
    ) async throws(BuilderError) -> [LockedStep] {
        guard let locked = lock.platforms.first(where: { $0.name == platform }) else { return [] }
        let uv = try await uv(for: locked, in: lock)
        return try await withPython(of: locked, uv: uv, lock) { (runner) throws(BuilderError) in
            var steps: [LockedStep] = []
            for step in spec.dependencies {
                let python = try await resolve(step, with: runner, spec, checkout)
                steps.append(LockedStep(manager: step.manager, python: python))
            }
            return steps
        }
    }

    /// Resolves and installs one step, in the way that the spec asks for first.
    private func resolve(
        _ step: DependencyStep, with runner: PythonStep, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) async throws(BuilderError) -> PythonLock {
        let key = try projectKey(of: checkout)
        var failure: PythonStepError?
        for attempt in try attempts(at: step, spec, checkout) {
            if let failure { report(.note("\(attempt.title), because: \(firstLine(of: failure))")) }
            report(.phase("resolving Python distributions"))
            do throws(PythonStepError) {
                var lock = try await runner.resolve(attempt.inputs, checkout: FilePath(checkout.root))
                let project = LocalPythonProject(path: step.folder, isEditable: true)
                if step.installsProject.value, !lock.localProjects.contains(where: { $0.path == project.path }) {
                    lock.localProjects.append(project)
                    lock.localProjects.sort()
                }
                report(.phase("installing \(lock.distributions.count) Python distributions"))
                let dependencies = try await runner.install(lock)
                if !lock.localProjects.isEmpty {
                    report(.phase("installing the project"))
                    _ = try await runner.installProjects(
                        lock.localProjects, lock: lock, over: dependencies, checkout: FilePath(checkout.root),
                        checkoutKey: key, variables: spec.variables)
                }
                return lock
            } catch {
                guard error.dependsOnVersions else { throw .python(error) }
                if case .buildFailed(_, let missing?, _) = error, try package(with: missing, in: spec.base.suite) != nil
                {
                    throw .python(error)
                }
                failure = failure ?? error
            }
        }
        if let failure { throw .python(failure) }
        throw .unsupported("the step asks for nothing", hint: "name requirements, or remove it from fitout.yaml")
    }

    /// The package of a suite that has what a build misses; nil where none has.
    private func package(with missing: MissingInput, in suite: String) throws(BuilderError) -> String? {
        let key: CatalogKey
        switch missing {
        case .header(let name): key = .header(name)
        case .program(let name): key = .program(name)
        case .module(let name): key = .pkgConfig(name)
        case .library(let name): key = .library(name)
        case .cmakePackage(let name): key = .cmake(name)
        case .pythonModule: return nil
        }
        do throws(CatalogError) {
            return try Catalog.builtIn().contents(of: suite).packages(for: key).first
        } catch {
            throw .unsupported("\(error)", hint: "reinstall fitout")
        }
    }
}

extension PythonStepError {
    /// Whether other versions of the distributions might do.
    fileprivate var dependsOnVersions: Bool {
        switch self {
        case .noSolution, .buildFailed, .failed: true
        default: false
        }
    }
}

private func firstLine(of error: PythonStepError) -> String {
    "\(error)".split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
}
