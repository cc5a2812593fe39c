//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Whether an option of that name switches all of a project's tests on: `BUILD_TESTS`, `FMT_TEST`, `CARES_BUILD_TESTS`,
/// `JSON_BuildTests`, `unit_testing`; not `ENABLE_SSL_TESTS`, `installed_tests`, `DISABLE_TESTS`.
func isSwitchOfAllTests(_ name: String, project: String) -> Bool {
    guard name.first?.isLetter == true else { return false }
    let words = wordsOfName(name)
    guard words.contains(where: testWords.contains) else { return false }
    let owner = wordsOfName(project).joined()
    var isBehindVerb = false
    for word in words where !testWords.contains(word) {
        if verbs.contains(word) {
            isBehindVerb = true
        } else if owner.isEmpty || !owner.contains(word) {
            // A prefix before the verb is the project's; any other word chooses some of the tests.
            guard !isBehindVerb, words.contains(where: verbs.contains), !negations.contains(word) else { return false }
        }
    }
    return true
}

/// The words of a name in capitals: separated by `_` or `-`, or by capitals.
private func wordsOfName(_ name: String) -> [String] {
    var words = [""]
    var wasLower = false
    for character in name {
        if character == "_" || character == "-" || character == "." {
            words.append("")
        } else if character.isUppercase, wasLower {
            words.append(String(character))
        } else {
            words[words.count - 1].append(character)
        }
        wasLower = character.isLowercase
    }
    return words.filter { !$0.isEmpty }.map { $0.uppercased() }
}

private let testWords: Set<String> = [
    "TEST", "TESTS", "TESTING", "UNITTEST", "UNITTESTS", "UNITTESTING", "TESTSUITE", "TESTCASES", "SELFTEST",
    "SELFTESTS",
]

private let verbs: Set<String> = [
    "BUILD", "ENABLE", "ENABLED", "WITH", "RUN", "MAKE", "COMPILE", "INCLUDE", "UNIT", "ALL", "DO", "BUILDING",
]

private let negations: Set<String> = [
    "DISABLE", "NO", "SKIP", "WITHOUT", "INSTALL", "INSTALLED", "USE", "FUZZ", "BENCHMARK", "COVERAGE",
]
