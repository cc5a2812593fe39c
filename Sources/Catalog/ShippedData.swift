//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import CatalogData

/// The data that ships with the tool.
enum ShippedData {
    static let offers = Result { () throws(CatalogError) -> Catalog in try Catalog(offers: Array(file("offers.tsv"))) }
    static let development = table("development.zst")
    static let headers = table("headers.zst")
    static let modules = table("modules.zst")
    static let names = table("names.zst")
    static let programs = table("programs.zst")

    /// The bytes of one file, which are part of the program.
    static func file(_ name: String) throws(CatalogError) -> UnsafeRawBufferPointer {
        var count = 0
        guard let start = catalogData(name, &count) else { throw .damaged("`\(name)` is missing") }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    private static func table(_ name: String) -> CatalogTable {
        do throws(CatalogError) {
            return try CatalogTable(file(name))
        } catch {
            // The bytes are compiled into the program, and a test decompresses each of them.
            preconditionFailure("internal error: \(name): \(error)")
        }
    }

    /// The packages behind `key` in a table.
    static func packages(for key: String, in table: CatalogTable, suite bit: Int) -> [String]? {
        do throws(CatalogError) {
            return try table.packages(for: key, suite: bit)
        } catch {
            preconditionFailure("internal error: \(key): \(error)")
        }
    }
}
