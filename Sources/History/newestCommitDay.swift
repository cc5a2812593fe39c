//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Calendar
import Glibc
import Subprocess
public import SystemPackage

/// The day of the newest commit of a checkout, `YYYY-MM-DD` in UTC; nil where there is no Git repository, no commit, or
/// no git on this machine.
///
/// Git only reads one object here. What a repository's own configuration could make it run or fetch (hooks, pagers,
/// monitors, promisor remotes, signature programs) has no part in that, and is switched off besides.
public func newestCommitDay(of root: FilePath, searchPath: String = "/usr/local/bin:/usr/bin:/bin") async -> String? {
    if isUnborn(root) { return nil }
    var arguments = ["-C", root.string, "--no-replace-objects", "--no-optional-locks"]
    for setting in ["core.fsmonitor=false", "core.hooksPath=/dev/null", "safe.directory=*"] {
        arguments += ["-c", setting]
    }
    arguments += ["cat-file", "commit", "HEAD"]
    let configuration = Configuration(
        executable: .name("git"), arguments: Arguments(arguments),
        environment: .custom([
            "PATH": searchPath, "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_CEILING_DIRECTORIES": root.removingLastComponent().string,
        ]))
    let result = try? await run(configuration, output: .string(limit: 1 << 20), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return committerDay(ofCommit: result.standardOutput)
}

/// Whether there is plainly no commit yet, as behind `git init`, so that git need not be asked: `HEAD` names a branch that
/// is neither a file nor packed (gitrepository-layout(5)). False where another form of metadata keeps that.
func isUnborn(_ root: FilePath) -> Bool {
    func isThere(_ path: String) -> Bool { access(root.appending(".git/\(path)").string, F_OK) == 0 }
    let file = open(root.appending(".git/HEAD").string, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return false }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return false }
    let line = String(decoding: bytes[..<count], as: UTF8.self)
    guard line.hasPrefix("ref: refs/heads/"), line.hasSuffix("\n"), !line.contains("..") else { return false }
    let branch = String(line.dropFirst("ref: ".count).dropLast())
    // In a clone, references are packed; a linked work tree and the reftable format keep them elsewhere.
    return !isThere(branch) && !isThere("packed-refs") && !isThere("reftable") && !isThere("commondir")
}

/// The day of the `committer` line of a commit object, in UTC.
func committerDay(ofCommit text: String) -> String? {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.isEmpty { return nil }
        guard line.hasPrefix("committer ") else { continue }
        let words = line.split(separator: " ")
        guard words.count >= 3, let seconds = Int64(words[words.count - 2]), (0..<32_503_680_000).contains(seconds)
        else {
            return nil
        }
        return CalendarDay(daysSinceEpoch: Int(seconds / 86_400)).description
    }
    return nil
}
