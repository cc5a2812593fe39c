//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// What a variable such as `NODE_VERSION=20.11` says of a tool; nil for other variables and for values that are not
/// known.
func toolchainHint(variable name: String, _ value: String, evidence: Evidence) -> ToolchainFinding? {
    guard let tool = versionVariables[name.uppercased()], let version = toolVersion(tool, value) else { return nil }
    return toolchainHint(tool, version, evidence: evidence)
}

/// Whether a text is the name of a variable.
func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first < 0x30 || first > 0x39 else { return false }
    return text.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "_") || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
    }
}

private let versionVariables: [String: String] = [
    "NODE_VERSION": "node", "NODE_MAJOR": "node", "NODEJS_VERSION": "node", "NODE_MAJOR_VERSION": "node",
    "PYTHON_VERSION": "python", "RUBY_VERSION": "ruby", "GO_VERSION": "go", "GOLANG_VERSION": "go",
    "RUST_VERSION": "rust", "RUST_TOOLCHAIN": "rust", "RUSTUP_TOOLCHAIN": "rust", "JAVA_VERSION": "java",
    "JDK_VERSION": "java", "PHP_VERSION": "php", "ELIXIR_VERSION": "elixir", "ERLANG_VERSION": "erlang",
    "OTP_VERSION": "erlang", "DOTNET_VERSION": "dotnet", "DOTNET_SDK_VERSION": "dotnet", "BUN_VERSION": "bun",
    "DENO_VERSION": "deno", "PNPM_VERSION": "pnpm", "YARN_VERSION": "yarn", "NPM_VERSION": "npm",
    "HUGO_VERSION": "hugo", "ZIG_VERSION": "zig", "SWIFT_VERSION": "swift", "POETRY_VERSION": "poetry",
    "UV_VERSION": "uv", "GHC_VERSION": "ghc", "JULIA_VERSION": "julia", "R_VERSION": "r", "PERL_VERSION": "perl",
    "TERRAFORM_VERSION": "terraform", "TF_VERSION": "terraform", "MAVEN_VERSION": "maven", "GRADLE_VERSION": "gradle",
    "BUNDLER_VERSION": "bundler", "CMAKE_VERSION": "cmake", "FLUTTER_VERSION": "flutter", "DART_VERSION": "dart",
    "CRYSTAL_VERSION": "crystal", "SCALA_VERSION": "scala", "KOTLIN_VERSION": "kotlin",
]
