//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Builder
import Checkout
import Environment
import Lock
import Store
import Toolchains

/// `fitout lock`: resolve the spec.
struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Resolve fitout.yaml to exact packages and write fitout.lock.",
        discussion: """
            Packages come from the suite's archives, verified from the signature on. A lock that still fits is kept as \
            it is; --upgrade takes the archives' newest versions.
            """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var workshop: WorkshopOptions

    @Flag(help: "Resolve anew although the lock still fits.")
    var upgrade = false

    @Flag(help: "Only say whether the lock fits; exit status 1 if it does not.")
    var check = false

    func run() async throws {
        let spec = try repository.spec()
        let checkout = try repository.checkout()
        let existing = try repository.lockIfPresent()
        try await workshop.withWorkshop { workshop in
            if check {
                guard let existing else { throw reported("there is no fitout.lock") }
                if let reason = try workshop.staleness(of: existing, spec, checkout) {
                    throw reported("fitout.lock is stale: \(reason)")
                }
                return
            }
            if let existing, !upgrade, try workshop.staleness(of: existing, spec, checkout) == nil {
                printNote("fitout.lock fits; `--upgrade` takes newer versions")
                return
            }
            let lock = try await workshop.lock(spec, of: checkout)
            try writeAtomically(Array(lock.rendered().utf8), to: repository.lockPath)
            printNote("wrote \(repository.lockPath): \(summary(of: lock))")
        }
    }

    private func reported(_ text: String) -> ExitStatus {
        printNote(text)
        return .different
    }
}

/// What a lock holds, in a few words.
func summary(of lock: Lockfile) -> String {
    lock.platforms.map { platform in
        let distributions = platform.steps.reduce(0) { $0 + $1.python.distributions.count }
        let python = distributions == 0 ? "" : ", \(distributions) Python distributions"
        return "\(platform.name): \(platform.packages.count) packages\(python)"
    }.joined(separator: "; ")
}

extension RepositoryOptions {
    /// Reads `fitout.lock`; nil where there is none.
    func lockIfPresent() throws -> Lockfile? {
        try readFileIfPresent(lockPath).map { try Lockfile(json: $0) }
    }

    /// The lock of this spec: the one that is there if it fits, else a new one, which is written.
    ///
    /// - Parameter isLocked: Whether the lock must be there and fit.
    func currentLock(
        _ spec: EnvironmentSpec, _ checkout: Checkout, isLocked: Bool, _ workshop: Workshop
    ) async throws -> Lockfile {
        if let existing = try lockIfPresent() {
            guard let reason = try workshop.staleness(of: existing, spec, checkout) else { return existing }
            if isLocked { throw BuilderError.stale(reason) }
            printNote("note: fitout.lock is resolved anew: \(reason)")
        } else if isLocked {
            throw BuilderError.stale("there is none")
        }
        let lock = try await workshop.lock(spec, of: checkout)
        try writeAtomically(Array(lock.rendered().utf8), to: lockPath)
        return lock
    }
}
