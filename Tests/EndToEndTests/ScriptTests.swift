//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

private let isWanted = networkTestsAreWanted("tests of maintainer scripts in the sandbox")

/// Packages whose maintainer scripts no rule covers.
@Suite(.enabled(if: isWanted), .serialized) struct ScriptTests {
    /// `wamerican` is configured by a script for Perl.
    @Test func runsInTheSandboxWhatItCannotEmulate() async throws {
        let trial = try await Trial("greeting")
        let spec = "fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\npackages:\n  - jq\n  - wamerican\n"
        try trial.write(spec, to: "fitout.yaml")
        let refused = try await trial.fitout(["build", "--no-scripts"])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("wamerican: postinst line 1: `config` is a script for `/usr/bin/perl`"))
        let before = try await trial.fitout(["explain", "wamerican"])
        #expect(before.output.contains("why       requested\n"), "\(before.errors)")

        let built = try await trial.fitout(["build"])
        try #require(built.status == 0, "\(built.errors)")
        let result = try await trial.fitout([
            "run", "--", "sh", "-c", "dpkg --audit; grep -c ^zebra /usr/share/dict/words",
        ])
        #expect(result.status == 0 && result.output == "3", "\(result.output)\(result.errors)")
        let explained = try await trial.fitout(["explain", "wamerican"])
        #expect(explained.output.contains("  sandbox   postinst line 1: `config` is a script for `/usr/bin/perl`"))
        let needed = try await trial.fitout(["explain", "libjq1"])
        #expect(needed.output.contains("  why       needed: jq -> libjq1\n"), "\(needed.output)")
    }
}
