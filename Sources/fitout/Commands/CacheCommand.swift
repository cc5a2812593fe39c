//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Store

/// `fitout cache`: the store.
struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Show, verify or shrink the store.",
        subcommands: [Usage.self, Verify.self, Prune.self])

    struct Usage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "du", abstract: "Show what the store holds.")
        @OptionGroup var workshop: WorkshopOptions

        func run() async throws {
            let store = try Store(at: storeFolder(workshop.store, currentEnvironment()))
            var table = Table()
            for item in try store.usage() {
                table.add(item.kind, "\(item.files) files", "\(item.bytes / 1_000_000) MB")
            }
            printData(table.isEmpty ? "\(store.root) is empty" : "\(store.root)\n\(table.text)")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Read everything in the store and remove what is damaged.",
            discussion: "What is removed is made or fetched anew when it is needed. Damage ends with exit status 1.")
        @OptionGroup var workshop: WorkshopOptions

        func run() async throws {
            let report = try Store(at: storeFolder(workshop.store, currentEnvironment())).verify()
            for path in report.damaged { printData("\(path) was damaged and is removed") }
            printNote("\(report.entries) entries, \(report.bytes / 1_000_000) MB, \(report.damaged.count) damaged")
            if !report.damaged.isEmpty { throw ExitStatus.different }
        }
    }

    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune", abstract: "Remove what was not used for longest, until the store is small enough.")
        @OptionGroup var workshop: WorkshopOptions

        @Option(name: .customLong("to"), help: ArgumentHelp("Keep at most this many megabytes.", valueName: "MB"))
        var megabytes: Int64 = 0

        func run() async throws {
            let store = try Store(at: storeFolder(workshop.store, currentEnvironment()))
            let report = try store.prune(keeping: [], downTo: max(0, megabytes) * 1_000_000)
            printNote("removed \(report.entries) entries, \(report.bytes / 1_000_000) MB")
        }
    }
}
