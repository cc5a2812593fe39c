//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

extension ProjectFindings {
    /// The SDK in [global.json](https://learn.microsoft.com/dotnet/core/tools/global-json); how far it may roll forward
    /// decides whether it is the version itself or a range.
    mutating func dotnetSDK(_ path: String) {
        guard repository.contains(path), let node = repository.json(path)?["sdk"]?["version"],
            let version = node.string?.trimmingSpaces, version.first?.isNumber == true
        else { return }
        let evidence = Evidence(path, line: node.line)
        switch repository.json(path)?["sdk"]?["rollForward"]?.string?.lowercased() {
        case "feature", "latestfeature": toolchain("dotnet", .range, "~\(version)", evidence)
        case "minor", "latestminor": toolchain("dotnet", .range, "^\(version)", evidence)
        case "major", "latestmajor": toolchain("dotnet", .range, ">=\(version)", evidence)
        default: toolchain("dotnet", .pin, version, evidence)
        }
    }

    /// The SDK builds for its own release and all older ones; tests and programs run on the release itself.
    mutating func dotnetFrameworks(_ projects: [MSBuildProject]) {
        var minimum: (numbers: [Int], text: String, evidence: Evidence)?
        var known: Set<String> = []
        var tested: [(release: String, evidence: Evidence)] = []
        for project in projects {
            for framework in project.frameworks {
                guard let release = framework.release else { continue }
                let numbers = release.split(separator: ".").compactMap { Int($0) }
                if minimum.map({ $0.numbers.lexicographicallyPrecedes(numbers) }) ?? true {
                    minimum = (numbers, release, framework.evidence)
                }
                if known.insert(release).inserted { tested.append((release, framework.evidence)) }
            }
            if let (version, evidence) = project.property("LangVersion"),
                let sdk = languageVersions[version.prefix { $0 != "." }.description],
                known.insert("language \(version)").inserted
            {
                toolchain("dotnet", .range, ">=\(sdk)", evidence)
            }
        }
        if let minimum { toolchain("dotnet", .range, ">=\(minimum.text)", minimum.evidence) }
        for (release, evidence) in tested { toolchain("dotnet", .hint, release, evidence) }
        guard minimum == nil, let first = projects.first else { return }
        let isFramework = projects.allSatisfy(\.isFrameworkOnly)
        toolchain(
            isFramework ? "mono" : "dotnet", .hint, "", first.frameworks.first?.evidence ?? Evidence(first.path))
    }
}

/// The first SDK that knows a version of C#
/// ([Language versioning](https://learn.microsoft.com/dotnet/csharp/language-reference/language-versioning)).
private let languageVersions = [
    "9": "5.0", "10": "6.0", "11": "7.0", "12": "8.0", "13": "9.0", "14": "10.0",
]
