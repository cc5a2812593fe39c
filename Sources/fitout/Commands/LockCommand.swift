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
            it is; --upgrade takes the archives' newest versions. With --platform, what it has for other platforms is \
            kept as long as it fits.
            """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var workshop: WorkshopOptions
    @OptionGroup var platforms: PlatformOptions

    @Flag(help: "Resolve anew although the lock still fits.")
    var upgrade = false

    @Flag(help: "Only say whether the lock fits; exit status 1 if it does not.")
    var check = false

    func run() async throws {
        let spec = try platforms.applied(to: try repository.spec())
        let checkout = try repository.checkout()
        let existing = try repository.lockIfPresent()
        try await workshop.withWorkshop { workshop in
            let misfit = try existing.flatMap { try workshop.misfit(of: $0, spec, checkout) }
            if check {
                guard existing != nil else { throw reported("there is no fitout.lock") }
                if let misfit { throw reported("fitout.lock is stale: \(misfit)") }
                return
            }
            if existing != nil, !upgrade, misfit == nil {
                printNote("fitout.lock fits; `--upgrade` takes newer versions")
                return
            }
            let lock = try await workshop.lock(spec, of: checkout, updating: existing, misfit, upgrade: upgrade)
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
        let existing = try lockIfPresent()
        let misfit = try existing.flatMap { try workshop.misfit(of: $0, spec, checkout) }
        if let existing, misfit == nil { return existing }
        if isLocked { throw BuilderError.stale(misfit.map { "\($0)" } ?? "there is none") }
        if let misfit { printNote("note: fitout.lock is resolved anew: \(misfit)") }
        let lock = try await workshop.lock(spec, of: checkout, updating: existing, misfit)
        try writeAtomically(Array(lock.rendered().utf8), to: lockPath)
        return lock
    }
}

extension Workshop {
    /// Locks a spec's platforms, or those alone that `existing` lacks; what else it has stays if it still fits.
    fileprivate func lock(
        _ spec: EnvironmentSpec, of checkout: Checkout, updating existing: Lockfile?, _ misfit: Misfit?,
        upgrade: Bool = false
    ) async throws -> Lockfile {
        var spec = spec
        switch misfit {
        case .stale: return try await lock(spec, of: checkout)
        case .platforms(let missing): if !upgrade { spec.platforms = missing }
        case nil: break
        }
        return try await lock(spec, of: checkout, keeping: existing)
    }
}
