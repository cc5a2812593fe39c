//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// Exactly what a Python environment consists of, for one interpreter and one platform.
public struct PythonLock: Hashable, Sendable {
    /// The distributions, sorted by name.
    public var distributions: [LockedDistribution]
    /// The projects of the repository itself that were asked for, by their folders from its root, sorted.
    public var localProjects: [LocalPythonProject]
    /// Nothing uploaded after this moment is used to build; RFC 3339, nil for no limit.
    public var buildExcludeNewer: String?
    /// The tool that resolved this and installs it.
    public var uv: LockedUv

    /// A lock.
    public init(
        distributions: [LockedDistribution], localProjects: [LocalPythonProject] = [], buildExcludeNewer: String?,
        uv: LockedUv
    ) {
        self.distributions = distributions
        self.localProjects = localProjects
        self.buildExcludeNewer = buildExcludeNewer
        self.uv = uv
    }
}

/// One distribution of a lock.
public struct LockedDistribution: Hashable, Sendable {
    /// What is installed.
    public enum Artifact: Hashable, Sendable {
        /// A wheel of an index.
        case wheel(PythonArtifact)
        /// A source distribution of an index.
        case sdist(PythonArtifact)
        /// A wheel or source archive that was asked for by its URL.
        case archive(PythonArtifact, subdirectory: String?)
        /// A commit of a Git repository.
        case git(url: String, commit: String, subdirectory: String?)
    }

    /// The normalised name.
    public var name: String
    /// The version; nil for sources that only say it when they are built.
    public var version: String?
    /// What is installed.
    public var artifact: Artifact

    /// A distribution.
    public init(name: String, version: String?, artifact: Artifact) {
        self.name = name
        self.version = version
        self.artifact = artifact
    }

    /// Whether it has to be built.
    public var isSource: Bool {
        switch artifact {
        case .wheel: false
        case .archive(let file, _): !file.fileName.hasSuffix(".whl")
        case .sdist, .git: true
        }
    }
}

/// A file of a lock.
public struct PythonArtifact: Hashable, Sendable {
    /// Where it is.
    public var url: String
    /// Its size in bytes, where that is known.
    public var size: Int64?
    /// Its digest.
    public var digest: Digest

    /// A file.
    public init(url: String, size: Int64?, digest: Digest) {
        self.url = url
        self.size = size
        self.digest = digest
    }

    /// The last component of the URL, as it is spelled there.
    public var fileName: String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        return path.split(separator: "/").last.map(String.init) ?? ""
    }
}

/// A project of the repository.
public struct LocalPythonProject: Hashable, Sendable, Comparable {
    /// Its folder, from the repository's root; empty for the root itself.
    public var path: String
    /// Whether what is installed refers to the folder.
    public var isEditable: Bool

    /// A project.
    public init(path: String, isEditable: Bool) {
        self.path = path
        self.isEditable = isEditable
    }

    /// By path.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.path, lhs.isEditable ? 1 : 0) < (rhs.path, rhs.isEditable ? 1 : 0)
    }
}

/// A uv, as a wheel.
public struct LockedUv: Hashable, Sendable {
    /// Its version.
    public var version: String
    /// The wheel.
    public var wheel: PythonArtifact

    /// A uv.
    public init(version: String, wheel: PythonArtifact) {
        self.version = version
        self.wheel = wheel
    }
}
