//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Checkout

/// A directory for one test, which removes it at its end.
struct TemporaryTree {
    let root: String

    init() throws {
        var template = Array(
            FileManager.default.temporaryDirectory.appendingPathComponent("tree.XXXXXX").path.utf8CString)
        try #require(mkdtemp(&template) != nil)
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: root) }

    func write(_ path: String, _ text: String = "x") throws {
        let url = URL(fileURLWithPath: root).appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Writes a file that was modified at a time in seconds since 1970.
    func write(_ path: String, modified time: Int) throws {
        try write(path)
        let date = Date(timeIntervalSince1970: TimeInterval(time))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(root)/\(path)")
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(root)/\(path)", withDestinationPath: target)
    }

    /// The standard output of git in the directory `directory`, without anybody's configuration.
    @discardableResult
    func git(_ arguments: String..., in directory: String = "") throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "\(root)/\(directory)")
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return Array(data)
    }

    /// The files that git neither ignores nor takes for its own, sorted by bytes.
    func filesByGit(in directory: String = "") throws -> [String] {
        try git("ls-files", "-cozt", "--exclude-standard", in: directory).split(separator: 0)
            .map { String(decoding: $0.dropFirst(2), as: UTF8.self) }.sorted { $0.precedesByBytes($1) }
    }
}
