//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Something that a package of a suite holds.
public enum CatalogKey: Hashable, Sendable {
    /// A package's name, or a name that packages provide.
    case package(String)
    /// A pkg-config module: `NAME.pc`.
    case pkgConfig(String)
    /// A CMake package: `NAMEConfig.cmake`, `name-config.cmake` or one of CMake's own `FindNAME.cmake`.
    case cmake(String)
    /// A header below an include folder, as it is written between the brackets.
    case header(String)
    /// A library that `-lNAME` finds.
    case library(String)
    /// A program in a bin or sbin folder.
    case program(String)
    /// A language's module by its own name, for example perl's `JSON::XS`.
    case module(language: String, name: String)
}

/// What the packages of one suite hold, from the data that ships with the tool.
public struct SuiteContents: Sendable {
    /// The codename.
    public let suite: String
    /// The suite's place in the masks of the tables.
    let bit: Int

    /// Whether the suite has a package of that name itself.
    public func hasPackage(_ name: String) -> Bool {
        lookUp(name, in: ShippedData.names)?.isEmpty == true
    }

    /// The packages that serve `key`, best first; none where the suite has none.
    public func packages(for key: CatalogKey) -> [String] {
        switch key {
        case .package(let name):
            guard let providers = lookUp(name, in: ShippedData.names) else { return [] }
            return providers.isEmpty ? [name] : providers
        case .pkgConfig(let name): return lookUp("p:\(name)", in: ShippedData.development) ?? []
        case .cmake(let name):
            // CMake looks for `NameConfig.cmake` and for `name-config.cmake`.
            return lookUp("c:\(name)", in: ShippedData.development)
                ?? lookUp("c:\(name.lowercased())", in: ShippedData.development) ?? []
        case .library(let name): return lookUp("l:\(name)", in: ShippedData.development) ?? []
        case .header(let path): return packages(forHeader: path)
        case .program(let name): return lookUp(name, in: ShippedData.programs) ?? []
        case .module(let language, let name): return lookUp("\(language):\(name)", in: ShippedData.modules) ?? []
        }
    }

    /// Folders whose headers all come from one package stand in the table in place of the headers.
    private func packages(forHeader path: String) -> [String] {
        var key = path[...]
        while !key.isEmpty {
            if let found = lookUp(String(key), in: ShippedData.headers) { return found }
            guard let slash = key.dropLast().lastIndex(of: "/") else { break }
            key = key[...slash]
        }
        return []
    }

    private func lookUp(_ key: String, in table: CatalogTable) -> [String]? {
        ShippedData.packages(for: key, in: table, suite: bit)
    }
}
