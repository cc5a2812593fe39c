//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Warnings without doubles, bounded for each file: of many, those about the first lines are kept.
///
/// Its value does not depend on the order in which warnings come, so that detectors may run at the same time.
struct WarningList: Sendable {
    /// How many of one file are kept.
    private static let limit = 20

    private struct OfFile: Sendable {
        var kept: [DetectionWarning] = []
        var hasMore = false

        mutating func insert(_ warning: DetectionWarning) {
            let place = kept.firstIndex { !precedes($0, warning) } ?? kept.count
            guard place == kept.count || kept[place] != warning else { return }
            kept.insert(warning, at: place)
            guard kept.count > limit else { return }
            kept.removeLast()
            hasMore = true
        }
    }

    private var files: [String: OfFile] = [:]

    /// Adds a warning.
    mutating func insert(_ warning: DetectionWarning) {
        files[warning.evidence.path, default: OfFile()].insert(warning)
    }

    /// Adds the warnings of `other`.
    mutating func formUnion(_ other: WarningList) {
        for (path, more) in other.files {
            for warning in more.kept { files[path, default: OfFile()].insert(warning) }
            if more.hasMore { files[path]?.hasMore = true }
        }
    }

    /// The warnings by file and line; for a file with more of them than are kept, the last one says so.
    var sorted: [DetectionWarning] {
        files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { path, warnings in
            warnings.kept
                + (warnings.hasMore
                    ? [DetectionWarning(evidence: Evidence(path), problem: "has more problems like these")] : [])
        }
    }
}

private func precedes(_ lhs: DetectionWarning, _ rhs: DetectionWarning) -> Bool {
    let left = lhs.evidence.line ?? 0
    let right = rhs.evidence.line ?? 0
    return left == right ? lhs.problem < rhs.problem : left < right
}
