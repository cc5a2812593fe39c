//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

private let isWanted = networkTestsAreWanted("reproducibility tests")

/// The same lock gives the same image, whatever else differs.
@Suite(.enabled(if: isWanted), .serialized) struct ReproducibilityTests {
    /// A trial with a Python step, a project that is built and a package whose script runs in the sandbox, and its
    /// image's digest.
    private func built() async throws -> (trial: Trial, digest: String) {
        let trial = try await Trial("greeting")
        #expect(try await trial.fitout(["init"]).status == 0)
        _ = try await start(
            "sed", ["-i", "s/^packages:/packages:\\n  - openssh-server/", "fitout.yaml"], in: trial.project)
        let result = try await trial.fitout(["build", "-o", "type=oci,dest=\(trial.path("image.tar"))"])
        try #require(result.status == 0, "\(result.errors)")
        return (trial, result.output)
    }

    /// Everything that may differ does, in one build in a store of its own; where the digests differ, the message says
    /// in which layers.
    @Test func dependsOnNothingButTheLockAndTheRepository() async throws {
        let (trial, digest) = try await built()
        let text = """
            # The repository: another folder and file system, names made in another order, other times and modes.
            mkdir -p "$work" && cd "$1" && find . -type d -exec mkdir -p "$work/{}" ';'
            find . ! -type d | LC_ALL=C sort -r | while read -r name; do cp "$name" "$work/$name"; done
            chmod -R go-rwx "$work" && find "$work" -exec touch -d 2001-02-03 '{}' +
            # The order in which downloads come in.
            python3 -c "$proxy" "$work.port" & trap 'kill $!; rm -rf "$work" "$work.port"' EXIT
            while ! [ -s "$work.port" ]; do sleep 0.1; done
            export http_proxy="http://127.0.0.1:$(cat "$work.port")"
            # The process: clock, host name, cores, umask, folder, locale and time zone.
            umask 077 && cd /
            set -- "$fitout" build --locked -C "$work" -o "type=oci,dest=$2"
            if [ -n "$(command -v faketime)" ]; then set -- faketime -m -f '+40h' "$@"; fi
            if [ -n "$(command -v taskset)" ]; then set -- taskset -c 0 "$@"; fi
            if [ "$(id -u)" = 0 ]; then set -- unshare --uts sh -c 'hostname elsewhere && exec "$@"' sh "$@"; fi
            "$@"
            """
        let memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        let variables = [
            "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "FITOUT_STORE": trial.path("other-store"),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "fitout": Trial.program.string, "proxy": shufflingProxy,
            "work": "\(memory)/fitout-elsewhere-\(getpid())",
        ]
        let other = try await start(
            "sh", ["-c", text, "sh", trial.project.string, trial.path("other.tar")], variables: variables)
        #expect(other.status == 0, "\(other.errors)")
        // The test is worth little where nothing runs in the sandbox.
        #expect(other.errors.contains("in the sandbox"), "\(other.errors)")
        if other.output != digest {
            let layers = try await start(
                "sh", ["-c", "for f in image other; do \"$fitout\" inspect $f.tar; done"],
                variables: ["fitout": Trial.program.string], in: trial.folder)
            Issue.record("\(digest) became \(other.output)\n\(layers.output)")
        }

        // Layers made anew from packages that are converted and trees that are unpacked already.
        let again = try await start(
            "sh", ["-c", "cd records && rm -r layer layers inventory"], in: trial.folder.appending("other-store"))
        #expect(again.status == 0)
        let warm = try await trial.fitout(["build", "--locked", "--offline", "--store", trial.path("other-store")])
        #expect(warm.status == 0 && warm.output == digest, "\(warm.errors)")
    }
}

/// A proxy that lets some answers wait, so that they come in another order than they were asked for. Connections to
/// HTTPS servers go through as they are.
private let shufflingProxy = """
    import http.server, os, random, select, socket, sys, time, urllib.request
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_GET(self):
            time.sleep(random.random() / 4)
            with direct.open(urllib.request.Request(self.path)) as answer: content = answer.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        def do_CONNECT(self):
            host, port = self.path.rsplit(":", 1)
            with socket.create_connection((host, int(port))) as other:
                self.send_response(200)
                self.end_headers()
                pair = {self.connection: other, other: self.connection}
                while True:
                    for end in select.select(list(pair), [], [])[0]:
                        data = end.recv(65536)
                        if not data: return
                        pair[end].sendall(data)
        def log_message(self, *words): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(sys.argv[1] + "~", "w") as file: file.write(str(server.server_port))
    os.rename(sys.argv[1] + "~", sys.argv[1])
    server.serve_forever()
    """
