//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The rules by which a text is read as a version or a constraint.
///
/// Dialects differ in what a constraint says of prereleases. What ``VersionRange/contains(_:)-(Version)`` follows:
///
/// | dialect | prereleases lie in a range |
/// |---|---|
/// | `pep440`, `poetry` | when one of the clauses joined by commas names a prerelease |
/// | `npm`, `cargo`, `dart`, `julia` | when a comparator of the same set names a prerelease of the same `major.minor.patch` |
/// | `rubygems`, `generic` | when one of the requirements names a prerelease |
/// | `composer` | down to the stability that the constraint names, as `@beta` or in a version |
/// | `debian`, `go`, `maven` | by order alone |
public enum VersionDialect: String, Sendable, Hashable, CaseIterable, Codable {
    /// Python versions and specifiers, [PEP 440](https://peps.python.org/pep-0440/).
    case pep440
    /// Python versions with Poetry's constraints: PEP 440 with `^`, `~`, `||`, `*` and bare (exact) versions.
    case poetry
    /// [Semantic versions](https://semver.org) and ranges as node-semver reads them.
    case npm
    /// Semantic versions and requirements as Cargo reads them: a bare version is a caret requirement.
    case cargo
    /// Semantic versions and the constraints of [Dart's pub](https://dart.dev/tools/pub/dependencies#version-constraints).
    case dart
    /// Semantic versions and the `[compat]` entries of
    /// [Julia's Pkg](https://pkgdocs.julialang.org/v1/compatibility/): a comma means "or", a bare version is a caret.
    case julia
    /// `Gem::Version` and `Gem::Requirement`.
    case rubygems
    /// Composer's versions, stabilities and constraints.
    case composer
    /// Debian policy, 5.6.12 for versions and 7.1 for relations.
    case debian
    /// Go toolchain versions (`1.22`, `1.21rc2`) and module versions (`v1.2.3`); a bare constraint is a minimum.
    case go
    /// Maven's `ComparableVersion` order and version ranges.
    case maven
    /// Dotted numbers with an optional trailing tag: toolchains and build systems without a dialect of their own.
    case generic

    /// What messages call the dialect.
    var name: String {
        switch self {
        case .pep440: "PEP 440"
        case .poetry: "Poetry"
        case .npm: "npm"
        case .cargo: "Cargo"
        case .dart: "Dart"
        case .julia: "Julia"
        case .rubygems: "RubyGems"
        case .composer: "Composer"
        case .debian: "Debian"
        case .go: "Go"
        case .maven: "Maven"
        case .generic: "dotted numbers"
        }
    }
}
