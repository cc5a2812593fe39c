//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import State
import Store

extension FuzzTarget {
    /// Maintainer scripts, which are emulated.
    static let maintainerScript = FuzzTarget(
        "script",
        words: [
            "if ", "; then ", "; fi\n", "while :; do ", "; done\n", "case a in ", ") ;; esac\n", "$(", ")", "`",
            "${a:-", "}", "$((",
            "))", "\"", "'", " | ", " && ", "<<E\n", "\nE\n", "a=$a$a\n", "f() { f; }\n", " > /etc/a\n",
            "sed -e 's/a*/b/g' ",
            "awk '{ print }' ", "grep -E '(a|b)*c' ", "expr ", "eval ", "set -- \"$@\" \"$@\"\n", "printf '%s' ", "{ ",
            "; }\n", "! ",
        ]
    ) { bytes in
        let package = sample(script: bytes)
        let input = StateInput(packages: [package], architecture: "amd64", sourceDateEpoch: 1_700_000_000) { _ in
            Array("root:x:0:0:root:/root:/bin/bash\na b c\n".utf8)
        }
        guard let state = try accepted({ try systemState(input) }) else { return }
        let again = try accepted({ try systemState(input) })
        try expectSame(again?.entries.map(\.entry), state.entries.map(\.entry), "the state")
    }

    private static let programs = [
        "awk", "basename", "cat", "chmod", "chown", "cp", "cut", "dirname", "env", "expr", "find", "grep", "head", "id",
        "install",
        "ln", "ls", "mkdir", "mv", "printf", "readlink", "rm", "sed", "seq", "sort", "stat", "tail", "touch", "tr",
        "uniq", "wc",
        "xargs", "egrep", "fgrep", "tee", "rev", "mktemp", "md5sum", "sha256sum", "update-alternatives", "dpkg",
        "dpkg-divert",
        "dpkg-statoverride", "adduser", "useradd", "addgroup", "getent", "ldconfig",
    ]

    private static func sample(script: [UInt8]) -> UnpackedPackage {
        func file(_ path: String, size: Int64, _ mode: UInt16) -> Fragment.Member? {
            EntryPath(path).map { path in
                let entry = Entry(path: path, kind: .file(size: size, digest: .sha256([])), mode: mode, mtime: 0)
                return Fragment.Member(entry: entry, headerOffset: 0, contentOffset: 0, sharedObject: nil)
            }
        }
        let members =
            programs.map { file("usr/bin/\($0)", size: 1 << 20, 0o755) } + [file("etc/passwd", size: 38, 0o644)]
        let directories = ["etc", "tmp", "usr", "usr/bin", "var", "var/lib", "var/lib/dpkg"].compactMap {
            EntryPath($0)
        }
        let paragraph = Array("Package: sample\nVersion: 1\nArchitecture: all\nDescription: sample\n".utf8)
        let fragment = Fragment(
            key: .sha256([]), frame: .sha256([]), frameSize: 0, uncompressedSize: 0, members: members.compactMap { $0 },
            directories: directories.map { Entry(path: $0, kind: .directory, mode: 0o755, mtime: 0) },
            control: [
                Fragment.ControlFile(name: "control", isExecutable: false, content: paragraph),
                Fragment.ControlFile(name: "postinst", isExecutable: true, content: script),
            ])
        return UnpackedPackage(
            name: "sample", version: "1", architecture: "all", multiArchSame: false, essential: false, requested: true,
            controlParagraph: paragraph, fragment: fragment)
    }
}
