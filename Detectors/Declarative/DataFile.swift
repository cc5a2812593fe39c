//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import DetectorData

/// The files that ship with the tool, by their paths below `Data`.
enum DataFile {
    /// The names of the files whose paths begin with `prefix`, in the order of the names.
    static func names(below prefix: String) -> [String] {
        var names: [String] = []
        while let name = detectorDataName(names.count) { names.append(String(cString: name)) }
        return names.filter { $0.hasPrefix(prefix) }
    }

    /// The bytes of the file `name`; none where there is no such file.
    static func bytes(_ name: String) -> [UInt8] {
        var count = 0
        guard let start = detectorData(name, &count) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }
}
