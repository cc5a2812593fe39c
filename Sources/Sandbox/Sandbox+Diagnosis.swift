//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

extension Sandbox {
    /// Why a run ended before the program was started.
    func diagnose(_ run: SandboxRun, _ command: SandboxCommand, _ result: SandboxResult) async -> SandboxError {
        let status = run.statusLines
        if !status.contains("unshared") {
            // Where the disk is full, the scripts cannot say how far they came.
            do throws(SandboxError) {
                try writeFile(Array(repeating: 0, count: 1 << 16), to: run.folder.path.appending("probe"))
            } catch {
                return error
            }
            return await diagnoseNamespaces()
        }
        if !status.contains("mounted") {
            if let message = run.message(in: "mount.err") {
                return .cannotMount(reason: message, hint: Self.mountHint(message))
            }
            return .cannotMapIDs(reason: run.message(in: "map.err") ?? "the kernel refused them")
        }
        let name = command.arguments.first ?? ""
        let output = result.errorOutput.isEmpty ? result.output : result.errorOutput
        let message = String(decoding: output, as: UTF8.self).split(separator: "\n").last.map(String.init)
        let prefix = "bwrap: "
        let reason = message.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
        if isMissing(name, run, command) || reason == "execvp \(name): No such file or directory" {
            return .programNotFound(name)
        }
        return .cannotStart(name, reason: reason)
    }

    /// Whether no layer has the program; false where that cannot be told, because it may be on a mount.
    private func isMissing(_ name: String, _ run: SandboxRun, _ command: SandboxCommand) -> Bool {
        let folders =
            name.contains("/")
            ? [name.hasPrefix("/") ? "" : command.workingDirectory]
            : (command.environment.first { $0.name == "PATH" }?.value ?? "/bin:/usr/bin").split(separator: ":")
                .map(String.init)
        return folders.allSatisfy { folder in
            let place = run.root.resolve(folder + "/" + name)
            let isOnMount = (command.mounts.map(\.destination) + ["/proc", "/dev", "/tmp"]).contains { mount in
                (place.path + "/").hasPrefix(mount + "/")
            }
            return !isOnMount && place.finding == .missing
        }
    }

    /// Whether this machine lets this user make the namespaces that runs need.
    ///
    /// - Throws: ``SandboxError/userNamespacesUnavailable(reason:hint:)`` if not.
    public func check() async throws(SandboxError) {
        let configuration = Configuration(
            executable: .path(shell),
            arguments: ["-c", "unshare --user --map-root-user --mount --pid --fork true"],
            environment: .custom(["PATH": searchPath, "LC_ALL": "C"]))
        let result = try? await Subprocess.run(configuration, output: .discarded, error: .discarded)
        if result?.terminationStatus.isSuccess != true { throw await diagnoseNamespaces() }
    }

    private func diagnoseNamespaces() async -> SandboxError {
        let configuration = Configuration(
            executable: .path(shell),
            arguments: ["-c", "unshare --user --map-root-user --mount --pid --fork true"],
            environment: .custom(["PATH": searchPath, "LC_ALL": "C"]))
        let result = try? await Subprocess.run(configuration, output: .discarded, error: .string(limit: 4096))
        if result?.terminationStatus.isSuccess == true {
            return .cannotStart("the sandbox", reason: "it ended before it began; the disk or another limit was full")
        }
        let text = result?.standardError.split(separator: "\n").first.map(String.init)
        return .userNamespacesUnavailable(
            reason: text ?? "the kernel refused it",
            hint: Self.namespaceHint(
                maximum: readText("/proc/sys/user/max_user_namespaces"),
                unprivileged: readText("/proc/sys/kernel/unprivileged_userns_clone"),
                appArmor: readText("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")))
    }

    /// What to change so that user namespaces can be made, from the contents of the settings' files.
    static func namespaceHint(maximum: String?, unprivileged: String?, appArmor: String?) -> String {
        func isSet(_ text: String?, to value: String) -> Bool { text?.split(separator: "\n").first == value[...] }
        if isSet(maximum, to: "0") { return "sudo sysctl -w user.max_user_namespaces=16384" }
        if isSet(unprivileged, to: "0") { return "sudo sysctl -w kernel.unprivileged_userns_clone=1" }
        if isSet(appArmor, to: "1") { return appArmorHint }
        return """
            inside a container, start that one with `--security-opt seccomp=unconfined --security-opt \
            apparmor=unconfined`
            """
    }

    /// What may help against a message of mount(8).
    static func mountHint(_ message: String, appArmor: String? = nil) -> String? {
        let appArmor = appArmor ?? readText("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") ?? "0"
        if message.contains("/proc") {
            return "inside a container, start that one with `--security-opt systempaths=unconfined`"
        }
        if message.contains("unknown filesystem") { return "sudo modprobe overlay" }
        if message.contains("ermission denied") || message.contains("not permitted") {
            return appArmor.hasPrefix("1")
                ? appArmorHint : "overlayfs in a user namespace needs Linux 5.11 or later"
        }
        if message.contains("wrong fs type") || message.contains("bad option") {
            return
                "overlayfs with `userxattr` needs Linux 5.11 or later, and a file system that keeps extended attributes"
        }
        return nil
    }

    private static let appArmorHint = """
        AppArmor keeps ordinary users from it: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
        """
}
