//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Testing

@testable import Detectors

@Suite struct ToolNameTests {
    @Test(arguments: [
        ("temurin-21.0.2+13.0.LTS", "21.0.2"), ("corretto-17.0.9.8.1", "17.0.9.8.1"), ("21.0.2-tem", "21.0.2"),
        ("graalvm-22.3.1+java17", "17"), ("22.3.1.r17-grl", "17"), ("adoptopenjdk-11.0.11+9", "11.0.11"),
        ("zulu-jre-17.46.19", "17.46.19"), ("openjdk-21", "21"), ("1.8.0_392", "8"), ("8", "8"),
        ("semeru-openj9-17.0.6+10_openj9-0.36.0", "17.0.6"), ("21.", "21"),
    ])
    func readsReleasesOfJava(text: String, expected: String) {
        #expect(javaVersion(text) == expected)
    }

    @Test(arguments: ["", "latest", "temurin", "system", "java", "+", "-", ".r"])
    func knowsWhatNamesNoJava(text: String) {
        #expect(javaVersion(text) == nil)
    }

    @Test(arguments: [
        ("node", "v20.11.0", "20.11.0"), ("node", "prefix:20", "20"), ("node", "lts", nil),
        ("go", "go1.22.1", "1.22.1"),
        ("ruby", "ruby-3.3.0", "3.3.0"), ("ruby", "jruby-9.4", nil), ("elixir", "1.16.2-otp-26", "1.16.2"),
        ("erlang", "OTP-26.1", "26.1"), ("rust", "ref:master", nil), ("rust", "path:/opt", nil), ("zig", "system", nil),
        ("flutter", "3.24.0-stable", "3.24.0"), ("python", "3.12.1", "3.12.1"), ("python", "pypy3.10", nil),
        ("php", "8.3; rm", nil), ("node", "", nil), ("node", "٢٠", nil),
    ])
    func readsVersions(tool: String, text: String, expected: String?) {
        #expect(toolVersion(tool, text) == expected)
    }

    @Test(arguments: [
        ("python311", "python", "3.11"), ("python311Full", "python", "3.11"), ("nodejs_20", "node", "20"),
        ("nodejs-18_x", "node", "18"), ("go_1_22", "go", "1.22"), ("jdk17_headless", "java", "17"),
        ("php83", "php", "8.3"), ("ruby_3_2", "ruby", "3.2"), ("erlang_27", "erlang", "27"), ("cargo", "rust", nil),
    ])
    func readsNamesOfNix(name: String, tool: String, version: String?) {
        #expect(nixPackage(name)?.tool == tool)
        #expect(nixPackage(name)?.version == version)
    }

    @Test func knowsOtherPackagesOfNix() {
        #expect(nixPackage("postgresql_16")?.service == "postgres")
        #expect(nixPackage("openssl_3")?.needs == [.package("libssl-dev")])
        #expect(nixPackage("unheardOf12") == nil)
        #expect(nixPackage("12") == nil)
        #expect(nixPackage("") == nil)
    }

    @Test(arguments: [
        ("nvm install 20", "node 20"), ("volta install node@18.1 yarn@1.22.19", "node 18.1, yarn 1.22.19"),
        ("corepack prepare pnpm@9.1.0+sha512.abc --activate", "pnpm 9.1.0"), ("npm i -g pnpm@8 typescript@5", "pnpm 8"),
        ("rustup toolchain install 1.75.0 --profile minimal", "rust 1.75.0"),
        ("sh -s -- -y --default-toolchain 1.70", "rust 1.70"), ("pyenv install 3.11.4", "python 3.11.4"),
        ("uv python install 3.12 3.13", "python 3.12, python 3.13"), ("asdf install nodejs 20.1.0", "node 20.1.0"),
        ("sdk install java 17.0.1-tem", "java 17.0.1"), ("mise use -g go@1.22", "go 1.22"),
        ("curl -fsSL https://deb.nodesource.com/setup_20.x", "node 20"),
        ("wget https://go.dev/dl/go1.22.1.linux-amd64.tar.gz", "go 1.22.1"), ("npm install left-pad@1.0.0", ""),
        ("curl -fsSL https://example.org/setup_20.x", ""), ("nvm", ""), ("rustup", ""), ("", ""),
    ])
    func readsInstallers(line: String, expected: String) {
        let found = toolchains(installedBy: shellWords(line))
        #expect(found.map { "\($0.tool) \($0.version)" }.joined(separator: ", ") == expected)
    }
}
