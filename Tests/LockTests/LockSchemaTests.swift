//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Lock
import TestSupport
import Testing

/// `docs/fitout-lock.schema.json` says what the reader says.
@Suite(.enabled(if: SchemaCheck.isPossible, "python3 with jsonschema and yaml is missing"))
struct LockSchemaTests {
    private let check = SchemaCheck(schema: "fitout-lock.schema.json")

    @Test func acceptsWhatIsWritten() throws {
        #expect(try check.problems(in: [try completeLock().rendered()]) == [""])
    }

    @Test func refusesWhatIsNotRead() throws {
        let changes = [
            ("\"version\": 1,", "\"version\": 2,"), ("\"spec\": \"sha256:a", "\"spec\": \"sha256:A"),
            ("\"base\"", "\"vase\""),
            ("\"linux/amd64\"", "\"linux/riscv64\""), ("\"group\": \"base\"", "\"group\": \"none\""),
            ("\"name\": \"base-files\"", "\"name\": \"../base-files\""), ("\"size\": 73112", "\"size\": \"73112\""),
            ("\"path\": \"pool/main/b/", "\"path\": \"pool/../../b/"),
            ("\"path\": \"pyproject.toml\"", "\"path\": \"\""),
            ("\"kind\": \"wheel\"", "\"kind\": \"git\""), ("\"kind\": \"sdist\"", "\"kind\": \"egg\""),
            ("\"kind\": \"archive\"", "\"kind\": \"wheel\""), ("\"commit\": \"dddd", "\"commit\": \"--dd"),
            ("\"kind\": \"wheel\"", "\"kind\": \"wheel\", \"x\": 1"), ("\"editable\": true", "\"editable\": 1"),
            ("\"buildExcludeNewer\": \"\"", "\"buildExcludeNewer\": null"),
            ("\"uv\": {\"version\"", "\"uv\": {\"ver\""),
        ]
        let text = try completeLock().rendered()
        let locks = try changes.map { right, wrong in
            let range = try #require(text.firstRange(of: right))
            return String(text[..<range.lowerBound]) + wrong + String(text[range.upperBound...])
        }
        for (index, problems) in try check.problems(in: locks).enumerated() {
            #expect(problems != "", "\(changes[index])")
            #expect(throws: LockError.self, "\(changes[index])") { try Lockfile(json: Array(locks[index].utf8)) }
        }
    }
}
