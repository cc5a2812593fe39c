//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted: Bool = {
    guard networkTestsAreWanted("tests with container engines") else { return false }
    if geteuid() != 0 { print("SKIPPED: tests with container engines: they need root") }
    return geteuid() == 0 && has("podman", for: "tests with podman")
}()

/// Container engines on what the program writes.
@Suite(.enabled(if: isWanted), .serialized) struct EngineTests {
    @Test(arguments: ["runc", "crun"])
    func runsInAnEngine(runtime: String) async throws {
        guard has(runtime, for: "running with \(runtime)") else { return }
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["init"]).status == 0)
        let archive = trial.path("image.tar")
        let built = try await trial.fitout(["build", "-t", "trial:\(runtime)", "-o", "type=docker,dest=\(archive)"])
        try #require(built.status == 0, "\(built.errors)")
        // A namespace of its own for the mounts, because crun wants one hierarchy of control groups and machines may
        // have both; and limits that a machine without CAP_SYS_RESOURCE can set.
        let script = """
            folder=$1 runtime=$2
            set -- --root "$folder/podman" --runroot "$folder/run" --cgroup-manager cgroupfs --runtime "$runtime"
            trap 'podman "$@" system reset --force >/dev/null 2>&1; umount -R "$folder/podman/overlay" 2>/dev/null' EXIT
            if [ "$runtime" = crun ]; then
                umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup || exit 1
                groups=--cgroups=disabled
            fi
            podman "$@" load -q -i "$folder/image.tar" >/dev/null &&
            podman "$@" run --rm --network=none $groups --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \\
                "trial:$runtime" \\
                sh -c 'pytest -q -p no:cacheprovider && dpkg --audit && apt-get check -qq && getent passwd user'
            """
        let result = try await start("unshare", ["-m", "bash", "-c", script, "bash", trial.folder.string, runtime])
        #expect(
            result.status == 0 && result.output.contains("3 passed") && result.output.contains("user:x:1000:1000"),
            "\(result.output)\(result.errors)")
    }
}
