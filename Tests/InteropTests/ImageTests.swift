//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted = networkTestsAreWanted("interoperation tests")

/// Other people's tools on what the program writes.
@Suite(.enabled(if: isWanted), .serialized) struct ImageTests {
    let trial: Trial

    init() async throws {
        trial = try await Trial("greeting")
        try trial.write(
            "fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\npackages: [python3-minimal]\n", to: "fitout.yaml"
        )
    }

    /// Builds the image and writes it to these files or folders of the trial, in the form named.
    private func build(_ outputs: [(form: String, name: String)]) async throws {
        let options = outputs.flatMap { ["-o", "type=\($0.form),dest=\(trial.path($0.name))"] }
        let built = try await trial.fitout(["build", "-t", "trial:one"] + options)
        try #require(built.status == 0, "\(built.errors)")
    }

    @Test func passesItsOwnValidator() async throws {
        try await build([("oci", "layout"), ("oci", "oci.tar"), ("docker", "docker.tar")])
        for name in ["layout", "oci.tar", "docker.tar"] {
            let result = try await trial.fitout(["inspect", "--validate", trial.path(name)])
            #expect(result.status == 0, "\(name): \(result.output)\(result.errors)")
        }
    }

    @Test func meetsTheSchemasOfTheSpecification() async throws {
        try await build([("oci", "layout")])
        let script = Trial.repository.appending("Tests/compatibility/schemas.py")
        let result = try await start(script.string, [trial.path("layout")])
        #expect(result.status == 0 && result.output == "4 documents are right", "\(result.output)\(result.errors)")
    }

    @Test(.enabled(if: has("skopeo", "docker-registry", for: "copying with skopeo")))
    func survivesARegistry() async throws {
        try await build([("oci", "layout"), ("oci", "oci.tar")])
        try trial.write(
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: \(trial.path("registry"))}}
            http: {addr: "127.0.0.1:45017"}
            """, to: "../registry.yaml")
        let script = """
            docker-registry serve "$1/registry.yaml" >"$1/registry.log" 2>&1 &
            registry=$!
            trap 'kill $registry' EXIT
            tries=0
            until curl -sfo "$1/reply" http://127.0.0.1:45017/v2/ || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.1; done
            skopeo copy -q --insecure-policy --dest-tls-verify=false "oci:$1/layout:one" docker://127.0.0.1:45017/trial:one &&
            skopeo copy -q --insecure-policy --src-tls-verify=false docker://127.0.0.1:45017/trial:one "oci:$1/back:one" &&
            skopeo copy -q --insecure-policy "oci-archive:$1/oci.tar" "dir:$1/dir" &&
            skopeo inspect --raw "oci:$1/layout:one" | sha256sum &&
            skopeo inspect --raw "oci:$1/back:one" | sha256sum
            """
        let result = try await start("sh", ["-c", script, "sh", trial.folder.string])
        let digests = result.output.split(separator: "\n").filter { $0.hasSuffix("  -") }
        #expect(result.status == 0 && digests.count == 2 && digests.first == digests.last, "\(result)")
    }

    @Test func isARootFileSystemThatTarReads() async throws {
        try await build([("tar", "root.tar"), ("tar", "root.tar.gz"), ("tar", "root.tar.zst")])
        var listings: [String] = []
        for name in ["root.tar", "root.tar.gz", "root.tar.zst"] {
            let result = try await start("tar", ["--numeric-owner", "-tvf", trial.path(name)])
            #expect(result.status == 0 && result.errors.isEmpty, "\(name): \(result.errors)")
            listings.append(result.output)
        }
        #expect(Set(listings).count == 1 && listings[0].contains("usr/bin/python3"))
        let names = try await start("sh", ["-c", "tar -tf \"$0\" | sort | uniq -d", trial.path("root.tar")])
        #expect(names.output.isEmpty)
    }

    @Test func satisfiesDebiansOwnTools() async throws {
        let checks = """
            set -e
            apt-get check -qq; dpkg --audit; dpkg --verify
            getent passwd user >/dev/null; ldconfig -p | grep -q libc.so.6
            for name in $(update-alternatives --get-selections | cut -d' ' -f1); do
                update-alternatives --display "$name" >/dev/null
            done
            python3 -c 'import json'
            """
        let result = try await trial.fitout(["run", "--user", "root", "--", "sh", "-c", checks])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)\(result.errors)")
        guard geteuid() == 0 else { return print("SKIPPED: installing with apt: only root has every user number") }
        let install = "apt-get -qq update && apt-get -qq install --no-install-recommends jq && echo '[1]' | jq -c ."
        let installed = try await trial.fitout(["run", "--user", "root", "--", "sh", "-c", install])
        #expect(installed.status == 0 && installed.output.hasSuffix("[1]"), "\(installed.output)\(installed.errors)")
    }
}
