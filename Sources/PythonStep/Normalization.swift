//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Store
import SystemPackage

extension PythonStep {
    /// Removes from the changes of a root file system what differs between two runs or is of no use in an image:
    /// byte code, locks and marks of uv; and sets all times.
    func normalize(_ folder: FilePath) throws(PythonStepError) {
        try walk(folder) { (path, name, isFolder) throws(PythonStepError) in
            if isByteCode(name, isFolder) { return .remove }
            let parent = path.removingLastComponent()
            if parent.string == folder.string + Place.environment, Self.marksOfEnvironment.contains(name) {
                return .remove
            }
            guard parent.lastComponent?.string.hasSuffix(".dist-info") == true else { return .keep }
            if Self.marksOfDistribution.contains(name) { return .remove }
            if name == "RECORD" { try removeMarks(fromRecord: path) }
            return .keep
        }
    }

    /// Removes from what was generated in the repository what building leaves behind and nobody needs; and sets all
    /// times. Meson's build folder stays, from which its editable projects are imported.
    func normalizeWorkspace(_ folder: FilePath) throws(PythonStepError) {
        try walk(folder) { (path, name, isFolder) throws(PythonStepError) in
            if isByteCode(name, isFolder) { return .remove }
            // Git refreshes its index when it is asked for the version.
            if name == ".git" || name == ".pytest_cache" || name == ".mypy_cache" { return .remove }
            let isInBuild = path.removingLastComponent().lastComponent?.string == "build"
            if isInBuild,
                ["temp.", "bdist.", "lib.", "lib"].contains(where: {
                    $0.hasSuffix(".") ? name.hasPrefix($0) : name == $0
                })
            {
                return .remove
            }
            return .keep
        }
    }

    /// Sets the times of everything in a folder.
    func setTimes(below folder: FilePath) throws(PythonStepError) {
        try walk(folder) { (_, _, _) throws(PythonStepError) in .keep }
    }

    private static let marksOfEnvironment: Set = [".lock", ".gitignore", "CACHEDIR.TAG"]
    private static let marksOfDistribution: Set = ["uv_cache.json", "uv_build.json"]

    private func isByteCode(_ name: String, _ isFolder: Bool) -> Bool {
        isFolder ? name == "__pycache__" : name.hasSuffix(".pyc")
    }

    /// Removes the lines of uv's marks from a distribution's `RECORD`.
    private func removeMarks(fromRecord path: FilePath) throws(PythonStepError) {
        let lines = String(decoding: try read(path), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: true)
        let kept = lines.filter { line in
            let name = line.prefix { $0 != "," }.split(separator: "/").last.map(String.init) ?? ""
            return !Self.marksOfDistribution.contains(name) && !name.hasSuffix(".pyc")
        }
        if kept.count < lines.count { try write(kept.map(String.init), to: path) }
    }

    private enum Verdict {
        case keep
        case remove
    }

    /// Goes through a folder, the inner entries first, and sets the times of all that is kept.
    private func walk(
        _ folder: FilePath, _ judge: (FilePath, String, Bool) throws(PythonStepError) -> Verdict
    ) throws(PythonStepError) {
        for name in names(in: folder) {
            let path = folder.appending(name)
            var status = stat()
            guard lstat(path.string, &status) == 0 else { continue }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            switch try judge(path, name, isFolder) {
            case .remove:
                do throws(StoreError) { try removeTree(path) } catch { throw .store(error) }
            case .keep:
                if isFolder { try walk(path, judge) } else { try setTime(path) }
            }
        }
        try setTime(folder)
    }

    private func setTime(_ path: FilePath) throws(PythonStepError) {
        let time = timespec(tv_sec: Int(sourceDateEpoch), tv_nsec: 0)
        guard utimensat(AT_FDCWD, path.string, [time, time], AT_SYMLINK_NOFOLLOW) == 0 else {
            throw .system(verb: "set the time of", path, Errno(rawValue: errno))
        }
    }

    private func names(in folder: FilePath) -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
