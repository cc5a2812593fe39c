//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store
public import Toolchains

/// The content of `fitout.lock`: everything that an image is made of, by digest.
public struct Lockfile: Hashable, Sendable {
    /// The version of this format and of the builder's output: the same lock and the same version give the same image.
    public static let formatVersion = 1

    /// Digest of the spec that was locked, comments left out.
    public var spec: Digest
    /// The distribution and suite, `debian:trixie`.
    public var base: String
    /// What no file of the image is newer than, in seconds since 1970: the newest signed date of the archives.
    public var sourceDateEpoch: Int64
    /// The archives that packages come from, in the order of their use.
    public var archives: [LockedArchive]
    /// What each platform gets, sorted by platform.
    public var platforms: [LockedPlatform]
    /// Digests of the repository's files that decided, sorted by path.
    public var inputs: [LockedInput]

    /// A lock.
    public init(
        spec: Digest, base: String, sourceDateEpoch: Int64, archives: [LockedArchive], platforms: [LockedPlatform],
        inputs: [LockedInput]
    ) {
        self.spec = spec
        self.base = base
        self.sourceDateEpoch = sourceDateEpoch
        self.archives = archives
        self.platforms = platforms
        self.inputs = inputs
    }
}

/// One suite of an archive as it stood when it was locked.
public struct LockedArchive: Hashable, Sendable {
    /// The base of all paths, without a trailing slash.
    public var uri: String
    /// The suite as the URI spells it, for example `trixie-security`.
    public var suite: String
    /// The signed date of its Release file, as written there.
    public var date: String

    /// An archive.
    public init(uri: String, suite: String, date: String) {
        self.uri = uri
        self.suite = suite
        self.date = date
    }
}

/// The content of an image for one platform.
public struct LockedPlatform: Hashable, Sendable {
    /// `linux/amd64` or `linux/arm64`.
    public var name: String
    /// Debian packages, sorted by name and architecture.
    public var packages: [LockedPackage]
    /// What each dependency step installs, in the order of the spec.
    public var steps: [LockedStep]

    /// A platform.
    public init(name: String, packages: [LockedPackage], steps: [LockedStep]) {
        self.name = name
        self.packages = packages
        self.steps = steps
    }
}

/// A Debian package by its digest.
public struct LockedPackage: Hashable, Sendable {
    /// Why a package is in the image, which decides its layer.
    public enum Group: String, Hashable, Sendable, CaseIterable {
        /// The system that every image of the suite begins with.
        case base
        /// Asked for by the spec.
        case requested
        /// Needed by another package.
        case automatic
    }

    /// The package's name.
    public var name: String
    /// Its Debian version.
    public var version: String
    /// `amd64`, `arm64` or `all`.
    public var architecture: String
    /// Digest of the .deb.
    public var digest: Digest
    /// Size of the .deb in bytes.
    public var size: Int64
    /// Its path below the archive's URI.
    public var path: String
    /// Which of the lock's archives it comes from.
    public var archive: Int
    /// Why it is there.
    public var group: Group

    /// A package.
    public init(
        name: String, version: String, architecture: String, digest: Digest, size: Int64, path: String, archive: Int,
        group: Group
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.digest = digest
        self.size = size
        self.path = path
        self.archive = archive
        self.group = group
    }
}

/// What one dependency step of the spec installs.
public struct LockedStep: Hashable, Sendable {
    /// The tool that the spec names, `uv`.
    public var manager: String
    /// Exactly what is installed, and with which uv.
    public var python: PythonLock

    /// A step.
    public init(manager: String, python: PythonLock) {
        self.manager = manager
        self.python = python
    }
}

/// A file of the repository that decided what was locked.
public struct LockedInput: Hashable, Sendable {
    /// Its path, relative to the root.
    public var path: String
    /// Digest of its content.
    public var digest: Digest

    /// A file.
    public init(path: String, digest: Digest) {
        self.path = path
        self.digest = digest
    }
}
