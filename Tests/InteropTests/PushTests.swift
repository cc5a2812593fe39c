//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted: Bool = {
    guard networkTestsAreWanted("tests with a registry") else { return false }
    return has("docker-registry", "skopeo", for: "tests with a registry")
}()

/// The program and a registry.
@Suite(.enabled(if: isWanted), .serialized) struct PushTests {
    let trial: Trial

    init() async throws {
        trial = try await Trial("greeting")
        try trial.write(
            "fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\npackages: [python3-minimal]\n", to: "fitout.yaml"
        )
    }

    @Test func pushesWhatItBuilds() async throws {
        let registry = try await DockerRegistry(in: trial.folder)
        let (first, second) = ("\(registry.host)/trial/one:1", "\(registry.host)/trial/two:1")
        let built = try await trial.fitout([
            "build", "--push", first, "--push", second, "-o", "type=oci,dest=\(trial.path("image.tar"))",
        ])
        let lines = built.output.split(separator: "\n").map(String.init)
        try #require(built.status == 0 && lines.count == 3, "\(built)")
        #expect(lines[1...] == ["\(first)@\(lines[0])", "\(second)@\(lines[0])"])
        let inspected = try await start(
            "skopeo", ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://\(second)"])
        #expect(inspected.output == lines[0], "\(inspected)")

        let dry = try await trial.fitout(["push", "--dry-run", trial.path("image.tar"), first])
        #expect(dry.status == 0 && dry.output.contains("is there") && !dry.output.contains("would be"), "\(dry)")
        let quiet = try await trial.fitout(["push", "-q", trial.path("image.tar"), "\(registry.host)/trial/three"])
        #expect(quiet.status == 0 && quiet.output == lines[0] && quiet.errors.isEmpty, "\(quiet)")
        #expect(registry.log.contains("from=trial%2Ftwo") || registry.log.contains("from=trial/two"))

        let remote = try await trial.fitout(["inspect", first])
        let local = try await trial.fitout(["inspect", trial.path("image.tar")])
        #expect(remote.status == 0 && remote.output == local.output, "\(remote)")
        let same = try await trial.fitout(["diff", first, trial.path("image.tar")])
        #expect(same.status == 0 && same.output.isEmpty, "\(same)")
        let foreign = try await trial.fitout(["inspect", "--platform", "linux/s390x", "docker://\(first)"])
        #expect(foreign.status == 2 && foreign.errors.contains("is for linux/amd64"), "\(foreign)")
        let absent = try await trial.fitout(["inspect", "\(registry.host)/trial/absent:1"])
        #expect(absent.status == 2 && absent.errors.contains("there is no image"), "\(absent)")
    }

    @Test(.enabled(if: geteuid() == 0 && has("podman", "runc", for: "running what was pushed")))
    func podmanRunsWhatWasPushed() async throws {
        let registry = try await DockerRegistry(in: trial.folder, isProtected: true)
        try trial.write(#"{"auths": {"\#(registry.host)": {"auth": "bWU6c2VjcmV0"}}}"#, to: "../config.json")
        let refused = try await trial.fitout(
            ["build", "--push", "\(registry.host)/trial"], variables: ["HOME": "/nonexistent"])
        #expect(refused.status == 2 && refused.errors.contains("wants credentials"), "\(refused)")
        let pushed = try await trial.fitout(
            ["build", "-q", "--push", "\(registry.host)/trial"], variables: ["DOCKER_CONFIG": trial.folder.string])
        try #require(pushed.status == 0 && !pushed.errors.contains("secret"), "\(pushed)")
        let script = """
            folder=$1 image=$2
            set -- --root "$folder/podman" --runroot "$folder/run" --cgroup-manager cgroupfs --runtime runc
            trap 'podman "$@" system reset --force >/dev/null 2>&1; umount -R "$folder/podman/overlay" 2>/dev/null' EXIT
            podman "$@" run -q --rm --network=none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \\
                --tls-verify=false --authfile "$folder/config.json" "$image" python3 -c 'print("it runs")'
            """
        let result = try await start(
            "unshare",
            ["-m", "bash", "-c", script, "bash", trial.folder.string, "\(registry.host)/trial@\(pushed.output)"])
        #expect(result.status == 0 && result.output == "it runs", "\(result)")
    }
}
