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
        let table = try CatalogTable(Array(text.utf8))
        #expect(try table.packages(for: key, suite: suite) == expected)
    }

    @Test func findsEveryLine() throws {
        let keys = (0..<500).map { "key\($0 * 7919 % 10_007)" }.sorted()
        let table = try CatalogTable(Array(keys.map { "\($0)\t1 package-of-\($0)\n" }.joined().utf8))
        for key in keys { #expect(try table.packages(for: key, suite: 0) == ["package-of-\(key)"]) }
    }

    @Test(arguments: ["", "zlib\t1 zlib1g-dev"]) func refusesATableWithoutAWholeLastLine(text: String) {
        #expect(throws: CatalogError.damaged("a table does not end with a whole line")) {
            try CatalogTable(Array(text.utf8))
        }
    }

    @Test(arguments: ["development.zst", "headers.zst", "modules.zst", "names.zst", "programs.zst"])
    func shipsTablesThatAreWhole(name: String) throws {
        try CatalogTable(compressed: ShippedData.file(name)).check()
    }

    @Test func refusesDamagedCompression() throws {
        let bytes = try ShippedData.file("programs.zst")
        for count in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
            #expect(throws: CatalogError.self) { try CatalogTable(compressed: Array(bytes.prefix(count))) }
        }
        var damaged = bytes
        damaged[bytes.count - 1000] ^= 0xFF
        let table = try CatalogTable(compressed: damaged)
        #expect(throws: CatalogError.self) { try table.check() }
        #expect(throws: CatalogError.self) { try CatalogTable(compressed: [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0]) }
    }

    @Test func survivesLinesThatTheGeneratorWouldNotWrite() throws {
        let table = try CatalogTable(Array("a\n\nb\tzz x\nc\t\t1 y\n".utf8))
        for key in ["a", "b", "c", ""] { #expect(try table.packages(for: key, suite: 0) != ["x"]) }
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
