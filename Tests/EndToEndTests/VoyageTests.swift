//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted = networkTestsAreWanted("end-to-end tests")

/// The program on a Python project with a dependency and tests.
@Suite(.enabled(if: isWanted), .serialized) struct VoyageTests {
    @Test func takesARepositoryToItsPassingTests() async throws {
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["init"]).status == 0)
        let locked = try await trial.fitout(["lock"])
        #expect(locked.status == 0, "\(locked.errors)")
        let archive = trial.path("image.tar")
        let built = try await trial.fitout(["build", "--locked", "-o", "type=oci,dest=\(archive)"])
        #expect(built.status == 0 && built.output.hasPrefix("sha256:"), "\(built.errors)")
        let inspected = try await trial.fitout(["inspect", "--validate", archive])
        #expect(inspected.status == 0, "\(inspected.output)")

        let tests = try await trial.fitout(["run", "--locked", "--task", "test"])
        #expect(tests.status == 0 && tests.output.contains("3 passed"), "\(tests.output)\(tests.errors)")
        let root = try await trial.fitout(["run", "--user", "root", "--", "sh", "-c", "id -u; pytest -q; exit 7"])
        #expect(root.status == 7 && root.output.hasPrefix("0\n") && root.output.contains("3 passed"), "\(root.output)")

        // What the tests left in the repository, caches and copies of generated files, is no part of it.
        let again = try await trial.fitout(["build", "--locked", "--offline"])
        #expect(again.output == built.output, "\(again.errors)")
    }

    @Test func refusesALockThatNoLongerFits() async throws {
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["build", "--locked"]).status == 2)
        try trial.write("fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\n", to: "fitout.yaml")
        let missing = try await trial.fitout(["build", "--locked"])
        #expect(missing.status == 2 && missing.errors.contains("fitout lock"), "\(missing.errors)")
        #expect(try await trial.fitout(["lock"]).status == 0)
        #expect(try await trial.fitout(["lock", "--check"]).status == 0)
        try trial.write(
            "fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\npackages: [jq]\n", to: "fitout.yaml")
        #expect(try await trial.fitout(["lock", "--check"]).status == 1)
        let stale = try await trial.fitout(["build", "--locked"])
        #expect(stale.status == 2 && stale.errors.contains("stale"), "\(stale.errors)")
    }

    @Test func saysWhatIsMissingOffline() async throws {
        let folder = try await Trial("greeting")
        let trial = try await Trial("greeting", store: folder.folder.appending("empty"))
        try trial.write("fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\n", to: "fitout.yaml")
        let result = try await trial.fitout(["build", "--offline"])
        #expect(
            result.status == 2 && result.errors.contains("error: ") && result.errors.contains("--offline"),
            "\(result.errors)")
    }
}
