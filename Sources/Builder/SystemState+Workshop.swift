//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Concurrency
import Debian
import Layers
import Lock
import State
import Store
import Timing

/// A locked package with its content.
struct Unpacked {
    let locked: LockedPackage
    let package: BinaryPackage
    let fragment: Fragment
}

extension Workshop {
    /// Joins locked packages with what their .debs say of themselves, in an order in which they can be configured.
    func unpackedPackages(
        _ packages: [LockedPackage], _ fragments: [Fragment], _ lock: Lockfile
    ) throws(BuilderError) -> [Unpacked] {
        var items: [String: Unpacked] = [:]
        var described: [BinaryPackage] = []
        for (locked, fragment) in zip(packages, fragments) {
            let package = try wrappingDebian { () throws(DebianError) in
                try BinaryPackage(locked, fragment: fragment, archive: lock.archives[locked.archive])
            }
            items[locked.name] = Unpacked(locked: locked, package: package, fragment: fragment)
            described.append(package)
        }
        let order = try wrappingDebian { () throws(DebianError) in try configurationOrder(of: described) }
        return order.compactMap { items[$0.name] }
    }

    /// What dpkg and the maintainer scripts would have left.
    func systemState(
        of packages: [Unpacked], _ platform: LockedPlatform, _ lock: Lockfile, _ suite: Suite
    ) async throws(BuilderError) -> SystemState {
        let contents = FragmentContentCache(FragmentContents(of: packages.map(\.fragment), in: store))
        let input = StateInput(
            packages: packages.map(UnpackedPackage.init), architecture: platform.architecture,
            sourceDateEpoch: lock.sourceDateEpoch,
            additional: try packageSources(suite, platform.architecture, time: lock.sourceDateEpoch),
            contents: { try contents.contents(of: $0) })
        do {
            return try await ComputePool(limit: 1).run {
                try measured("configuration") { () throws(StateError) in try State.systemState(input) }
            }
        } catch let error as StateError {
            throw .state(error)
        } catch {
            throw .cancelled
        }
    }

    /// Where apt inside the image gets packages from: the suite's own archives, whichever mirror was used here.
    private func packageSources(
        _ suite: Suite, _ architecture: String, time: Int64
    ) throws(BuilderError) -> [GeneratedEntry] {
        let stanzas = suite.sources(architecture: architecture).map { source in
            """
            Types: deb
            URIs: \(source.mirrors.joined(separator: " "))
            Suites: \(source.suite)
            Components: \(source.components.joined(separator: " "))
            Signed-By: /usr/share/keyrings/\(suite.distribution)-archive-keyring.gpg

            """
        }
        guard let path = EntryPath("etc/apt/sources.list.d/\(suite.distribution).sources") else { return [] }
        return [.file(path, Array(stanzas.joined(separator: "\n").utf8), time: time)]
    }
}

extension GeneratedEntry {
    fileprivate static func file(_ path: EntryPath, _ content: [UInt8], time: Int64) -> GeneratedEntry {
        .file(path, content, mode: 0o644, mtime: time)
    }
}

extension BinaryPackage {
    /// The package as its .deb's control file describes it, with the place that the lock names.
    fileprivate init(_ locked: LockedPackage, fragment: Fragment, archive: LockedArchive) throws(DebianError) {
        let control = fragment.control.first { $0.name == "control" }?.content ?? []
        var stanza = try ControlStanza.parseOne(control, source: "\(locked.name)'s control file")
        stanza["Filename"] = locked.path
        stanza["Size"] = String(locked.size)
        stanza["SHA256"] = locked.digest.hex
        try self.init(stanza, origin: IndexOrigin(baseURL: archive.uri, suite: archive.suite))
        guard name == locked.name, version == locked.version, architecture == locked.architecture else {
            throw .cannot(
                "use `\(locked.name)` \(locked.version) of fitout.lock",
                cause: "its file is the package `\(name)` \(version) for \(architecture)")
        }
    }
}

extension UnpackedPackage {
    fileprivate init(_ item: Unpacked) {
        self.init(
            name: item.package.name, version: item.package.version, architecture: item.package.architecture,
            multiArchSame: item.package.multiArch == "same", essential: item.package.isEssential,
            requested: item.locked.group != .automatic,
            controlParagraph: item.fragment.control.first { $0.name == "control" }?.content ?? [],
            fragment: item.fragment)
    }
}

extension LockedPlatform {
    /// dpkg's name of the architecture.
    var architecture: String {
        name.split(separator: "/").last.map(String.init) ?? name
    }
}
