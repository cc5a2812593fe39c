//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import YAML

/// A published action that a step uses, as far as it installs something.
struct ActionUse {
    /// `owner/name`, with the folder within the repository if there is one, in lower case.
    let action: String
    /// The tag, branch or commit behind `@`.
    let reference: String
    let with: YAMLNode?
    let repository: Repository
    let path: String
    let line: Int?

    /// The versions that it sets up, one hint each.
    func toolchains(_ context: ActionsContext) -> [ToolchainFinding] {
        var hints: [ToolchainFinding] = []
        func add(_ tool: String, _ node: YAMLNode?) {
            guard let node else { return }
            for text in node.strings {
                for part in context.expand(text).split(whereSeparator: { $0 == "\n" || $0 == "," }) {
                    let version = part.trimmingSpaces
                    let evidence = Evidence(path, line: node.line)
                    if let hint = toolchainHint(tool, vendorFree(tool, version), evidence: evidence) {
                        hints.append(hint)
                    }
                }
            }
        }
        for (tool, key) in setupInputs[action] ?? [] { add(tool, with?[key]) }
        for (tool, key) in fileInputs[action] ?? [] {
            if let node = with?[key], let hint = fileHint(tool, node, context) { hints.append(hint) }
        }
        if action.hasSuffix("/rust-toolchain") || action == "actions-rs/toolchain" {
            add("rust", with?["toolchain"])
            if action == "dtolnay/rust-toolchain",
                let hint = toolchainHint("rust", reference, evidence: Evidence(path, line: line))
            {
                hints.append(hint)
            }
        }
        return hints
    }

    /// `temurin:17` and `adopt@1.8` name the vendor before the version.
    private func vendorFree(_ tool: String, _ version: String) -> String {
        guard tool == "java", version.first?.isNumber != true else { return version }
        return javaVersion(version.replacing(text: ":", with: "-")) ?? version
    }

    /// The version in the file that `node-version-file` and the like name, where it holds nothing else; manifests are
    /// read as what they are.
    private func fileHint(_ tool: String, _ node: YAMLNode, _ context: ActionsContext) -> ToolchainFinding? {
        guard let text = node.string.map({ context.expand($0) }), !text.contains("$") else { return nil }
        let file = joinPath("", text)
        let name = file.split(separator: "/").last ?? ""
        guard repository.contains(file), name.hasPrefix(".") && name != ".tool-versions" || name == "VERSION" else {
            return nil
        }
        for (index, line) in repository.lines(file).prefix(20).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            guard !text.isEmpty else { continue }
            return toolVersion(tool, text).flatMap {
                toolchainHint(tool, $0, evidence: Evidence(file, line: index + 1))
            }
        }
        return nil
    }

    /// The packages and programs that it installs.
    func packages(_ context: ActionsContext) -> [SystemFinding] {
        var findings: [SystemFinding] = []
        let evidence = Evidence(path, line: line)
        if let program = programActions[action] {
            findings.append(SystemFinding(.program(program), phase: .test, evidence: evidence))
        }
        if action == "shivammathur/setup-php", let node = with?["extensions"], let text = node.string {
            for word in context.expand(text).split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                // `-name` and `:name` take one away, `name-1.2` and `name-owner/repository@branch` choose a release.
                let name = word.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                guard !name.isEmpty, name != "none", let package = PHPDetector().extensionPackage(String(name)) else {
                    continue
                }
                findings.append(
                    SystemFinding(
                        .package(package), phase: .test, reason: "ext-\(name)",
                        evidence: Evidence(path, line: node.line)))
            }
        }
        for pair in with?.mapping ?? [] {
            guard let key = pair.key.string, let text = pair.value.string else { continue }
            let isList =
                ["apt", "apt-get", "apt-packages", "apt_packages"].contains(key)
                || action.range(ofText: "apt") != nil
                    && ["packages", "tools", "package", "dependencies", "deps"].contains(key)
            guard isList else { continue }
            for word in context.expand(text).split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
                guard let name = debianPackageName(String(word)), name != "_" else { continue }
                findings.append(
                    SystemFinding(.package(name), phase: .test, evidence: Evidence(path, line: pair.value.line)))
            }
        }
        return findings
    }

    /// The services that it starts.
    func services(_ context: ActionsContext) -> [ServiceFinding] {
        guard let (name, key) = serviceActions[action] else { return [] }
        let version = with?[key]?.string.map { context.expand($0) }.flatMap { $0.contains("$") ? nil : $0 }
        return [ServiceFinding(name, version: version, evidence: Evidence(path, line: line))]
    }
}

/// The inputs that name a tool's version, by action.
private let setupInputs: [String: [(tool: String, key: String)]] = [
    "actions/setup-python": [("python", "python-version")], "astral-sh/setup-uv": [("python", "python-version")],
    "deadsnakes/action": [("python", "python-version")],
    "conda-incubator/setup-miniconda": [("python", "python-version")],
    "matteoh2o1999/setup-python": [("python", "python-version")],
    "pdm-project/setup-pdm": [("python", "python-version")],
    "mamba-org/setup-micromamba": [("python", "python-version")],
    "quansight-labs/setup-python": [("python", "python-version")],
    "actions/setup-node": [("node", "node-version")], "oven-sh/setup-bun": [("bun", "bun-version")],
    "denoland/setup-deno": [("deno", "deno-version")], "actions/setup-go": [("go", "go-version")],
    "actions/setup-java": [("java", "java-version")], "graalvm/setup-graalvm": [("java", "java-version")],
    "ruby/setup-ruby": [("ruby", "ruby-version")], "ruby/setup-ruby-pkgs": [("ruby", "ruby-version")],
    "actions/setup-ruby": [("ruby", "ruby-version")], "shogo82148/actions-setup-perl": [("perl", "perl-version")],
    "shivammathur/setup-php": [("php", "php-version")], "actions/setup-dotnet": [("dotnet", "dotnet-version")],
    "erlef/setup-beam": [
        ("elixir", "elixir-version"), ("erlang", "otp-version"), ("gleam", "gleam-version"),
        ("rebar3", "rebar3-version"),
    ],
    "actions-rust-lang/setup-rust-toolchain": [("rust", "toolchain")],
    "haskell-actions/setup": [("ghc", "ghc-version")], "haskell/actions/setup": [("ghc", "ghc-version")],
    "ocaml/setup-ocaml": [("ocaml", "ocaml-compiler")], "r-lib/actions/setup-r": [("r", "r-version")],
    "julia-actions/setup-julia": [("julia", "version")], "swift-actions/setup-swift": [("swift", "swift-version")],
    "leafo/gh-actions-lua": [("lua", "luaversion"), ("lua", "luaVersion")], "mlugg/setup-zig": [("zig", "version")],
    "crystal-lang/install-crystal": [("crystal", "crystal")], "dart-lang/setup-dart": [("dart", "sdk")],
    "jwlawson/actions-setup-cmake": [("cmake", "cmake-version")], "lukka/get-cmake": [("cmake", "cmakeVersion")],
    "pnpm/action-setup": [("pnpm", "version")], "subosito/flutter-action": [("flutter", "flutter-version")],
    "gradle/actions/setup-gradle": [("gradle", "gradle-version")],
    "gradle/gradle-build-action": [("gradle", "gradle-version")],
    "s4u/setup-maven-action": [("java", "java-version"), ("maven", "maven-version")],
    "stcarolas/setup-maven": [("maven", "maven-version")],
    "hashicorp/setup-terraform": [("terraform", "terraform_version")],
    "opentofu/setup-opentofu": [("opentofu", "tofu_version")],
    "coursier/setup-action": [("java", "jvm")], "olafurpg/setup-scala": [("java", "java-version")],
    "delaguardo/setup-clojure": [("leiningen", "lein"), ("clojure", "cli")],
    "goto-bus-stop/setup-zig": [("zig", "version")], "korandoru/setup-zig": [("zig", "zig-version")],
    "volta-cli/action": [("node", "node-version"), ("yarn", "yarn-version")],
    "jiro4989/setup-nim-action": [("nim", "nim-version")], "egor-tensin/setup-gcc": [("gcc", "version")],
    "egor-tensin/setup-clang": [("clang", "version")], "kylemayes/install-llvm-action": [("clang", "version")],
    "hecrj/setup-rust-action": [("rust", "rust-version")], "moonrepo/setup-rust": [("rust", "channel")],
    "wyvox/action-setup-pnpm": [("node", "node-version"), ("pnpm", "pnpm-version")],
    "bufbuild/buf-setup-action": [("buf", "version")],
    "actions/setup-elixir": [("elixir", "elixir-version"), ("erlang", "otp-version")],
    "erlang-solutions/setup-beam": [("elixir", "elixir-version"), ("erlang", "otp-version")],
    "vmactions/setup-java": [("java", "java-version")], "azul/setup-java": [("java", "java-version")],
    "joschi/setup-jdk": [("java", "java-version")], "bazelbuild/setup-bazelisk": [("bazel", "bazel-version")],
    "peaceiris/actions-hugo": [("hugo", "hugo-version")],
]

/// The inputs that name a file with a tool's version, by action.
private let fileInputs: [String: [(tool: String, key: String)]] = [
    "actions/setup-node": [("node", "node-version-file")], "actions/setup-python": [("python", "python-version-file")],
    "actions/setup-go": [("go", "go-version-file")], "actions/setup-java": [("java", "java-version-file")],
    "oven-sh/setup-bun": [("bun", "bun-version-file")], "denoland/setup-deno": [("deno", "deno-version-file")],
    "ruby/setup-ruby": [("ruby", "ruby-version")], "shivammathur/setup-php": [("php", "php-version-file")],
]

/// Actions that install one program.
private let programActions: [String: String] = [
    "ilammy/setup-nasm": "nasm", "seanmiddleditch/gha-setup-ninja": "ninja", "ashutoshvarma/setup-ninja": "ninja",
    "lukka/get-cmake": "cmake", "jwlawson/actions-setup-cmake": "cmake", "arduino/setup-protoc": "protoc",
    "ts-graphviz/setup-graphviz": "dot", "tlylt/install-graphviz": "dot", "federicocarboni/setup-ffmpeg": "ffmpeg",
    "animmouse/setup-ffmpeg": "ffmpeg", "r-lib/actions/setup-pandoc": "pandoc", "pandoc/actions/setup": "pandoc",
    "bats-core/bats-action": "bats", "mig4/setup-bats": "bats", "hendrikmuhs/ccache-action": "ccache",
    "shogo82148/actions-setup-redis": "redis-server", "swiftwasm/setup-swiftwasm": "wasm-ld",
    "mymindstorm/setup-emsdk": "emcc",
]

/// Actions that start a service, with the input that names its version.
private let serviceActions: [String: (String, String)] = [
    "supercharge/redis-github-action": ("redis", "redis-version"), "zhulik/redis-action": ("redis", "redis version"),
    "supercharge/mongodb-github-action": ("mongo", "mongodb-version"),
    "ankane/setup-postgres": ("postgres", "postgres-version"),
    "harmon758/postgresql-action": ("postgres", "postgresql version"),
    "mirromutth/mysql-action": ("mysql", "mysql version"),
    "ankane/setup-mysql": ("mysql", "mysql-version"), "ankane/setup-mariadb": ("mariadb", "mariadb-version"),
    "ankane/setup-mongodb": ("mongo", "mongodb-version"), "getong/redis-action": ("redis", "redis version"),
    "ikalnytskyi/action-setup-postgres": ("postgres", "postgres-version"),
    "niden/actions-memcached": ("memcached", "version"),
]
