//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Warns of submodules whose files are not there: what builds with them fails far from the cause.
struct SubmoduleDetector: Detector {
    let name = "submodules"
    let summary = "submodules of Git whose files were not fetched"
    let sources = [DetectorSource(".gitmodules", "folders of submodules")]

    func findings(in repository: Repository) -> [Finding] {
        let file = ".gitmodules"
        guard repository.contains(file) else { return [] }
        for (index, line) in repository.lines(file).enumerated() {
            // `path = folder`, as in gitmodules(5).
            guard let equal = line.firstIndex(of: "="), line[..<equal].trimmingSpaces == "path" else { continue }
            let path = String(line[line.index(after: equal)...]).trimmingSpaces
            let folder = path.hasPrefix("\"") && path.hasSuffix("\"") ? String(path.dropFirst().dropLast()) : path
            if folder.isEmpty || repository.hasDirectory(folder) { continue }
            repository.warn(
                Evidence(file, line: index + 1),
                "nothing is in the submodule `\(folder)`; fetch it with `git submodule update --init --recursive`")
        }
        return []
    }
}
