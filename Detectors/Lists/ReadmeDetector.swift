//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads what a README tells people to install with apt. That may be one way of many, so that all of it is optional.
struct ReadmeDetector: Detector {
    let name = "readme"
    let summary = "`apt install` lines in README, INSTALL, BUILDING and CONTRIBUTING"
    let sources = [DetectorSource("README*", "packages, all optional")]

    func findings(in repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        var seen: Set<String> = []
        for file in repository.files(in: "") where isGuide(file.name) {
            let lines = repository.lines(file.path)
            var index = 0
            while index < lines.count {
                let start = index
                var line = lines[index]
                while line.hasSuffix("\\"), index + 1 < lines.count {
                    index += 1
                    line = String(line.dropLast()) + lines[index]
                }
                index += 1
                guard line.range(ofText: "apt") != nil, line.range(ofText: "install ") != nil else { continue }
                let script = line.trimmingSpaces.drop {
                    $0 == "$" || $0 == "#" || $0 == ">" || $0 == "`" || $0.isWhitespace || $0 == "*" || $0 == "-"
                }
                .prefix { $0 != "`" }
                var tracer = ShellTracer(repository)
                tracer.trace(String(script), path: file.path, firstLine: start + 1)
                for command in tracer.commands {
                    let names = debianPackages(installedBy: command.call) ?? []
                    // Other lines install the program itself, for those who use it.
                    guard names.contains(where: isForBuilding) else { continue }
                    for name in names where seen.insert(name).inserted {
                        findings.append(
                            .system(
                                SystemFinding(
                                    .package(name), phase: .build, isOptional: true, reason: "named in \(file.name)",
                                    evidence: command.evidence)))
                    }
                }
            }
        }
        return findings
    }

    private func isForBuilding(_ name: String) -> Bool {
        name.hasSuffix("-dev") || buildTools.contains(name)
    }

    private func isGuide(_ name: String) -> Bool {
        let stem = name.prefix { $0 != "." }.uppercased()
        return ["README", "INSTALL", "BUILDING", "BUILD", "CONTRIBUTING", "HACKING", "DEVELOPMENT"].contains(stem)
            && (name.hasSuffix(".md") || name.hasSuffix(".rst") || name.hasSuffix(".txt") || !name.contains("."))
    }
}

private let buildTools: Set<String> = [
    "build-essential", "gcc", "g++", "clang", "make", "cmake", "autoconf", "automake", "libtool", "meson",
    "ninja-build",
    "pkg-config", "pkgconf", "bison", "flex",
]
