//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

private let isWanted = networkTestsAreWanted("tests of foreign platforms")

#if arch(arm64)
    private let foreign = "amd64"
    private let own = "arm64"
#else
    private let foreign = "arm64"
    private let own = "amd64"
#endif

/// Images for another architecture than the machine's. Debian alone: Ubuntu keeps other architectures elsewhere.
@Suite(.enabled(if: isWanted), .serialized) struct PlatformTests {
    @Test func buildsBothPlatformsIntoOneIndexWithoutEmulation() async throws {
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["init", "--platform", "linux/amd64,linux/arm64"]).status == 0)
        let archive = trial.path("image.tar")
        let both = try await trial.fitout([
            "build", "--no-emulation", "-o", "type=oci,dest=\(archive)", "-o", "type=oci,dest=\(trial.path("layout"))",
        ])
        try #require(both.status == 0, "\(both.errors)")
        let schemas = Trial.repository.appending("Tests/compatibility/schemas.py")
        let checked = try await start(schemas.string, [trial.path("layout")])
        #expect(checked.output == "7 documents are right", "\(checked.output)\(checked.errors)")
        let valid = try await trial.fitout(["inspect", "--validate", archive])
        #expect(valid.status == 0, "\(valid.output)")
        let digests = both.output.split(separator: "\n").map(String.init)
        let inspected = try await trial.fitout(["inspect", archive]).output
        for (platform, digest) in zip(["linux/amd64", "linux/arm64"], digests) {
            #expect(inspected.contains("\(platform)  \(digest)\n"), "\(inspected)")
        }

        for (platform, digest) in zip(["linux/amd64", "linux/arm64/v8"], digests) {
            let one = try await trial.fitout(["build", "--locked", "--no-emulation", "--platform", platform])
            #expect(one.output == digest, "\(one.errors)")
        }
        let repeated = try await trial.fitout([
            "build", "--locked", "--platform", "linux/arm64", "--platform", "linux/amd64", "--platform", "linux/arm64",
        ])
        #expect(repeated.output == "\(digests[1])\n\(digests[0])", "\(repeated.errors)")
        try await startsUnderQemu(trial)
    }

    /// Runs the foreign image's own programs on it, where this machine can.
    private func startsUnderQemu(_ trial: Trial) async throws {
        let name = foreign == "arm64" ? "qemu-aarch64-static" : "qemu-x86_64-static"
        guard has(name, for: "starting an image of \(foreign)") else { return }
        // The linker's cache and links are made anew by ldconfig itself, and must not differ.
        let script = """
            set -e
            dpkg --print-architecture
            dpkg --audit; dpkg --verify; apt-get check -qq
            cp /etc/ld.so.cache /tmp/cache; find /usr/lib -type l | sort | xargs ls -l --time-style=+ >/tmp/links
            ldconfig
            cmp /tmp/cache /etc/ld.so.cache; find /usr/lib -type l | sort | xargs ls -l --time-style=+ | cmp /tmp/links
            pytest -q
            """
        let result = try await trial.fitout([
            "run", "--locked", "--platform", "linux/\(foreign)", "--user", "root", "--", "sh", "-c", script,
        ])
        if result.errors.contains("cannot run linux/") {
            return print("SKIPPED: starting an image of \(foreign): Linux is older than 6.7")
        }
        #expect(
            result.status == 0 && result.output.hasPrefix("\(foreign)\n") && result.output.contains("3 passed"),
            "\(result.output)\(result.errors)")
    }

    @Test func addsAPlatformToALockThatFits() async throws {
        let trial = try await Trial("greeting")
        try trial.write("fitout: 1\nbase: debian:trixie\nplatforms: [linux/\(own)]\n", to: "fitout.yaml")
        #expect(try await trial.fitout(["lock"]).status == 0)
        let check = ["lock", "--check", "--platform", "linux/\(foreign)"]
        let missing = try await trial.fitout(check)
        #expect(missing.status == 1 && missing.errors.contains("it has no linux/\(foreign)"), "\(missing.errors)")
        #expect(try await trial.fitout(["lock", "--platform", "linux/\(foreign)"]).status == 0)
        #expect(try await trial.fitout(check).status == 0)
        #expect(try await trial.fitout(["lock", "--check"]).status == 0)
    }

    @Test func saysBeforeTheBuildWhatWouldHaveToRun() async throws {
        let trial = try await Trial("greeting")
        try trial.write(
            "fitout: 1\nbase: debian:trixie\npackages: [libgdk-pixbuf-2.0-0]\n", to: "fitout.yaml")
        let scripts = try await trial.fitout([
            "build", "--no-emulation", "--platform", "linux/\(own),linux/\(foreign)",
        ])
        #expect(scripts.status == 2 && !scripts.errors.contains("writing layers"), "\(scripts.errors)")
        #expect(
            scripts.errors.contains("linux/\(foreign): maintainer scripts that no rule covers would have to run:")
                && scripts.errors.contains("\n  libgdk-pixbuf-2.0-0: postinst line "), "\(scripts.errors)")

        try trial.write(
            """
            fitout: 1
            base: debian:trixie
            packages: [build-essential, python3-dev]
            dependencies:
              - manager: uv
                requirements: [crcmod==1.7, docopt==0.6.2]
            """, to: "fitout.yaml")
        let sources = try await trial.fitout([
            "lock", "--no-emulation", "--platform", "linux/\(own),linux/\(foreign)",
        ])
        #expect(
            sources.status == 2
                && sources.errors.contains("cannot install for \(foreign): `crcmod` must be compiled"),
            "\(sources.errors)")
    }
}
