//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import TOML

extension ProjectFindings {
    /// rustup's toolchain file: `rust-toolchain.toml`, or `rust-toolchain` as TOML or as the bare name of a toolchain
    /// ([Overrides](https://rust-lang.github.io/rustup/overrides.html)).
    ///
    /// - Returns: The components that it asks for.
    mutating func rustToolchain(in directory: String) -> [String] {
        // Of both, rustup takes the one without an extension.
        for path in ["rust-toolchain", "rust-toolchain.toml"].map({ joinPath(directory, $0) })
        where repository.contains(path) {
            let lines = repository.lines(path)
            if path.hasSuffix(".toml") || lines.contains(where: { $0.trimmingSpaces == "[toolchain]" }) {
                let table = repository.toml(path)?["toolchain"]
                if let node = table?["channel"], let channel = node.string {
                    toolchain("rust", .pin, rustVersion(channel), Evidence(path, line: node.line))
                }
                if let targets = table?["targets"], targets.strings.contains(where: { $0.hasSuffix("-musl") }) {
                    system(.package("musl-tools"), reason: "a target with musl", Evidence(path, line: targets.line))
                }
                return table?["components"]?.strings ?? []
            }
            if let index = lines.firstIndex(where: { !$0.trimmingSpaces.isEmpty && !$0.hasPrefix("#") }) {
                toolchain("rust", .pin, rustVersion(lines[index].trimmingSpaces), Evidence(path, line: index + 1))
            }
            return []
        }
        return []
    }

    /// Linkers and targets in Cargo's settings ([Configuration](https://doc.rust-lang.org/cargo/reference/config.html)).
    mutating func cargoConfiguration(in directory: String) {
        let names = [".cargo/config.toml", ".cargo/config"].map { joinPath(directory, $0) }
        guard let path = names.first(where: repository.contains), let root = repository.toml(path) else { return }
        if let target = root["build"]?["target"], target.strings.contains(where: { $0.hasSuffix("-musl") }) {
            system(.package("musl-tools"), reason: "a target with musl", Evidence(path, line: target.line))
        }
        var tables = (root["target"]?.table ?? []).filter { holdsOnLinux($0.key) && !$0.key.hasSuffix("musl") }
            .map(\.value)
        if let build = root["build"] { tables.append(build) }
        for table in tables {
            if let node = table["linker"], let linker = node.string, !linker.contains("/") {
                system(.program(linker), reason: "the linker", Evidence(path, line: node.line))
            }
            guard let flags = table["rustflags"] else { continue }
            for flag in flags.strings.flatMap({ $0.split(separator: " ") }) {
                guard let place = flag.range(ofText: "-fuse-ld=") else { continue }
                let name = flag[place...].dropFirst(9)
                let program = ["lld": "ld.lld", "mold": "mold", "gold": "ld.gold"][String(name)]
                if let program { system(.program(program), reason: "the linker", Evidence(path, line: flags.line)) }
            }
        }
    }

    /// What a manifest says of the least version: `rust-version`, or the edition's first.
    mutating func rustVersions(_ manifest: CargoManifest) {
        for package in [manifest.package, manifest.root["workspace"]?["package"]].compactMap({ $0 }) {
            if let node = package["rust-version"], let version = node.string {
                toolchain("rust", .range, ">=\(version)", Evidence(manifest.path, line: node.line))
            } else if package["rust-version"] == nil, let node = package["edition"], let edition = node.string,
                let version = editionFloors[edition]
            {
                toolchain("rust", .range, ">=\(version)", Evidence(manifest.path, line: node.line))
            }
        }
    }

    /// The least version that clippy takes into account.
    mutating func clippyVersion(in directory: String) {
        for name in ["clippy.toml", ".clippy.toml"] {
            let path = joinPath(directory, name)
            guard repository.contains(path), let node = repository.toml(path)?["msrv"], let version = node.string
            else { continue }
            toolchain("rust", .range, ">=\(version)", Evidence(path, line: node.line))
        }
    }
}

/// The version in a toolchain's name: `1.70-x86_64-unknown-linux-gnu` carries the host behind it; empty for any stable
/// one.
private func rustVersion(_ channel: String) -> String {
    let version = channel.prefix { $0.isNumber || $0 == "." }
    if !version.isEmpty { return String(version) }
    if channel == "stable" || channel.hasPrefix("stable-") { return "" }
    // `nightly-2024-08-12-x86_64-unknown-linux-gnu`
    let parts = channel.split(separator: "-")
    let date = parts.dropFirst().prefix { $0.allSatisfy(\.isNumber) }.prefix(3)
    return ([parts.first ?? ""] + date).joined(separator: "-")
}

private let editionFloors = ["2018": "1.31", "2021": "1.56", "2024": "1.85"]
