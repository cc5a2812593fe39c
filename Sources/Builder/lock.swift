//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
public import Checkout
import Debian
public import Environment
public import Lock
import PythonStep
import Store
import Timing

extension Workshop {
    /// Resolves a spec to exact packages and distributions, for the platforms that it names.
    ///
    /// For dependency steps the system part is built on the way, because what a step resolves to may depend on it; the
    /// results stay in the store for ``build(_:_:_:_:leavingOut:)``.
    ///
    /// - Parameter kept: A lock that fits the spec, whose other platforms are taken over.
    /// - Throws: ``BuilderError``.
    public func lock(
        _ spec: EnvironmentSpec, of checkout: Checkout, keeping kept: Lockfile? = nil
    ) async throws(BuilderError) -> Lockfile {
        var lock = Lockfile(
            spec: spec.digest, base: spec.base.description, sourceDateEpoch: 0, archives: kept?.archives ?? [],
            platforms: kept?.platforms.filter { !spec.platforms.contains($0.name) } ?? [],
            inputs: try inputs(of: spec, in: checkout))
        // The machine's own platform first: its Python installs for others.
        let platforms = ordered(spec.platforms) { $0.hasSuffix("/" + architecture) }
        for platform in platforms { try await lockSystem(platform, spec, extra: [], into: &lock) }
        if !spec.dependencies.isEmpty {
            for platform in platforms { try await lockDependencies(of: platform, spec, checkout, into: &lock) }
        }
        lock.removeUnusedArchives()
        return lock
    }

    /// How a lock fails to fit a spec and the repository's files.
    public enum Misfit: Equatable, Sendable {
        /// It was made for another spec or other files, as the text says.
        case stale(String)
        /// It lacks these platforms of the spec, and is right otherwise.
        case platforms([String])
    }

    /// Why `lock` no longer fits; nil where it does. Platforms that it has besides do no harm.
    public func misfit(
        of lock: Lockfile, _ spec: EnvironmentSpec, _ checkout: Checkout
    ) throws(BuilderError) -> Misfit? {
        if lock.spec != spec.digest { return .stale("fitout.yaml has changed") }
        let current = try inputs(of: spec, in: checkout)
        let before = Dictionary(lock.inputs.map { ($0.path, $0.digest) }) { first, _ in first }
        for input in current where before[input.path] != input.digest {
            return .stale(before[input.path] == nil ? "\(input.path) is new" : "\(input.path) has changed")
        }
        let paths = Set(current.map(\.path))
        if let gone = lock.inputs.first(where: { !paths.contains($0.path) }) { return .stale("\(gone.path) is gone") }
        let missing = spec.platforms.filter { name in !lock.platforms.contains { $0.name == name } }
        return missing.isEmpty ? nil : .platforms(missing)
    }

    /// Resolves the packages of one platform, with `extra` ones that building dependencies turned out to need.
    func lockSystem(
        _ platform: String, _ spec: EnvironmentSpec, extra: [String], into lock: inout Lockfile
    ) async throws(BuilderError) {
        report(.phase("resolving packages for \(platform)"))
        let architecture = platform.split(separator: "/").last.map(String.init) ?? platform
        let client = ArchiveClient(downloader: downloader, store: store, isOffline: host.isOffline)
        let suite = try wrappingDebian { () throws(DebianError) in try Suite(named: spec.base.description) }
        let tools: [String]
        do {
            tools = try spec.toolchainPackages(in: try Catalog.builtIn())
        } catch let error as EnvironmentError {
            throw .environment(error)
        } catch {
            throw .unsupported("\(error)", hint: "reinstall fitout")
        }
        let index: PackageIndex
        let solution: Solution
        do throws(DebianError) {
            var sources = suite.sources(architecture: architecture, mirrors: archiveMirrors)
            let isAllowed = spec.allowsExpired.value || expiredSuites.contains(suite.name)
            for index in sources.indices { sources[index].allowExpired = isAllowed }
            let sorted = sources
            index = try await measured("indexes") { () async throws(DebianError) in
                try await client.load(sorted, architecture: architecture, now: now)
            }
            var wishes: [PackageRelation] = []
            for name in spec.packages.map(\.value) + tools + extra { wishes += try PackageRelation.list(name) }
            solution = try measured("solve") { () throws(DebianError) in try solve(wishes, in: index) }
        } catch {
            throw .debian(error)
        }
        let canonical = Dictionary(archiveMirrors.map { ($0.value.first ?? "", $0.key) }) { first, _ in first }
        var packages: [LockedPackage] = []
        for entry in solution.entries {
            let origin = entry.package.origin
            let archive = LockedArchive(
                uri: canonical[origin.baseURL] ?? origin.baseURL, suite: origin.suite, date: origin.date)
            if !lock.archives.contains(archive) { lock.archives.append(archive) }
            let isExtra = extra.contains(entry.package.name)
            packages.append(
                LockedPackage(
                    name: entry.package.name, version: entry.package.version,
                    architecture: entry.package.architecture, digest: entry.package.sha256, size: entry.package.size,
                    path: entry.package.filename, archive: lock.archives.firstIndex(of: archive) ?? 0,
                    group: entry.isBase ? .base : (entry.isRequested && !isExtra ? .requested : .automatic)))
        }
        lock.sourceDateEpoch = max(
            lock.sourceDateEpoch, lock.archives.compactMap { secondsSince1970($0.date) }.max() ?? 0)
        lock.platforms.removeAll { $0.name == platform }
        lock.platforms.append(LockedPlatform(name: platform, packages: packages, steps: []))
        lock.platforms.sort { $0.name < $1.name }
    }

    /// The digests of the files that decide what a spec resolves to.
    func inputs(of spec: EnvironmentSpec, in checkout: Checkout) throws(BuilderError) -> [LockedInput] {
        var paths: Set<String> = []
        for step in spec.dependencies {
            let folder = step.directory == "." ? "" : step.directory + "/"
            if step.installsProject.value || !step.groups.isEmpty || !step.extras.isEmpty {
                for name in ["pyproject.toml", "setup.py", "setup.cfg"] { paths.insert(folder + name) }
            }
            let files = step.requirementsFiles + step.constraintsFiles
            for file in files.map(\.value) { include(file, from: checkout, into: &paths) }
            if !step.lockfile.value.isEmpty { paths.insert(step.lockfile.value) }
        }
        var inputs: [LockedInput] = []
        for path in paths.sorted() where checkout[path] != nil {
            do throws(CheckoutError) {
                inputs.append(LockedInput(path: path, digest: .sha256(try checkout.read(path))))
            } catch {
                throw .unsupported(
                    "cannot read \(path): \(error)", hint: "make the file readable, or take it out of fitout.yaml")
            }
        }
        return inputs
    }

    /// A requirements file and those that it includes.
    private func include(_ file: String, from checkout: Checkout, into paths: inout Set<String>) {
        guard paths.insert(file).inserted, let bytes = try? checkout.read(file) else { return }
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" }
            guard words.count >= 2, ["-r", "-c", "--requirement", "--constraint"].contains(words[0]) else { continue }
            include(
                normalized(folder.isEmpty ? String(words[1]) : "\(folder)/\(words[1])"), from: checkout, into: &paths)
        }
    }

    private func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

extension Workshop.Misfit: CustomStringConvertible {
    /// What is wrong, as in `fitout.lock is stale: fitout.yaml has changed`.
    public var description: String {
        switch self {
        case .stale(let reason): reason
        case .platforms(let names): "it has no \(names.joined(separator: ", "))"
        }
    }
}

extension EnvironmentSpec {
    /// The digest of what the spec says. Comments do not count, and neither do the platforms: a lock says itself which it
    /// is for.
    var digest: Digest {
        var spec = withoutComments
        spec.platforms = []
        return .sha256(Array(spec.rendered().utf8))
    }
}

extension Lockfile {
    /// Drops archives that nothing comes from.
    mutating func removeUnusedArchives() {
        let used = Set(platforms.flatMap(\.packages).map(\.archive)).sorted()
        let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($0.element, $0.offset) })
        for platform in platforms.indices {
            for package in platforms[platform].packages.indices {
                let archive = platforms[platform].packages[package].archive
                platforms[platform].packages[package].archive = places[archive] ?? archive
            }
        }
        archives = used.map { archives[$0] }
        sourceDateEpoch = archives.compactMap { secondsSince1970($0.date) }.max() ?? 0
    }
}
