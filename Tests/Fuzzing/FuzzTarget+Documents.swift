//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Environment
import Lock
import OCI
import SystemPackage
import Toolchains

extension FuzzTarget {
    /// `fitout.lock`.
    static let lockfile = FuzzTarget(
        "lockfile", words: ["{", "]", "\"", "null", "..", "/", "\\ud800", "\n<<<<<<< a\n", "sha256:"],
        samples: ["locks"]
    ) { bytes in
        do {
            // What is accepted is whole: it can be written, and read again as the same.
            let lock = try Lockfile(json: bytes)
            let again = try accepted({ try Lockfile(json: Array(lock.rendered().utf8)) })
            try expectSame(again, lock, "a lock")
        } catch let error as LockError {
            if !error.description.hasPrefix("fitout.lock") { throw BrokenProperty("no place: \(error)") }
        }
    }

    /// `fitout.yaml`.
    static let spec = FuzzTarget(
        "spec",
        words: ["{", "]", "\"", "null", "-", ": ", "&a *a", "../", "!!int x", "\n---\n", "\t", "\n<<<<<<< a\n"],
        samples: ["specs"]
    ) { bytes in
        do {
            let spec = try EnvironmentSpec(yaml: bytes)
            let text = spec.rendered()
            let again = try accepted({ try EnvironmentSpec(yaml: Array(text.utf8)) })
            try expectSame(again?.rendered(), text, "a spec")
        } catch let error as EnvironmentError {
            if !error.description.hasPrefix("fitout.yaml:") { throw BrokenProperty("no place: \(error)") }
        }
    }

    /// `fitout.yaml` that a user has edited, with new findings added to it.
    static let specUpdate = FuzzTarget(
        "spec-update",
        words: [
            "# - git\n", "  # x: y\n", "packages:\n- a\n", "tasks: {}\n", "[", "{", "|\n  ", "\r\n", "? ", "\n\n", "# ",
        ],
        samples: ["specs"]
    ) { bytes in
        guard let existing = try accepted({ try EnvironmentSpec(yaml: bytes) }) else { return }
        var wanted = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "trixie"))
        wanted.toolchains = [Annotated(ToolchainRequirement(tool: "node", version: "20"), comment: ".nvmrc:1")]
        wanted.packages = [Annotated("git", comment: "x:1"), Annotated("zlib1g-dev")]
        wanted.tasks = [Annotated(TaskCommand(name: "build", command: "make"))]
        var step = DependencyStep(manager: "uv", directory: "backend")
        step.extras = [Annotated("cli")]
        wanted.dependencies = [step]
        // A layout that nothing can be added to is refused.
        guard let update = try accepted({ try SpecUpdate(of: bytes, with: wanted) }) else { return }
        let merged = try EnvironmentSpec(yaml: Array(update.text.utf8))
        for kept in [existing.packages.map(\.value), existing.tasks.map { "\($0.value)" }] {
            let now = Set(merged.packages.map(\.value) + merged.tasks.map { "\($0.value)" })
            if !now.isSuperset(of: kept) { throw BrokenProperty("\(kept) was not kept: \(now)") }
        }
        try expectSame(merged.base.description, existing.base.description, "the base")
        let again = try SpecUpdate(of: Array(update.text.utf8), with: wanted)
        try expectSame(again.text, update.text, "an update of what is up to date")
    }

    /// `pylock.toml`, as uv writes it.
    static let pylock = FuzzTarget(
        "pylock", words: ["[[packages]]\n", "name = ", "wheels = [{", "url = ", "hashes = {sha256 = ", "%2B", "../"]
    ) { bytes in
        let platform = PythonPlatform(minor: 13, architecture: .amd64, glibc: 41)
        guard let lock = try accepted({ try Pylock(parsing: bytes, for: platform) }) else {
            return
        }
        let text = Array(Toolchains.pylock(of: lock.distributions).utf8)
        let again = try accepted({ try Pylock(parsing: text, for: platform) })
        try expectSame(again?.distributions, lock.distributions, "a pylock.toml")
    }

    /// File names of wheels.
    static let wheelName = FuzzTarget(
        "wheel", words: ["-", ".", "_", "py3", "none", "any", ".whl", "manylinux_2_17_x86_64"]
    ) {
        guard let name = WheelName(String(decoding: $0, as: UTF8.self)) else { return }
        let platform = PythonPlatform(minor: 13, architecture: .amd64, glibc: 41)
        _ = platform.bestWheel(among: [name]) { _ in String(decoding: [0x61], as: UTF8.self) }
    }

    /// Image layouts as tars.
    static let imageLayout = FuzzTarget(
        "layout", words: ["oci-layout", "index.json", "blobs/sha256/", "{\"manifests\":[", "\"size\":-1", "sha256:"]
    ) { bytes in
        try Scratch.withFile(bytes, named: "image.tar") { path in
            guard let layout = try accepted({ try ImageLayout(at: path) }) else { return }
            _ = try accepted({ try validate(layout) })
            let manifests = try accepted({ try layout.manifests() })
            for item in manifests ?? [] {
                _ = try accepted({ try layout.config(of: item.manifest) })
            }
        }
    }
}
