//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Catalog {
    /// The catalog that ships with the tool.
    ///
    /// - Throws: ``CatalogError/damaged(_:)`` where its data is not what the generator writes.
    public static func builtIn() throws(CatalogError) -> Catalog {
        try ShippedData.offers.get()
    }

    /// What the packages of the suite `name` hold.
    ///
    /// - Throws: ``CatalogError/unknownSuite(_:known:)`` where neither this catalog nor the shipped data has it.
    public func contents(of name: String) throws(CatalogError) -> SuiteContents {
        let shipped = try Catalog.builtIn().suites
        guard self[name] != nil, let bit = shipped.firstIndex(where: { $0.name == name }) else {
            throw .unknownSuite(name, known: suites.map(\.name))
        }
        return SuiteContents(suite: name, bit: bit)
    }

    /// Reads lines of tab-separated fields: `day`, then for each `suite` its `tool` lines.
    init(offers text: [UInt8]) throws(CatalogError) {
        var day: String?
        var suites: [SuiteOffer] = []
        var header: [String] = []
        var tools: [String: [ToolOffer]] = [:]
        func finishSuite() {
            guard header.count == 4 else { return }
            suites.append(
                SuiteOffer(name: header[1], distribution: header[2], isStable: header[3] == "stable", tools: tools))
            tools = [:]
        }
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).enumerated() {
            let fields = line.split(separator: UInt8(ascii: "\t")).map { String(decoding: $0, as: UTF8.self) }
            switch (fields.first, fields.count) {
            case ("day", 2):
                day = fields[1]
            case ("suite", 4):
                finishSuite()
                header = fields
            case ("tool", 5) where !header.isEmpty:
                let packages = fields[4].split(separator: " ").map(String.init)
                let released = fields[3] == "-" ? nil : fields[3]
                tools[fields[1], default: []].append(
                    ToolOffer(version: fields[2], packages: packages, released: released))
            default:
                throw .damaged("line \(index + 1) of the offers is malformed")
            }
        }
        finishSuite()
        guard let day, !suites.isEmpty else { throw .damaged("the offers name no day or no suite") }
        self.init(day: day, suites: suites)
    }
}
