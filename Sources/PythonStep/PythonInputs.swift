//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What a repository asks of its Python environment. Paths are relative to the repository's root.
public struct PythonInputs: Hashable, Sendable {
    /// Dependency group (PEP 735) of a `pyproject.toml`.
    public struct Group: Hashable, Sendable {
        /// The path of the `pyproject.toml`.
        public var file: String
        /// The group's name.
        public var name: String

        /// The group `name` of `file`.
        public init(_ name: String, of file: String = "pyproject.toml") {
            self.file = file
            self.name = name
        }
    }

    /// The manifests of the projects whose dependencies are wanted: `pyproject.toml`, `setup.py`, `setup.cfg`.
    public var projects: [String] = []
    /// Extras of these projects; each of the projects that has one of that name gets it.
    public var extras: [String] = []
    /// Dependency groups.
    public var groups: [Group] = []
    /// Requirement files, for pip's `-r`.
    public var requirementFiles: [String] = []
    /// Constraint files, for pip's `-c`.
    public var constraintFiles: [String] = []
    /// Further requirements (PEP 508).
    public var requirements: [String] = []
    /// Further constraints (PEP 508), for example the versions of a lockfile.
    public var constraints: [String] = []
    /// Whether setuptools is installed also where Python has its own `distutils` no longer (3.12).
    public var wantsSetuptools = false
    /// Nothing uploaded after this moment is chosen; RFC 3339, nil for no limit.
    public var excludeNewer: String?
    /// The same for what is needed to build, pip, setuptools and wheel; nil for no limit.
    public var buildExcludeNewer: String?
    /// Further environment variables for building, such as `SETUPTOOLS_SCM_PRETEND_VERSION`.
    public var variables: [String: String] = [:]

    /// Inputs that ask for nothing.
    public init() {}
}
