//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Lock
import Sandbox
import State

extension Workshop {
    /// Whether programs of a platform are not of this machine's architecture.
    func isForeign(_ platform: LockedPlatform) -> Bool {
        platform.architecture != architecture
    }

    /// Platforms in the order in which they are worked on, `first` in front of the others.
    func ordered(_ platforms: [String], first: (String) -> Bool) -> [String] {
        platforms.filter(first).sorted() + platforms.filter { !first($0) }.sorted()
    }

    /// What runs the programs of a foreign platform here; nil where nothing does or may, and for the machine's own.
    func emulation(of platform: LockedPlatform) async -> Emulation? {
        isForeign(platform) && emulates ? await Emulation(of: platform.architecture) : nil
    }

    /// Sees that scripts which have to run can and may run, and says that they will.
    func require(_ scripts: [UnhandledScript], runOn platform: LockedPlatform) async throws(BuilderError) {
        if scripts.isEmpty { return }
        guard runsScripts else {
            throw .scripts(
                scripts, platform: platform.name, hint: "build without `--no-scripts` to run them in the sandbox")
        }
        if isForeign(platform), await emulation(of: platform) == nil {
            throw .scripts(scripts, platform: platform.name, hint: Emulation.hint(for: platform.architecture))
        }
        for script in scripts {
            report(
                .note("\(script.package): \(script.script) line \(script.line) runs in the sandbox: \(script.reason)"))
        }
    }
}

extension Lockfile {
    /// The lock of one of its platforms, as if it were the only one.
    func only(_ platform: LockedPlatform) -> Lockfile {
        var lock = self
        lock.platforms = [platform]
        let used = Set(platform.packages.map(\.archive)).compactMap { secondsSince1970(archives[$0].date) }.max()
        lock.sourceDateEpoch = min(sourceDateEpoch, used ?? sourceDateEpoch)
        return lock
    }
}
