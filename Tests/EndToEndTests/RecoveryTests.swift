//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted = networkTestsAreWanted("recovery tests")

/// Builds that are disturbed go on afterwards, and give what undisturbed ones give.
@Suite(.enabled(if: isWanted), .serialized) struct RecoveryTests {
    /// A trial with a small spec and its lock, and what it builds to.
    private func built() async throws -> (trial: Trial, digest: String) {
        let trial = try await Trial("greeting")
        try trial.write("fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\n", to: "fitout.yaml")
        let result = try await trial.fitout(["build"])
        try #require(result.status == 0, "\(result.errors)")
        return (trial, result.output)
    }

    /// Runs a script of the shell in the project, where `$fitout` is the program and `$1` another store.
    private func script(_ text: String, in trial: Trial) async throws -> Ended {
        try await start(
            "sh", ["-c", text, "sh", trial.path("store")],
            variables: ["fitout": Trial.program.string, "FITOUT_STORE": trial.store.string], in: trial.project)
    }

    @Test func holdsTheLockThatItHasWritten() async throws {
        let (trial, digest) = try await built()
        #expect(try await trial.fitout(["build", "--locked"]).output == digest)
    }

    @Test(arguments: ["INT", "TERM", "KILL"])
    func goesOnAfterASignal(signal: String) async throws {
        let (trial, digest) = try await built()
        for pause in ["0.3", "1", "3", "6"] {
            _ = try await script(
                "\"$fitout\" build --store \"$1\" & sleep \(pause); kill -\(signal) $!; wait $!", in: trial)
        }
        let result = try await script("\"$fitout\" build --store \"$1\"", in: trial)
        #expect(result.status == 0 && result.output == digest, "\(result.errors)")
        #expect(try await script("\"$fitout\" cache verify --store \"$1\"", in: trial).status == 0)
        let left = try await script("ls \"$1/temporary\" \"$1/partial\" \"$1/locks\" | grep -v :", in: trial)
        #expect(left.output.allSatisfy { $0.isWhitespace }, "\(left.output)")
    }

    @Test func buildsTwiceAtOnceInOneStore() async throws {
        let (trial, digest) = try await built()
        let result = try await script(
            "\"$fitout\" build --store \"$1\" > ../a & \"$fitout\" build --store \"$1\"; wait; cat ../a",
            in: trial)
        #expect(result.output == "\(digest)\n\(digest)", "\(result.output)\(result.errors)")
    }

    @Test(arguments: ["truncate -s 100", "printf x |"])
    func writesNoImageFromADamagedStore(damage: String) async throws {
        let (trial, digest) = try await built()
        let change = damage.hasSuffix("|") ? "\(damage) dd of=\"$f\" bs=1 seek=50 conv=notrunc" : "\(damage) \"$f\""
        let damaged = try await script(
            """
            cp -a "$FITOUT_STORE" "$1"; for f in "$1"/blobs/sha256/*; do chmod u+w "$f"; \(change); done 2> /dev/null
            "$fitout" build --store "$1" -o type=oci,dest=../image.tar
            """, in: trial)
        #expect(damaged.status == 2 && damaged.errors.contains("was damaged, and is removed"), "\(damaged.errors)")
        #expect(access(trial.path("image.tar"), F_OK) != 0)
        let mended = try await script(
            """
            "$fitout" cache verify --store "$1" > /dev/null
            "$fitout" build --store "$1" -o type=oci,dest=../image.tar && "$fitout" inspect --validate ../image.tar >&2
            """, in: trial)
        #expect(mended.status == 0 && mended.output == digest, "\(mended.errors)")
    }

    @Test(arguments: ["truncate -s 10", "truncate -s 0"])
    func makesDamagedRecordsAnew(damage: String) async throws {
        let (trial, digest) = try await built()
        let result = try await script(
            "cp -a \"$FITOUT_STORE\" \"$1\"; \(damage) \"$1\"/records/*/*; \"$fitout\" build --store \"$1\"", in: trial)
        #expect(result.status == 0 && result.output == digest, "\(result.errors)")
    }

    @Test func leavesWhatItWritesOutOfTheImage() async throws {
        let (trial, digest) = try await built()
        _ = try await script("touch image.tar.7-7.unfinished", in: trial)
        for _ in 0..<2 {
            let result = try await trial.fitout(["build", "-o", "type=oci,dest=image.tar"])
            #expect(result.status == 0 && result.output == digest, "\(result.errors)")
        }
        #expect(access(trial.path("project/image.tar.7-7.unfinished"), F_OK) != 0)
    }

    @Test(arguments: [
        ("s/\"path\": \"pool/\"path\": \"..\\/..\\/pool/", "leaves the archive"), ("3q", "fitout.lock:"),
        ("s/\"version\": 1,/\"version\": 9,/", "version 9 is not"), ("s/\"size\": [0-9]*/\"size\": -1/", "`size`"),
        ("s/\"sourceDateEpoch\": [0-9]*/\"sourceDateEpoch\": 9223372036854775807/", "`sourceDateEpoch`"),
    ])
    func refusesALockThatHandsHaveDamaged(edit: String, message: String) async throws {
        let (trial, _) = try await built()
        let result = try await script("sed -i '\(edit)' fitout.lock; \"$fitout\" build --offline", in: trial)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    }
}
