//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Versions

/// One thing that a detector read in the repository, with the place where it stands.
public enum Finding: Hashable, Sendable {
    case language(LanguageFinding)
    case source(SourceFinding)
    case toolchain(ToolchainFinding)
    case system(SystemFinding)
    case packageManager(PackageManagerFinding)
    case dependency(DependencyFinding)
    case member(MemberFinding)
    case task(TaskFinding)
    case service(ServiceFinding)
    case port(PortFinding)
    case variable(VariableFinding)
    case base(BaseFinding)
    case date(DateFinding)
}

/// A language that the repository is written in.
public struct LanguageFinding: Hashable, Sendable {
    /// Lower case, for example `python` or `c++`.
    public let name: String
    /// The manifest or source file that shows it.
    public let evidence: Evidence

    /// A language.
    public init(_ name: String, evidence: Evidence) {
        self.name = name
        self.evidence = evidence
    }
}

/// How much of the repository's own source is written in a language.
public struct SourceFinding: Hashable, Sendable {
    /// Lower case, as in ``LanguageFinding/name``.
    public let language: String
    /// The size of the source files, in bytes.
    public let bytes: Int64
    /// The first of the files, nearest to the root.
    public let evidence: Evidence

    /// A language's part of the source.
    public init(_ language: String, bytes: Int64, evidence: Evidence) {
        self.language = language
        self.bytes = bytes
        self.evidence = evidence
    }
}

/// What the repository says of a toolchain's version.
public struct ToolchainFinding: Hashable, Sendable {
    /// The tool in lower case: `python`, `node`, `go`, `rust`, `ruby`, `perl`, `java`, `cmake`, `gcc`…
    public let tool: String
    /// How binding the statement is.
    public let kind: StatementKind
    /// The version or constraint, as written; empty where only the need for the tool is stated.
    ///
    /// A hint names one version that is tested or used (`3.11`); a list of tested versions makes several findings.
    public let constraint: String
    /// The rules by which `constraint` is read.
    public let dialect: VersionDialect
    /// Where it stands.
    public let evidence: Evidence

    /// A statement about a toolchain.
    public init(tool: String, kind: StatementKind, constraint: String, dialect: VersionDialect, evidence: Evidence) {
        self.tool = tool
        self.kind = kind
        self.constraint = constraint
        self.dialect = dialect
        self.evidence = evidence
    }
}

/// A need for something that the system's packages provide.
public struct SystemFinding: Hashable, Sendable {
    /// What needs it.
    public enum Phase: String, Hashable, Sendable, CaseIterable, Comparable {
        case build, run, test

        /// In the order of declaration.
        public static func < (lhs: Phase, rhs: Phase) -> Bool {
            allCases.firstIndex(of: lhs) ?? 0 < allCases.firstIndex(of: rhs) ?? 0
        }
    }

    /// What is needed.
    public let requirement: SystemRequirement
    /// What for.
    public let phase: Phase
    /// Whether the project says that it does without.
    public let isOptional: Bool
    /// Why, in a few words for the spec's comment, for example `psycopg2 2.9.9 is built from source`; may be empty.
    public let reason: String
    /// Where it stands.
    public let evidence: Evidence

    /// A need.
    public init(
        _ requirement: SystemRequirement, phase: Phase = .build, isOptional: Bool = false, reason: String = "",
        evidence: Evidence
    ) {
        self.requirement = requirement
        self.phase = phase
        self.isOptional = isOptional
        self.reason = reason
        self.evidence = evidence
    }
}

/// Something that a Debian package provides, named the way the repository names it.
public enum SystemRequirement: Hashable, Sendable {
    /// A Debian or Ubuntu package by its name.
    case package(String)
    /// A pkg-config module, for example `libpng`.
    case pkgConfig(String)
    /// A CMake package, for example `ZLIB` in `find_package(ZLIB)`.
    case cmake(String)
    /// A C or C++ header as it is included, for example `zlib.h` or `boost/version.hpp`.
    case header(String)
    /// A library as the linker is told, for example `z` for `-lz`.
    case library(String)
    /// A program on PATH, for example `flex`.
    case program(String)
    /// A language's own package that Debian also carries, for example perl's `JSON::XS`.
    case module(language: String, name: String)
}

/// The tool that installs a language's packages for the project in a folder.
public struct PackageManagerFinding: Hashable, Sendable {
    /// `npm`, `poetry`, `cargo`, `maven`…: the name of its command, in lower case.
    public let name: String
    /// The version that the project names, or that its lockfile needs; nil where nothing says.
    public let version: String?
    /// Its lockfile, relative to the repository's root; nil where there is none.
    public let lockfile: String?
    /// The project's folder, relative to the repository's root; empty for the root.
    public let directory: String
    /// What shows it: the line that names it, its lockfile, or the manifest that it reads.
    public let evidence: Evidence

    /// A package manager.
    public init(
        _ name: String, version: String? = nil, lockfile: String? = nil, directory: String = "", evidence: Evidence
    ) {
        self.name = name
        self.version = version
        self.lockfile = lockfile
        self.directory = directory
        self.evidence = evidence
    }
}

/// A package of a workspace, which another manifest of the repository names as its part.
public struct MemberFinding: Hashable, Sendable {
    /// The name that its manifest gives it; that of its folder where it gives none.
    public let name: String
    /// Its folder, relative to the repository's root.
    public let directory: String
    /// The kind of workspace: `npm`, `pnpm`, `cargo`, `go`, `uv`, `maven`, `gradle`, `dotnet`…
    public let workspace: String
    /// The line that names it as a member.
    public let evidence: Evidence

    /// A member of a workspace.
    public init(_ name: String, directory: String, workspace: String, evidence: Evidence) {
        self.name = name
        self.directory = directory
        self.workspace = workspace
        self.evidence = evidence
    }
}

/// A step of installing the language's own dependencies.
public struct DependencyFinding: Hashable, Sendable {
    /// One part of what is to be installed.
    public enum Item: Hashable, Sendable {
        /// The project in `directory` itself. `backend` is the build backend (`setuptools.build_meta`), nil where
        /// the manifest names none; `isNative` says that building it compiles C, C++, Cython, Rust or Fortran.
        case project(backend: String?, isNative: Bool)
        /// An optional feature of the project, for example the extra `test`.
        case extra(String)
        /// A dependency group (PEP 735) of the project's manifest.
        case group(String)
        /// A requirements file, relative to the repository's root.
        case requirementsFile(String)
        /// A constraints file, relative to the repository's root.
        case constraintsFile(String)
        /// One requirement in the manager's own form (for Python PEP 508).
        case requirement(String)
        /// A lockfile, relative to the repository's root.
        case lockfile(String)
    }

    /// What the part is there for.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        case runtime, test, development, documentation, lint, build
    }

    /// The tool that installs it: `uv` for everything Python, `npm`, `cargo`…
    public let manager: String
    /// The project's folder, relative to the repository's root; empty for the root.
    public let directory: String
    /// The part.
    public let item: Item
    /// What it is there for.
    public let role: Role
    /// Why, in a few words for the spec's comment, for example `--cov in addopts`; may be empty.
    public let reason: String
    /// Where it stands.
    public let evidence: Evidence

    /// A part of a dependency step.
    public init(
        manager: String, directory: String = "", _ item: Item, role: Role, reason: String = "", evidence: Evidence
    ) {
        self.manager = manager
        self.directory = directory
        self.item = item
        self.role = role
        self.reason = reason
        self.evidence = evidence
    }
}

/// A command of the repository.
public struct TaskFinding: Hashable, Sendable {
    /// How sure it is that this is the project's command; a later case wins over an earlier one.
    public enum Standing: Int, Hashable, Sendable, Comparable {
        /// Concluded from files that are there.
        case inferred
        /// Run in continuous integration.
        case used
        /// Declared in a manifest, tox.ini, noxfile, Makefile…
        case declared

        /// By strength.
        public static func < (lhs: Standing, rhs: Standing) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// `install`, `build`, `test`, `lint`, `start`, or the project's own name for it.
    public let name: String
    /// A line for `sh -c`, run at the root of the repository.
    public let command: String
    /// How sure it is.
    public let standing: Standing
    /// Where it stands.
    public let evidence: Evidence

    /// A command.
    public init(_ name: String, command: String, standing: Standing, evidence: Evidence) {
        self.name = name
        self.command = command
        self.standing = standing
        self.evidence = evidence
    }
}

/// A service that the repository's tests or programs talk to.
public struct ServiceFinding: Hashable, Sendable {
    /// `postgres`, `mysql`, `redis`…
    public let name: String
    /// The version, usually an image's tag; nil where none is named.
    public let version: String?
    /// The container port, where one is named.
    public let port: Int?
    /// Whether only a client library or the like speaks for it, so that the project may do without.
    public let isSuggestion: Bool
    /// Where it stands.
    public let evidence: Evidence

    /// A service.
    public init(
        _ name: String, version: String? = nil, port: Int? = nil, isSuggestion: Bool = false, evidence: Evidence
    ) {
        self.name = name
        self.version = version
        self.port = port
        self.isSuggestion = isSuggestion
        self.evidence = evidence
    }
}

/// A port on which the project's own program listens.
public struct PortFinding: Hashable, Sendable {
    /// The port.
    public let port: Int
    /// Where it stands.
    public let evidence: Evidence

    /// A port.
    public init(_ port: Int, evidence: Evidence) {
        self.port = port
        self.evidence = evidence
    }
}

/// An environment variable that commands of the repository expect.
public struct VariableFinding: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its value; nil where only the name is known.
    public let value: String?
    /// Where it stands.
    public let evidence: Evidence

    /// A variable.
    public init(_ name: String, value: String?, evidence: Evidence) {
        self.name = name
        self.value = value
        self.evidence = evidence
    }
}

/// A base system that the repository names, for example `FROM debian:bookworm` or `runs-on: ubuntu-22.04`.
public struct BaseFinding: Hashable, Sendable {
    /// The suite's codename: `bookworm`, `jammy`…
    public let suite: String
    /// How binding it is.
    public let kind: StatementKind
    /// Where it stands.
    public let evidence: Evidence

    /// A base system.
    public init(suite: String, kind: StatementKind, evidence: Evidence) {
        self.suite = suite
        self.kind = kind
        self.evidence = evidence
    }
}

/// When the repository was last worked on.
public struct DateFinding: Hashable, Sendable {
    /// A calendar day as `YYYY-MM-DD`.
    public let day: String
    /// Where it stands.
    public let evidence: Evidence

    /// A day.
    public init(day: String, evidence: Evidence) {
        self.day = day
        self.evidence = evidence
    }
}
