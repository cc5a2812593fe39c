//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Layers
import Lock

/// Packages that make up one layer.
struct PackageGroup {
    /// What they are, for the image's history.
    let name: String
    /// The packages, in the order of configuration.
    let packages: [Unpacked]

    /// The packages of an image in layers, lowest first: the base system, each toolchain with what it alone brings, each
    /// large source package, and the rest.
    ///
    /// Which layer a package is in depends on little but itself and the layers below, so that images share layers, and
    /// a package more changes the uppermost of them. There are at most 20 or so: engines give up above 127.
    static func groups(of packages: [Unpacked]) throws(DebianError) -> [PackageGroup] {
        let graph = try DependencyGraph(of: packages.map(\.package))
        var names = packages.map { $0.locked.group == .base ? "base system" : nil }
        var order = ["base system"]
        for toolchain in toolchains {
            let roots = packages.indices.filter { toolchain.holds(packages[$0].package.name) }
            for index in graph.order(from: roots) where names[index] == nil { names[index] = toolchain.name }
            order.append(toolchain.name)
        }
        let rest = packages.indices.filter { names[$0] == nil }
        for source in largeSources(rest.map { packages[$0] }) {
            for index in rest where packages[index].package.sourceName == source { names[index] = source }
            order.append(source)
        }
        order.append("other packages")
        return order.compactMap { name in
            let members = packages.indices.filter { (names[$0] ?? "other packages") == name }.map { packages[$0] }
            return members.isEmpty ? nil : PackageGroup(name: name, packages: members)
        }
    }

    /// The source packages with the most to unpack: at most six, of 48 MiB or more.
    private static func largeSources(_ packages: [Unpacked]) -> [String] {
        var sizes: [String: Int64] = [:]
        for item in packages { sizes[item.package.sourceName, default: 0] += item.fragment.uncompressedSize }
        let large = sizes.filter { $0.value >= 48 << 20 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return large.prefix(6).map(\.key).sorted()
    }
}

/// A toolchain, told by the names of packages: with what they depend on, they make up a layer.
private struct Toolchain {
    let name: String
    /// Whole names, or beginnings of names that a version follows.
    let roots: [String]
    /// What may follow the name or the version, without the hyphen before it.
    let suffixes: [String]

    init(_ name: String, _ roots: [String], suffixes: [String] = []) {
        self.name = name
        self.roots = roots
        self.suffixes = suffixes
    }

    /// Whether `package` is one of a root's names: `gcc`, `gcc-14`, `openjdk-21-jdk-headless`.
    func holds(_ package: String) -> Bool {
        roots.contains { root in
            guard package.hasPrefix(root) else { return false }
            let rest = package.dropFirst(root.count)
            let version = rest.drop { $0 == "-" }.prefix { $0.isNumber || $0 == "." }
            let suffix = rest.drop { $0 == "-" }.dropFirst(version.count).drop { $0 == "-" }
            return suffix.isEmpty && !rest.hasSuffix("-") || suffixes.contains(String(suffix))
        }
    }
}

/// What changes seldom and is used most comes first.
private let toolchains = [
    Toolchain(
        "C and C++",
        ["build-essential", "gcc", "g++", "gfortran", "clang", "llvm", "lld", "make", "cmake", "ninja-build"]),
    Toolchain("Python", ["python3"], suffixes: ["minimal", "venv", "dev", "full", "distutils", "pip"]),
    Toolchain("Perl", ["perl"]),
    Toolchain(
        "Java", ["openjdk", "default-jdk", "default-jre", "maven", "gradle", "ant"],
        suffixes: ["jdk", "jre", "jdk-headless", "jre-headless", "headless"]),
    Toolchain("Node.js", ["nodejs", "npm", "yarnpkg"]),
    Toolchain("Go", ["golang", "gccgo"], suffixes: ["go", "src"]),
    Toolchain("Rust", ["rustc", "cargo"]),
    Toolchain("Ruby", ["ruby", "bundler"], suffixes: ["dev", "full"]),
    Toolchain("PHP", ["php", "composer"], suffixes: ["cli", "common"]),
    Toolchain("Erlang and Elixir", ["erlang", "elixir"], suffixes: ["base", "dev"]),
    Toolchain("Haskell", ["ghc", "cabal-install"]),
    Toolchain("R", ["r-base"], suffixes: ["core", "dev"]),
]
