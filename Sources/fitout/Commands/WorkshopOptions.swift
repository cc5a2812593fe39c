//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Builder
import Download
import Glibc
import PythonStep
import Store
import SystemPackage
import Timing
import Toolchains

/// Where a command keeps and fetches things.
struct WorkshopOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder for downloads and results.", valueName: "folder"))
    var store: String?

    @Flag(help: "Do not use the network: take everything from the store.")
    var offline = false

    @Option(
        help: ArgumentHelp(
            "Take packages from another mirror, as `URI=MIRROR`; may be given several times.", valueName: "uri=mirror"))
    var mirror: [String] = []

    @Option(
        name: .customLong("allow-expired"),
        help: ArgumentHelp(
            "Take a suite although its release file is past its Valid-Until; may be given several times.",
            valueName: "suite"))
    var allowExpired: [String] = []

    @Option(help: "How to show progress: auto, plain, json or none.")
    var progress = ProgressStyle.auto

    @Option(
        help: ArgumentHelp("Write where the time goes, for Perfetto or Chrome's about:tracing.", valueName: "file"))
    var trace: String?

    @Flag(name: .customLong("no-scripts"), help: "Refuse packages whose maintainer scripts would have to run.")
    var noScripts = false

    @Flag(name: .customLong("no-emulation"), help: "Refuse what would run programs of another architecture.")
    var noEmulation = false

    /// Runs `body` with a workshop, and shuts down its connections afterwards.
    func withWorkshop<Result: Sendable>(_ body: @escaping (Workshop) async throws -> Result) async throws -> Result {
        let environment = currentEnvironment()
        let store = try Store(at: storeFolder(store, environment))
        var configuration = DownloadConfiguration(environment: environment)
        configuration.offline = offline
        let printer = ProgressPrinter(style: progress)
        let downloader = Downloader(store: store, configuration: configuration) { printer.show($0) }
        let host = StepHost(environment: environment, isOffline: offline) { access($0.string, R_OK) == 0 }
        var mirrors: [String: String] = [:]
        for pair in mirror {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandError(
                    "`--mirror \(pair)` is not `URI=MIRROR`",
                    hint: "write for example `--mirror http://deb.debian.org/debian=http://mirror.example/debian`")
            }
            mirrors[withoutSlash(parts[0])] = withoutSlash(parts[1])
        }
        let workshop = Workshop(
            store: store, downloader: downloader, host: host, index: PythonDistributionIndex(environment: environment),
            mirrors: mirrors, expiredSuites: Set(allowExpired), now: Int64(time(nil)), architecture: hostArchitecture,
            runsScripts: !noScripts, emulates: !noEmulation,
            report: { printer.show($0) })
        do {
            let result = try await tracing { try await untilInterrupted { try await body(workshop) } }
            printer.finish()
            try await downloader.shutdown()
            return result
        } catch {
            printer.finish()
            try? await downloader.shutdown()
            throw error
        }
    }

    /// Runs `body`, and writes its timeline if `--trace` asks for it, also where it fails.
    private func tracing<Output>(_ body: () async throws -> Output) async throws -> Output {
        guard let trace else { return try await body() }
        let timeline = Timeline(clock: monotonicNanoseconds)
        let result: Result<Output, any Error>
        do { result = .success(try await timeline.recording(body)) } catch { result = .failure(error) }
        try writeAtomically(Array(timeline.chromeTrace().utf8), to: FilePath(trace))
        printNote("wrote \(trace)")
        return try result.get()
    }
}

/// The folder `named` by `--store`, else by `FITOUT_STORE`, else the user's cache folder (XDG Base Directory
/// Specification).
func storeFolder(_ named: String?, _ environment: [String: String]) throws -> FilePath {
    if let path = named ?? environment["FITOUT_STORE"], !path.isEmpty { return FilePath(path) }
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
        return FilePath(cache).appending("fitout")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else {
        throw CommandError("no folder for the store", hint: "name one with `--store`, or set HOME")
    }
    return FilePath(home).appending(".cache/fitout")
}

/// The variables of this process.
func currentEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
        entry = entry.advanced(by: 1)
    }
    return variables
}

/// dpkg's name of the architecture that this program was built for.
var hostArchitecture: String {
    #if arch(arm64)
        "arm64"
    #else
        "amd64"
    #endif
}

private func withoutSlash(_ text: String) -> String {
    text.hasSuffix("/") ? String(text.dropLast()) : text
}
