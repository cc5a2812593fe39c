//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What an image is to hold: the content of `fitout.yaml`.
public struct EnvironmentSpec: Hashable, Sendable {
    /// The distribution and suite that system packages come from.
    public var base: BaseSystem
    /// Whether the suite's release file may be used after its `Valid-Until`.
    public var allowsExpired: Annotated<Bool>
    /// The platforms to build for, as OCI writes them.
    public var platforms: [String]
    /// Versions of languages and tools, by tool.
    public var toolchains: [Annotated<ToolchainRequirement>]
    /// Debian packages by name, optionally with a relation: `libfoo-dev (>= 1.2)`.
    public var packages: [Annotated<String>]
    /// Steps that install the language's own dependencies, in order.
    public var dependencies: [DependencyStep]
    /// Variables of the image's configuration and of every step.
    public var environment: [Annotated<EnvironmentVariable>]
    /// Commands of the repository.
    public var tasks: [Annotated<TaskCommand>]
    /// Services that the commands talk to; recorded, not part of the image.
    public var services: [Annotated<Service>]

    /// The platforms there are.
    public static let knownPlatforms = ["linux/amd64", "linux/arm64"]

    /// A spec for one base and nothing else.
    public init(base: BaseSystem, platforms: [String] = ["linux/amd64"]) {
        self.base = base
        allowsExpired = Annotated(false)
        self.platforms = platforms
        toolchains = []
        packages = []
        dependencies = []
        environment = []
        tasks = []
        services = []
    }

    /// The command of a task; nil where the spec has none of that name.
    public func task(_ name: String) -> String? {
        tasks.first { $0.value.name == name }?.value.command
    }
}

/// A value of the spec with the comment that says where it comes from.
public struct Annotated<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value.
    public var value: Value
    /// One line, without the `#`; empty where there is nothing to say.
    public var comment: String

    /// A value and its comment.
    public init(_ value: Value, comment: String = "") {
        self.value = value
        self.comment = comment
    }
}

/// A distribution and one of its suites, written `debian:trixie`.
public struct BaseSystem: Hashable, Sendable, CustomStringConvertible {
    /// `debian` or `ubuntu`.
    public var distribution: String
    /// The suite's codename.
    public var suite: String
    /// Why it was chosen; empty where there is nothing to say.
    public var comment: String

    /// A suite of a distribution.
    public init(distribution: String, suite: String, comment: String = "") {
        self.distribution = distribution
        self.suite = suite
        self.comment = comment
    }

    /// `distribution:suite`.
    public var description: String { "\(distribution):\(suite)" }
}

/// A language or tool and the version it must have.
public struct ToolchainRequirement: Hashable, Sendable {
    /// The tool in lower case, for example `python`.
    public var tool: String
    /// A version prefix: `3.13` admits every 3.13.x. Empty admits any.
    public var version: String

    /// A requirement.
    public init(tool: String, version: String) {
        self.tool = tool
        self.version = version
    }
}

/// A variable with its value.
public struct EnvironmentVariable: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String

    /// A variable.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Whether a process can have it: a name without `=`, and no zero bytes.
    var isValid: Bool {
        !name.isEmpty && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") } && !value.utf8.contains(0)
    }
}

/// A named command line for `sh -c`, run at the root of the repository.
public struct TaskCommand: Hashable, Sendable {
    /// `test`, `build`…
    public var name: String
    /// The command line.
    public var command: String

    /// A command.
    public init(name: String, command: String) {
        self.name = name
        self.command = command
    }
}

/// A service by name and version.
public struct Service: Hashable, Sendable {
    /// `postgres`, `redis`…
    public var name: String
    /// An image tag or version; empty where none is named.
    public var version: String

    /// A service.
    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// One run of a language's package manager: what it installs, and from which files.
public struct DependencyStep: Hashable, Sendable {
    /// The tool that installs, for example `uv`.
    public var manager: String
    /// The folder of the project relative to the repository's root; `.` for the root.
    public var directory: String
    /// Whether the project itself is installed, in place.
    public var installsProject: Annotated<Bool>
    /// Optional features of the project to install.
    public var extras: [Annotated<String>]
    /// Dependency groups (PEP 735) of the project to install.
    public var groups: [Annotated<String>]
    /// Requirements files, relative to the repository's root.
    public var requirementsFiles: [Annotated<String>]
    /// Constraints files, relative to the repository's root.
    public var constraintsFiles: [Annotated<String>]
    /// Single requirements in the manager's own form.
    public var requirements: [Annotated<String>]
    /// A lockfile whose versions are taken, relative to the repository's root; empty for none.
    public var lockfile: Annotated<String>
    /// Nothing published after this day (`YYYY-MM-DD`) is taken; empty for no limit.
    public var excludeNewer: Annotated<String>

    /// A step that installs nothing yet.
    public init(manager: String, directory: String = ".") {
        self.manager = manager
        self.directory = directory
        installsProject = Annotated(false)
        extras = []
        groups = []
        requirementsFiles = []
        constraintsFiles = []
        requirements = []
        lockfile = Annotated("")
        excludeNewer = Annotated("")
    }
}
