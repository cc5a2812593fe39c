//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension CMakeReader {
    /// Whether a switch of that name decides whether the project's tests are built.
    func isTestSwitch(_ name: String) -> Bool {
        isSwitchOfAllTests(name, project: text("PROJECT_NAME") ?? "")
    }

    /// Switches tests on where it is the project's own switch.
    mutating func switchOnTests(_ name: String) {
        variables[name] = .known("ON")
        guard !isThirdParty(path), name != "BUILD_TESTING", !tests.options.contains(name) else { return }
        tests.options.append(name)
    }

    /// `option(NAME "…" OFF)` or a switch in the cache.
    mutating func declareSwitch(_ name: String, _ value: String) {
        if isTestSwitch(name), conditions == 0 || variables[name] == nil {
            if value.contains("$") || constantTruth(value) != true {
                switchOnTests(name)
            } else {
                variables[name] = .known("ON")
            }
        } else if variables[name] == nil {
            variables[name] = value.contains("$") ? .unknown : .known(truth(of: value))
        }
    }

    mutating func declareOption(_ command: CMakeCommand, _ words: [String]) {
        guard let name = words.first else { return }
        if command.name == "option" {
            return declareSwitch(name, words.count > 2 ? words[2] : "OFF")
        }
        // cmake_dependent_option(NAME "…" value "conditions" otherwise)
        guard words.count >= 3 else { return }
        if isTestSwitch(name) { return declareSwitch(name, words[2]) }
        let condition = CMakeLexer.commands(
            of: Array("if(\(words.count > 3 ? words[3...].joined(separator: " ") : ""))".utf8))
        let outcome = condition.first.flatMap { evaluate($0.arguments) }
        if variables[name] == nil { variables[name] = outcome == true ? .known(words[2]) : .unknown }
    }

    private func truth(of value: String) -> String {
        if constantTruth(value) != nil { return value }
        return text(value) ?? ""
    }

    mutating func enableTests() {
        guard !isThirdParty(path) else { return }
        tests.isEnabled = true
    }

    mutating func addTest(_ words: [String]) {
        guard !isThirdParty(path), tests.evidence == nil else { return }
        tests.evidence = evidence
    }

    /// `add_custom_target(check COMMAND …)`: a target that runs tests.
    mutating func addTarget(_ words: [String]) {
        guard let name = words.first, !isThirdParty(path), tests.target == nil else { return }
        let runs = words.contains("COMMAND") || words.contains("DEPENDS")
        if testTargets.contains(name), runs { tests.target = name }
    }

    /// What the project offers to build and to test.
    func buildSystem() -> CSurvey.BuildSystem {
        let switches = tests.options.map { " -D\($0)=ON" }.joined()
        var configure = "cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=ON" + switches
        if asksForQt6 { configure += " -DQT_MAJOR_VERSION=6" }
        if hasRefusedPolicies { configure += " -DCMAKE_POLICY_VERSION_MINIMUM=3.5" }
        if !fetched.isEmpty { configure += " -DFETCHCONTENT_TRY_FIND_PACKAGE_MODE=ALWAYS" }
        if fetched["googletest"] != nil { configure += " -DFETCHCONTENT_SOURCE_DIR_GOOGLETEST=/usr/src/googletest" }
        let build = configure + " && cmake --build build"
        var test: String?
        if let target = tests.target, tests.evidence == nil || target == "check" {
            test = build + " && cmake --build build --target \(target)"
        } else if tests.evidence != nil {
            test = build + " && ctest --test-dir build --output-on-failure -j\"$(nproc)\""
        }
        return CSurvey.BuildSystem(build: build, test: test, evidence: Evidence(survey.path("CMakeLists.txt")))
    }
}

private let testTargets: Set<String> = [
    "check", "test", "tests", "run_tests", "run-tests", "runtests", "runtest", "check-all", "unittest", "unit_tests",
    "test-quiet", "test-all", "all_tests", "alltests", "run_unit_tests", "testing",
]
