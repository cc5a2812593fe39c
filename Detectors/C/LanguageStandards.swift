//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension CSurvey {
    /// Reports what a C++ standard asks of the compiler: `20`, `c++23`, `gnu++2b`, `cxx_std_20`.
    mutating func standard(cxx text: String, evidence: Evidence) {
        guard let release = standardNumber(text), let gcc = gccOfCXX[release] else { return }
        toolchain("gcc", ">= \(gcc)", evidence: evidence)
    }

    /// Reports what a C standard asks of the compiler: `11`, `c2x`, `gnu23`.
    mutating func standard(c text: String, evidence: Evidence) {
        guard let release = standardNumber(text), release == "23" || release == "2x" else { return }
        toolchain("gcc", ">= 13", evidence: evidence)
    }
}

extension CMakeReader {
    mutating func readStandard(cxx text: String) {
        if !isConditional { survey.standard(cxx: text, evidence: evidence) }
    }

    mutating func readStandard(c text: String) {
        if !isConditional { survey.standard(c: text, evidence: evidence) }
    }

    mutating func readStandard(feature: String) {
        if feature.hasPrefix("cxx_std_") { readStandard(cxx: feature) }
        if feature.hasPrefix("c_std_") { readStandard(c: feature) }
    }

    mutating func readStandards(inProperties words: [String]) {
        for (word, value) in zip(words, words.dropFirst()) {
            if word == "CXX_STANDARD" { readStandard(cxx: value) }
            if word == "C_STANDARD" { readStandard(c: value) }
        }
    }
}

/// The last two characters that name a standard's year.
private func standardNumber(_ text: String) -> String? {
    let tail = String(text.suffix(2)).lowercased()
    return tail.count == 2 && tail.first?.isNumber == true ? tail : nil
}

/// The first release of GCC that has most of each C++ standard, after
/// [its status page](https://gcc.gnu.org/projects/cxx-status.html).
private let gccOfCXX = ["2a": "10", "20": "11", "2b": "13", "23": "13", "2c": "14", "26": "14"]
