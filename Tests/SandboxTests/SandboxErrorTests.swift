//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite struct SandboxErrorTests {
    @Test(
        arguments: [
            ("0\n", nil, nil, "user.max_user_namespaces"),
            ("100\n", "0\n", nil, "kernel.unprivileged_userns_clone=1"),
            ("100\n", "1\n", "1\n", "kernel.apparmor_restrict_unprivileged_userns=0"),
            ("100\n", nil, "0\n", "seccomp=unconfined"),
        ] as [(String?, String?, String?, String)])
    func namesTheSettingThatForbidsNamespaces(
        maximum: String?, unprivileged: String?, appArmor: String?, expected: String
    ) {
        let hint = Sandbox.namespaceHint(maximum: maximum, unprivileged: unprivileged, appArmor: appArmor)
        #expect(hint.contains(expected))
    }

    @Test(arguments: [
        ("mount: /proc: permission denied.", "0", "systempaths=unconfined"),
        ("mount: root: unknown filesystem type 'overlay'.", "0", "modprobe overlay"),
        ("mount: root: permission denied.", "1", "apparmor_restrict_unprivileged_userns"),
        ("mount: root: permission denied.", "0", "5.11"),
        ("mount: root: wrong fs type, bad option, bad superblock on overlay", "0", "userxattr"),
    ])
    func saysWhatHelpsAgainstARefusedMount(message: String, appArmor: String, expected: String) {
        #expect(Sandbox.mountHint(message, appArmor: appArmor)?.contains(expected) == true)
    }

    @Test func namesThePackageOfAMissingTool() {
        #expect(
            "\(SandboxError.toolMissing("bwrap", package: "bubblewrap"))".hasSuffix("hint: apt-get install bubblewrap"))
    }
}
