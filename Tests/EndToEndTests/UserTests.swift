//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted: Bool = {
    guard networkTestsAreWanted("tests as other users") else { return false }
    if geteuid() != 0 { print("SKIPPED: tests as other users: only root can make users") }
    return geteuid() == 0 && has("useradd", "userdel", "setpriv", "ldd", for: "tests as other users")
}()

/// The program as users with and without subordinate numbers, which the tests make and remove.
@Suite(.enabled(if: isWanted), .serialized) struct UserTests {
    @Test(arguments: [true, false])
    func buildsAndRunsAsAnOrdinaryUser(hasSubordinateNumbers: Bool) async throws {
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["init"]).status == 0)
        let built = try await trial.fitout(["build"])
        try #require(built.status == 0, "\(built.errors)")

        let name = "fitout-trial-\(getpid())"
        let made = try await start("useradd", ["--create-home", "--base-dir", trial.folder.string, name])
        try #require(made.status == 0, "\(made.errors)")
        do {
            try await setSubordinateNumbers(of: name, hasSubordinateNumbers)
            // The user's own files, but of a group that is not the user's.
            _ = try await start("chown", ["-R", "\(name):games", trial.project.string])
            let program = try await copyProgram(to: trial.folder)
            let script = """
                export HOME="\(trial.path(name))" LD_LIBRARY_PATH="\(trial.path("lib"))"
                export FITOUT_STORE="$HOME/store"
                cd "\(trial.project)" && umask 022
                "\(program)" build --locked && "\(program)" run --locked -- sh -c 'id -un; pytest -q'
                "\(program)" run --locked --user root -- id -u
                """
            let result = try await start(
                "setpriv", ["--reuid", name, "--regid", name, "--init-groups", "--inh-caps=-all", "sh", "-c", script])
            let lines = result.output.split(separator: "\n")
            #expect(lines.first.map(String.init) == built.output, "\(result.output)\(result.errors)")
            #expect(lines.dropFirst().first == "user" && lines.last == "0", "\(result.output)\(result.errors)")
            #expect(result.output.contains("3 passed"))
        } catch {
            await remove(name)
            throw error
        }
        await remove(name)
    }

    private func setSubordinateNumbers(of name: String, _ hasThem: Bool) async throws {
        let change = hasThem ? ["--add-subuids", "400000-465535", "--add-subgids", "400000-465535"] : []
        for file in ["/etc/subuid", "/etc/subgid"] {
            _ = try await start("sh", ["-c", "touch \(file) && sed -i '/^\(name):/d' \(file)"])
        }
        if hasThem {
            let result = try await start("usermod", change + [name])
            try #require(result.status == 0, "\(result.errors)")
        }
    }

    /// The program and its libraries where every user can read them.
    private func copyProgram(to folder: FilePath) async throws -> FilePath {
        let script = """
            mkdir -p "$2/lib" && cp "$1" "$2/fitout" && chmod 755 "$2/fitout" "$2/lib"
            ldd "$1" | sed -n 's/.*=> \\(\\/[^ ]*swift[^ ]*\\) .*/\\1/p' | xargs -r cp -Lt "$2/lib"
            """
        let result = try await start("sh", ["-c", script, "sh", Trial.program.string, folder.string])
        try #require(result.status == 0, "\(result.errors)")
        return folder.appending("fitout")
    }

    private func remove(_ name: String) async {
        _ = try? await start("userdel", ["--remove", "--force", name])
    }
}
