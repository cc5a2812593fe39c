//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// The languages of the sources below a folder, by the files that are there.
struct JVMLanguages {
    /// The first source of each language, those with the most files first.
    private(set) var found: [(name: String, evidence: Evidence)] = []

    init(_ repository: Repository, in directory: String) {
        var counts: [(name: String, count: Int, first: CheckoutFile)] = []
        for (name, extensions) in jvmExtensions {
            let files = extensions.flatMap { repository.files(withExtension: $0) }.filter { file in
                (directory.isEmpty || file.path.hasPrefix(directory + "/"))
                    && !repository.isSecondary(file.path.replacing(text: "src/test/", with: "src/main/"))
                    && !isOfBuild(file)
            }
            let own = files.filter { !repository.isSecondary($0.path) }
            if let first = own.first ?? files.first { counts.append((name, max(own.count, 1), first)) }
        }
        let most = counts.map(\.count).max() ?? 0
        for entry in counts.sorted(by: { ($1.count, $0.first.depth) < ($0.count, $1.first.depth) })
        where entry.count * 50 >= most {
            found.append((entry.name, Evidence(entry.first.path)))
        }
    }

    /// Sources of the build itself.
    private func isOfBuild(_ file: CheckoutFile) -> Bool {
        file.path.split(separator: "/").dropLast().contains {
            $0 == "buildSrc" || $0 == "build-logic" || $0 == ".mvn" || $0 == "project" || $0 == "gradle"
        } || file.name == "build.sc" || file.name == "Jenkinsfile" || file.name == "build.clj"
    }
}

private let jvmExtensions: [(name: String, extensions: [String])] = [
    ("java", ["java"]), ("kotlin", ["kt"]), ("scala", ["scala", "sc"]), ("clojure", ["clj", "cljc", "cljs"]),
    ("groovy", ["groovy"]),
]
