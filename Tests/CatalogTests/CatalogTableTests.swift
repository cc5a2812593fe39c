//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Catalog

@Suite struct CatalogTableTests {
    private let text = """
        FindZLIB\t3 zlib1g-dev\t4 zlib-dev zlib1g-dev
        boost/\t7 libboost-dev
        real\t5\t2 provider
        z\t1 zlib1g-dev

        """

    @Test(arguments: [
        ("FindZLIB", 0, ["zlib1g-dev"]), ("FindZLIB", 1, ["zlib1g-dev"]), ("FindZLIB", 2, ["zlib-dev", "zlib1g-dev"]),
        ("FindZLIB", 3, nil), ("boost/", 2, ["libboost-dev"]), ("real", 0, []), ("real", 1, ["provider"]),
        ("z", 0, ["zlib1g-dev"]), ("z", 1, nil), ("boost", 0, nil), ("", 0, nil), ("zz", 0, nil), ("A", 0, nil),
    ])
    func findsThePackagesOfASuite(key: String, suite: Int, expected: [String]?) throws {
        for lines in 1...4 {
            try withTable(text, linesInBlock: lines) { table throws in
                #expect(try table.packages(for: key, suite: suite) == expected)
            }
        }
    }

    @Test func findsEveryLine() throws {
        let keys = (0..<500).map { "key\($0 * 7919 % 10_007)" }.sorted()
        try withTable(keys.map { "\($0)\t1 package-of-\($0)\n" }.joined(), linesInBlock: 7) { table throws in
            for key in keys { #expect(try table.packages(for: key, suite: 0) == ["package-of-\(key)"]) }
            try table.check()
        }
    }

    @Test func refusesABlockWithoutAWholeLastLine() throws {
        let damaged = CatalogError.damaged("a block of a table does not end with a whole line")
        try withTable("zlib\t1 zlib1g-dev", linesInBlock: 1, endingLines: false) { table throws in
            #expect(throws: damaged) { try table.check() }
            #expect(throws: damaged) { try table.packages(for: "zlib", suite: 0) }
        }
    }

    @Test(arguments: ["development.zst", "headers.zst", "modules.zst", "names.zst", "programs.zst"])
    func shipsTablesThatAreWhole(name: String) throws {
        try CatalogTable(ShippedData.file(name)).check()
    }

    @Test func refusesDamagedCompression() throws {
        let bytes = Array(try ShippedData.file("programs.zst"))
        for count in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
            #expect(throws: CatalogError.self) {
                try Array(bytes.prefix(count)).withUnsafeBytes { bytes in try CatalogTable(bytes).check() }
            }
        }
        var damaged = bytes
        damaged[bytes.count - 1000] ^= 0xFF
        #expect(throws: CatalogError.self) {
            try damaged.withUnsafeBytes { bytes in try CatalogTable(bytes).check() }
        }
    }

    @Test(arguments: ["a\n", "a\tx\n", "a\t5\nb\t2\n", "a\t0\nb\t999999\n", "\n\n", "a\t-1\n"])
    func refusesAnIndexThatTheGeneratorWouldNotWrite(index: String) throws {
        try Array(header(index) + frame("a\t1 x\n")).withUnsafeBytes { bytes in
            let table = try CatalogTable(bytes)
            #expect(throws: CatalogError.damaged("a block of a table is not whole")) {
                try table.packages(for: "a", suite: 0)
            }
        }
    }

    @Test func knowsNothingWithoutBlocks() throws {
        let found = try header("").withUnsafeBytes { try CatalogTable($0).packages(for: "a", suite: 0) }
        #expect(found == nil)
    }

    @Test func survivesLinesThatTheGeneratorWouldNotWrite() throws {
        try withTable("a\n\nb\tzz x\nc\t\t1 y\n", linesInBlock: 9) { table throws in
            for key in ["a", "b", "c", ""] { #expect(try table.packages(for: key, suite: 0) != ["x"]) }
        }
    }

    @Test(arguments: ["", "day\t2026-01-01\n", "suite\ttrixie\tdebian\tstable\n", "day\n", "tool\tpython\t3\t-\tp\n"])
    func refusesDamagedOffers(text: String) {
        #expect(throws: CatalogError.self) { try Catalog(offers: Array(text.utf8)) }
    }

    @Test func readsOffersInTheirOrder() throws {
        let text = """
            day\t2026-11-22
            suite\ttrixie\tdebian\tstable
            tool\tjava\t21.0.9\t-\topenjdk-21-jdk-headless
            tool\tjava\t25.0.1\t-\topenjdk-25-jdk-headless
            suite\tsid\tdebian\tunstable
            tool\tpython\t3.14.0\t2025-10-07\tpython3 python3-venv

            """
        let catalog = try Catalog(offers: Array(text.utf8))
        #expect(catalog.day == "2026-11-22")
        #expect(catalog.suites.map(\.name) == ["trixie", "sid"])
        #expect(catalog.suites.map(\.isStable) == [true, false])
        #expect(catalog["trixie"]?.tools["java"]?.map(\.version) == ["21.0.9", "25.0.1"])
        let python = ToolOffer(version: "3.14.0", packages: ["python3", "python3-venv"], released: "2025-10-07")
        #expect(catalog["sid"]?.tools == ["python": [python]])
    }
}

/// Calls `body` with a table of `text` in blocks of so many lines.
private func withTable(
    _ text: String, linesInBlock count: Int, endingLines: Bool = true, _ body: (CatalogTable) throws -> Void
) throws {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(endingLines ? 1 : 0)
    var index = ""
    var frames: [UInt8] = []
    for start in stride(from: 0, to: lines.count, by: count) {
        let block = lines.dropFirst(start).prefix(count)
        index += "\(block.first?.split(separator: "\t").first ?? "")\t\(frames.count)\n"
        frames += frame(block.joined(separator: "\n") + (endingLines ? "\n" : ""))
    }
    try Array(header(index) + frames).withUnsafeBytes { try body(CatalogTable($0)) }
}

/// A skippable frame of Zstandard (RFC 8878, 3.1.2).
private func header(_ content: String) -> [UInt8] {
    [0x50, 0x2A, 0x4D, 0x18] + littleEndian(content.utf8.count, 4) + content.utf8
}

/// A frame of one raw block with the size of its content (RFC 8878, 3.1.1).
private func frame(_ content: String) -> [UInt8] {
    let size = content.utf8.count
    return [0x28, 0xB5, 0x2F, 0xFD, 0xA0] + littleEndian(size, 4) + littleEndian(size << 3 | 1, 3) + content.utf8
}

private func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}
