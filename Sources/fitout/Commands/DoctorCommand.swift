//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Sandbox
import Store

/// `fitout doctor`: whether this machine has what builds need.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check that this machine has what building and running need.")

    @OptionGroup var workshop: WorkshopOptions

    func run() async throws {
        let environment = currentEnvironment()
        let store = try Store(at: storeFolder(workshop.store, environment))
        var table = Table()
        var isHealthy = true
        table.add("store", "ok", "\(store.root)")
        let folders = (environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let hasVerifier = folders.contains { access("\($0)/gpgv", X_OK) == 0 }
        table.add("gpgv", hasVerifier ? "ok" : "missing", hasVerifier ? "verifies archives" : "apt-get install gpgv")
        isHealthy = isHealthy && hasVerifier
        do throws(SandboxError) {
            let sandbox = try Sandbox(store: store)
            try await sandbox.check()
            table.add("sandbox", "ok", "user namespaces and overlayfs work")
        } catch {
            isHealthy = false
            table.add("sandbox", "missing", "\(error)".split(whereSeparator: \.isNewline).joined(separator: "; "))
        }
        printData(table.text)
        if !isHealthy { throw ExitStatus.different }
    }
}
