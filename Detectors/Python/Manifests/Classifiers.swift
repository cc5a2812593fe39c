//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Trove classifiers: each Python that the project says it runs on is a hint.
    mutating func readClassifiers(_ classifiers: [(text: String, evidence: Evidence)]) {
        for (text, evidence) in classifiers {
            let parts = text.split(separator: ":").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
            guard parts.count == 3, parts[0] == "Programming Language", parts[1] == "Python" else { continue }
            guard parts[2].contains("."), parts[2].hasPrefix("3."), parts[2].dropFirst(2).allSatisfy(\.isNumber) else {
                continue
            }
            python(.hint, parts[2], evidence: evidence)
        }
    }
}

/// The version that a factor names: `py310` and `py3.10` are 3.10, `3.10` too; nil for another factor.
func pythonVersion(ofFactor factor: String) -> String? {
    var digits = factor[...]
    for prefix in ["python", "cpython", "py"] where digits.hasPrefix(prefix) {
        digits = digits.dropFirst(prefix.count)
        break
    }
    guard digits.first == "3", digits.count > 1 else { return nil }
    let minor = digits.dropFirst().drop { $0 == "." }.prefix { $0.isNumber }
    let rest = digits.dropFirst().drop { $0 == "." }.dropFirst(minor.count)
    guard !minor.isEmpty, minor.count <= 2, rest.isEmpty || rest == "t" else { return nil }
    if digits.count == factor.count, !factor.contains(".") { return nil }
    return "3.\(minor)"
}
