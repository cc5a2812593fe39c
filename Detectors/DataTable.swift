//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import DetectorData

/// A table that ships with the tool: lines of fields separated by tabs, `#` before a comment.
struct DataTable {
    /// The fields of each line, empty ones included.
    let rows: [[String]]

    /// The table in the file `name`, a path below `Data`; empty where there is none.
    init(_ name: String) {
        var count = 0
        guard let start = detectorData(name, &count) else {
            rows = []
            return
        }
        let bytes = UnsafeBufferPointer(start: start, count: count)
        rows = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard line.first != UInt8(ascii: "#") else { return nil }
            return line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { field in
                String(decoding: field, as: UTF8.self)
            }
        }
    }

    /// The second field of each line by the first.
    var dictionary: [String: String] {
        Dictionary(rows.filter { $0.count > 1 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }
}
