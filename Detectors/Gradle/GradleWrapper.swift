//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// The release of Gradle that the wrapper downloads
/// ([Wrapper](https://docs.gradle.org/current/userguide/gradle_wrapper.html)).
struct GradleWrapper {
    let version: String
    let evidence: Evidence

    init?(_ repository: Repository, in directory: String) {
        for entry in repository.properties(joinPath(directory, "gradle/wrapper/gradle-wrapper.properties"))
        where entry.key == "distributionUrl" {
            let name = entry.value.split(separator: "/").last ?? ""
            guard let start = name.range(ofText: "gradle-") else { continue }
            var version = name[start...].dropFirst(7)
            for suffix in [".zip", "-bin", "-all", "-src"] where version.hasSuffix(suffix) {
                version = version.dropLast(suffix.count)
            }
            guard version.first?.isNumber == true else { continue }
            self.version = String(version)
            evidence = entry.evidence
            return
        }
        return nil
    }

    /// The releases of Java that this release of Gradle runs on, the newest one where it has an end
    /// ([Compatibility Matrix](https://docs.gradle.org/current/userguide/compatibility.html)).
    var java: (oldest: Int, newest: Int)? {
        let numbers = version.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
        guard let major = numbers.first, major >= 2 else { return nil }
        let minor = numbers.count > 1 ? numbers[1] : 0
        guard let newest = newestJava.last(where: { ($0.major, $0.minor) <= (major, minor) })?.java else { return nil }
        return (major >= 9 ? 17 : (major >= 5 ? 8 : 7), newest)
    }
}

private let newestJava: [(major: Int, minor: Int, java: Int)] = [
    (2, 0, 8), (4, 3, 9), (4, 7, 10), (5, 0, 11), (5, 4, 12), (6, 0, 13), (6, 3, 14), (6, 7, 15), (7, 0, 16),
    (7, 3, 17), (7, 5, 18), (7, 6, 19), (8, 3, 20), (8, 5, 21), (8, 8, 22), (8, 10, 23), (8, 14, 24), (9, 1, 25),
    (9, 4, 26), (9, 9, 27),
]
