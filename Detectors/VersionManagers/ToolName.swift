//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The name of a tool as findings spell it, from the names that version managers give it.
func toolName(_ name: String) -> String {
    let name = name.lowercased()
    return otherNames[name] ?? name
}

/// The release that a version manager's text names, in the tool's own form: `21.0.2` for `temurin-21.0.2+13`; nil for
/// `latest`, `system`, `ref:…`, `path:…` and other implementations.
func toolVersion(_ tool: String, _ text: String) -> String? {
    var text = text.trimmingSpaces
    if text.hasPrefix("prefix:") { text = String(text.dropFirst(7)) }
    switch tool {
    case "java": return javaVersion(text)
    case "python": return interpreterVersion(text)
    case "elixir": text = text.parts(separatedBy: "-otp")[0]
    case "ruby", "go", "rust", "scala", "zig", "node", "erlang":
        for prefix in ["\(tool)-", tool, "OTP-"] where text.hasPrefix(prefix) {
            text = String(text.dropFirst(prefix.count))
            break
        }
    case "flutter", "dart":
        // `3.24.0-stable` names its channel.
        text = String(text.prefix { $0 != "-" })
    default: break
    }
    if text.hasPrefix("v") { text = String(text.dropFirst()) }
    guard let first = text.first, first.isASCII, first.isNumber,
        text.allSatisfy({ $0.isNumber || $0.isLetter || ".-+_".contains($0) })
    else { return nil }
    return text
}

/// The release of Java in the names that vendors give their builds: 21.0.2 in `temurin-21.0.2+13.0.LTS`, 17 in
/// `graalvm-22.3.1+java17` and in SDKMAN's `22.3.1.r17-grl`, 8 in `1.8.0`.
func javaVersion(_ text: String) -> String? {
    let text = text.lowercased()
    if let place = text.range(ofText: "java") {
        let digits = text[place...].dropFirst(4).prefix { $0.isNumber }
        if !digits.isEmpty { return String(digits) }
    }
    if let place = text.range(ofText: ".r") {
        let digits = text[place...].dropFirst(2).prefix { $0.isNumber }
        if !digits.isEmpty { return String(digits) }
    }
    let part = text.split { $0 == "-" || $0 == "@" }.first { $0.first?.isNumber == true }
    guard let version = part?.prefix(while: { $0.isNumber || $0 == "." }), !version.isEmpty else { return nil }
    var release = javaRelease(String(version))
    while release.hasSuffix(".") { release.removeLast() }
    return release.isEmpty ? nil : release
}

private let otherNames: [String: String] = [
    "nodejs": "node", "node-js": "node", "node.js": "node", "golang": "go", "go-sdk": "go", "openjdk": "java",
    "jdk": "java", "temurin": "java", "temurin-bin": "java", "adoptopenjdk": "java", "graalvm": "java",
    "graalvm-ce": "java", "zulu": "java", "rustc": "rust", "rust-toolchain": "rust", "cpython": "python",
    "python3": "python", "dotnet-core": "dotnet", "dotnet-sdk": "dotnet", "otp": "erlang", "r-base": "r", "rlang": "r",
    "r-lang": "r", "clang-tools": "clang", "gcc": "gcc", "apache-maven": "maven", "mvn": "maven", "tofu": "opentofu",
    "haskell": "ghc", "ocaml-base-compiler": "ocaml", "dart-sdk": "dart", "julia-bin": "julia", "swiftlang": "swift",
    "perl5": "perl", "perl-lang": "perl", "lein": "leiningen", "rebar": "rebar3", "crystal-lang": "crystal",
    "php-cli": "php", "ruby-lang": "ruby", "fvm": "flutter", "bazelisk": "bazel",
]
