//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTP
import JSON
import Subprocess
import SystemPackage

/// A program that keeps credentials: docker's credential helper protocol.
///
/// `docker-credential-<name> get` reads the server's name from standard input and writes a JSON object with `Username`
/// and `Secret`; the user `<token>` says that the secret is an identity token.
struct CredentialHelper: Sendable {
    enum Outcome: Equatable {
        case found(RegistryCredential)
        case notFound
        /// For this reason, which holds no secret.
        case failed(String)
    }

    let name: String
    /// The variables it runs with; `PATH` tells where it is.
    let environment: [String: String]
    let timeout: Duration

    private var program: String { "docker-credential-\(name)" }

    func credential(for server: String) async -> Outcome {
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 && $0 != 0x7f }), let path = path() else {
            return .failed("`\(program)` is not on PATH")
        }
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await run(path, server) }
            group.addTask {
                // Sleeping ends early only where the task is cancelled: then the other one is, too.
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = await group.next(), let outcome = first else {
                return .failed("`\(program)` gave no answer within \(timeout.components.seconds) seconds")
            }
            return outcome
        }
    }

    private func path() -> FilePath? {
        for folder in (environment["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
            let path = FilePath(String(folder)).appending(program)
            if access(path.string, X_OK) == 0 { return path }
        }
        return nil
    }

    private func run(_ path: FilePath, _ server: String) async -> Outcome {
        var options = PlatformOptions()
        // What it starts itself must not outlive it.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        do {
            let input = try pipe(holding: Array("\(server)\n".utf8))
            let result = try await Subprocess.run(
                .path(path), arguments: ["get"], environment: .custom(variables), platformOptions: options,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .bytes(limit: 1 << 20),
                error: .discarded)
            guard case .exited(0) = result.terminationStatus else { return failure(result.standardOutput) }
            return parse(result.standardOutput)
        } catch {
            return .failed("`\(program)` cannot be run: \(error)")
        }
    }

    private func parse(_ output: [UInt8]) -> Outcome {
        // What is wrong with the text is not told: it is a secret.
        guard let node = try? parseJSON(output), let user = node["Username"]?.string,
            let secret = node["Secret"]?.string
        else { return .failed("`\(program)` wrote no credentials in JSON") }
        if user.isEmpty && secret.isEmpty { return .notFound }
        return .found(user == "<token>" ? .identityToken(secret) : .password(Credentials(user: user, password: secret)))
    }

    /// By the protocol, the reason stands on standard output.
    private func failure(_ output: [UInt8]) -> Outcome {
        let line = String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }.prefix(200), as: UTF8.self)
        if line.contains("not found in native keychain") { return .notFound }
        // JSON would be credentials.
        return .failed("`\(program)` ended with an error" + (line.isEmpty || line.contains("{") ? "" : ": \(line)"))
    }
}

/// The reading end of a pipe in which these bytes wait. They must be few enough for a pipe's buffer.
///
/// swift-subprocess 1.0.2 ends this process when a program ends before it has read what is written to it meanwhile.
private func pipe(holding bytes: [UInt8]) throws(Errno) -> FileDescriptor {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    do {
        try writing.closeAfter { _ = try writing.writeAll(bytes) }
    } catch {
        try? reading.close()
        throw error as? Errno ?? .ioError
    }
    return reading
}
