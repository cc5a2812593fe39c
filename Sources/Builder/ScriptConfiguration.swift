//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Lock
import Sandbox
import State
import Store
import SystemPackage

extension Workshop {
    /// Runs the maintainer scripts that no rule covers: `preinst` and `dpkg --configure` inside, and what they changed as
    /// a layer.
    func configureInSandbox(
        _ scripts: [UnhandledScript], over layers: [TitledLayer], _ platform: LockedPlatform, _ lock: Lockfile
    ) async throws(BuilderError) -> TitledLayer {
        let names = Array(Set(scripts.map(\.package))).sorted()
        let emulation = await emulation(of: platform)
        report(.phase("configuring \(names.joined(separator: ", ")) in the sandbox"))
        let root = SandboxRoot(layers: try folders(of: layers.map(\.layer)))
        let time = lock.sourceDateEpoch
        let (result, tree) = try await wrappingSandbox { () throws(SandboxError) in
            let sandbox = try Sandbox(store: store, emulation: emulation)
            let upper = try sandbox.makeUpperLayer()
            let files = try sandbox.makeScratchFolder()
            try writePolicy(to: files.path)
            let preinsts = scripts.filter { $0.script == "preinst" }.map(\.package)
            var command = SandboxCommand(["sh", "-c", configureScript, "configure"] + preinsts)
            command.environment = [
                ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), ("HOME", "/root"),
                ("LANG", "C.UTF-8"), ("DEBIAN_FRONTEND", "noninteractive"), ("DEBCONF_NONINTERACTIVE_SEEN", "true"),
                ("PYTHONDONTWRITEBYTECODE", "1"), ("SOURCE_DATE_EPOCH", String(time)),
            ]
            command.identity = .allIDs(orElseRoot: true)
            command.mounts = [.readOnly(files.path.appending("policy-rc.d"), at: "/usr/sbin/policy-rc.d")]
            return (try await sandbox.run(command, in: root, upper: upper), upper)
        }
        guard result.isSuccess else {
            let output = String(decoding: result.output + result.errorOutput, as: UTF8.self)
            throw .configuration(packages: names, output: output)
        }
        let (layer, keys) = try await wrappingLayers {
            var capture = try captureTree(tree.folder, time: time)
            capture.removeLeftovers()
            let layer = try writeLayer(
                fromTree: capture, lower: layers.map(\.layer), time: time, compression: compression, in: store)
            return (layer, capture.privateKeys)
        }
        if !keys.isEmpty {
            report(
                .note(
                    "everybody who gets the image knows the private keys that scripts have made, and each build makes "
                        + "others, so that its digest differs: " + keys.joined(separator: ", ")))
        }
        return TitledLayer(layer: layer, title: "configuration of \(names.joined(separator: ", "))")
    }
}

/// Runs the `preinst install` of the packages that are its arguments, as dpkg would have before it unpacked them, and
/// configures what is unpacked.
private let configureScript = """
    set -e
    for package; do
        script=$(dpkg-query --control-path "$package" preinst)
        DPKG_MAINTSCRIPT_NAME=preinst DPKG_MAINTSCRIPT_PACKAGE=$package DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT=1 \\
        DPKG_MAINTSCRIPT_ARCH=$(dpkg-query --show --showformat='${Architecture}' "$package") \\
        DPKG_ADMINDIR=/var/lib/dpkg DPKG_ROOT= "$script" install
    done
    exec dpkg --configure --pending --force-confdef --force-confold
    """

/// Writes the program that keeps scripts from starting services (Debian's `invoke-rc.d`).
private func writePolicy(to folder: FilePath) throws(SandboxError) {
    let path = folder.appending("policy-rc.d")
    do throws(StoreError) {
        try writeAtomically(
            Array("#!/bin/sh\nexit 101\n".utf8), to: path,
            mode: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute])
    } catch {
        throw .store(error)
    }
}

extension TreeCapture {
    /// The private keys of services among the entries, sorted.
    fileprivate var privateKeys: [String] {
        entries.map(\.path.description).filter { path in
            (path.hasPrefix("etc/ssh/ssh_host_") && path.hasSuffix("_key"))
                || (path.hasPrefix("etc/ssl/private/") && path.hasSuffix(".key"))
        }.sorted()
    }

    /// Drops what differs from run to run and serves nobody: logs, caches, old copies of databases, byte-code, and the
    /// keys by which machines are known, which must not be those of everybody who has the image.
    mutating func removeLeftovers() {
        keep { path in
            let name = path.description
            let isLog = name.hasPrefix("var/log/") && path.parent?.description == "var/log"
            let isCache =
                name.hasPrefix("var/cache/debconf/") || name.hasPrefix("var/cache/man/")
                || name == "var/cache/ldconfig/aux-cache" || name == "var/lib/dpkg/lock"
            let isHostKey = name.hasPrefix("etc/ssh/ssh_host_")
            return !isLog && !isCache && !isHostKey && !name.hasSuffix("-old") && !name.hasSuffix(".pyc")
                && !name.hasSuffix("/__pycache__") && name != "usr/sbin/policy-rc.d"
        }
    }
}
