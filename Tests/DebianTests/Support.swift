//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

@testable import Debian

/// An index of packages that are written as `name version | field: value | …`, one in a line.
func index(
    _ text: String, suite: String = "test", architecture: String = "amd64", priority: Int = 500
) throws -> PackageIndex {
    var packages = ""
    for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
        // Alternatives inside a field are written with `/`.
        let parts = line.split(separator: "|").map { $0.replacing(#/^\s+|\s+$/#, with: "") }
        let head = parts[0].split(separator: " ")
        var fields = ["Package: \(head[0])", "Version: \(head[1])"]
        if !parts.contains(where: { $0.hasPrefix("Architecture:") }) { fields.append("Architecture: \(architecture)") }
        fields += parts.dropFirst().map { String($0.replacing(" / ", with: " | ")) }
        fields += ["Filename: pool/\(head[0])_\(head[1]).deb", "Size: 1"]
        fields += ["SHA256: " + String(repeating: "a", count: 64)]
        packages += fields.joined(separator: "\n") + "\n\n"
    }
    return try PackageIndex(
        parsing: [UInt8](packages.utf8), architecture: architecture,
        origin: IndexOrigin(baseURL: "http://example.org/debian", suite: suite, priority: priority))
}

/// The names of the solution's packages, joined by blanks.
func names(_ wishes: [String], in index: PackageIndex, base: [String]? = []) throws -> String {
    let relations = try wishes.map { try PackageRelation($0) }
    let solution = try solve(relations, in: index, options: SolverOptions(base: base))
    return solution.packages.map(\.name).joined(separator: " ")
}
