//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import SystemPackage

/// A folder for one test, with a copy of a project in it, and the program that is tested.
public final class Trial: Sendable {
    /// The folder, which everybody can enter.
    public let folder: FilePath
    /// The project's copy.
    public let project: FilePath
    /// The store of the program.
    public let store: FilePath

    /// A trial of `Fixtures/projects/<project>`.
    ///
    /// - Parameter store: the store; that of all trials unless given.
    public init(_ name: String, store: FilePath? = nil) async throws {
        folder = FilePath("/tmp/fitout-trial-" + String(UInt64.random(in: .min ... .max), radix: 36))
        project = folder.appending("project")
        self.store = store ?? Self.sharedStore
        guard mkdir(folder.string, 0o755) == 0, chmod(folder.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
        let fixture = Self.repository.appending("Fixtures/projects").appending(name)
        _ = try await start("cp", ["-r", fixture.string, project.string])
    }

    deinit {
        removeFolder(folder.string)
    }

    /// The built program, beside the tests' own.
    public static var program: FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
        let path = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return FilePath(path).removingLastComponent().appending("fitout")
    }

    /// The root of this package.
    public static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// The store that trials share, so that packages are fetched and converted once: `FITOUT_TEST_STORE`, or one that
    /// goes away with the tests.
    public static let sharedStore: FilePath = {
        if let path = getenv("FITOUT_TEST_STORE") { return FilePath(String(cString: path)) }
        let path = "/tmp/fitout-trial-store-\(getpid())"
        atexit { removeFolder("/tmp/fitout-trial-store-\(getpid())") }
        return FilePath(path)
    }()

    /// Runs the program on the project.
    public func fitout(_ arguments: [String], variables: [String: String] = [:]) async throws -> Ended {
        try await start(
            Self.program.string, arguments, variables: ["FITOUT_STORE": store.string].merging(variables) { $1 },
            in: project)
    }

    /// A path in the trial's folder.
    public func path(_ name: String) -> String { folder.pushing(FilePath(name)).string }

    /// Writes a file of the project.
    public func write(_ text: String, to name: String) throws {
        let file = try FileDescriptor.open(
            project.pushing(FilePath(name)), .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
    }
}

/// Removes a folder with the system's own tool: what other users left in it is beyond the tests' own means.
private func removeFolder(_ path: String) {
    let texts: [UnsafeMutablePointer<CChar>?] = ["rm", "-rf", path].map { (text: String) in strdup(text) } + [nil]
    defer { texts.forEach { free($0) } }
    var child = pid_t()
    if posix_spawnp(&child, "rm", nil, nil, texts, environ) == 0 { waitpid(child, nil, 0) }
}
