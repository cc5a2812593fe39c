//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A container image by the name that repositories give it: `docker.io/library/postgres:16-alpine`.
struct ImageReference: Hashable {
    /// The path without a registry: `library/postgres`.
    let path: String
    /// The tag; empty where there is none.
    let tag: String

    /// Reads a reference; a digest is left out.
    init(_ text: String) {
        var rest = text.prefix { $0 != "@" }
        let last = rest.lastIndex(of: "/") ?? rest.startIndex
        var tag = ""
        if let colon = rest[last...].lastIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        var parts = rest.split(separator: "/")
        if let first = parts.first, parts.count > 1, first.contains(".") || first.contains(":") || first == "localhost"
        {
            parts.removeFirst()
        }
        path = parts.joined(separator: "/").lowercased()
        self.tag = tag.contains("$") ? "" : tag
    }

    /// The last component of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The version that the tag begins with: `16` of `16-alpine`; nil for `latest` and the like.
    var version: String? {
        let text = tag.hasPrefix("v") ? tag.dropFirst() : tag[...]
        let version = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        return version.first?.isNumber == true ? String(version) : nil
    }

    private var tagWords: [String] { tag.lowercased().split { $0 == "-" || $0 == "_" }.map(String.init) }

    /// Whether it is built on another distribution than Debian and its derivatives.
    var isForeign: Bool {
        foreignImages.contains(name) || name.hasPrefix("manylinux") || name.hasPrefix("musllinux")
            || tagWords.contains { $0.hasPrefix("alpine") || $0.hasPrefix("windowsservercore") || $0 == "nanoserver" }
    }

    /// The codename of the Debian or Ubuntu release that it is built on, where the reference names it.
    var suite: String? {
        if name == "ubuntu" || name == "ubuntu-debootstrap" { return ubuntuReleases[version ?? ""] ?? knownSuite }
        if name == "debian" {
            return debianReleases[version.map { String($0.prefix { $0 != "." }) } ?? ""] ?? knownSuite
        }
        return knownSuite
    }

    private var knownSuite: String? {
        tagWords.first { ubuntuReleases.values.contains($0) || debianReleases.values.contains($0) || $0 == "sid" }
    }

    /// The toolchains that the image carries, as far as its name and its tag tell their versions.
    var toolchains: [(tool: String, version: String)] {
        var found: [(tool: String, version: String)] = []
        func add(_ tool: String, _ version: String) {
            if !found.contains(where: { $0.tool == tool }) { found.append((tool, version)) }
        }
        let words = tagWords
        let tool = toolImages[path.split(separator: "/").suffix(2).joined(separator: "/")] ?? toolImages[name]
        if let tool, let version = ownVersion { add(tool, version) }
        // `8.5-jdk17`, `1.15.7-erlang-26.1`, `python3.11-nodejs20`, `3.9-eclipse-temurin-17`.
        for (index, word) in words.enumerated() {
            let stem = String(word.prefix { $0.isLetter })
            guard let tool = tagTools[stem] else { continue }
            let rest = word.dropFirst(stem.count)
            if rest.first?.isNumber == true {
                add(tool, String(rest))
            } else if rest.isEmpty, index + 1 < words.count, words[index + 1].first?.isNumber == true {
                add(tool, words[index + 1])
            }
        }
        return found
    }

    /// The version of the tool that the image is for.
    private var ownVersion: String? {
        guard let version else { return nil }
        // `devcontainers/python:1-3.12-bookworm` has the image's own version before Python's.
        guard path.range(ofText: "devcontainers/") != nil else { return version }
        guard let inner = tagWords.dropFirst().first, inner.first?.isNumber == true else { return version }
        return inner
    }

    /// The service that the image is, by its own name where that is not a known service's; nil without a name.
    func service(port: Int?, evidence: Evidence) -> ServiceFinding? {
        guard !path.isEmpty, !path.contains("$") else { return nil }
        return ServiceFinding(
            serviceName(ofImage: path) ?? name, version: serviceVersion, port: port, evidence: evidence)
    }

    /// The service's version: `16` of `pg16` and of `2.14.2-pg16`, which begins with an extension's.
    private var serviceVersion: String? {
        for word in tagWords where word.hasPrefix("pg") {
            let release = word.dropFirst(2).prefix { $0.isNumber || $0 == "." }
            if release.first?.isNumber == true { return String(release) }
        }
        return version
    }

    /// Whether it is a database, a queue or another program that others talk to.
    var isService: Bool { serviceName(ofImage: path) != nil }
}

/// The port within the container of `5432:5432/tcp`, `127.0.0.1:5432:5432` or `5432`.
func containerPort(_ text: String) -> Int? {
    text.prefix { $0 != "/" }.split(separator: ":").last.flatMap { Int($0) }
}

/// The codename of the Ubuntu release in `ubuntu-22.04` and `ubuntu-2204`.
func ubuntuSuite(_ label: String) -> String? {
    guard label.hasPrefix("ubuntu") else { return nil }
    let digits = label.filter(\.isNumber).prefix(4)
    guard digits.count == 4 else { return nil }
    return ubuntuReleases["\(digits.prefix(2)).\(digits.suffix(2))"]
}

private let ubuntuReleases = [
    "14.04": "trusty", "16.04": "xenial", "18.04": "bionic", "20.04": "focal", "22.04": "jammy", "24.04": "noble",
    "26.04": "resolute",
]
private let debianReleases = [
    "8": "jessie", "9": "stretch", "10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie",
]
private let foreignImages: Set<String> = [
    "alpine", "fedora", "centos", "rockylinux", "almalinux", "archlinux", "opensuse", "leap", "tumbleweed",
    "amazonlinux",
    "busybox", "nix", "gentoo", "stage3", "oraclelinux", "ubi8", "ubi9", "clearlinux", "void", "photon", "scratch",
    "freebsd",
    "base-devel",
]
private let toolImages: [String: String] = [
    "python": "python", "node": "node", "golang": "go", "go": "go", "rust": "rust", "ruby": "ruby", "perl": "perl",
    "openjdk": "java", "eclipse-temurin": "java", "amazoncorretto": "java", "java": "java", "php": "php", "gcc": "gcc",
    "swift": "swift", "elixir": "elixir", "erlang": "erlang", "haskell": "ghc", "julia": "julia", "r-base": "r",
    "r-ver": "r", "rstudio": "r", "tidyverse": "r", "typescript-node": "node", "javascript-node": "node",
    "clang": "clang", "dotnet/sdk": "dotnet", "dotnet/aspnet": "dotnet", "dotnet/runtime": "dotnet",
    "core/sdk": "dotnet", "core/aspnet": "dotnet", "core/runtime": "dotnet",
    "devcontainers/dotnet": "dotnet", "dart": "dart", "flutter": "flutter", "crystal": "crystal", "bun": "bun",
    "deno": "deno", "maven": "maven", "gradle": "gradle", "sbt": "sbt", "composer": "composer",
    "hashicorp/terraform": "terraform", "zig": "zig", "gleam": "gleam", "nim": "nim", "ghc": "ghc",
    "perl-tester": "perl",
    "ibm-semeru-runtimes": "java", "sapmachine": "java", "zulu-openjdk": "java", "liberica-openjdk-debian": "java",
    "graalvm-community": "java", "android": "android", "pypy": "pypy", "clojure": "clojure", "kotlin": "kotlin",
    "ruby-node": "ruby", "python-node": "python", "php-fpm": "php", "jruby": "jruby", "cypress/base": "node",
    "uv": "uv", "racket": "racket", "pnpm": "pnpm",
]
/// What words of a tag are versions of.
private let tagTools: [String: String] = [
    "jdk": "java", "openjdk": "java", "java": "java", "jre": "java", "temurin": "java", "corretto": "java",
    "amazoncorretto": "java", "sapmachine": "java", "ibmjava": "java", "zulu": "java", "azulzulu": "java",
    "python": "python", "py": "python", "nodejs": "node", "node": "node", "erlang": "erlang", "otp": "erlang",
    "php": "php", "ruby": "ruby", "go": "go", "golang": "go", "rust": "rust", "elixir": "elixir", "ocaml": "ocaml",
    "ghc": "ghc", "scala": "scala", "sbt": "sbt", "gradle": "gradle", "maven": "maven",
]
