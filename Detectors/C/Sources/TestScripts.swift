//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension CSurvey {
    /// Reads what the scripts among the tests are run by.
    mutating func readTestScripts() {
        for (ext, program) in interpreters {
            // Only next to the tests themselves: what lies deeper is often a fixture or a framework.
            let scripts = repository.files(withExtension: ext).filter { isOwn($0) && isInTestFolder($0.path) }
            guard let first = scripts.first else { continue }
            need(
                .program(program), phase: .test, isOptional: true, reason: "runs scripts of the tests",
                evidence: Evidence(first.path))
        }
    }
}

private let interpreters = [
    ("bats", "bats"), ("lua", "lua"), ("pl", "perl"), ("py", "python3"), ("rb", "ruby"), ("tcl", "tclsh"),
]
