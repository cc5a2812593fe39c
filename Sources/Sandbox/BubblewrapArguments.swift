//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The arguments of bwrap(1) for one run, which it reads from a file: the environment may hold secrets, and a command
/// line is for everybody to see.
struct BubblewrapArguments {
    private(set) var values: [String] = []

    /// What bwrap reads: each argument with a NUL behind it.
    var bytes: [UInt8] { values.flatMap { Array($0.utf8) + [0] } }

    init(_ command: SandboxCommand, rootFolder: String) {
        add("--die-with-parent", "--clearenv")
        for (name, value) in command.environment { add("--setenv", name, value) }
        add("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", command.hostName)
        if command.network == .none { add("--unshare-net") }
        if case .user(let uid, let gid) = command.identity {
            add("--unshare-user", "--uid", "\(uid)", "--gid", "\(gid)")
        } else {
            add("--cap-drop", "ALL")
            for capability in Self.capabilitiesOfRoot { add("--cap-add", "CAP_" + capability) }
        }
        add("--bind", rootFolder, "/", "--proc", "/proc", "--dev", "/dev")
        add("--perms", "1777", "--tmpfs", "/dev/shm", "--perms", "1777", "--tmpfs", "/tmp")
    }

    mutating func add(_ arguments: String...) { values += arguments }

    /// What root may do inside: what containers' root usually may. Without SYS_ADMIN it cannot undo a read-only mount.
    private static let capabilitiesOfRoot = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]
}
