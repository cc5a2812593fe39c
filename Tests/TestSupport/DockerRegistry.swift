//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import SystemPackage

/// Debian's docker-registry on loopback, with its data in a folder of its own.
public final class DockerRegistry: Sendable {
    /// `127.0.0.1:<port>`.
    public let host: String
    /// What it has logged so far: a line for each request, among others.
    public var log: String {
        guard let file = try? FileDescriptor.open(logPath, .readOnly) else { return "" }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private let process: pid_t
    private let logPath: FilePath

    /// Starts a registry and waits until it answers.
    ///
    /// - Parameters:
    ///   - folder: an existing folder for it.
    ///   - isProtected: whether it wants the user `me` with the password `secret`.
    public init(in folder: FilePath, isProtected: Bool = false) async throws {
        let port = try freePort()
        host = "127.0.0.1:\(port)"
        logPath = folder.appending("registry.log")
        var configuration = """
            version: 0.1
            storage: {filesystem: {rootdirectory: \(folder)/registry}}
            http: {addr: "127.0.0.1:\(port)"}

            """
        if isProtected {
            configuration += "auth: {htpasswd: {realm: test, path: \(folder)/htpasswd}}\n"
            // bcrypt of `secret`
            let hash = "$2b$04$KNS/5OA0kHihaGJArYw86uLxCGyz/qZQBjXUTcOtY9n1cn7tYOQ3y"
            try write("me:\(hash)\n", to: folder.appending("htpasswd"))
        }
        try write(configuration, to: folder.appending("registry.yaml"))
        process = try spawn(
            ["docker-registry", "serve", folder.appending("registry.yaml").string], output: logPath)
        for _ in 0..<300 where !isListening(port) { try await Task.sleep(for: .milliseconds(50)) }
        if !isListening(port) { throw Errno.connectionRefused }
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }
}

private func write(_ text: String, to path: FilePath) throws {
    let file = try FileDescriptor.open(
        path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite])
    try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
}

/// Starts a program of PATH whose output and errors go to a file.
private func spawn(_ arguments: [String], output: FilePath) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let texts: [UnsafeMutablePointer<CChar>?] = arguments.map { (text: String) in strdup(text) } + [nil]
    defer { texts.forEach { free($0) } }
    var process = pid_t()
    let code = posix_spawnp(&process, arguments[0], &actions, nil, texts, environ)
    guard code == 0 else { throw Errno(rawValue: code) }
    return process
}

/// A port of 127.0.0.1 on which nobody listens.
private func freePort() throws -> UInt16 {
    try withLoopbackSocket(port: 0) { descriptor, address, size in
        guard bind(descriptor, address, size) == 0 else { throw Errno(rawValue: errno) }
        var bound = sockaddr_in()
        var length = size
        let code = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard code == 0 else { throw Errno(rawValue: errno) }
        return UInt16(bigEndian: bound.sin_port)
    }
}

private func isListening(_ port: UInt16) -> Bool {
    (try? withLoopbackSocket(port: port) { connect($0, $1, $2) == 0 }) ?? false
}

private func withLoopbackSocket<Result>(
    port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) throws -> Result
) throws -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return try withUnsafePointer(to: address) { pointer in
        try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            try body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
