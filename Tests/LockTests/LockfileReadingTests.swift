//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Lock
import Testing

struct LockfileReadingTests {
    private func message(_ text: String) -> String {
        do throws(LockError) {
            return "read \(try Lockfile(json: Array(text.utf8)).base)"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("", "1: the text ends where a value should stand"),
        ("[]", "1: the file is not an object"),
        ("{\n  \"version\": 1\n}", "1: `spec` is missing"),
        ("{}", "1: `version` is missing"),
        ("{\"version\": \"1\"}", "1: `version` is not a whole number"),
        ("{\"version\": 1.5}", "1: `version` is not a whole number"),
        ("<<<<<<< HEAD\n{}", "1: `<` begins no value"),
    ])
    func refusesWhatIsNoLock(text: String, expected: String) {
        #expect(message(text) == "fitout.lock:\(expected)\n\nhint: run `fitout lock` to write it anew")
    }

    @Test func refusesAnotherVersionWhateverElseItHolds() {
        #expect(throws: LockError.version(file: "x", found: "2")) {
            try Lockfile(json: Array("{\"version\": 2, \"new\": 1}".utf8), file: "x")
        }
        #expect(message("{\"version\": 2}").contains("version 2 is not the version 1 that this program reads"))
    }

    @Test(arguments: [
        ("\"spec\": \"sha256:a", "\"spec\": \"sha256:A", 3, "`spec` is not `sha256:` and 64 hexadecimal digits"),
        ("\"base\": \"debian:trixie\"", "\"base\": null", 4, "`base` is not a string"),
        ("\"sourceDateEpoch\": 1763200000", "\"sourceDateEpoch\": -1", 5, "`sourceDateEpoch` is not a whole number"),
        ("\"sourceDateEpoch\": 1763200000", "\"sourceDateEpoch\": 1e9", 5, "`sourceDateEpoch` is not a whole number"),
        (
            "\"sourceDateEpoch\": 1763200000", "\"sourceDateEpoch\": 99999999999999999999", 5,
            "`sourceDateEpoch` is not a whole number"
        ),
        ("\"base\"", "\"vase\"", 4, "unknown member `vase`"),
        ("\"base\"", "\"spec\"", 4, "`spec` is there twice"),
        ("\"uri\"", "\"url\"", 7, "unknown member `url`"),
        ("\"platforms\": {", "\"platforms\": [{}], \"x\": {", 10, "unknown member `x`"),
        ("\"linux/amd64\"", "\"linux/riscv64\"", 11, "`linux/riscv64` is not a platform"),
        ("\"linux/arm64\"", "\"linux/amd64\"", 0, "`linux/amd64` is there twice"),
        ("\"steps\": []", "\"steps\": {}", 0, "`steps` is not an array"),
        ("\"name\": \"base-files\"", "\"name\": \"../base-files\"", 13, "`../base-files` is not a package's name"),
        ("\"name\": \"base-files\"", "\"name\": \"\"", 13, "`` is not a package's name"),
        ("\"name\": \"base-files\", ", "", 13, "`name` is missing"),
        ("\"name\": \"base-files\"", "\"name\": 1", 13, "`name` is not a string"),
        ("\"architecture\": \"all\"", "\"architecture\": \"mips\"", 15, "`architecture` is `mips`"),
        ("\"group\": \"base\"", "\"group\": \"none\"", 13, "`group` is neither base, requested nor automatic"),
        ("\"archive\": 1", "\"archive\": 2", 14, "`archive` names none of the archives"),
        ("\"path\": \"pool/main/b/", "\"path\": \"/pool/main/b/", 13, "`path` leaves the archive"),
        ("\"path\": \"pool/main/b/", "\"path\": \"pool/../../b/", 13, "`path` leaves the archive"),
        ("\"size\": 73112", "\"size\": \"73112\"", 13, "`size` is not a whole number"),
        ("\"manager\": \"uv\"", "\"manager\": \"pip\"", 19, "`manager` is `pip`"),
        ("\"uv\": {\"version\": \"0.9.11\"", "\"uv\": {\"version\": 0.9", 20, "`version` is not a string"),
        (
            "\"buildExcludeNewer\": \"2024-05-31T00:00:00Z\"", "\"buildExcludeNewer\": null", 21,
            "`buildExcludeNewer` is not a string"
        ),
        ("\"editable\": true", "\"editable\": 1", 23, "`editable` is neither true nor false"),
        ("\"path\": \"lib/core\"", "\"path\": \"lib/../../core\"", 24, "`path` leaves the repository"),
        ("\"kind\": \"wheel\"", "\"kind\": \"egg\"", 27, "`kind` is `egg`"),
        ("\"kind\": \"wheel\", ", "", 27, "`kind` is missing"),
        ("\"kind\": \"wheel\"", "\"kind\": \"git\"", 27, "unknown member"),
        ("\"version\": \"25.3.0\"", "\"version\": 25", 27, "`version` is not a string"),
        (
            "\"subdirectory\": \"python/lib\"", "\"subdirectory\": \"../lib\"", 29,
            "`subdirectory` leaves the distribution"
        ),
        ("\"commit\": \"dddd", "\"commit\": \"--dd", 31, "`commit` is not a whole commit"),
        ("\"path\": \"pyproject.toml\"", "\"path\": \"/etc/passwd\"", 0, "`path` leaves the repository"),
        ("\"path\": \"pyproject.toml\"", "\"path\": \"\"", 0, "`path` is empty"),
        ("\"inputs\": [", "\"inputs\": [1, ", 0, "an input is not an object"),
    ])
    func refusesAWrongMemberAtItsLine(right: String, wrong: String, line: Int, problem: String) throws {
        let text = try completeLock().rendered()
        let range = try #require(text.firstRange(of: right))
        let expected = line == 0 ? text[..<range.lowerBound].count { $0 == "\n" } + 1 : line
        let message = message(text[..<range.lowerBound] + wrong + text[range.upperBound...])
        #expect(message.hasPrefix("fitout.lock:\(expected): \(problem)"), "\(message)")
    }

    @Test func needsEveryLineOfALock() throws {
        let lines = try completeLock().rendered().split(separator: "\n", omittingEmptySubsequences: false)
        for index in lines.indices where lines[index].contains("\": ") && !lines[index].contains("\": [\"") {
            var fewer = lines
            fewer.remove(at: index)
            let text = fewer.joined(separator: "\n")
            let isItem = lines[index].contains("{\"") && !lines[index].contains("\"uv\"")
            // Without one item of a list it is a smaller lock; without anything else it is none.
            if !isItem { #expect(!message(text).hasPrefix("read"), "\(lines[index])") }
        }
    }
}
