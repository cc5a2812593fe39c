//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

/// How programs of another architecture run on this machine: by the kernel's binfmt_misc and qemu's user mode.
public struct Emulation: Hashable, Sendable {
    /// What makes the interpreter known to the sandbox's kernel; nil where the machine's administrator has done that for
    /// every root file system (flag `F`).
    let registration: [UInt8]?

    /// The emulation of an architecture, as dpkg names it; nil where this machine has none.
    ///
    /// Where nothing is registered for the whole machine, an interpreter without a loader of its own, such as Debian's
    /// qemu-user-static, is registered for the sandbox alone (Linux 6.7 and later).
    /// - Parameter searchPath: where qemu is looked for.
    public init?(
        of architecture: String, searchPath: [String] = ["/usr/bin", "/usr/local/bin", "/bin"]
    ) async {
        guard let machine = Machine(architecture: architecture) else { return nil }
        if Self.isRegistered(machine) {
            registration = nil
            return
        }
        let names = ["qemu-\(machine.name)-static", "qemu-\(machine.name)"]
        let candidates = names.flatMap { name in searchPath.map { FilePath("\($0)/\(name)") } }
        guard let interpreter = candidates.first(where: isStaticProgram), await Self.canRegister() else { return nil }
        registration = Self.registration(of: interpreter, for: machine)
    }

    /// What to do where there is none for `architecture`.
    public static func hint(for architecture: String) -> String {
        """
        programs of \(architecture) do not run on this machine: build on one of that architecture, or install \
        `qemu-user-static`, which works with Linux 6.7 and later, and with an older one if it is registered with binfmt_misc
        """
    }

    /// The line that registers an interpreter (Linux, `admin-guide/binfmt-misc`), held open and told the program's name.
    static func registration(of interpreter: FilePath, for machine: Machine) -> [UInt8] {
        func escaped(_ bytes: [UInt8]) -> String { bytes.map { "\\x" + hex([$0]) }.joined() }
        return Array(":fitout:M::\(escaped(machine.magic)):\(escaped(Machine.mask)):\(interpreter):FP".utf8)
    }

    /// Whether an entry of the machine takes programs of this kind and holds its interpreter open.
    private static func isRegistered(_ machine: Machine) -> Bool {
        let folder = FilePath("/proc/sys/fs/binfmt_misc")
        guard readText(folder.appending("status"))?.hasPrefix("enabled") == true else { return false }
        return entryNames(of: folder).contains { name in
            readText(folder.appending(name)).map { isEntry($0, for: machine) } ?? false
        }
    }

    /// Whether the text of an entry says that it takes programs of `machine` in every root file system.
    static func isEntry(_ text: String, for machine: Machine) -> Bool {
        let lines = text.split(separator: "\n")
        func value(_ key: String) -> Substring? {
            lines.first { $0.hasPrefix(key + " ") }?.dropFirst(key.count + 1)
        }
        guard lines.first == "enabled", value("flags:")?.contains("F") == true, value("offset") == "0",
            let magic = value("magic")
        else { return false }
        // The beginning of every ELF file, and the machine at byte 18.
        let wanted = hex(machine.magic)
        return magic.prefix(8) == wanted.prefix(8) && magic.dropFirst(36).prefix(2) == wanted.dropFirst(36).prefix(2)
    }

    /// Whether a user namespace may have a binfmt_misc of its own here.
    private static func canRegister() async -> Bool {
        let script = "mount -t proc proc /proc && mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc"
        let configuration = Configuration(
            executable: .path("/bin/sh"),
            arguments: ["-c", "unshare --user --map-root-user --mount --pid --fork sh -c '\(script)'"],
            environment: .custom(["PATH": "/usr/bin:/usr/sbin:/bin:/sbin", "LC_ALL": "C"]))
        let result = try? await Subprocess.run(configuration, output: .discarded, error: .discarded)
        return result?.terminationStatus.isSuccess == true
    }
}

/// Whether a file is a program without a loader, which runs in any root file system.
private func isStaticProgram(_ path: FilePath) -> Bool {
    guard let bytes = readBytes(path, limit: 4096) else { return false }
    return hasLoader(program: bytes) == false
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
