//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What each suite offers, as generated from the archives on one day: toolchain versions, and which package holds a
/// pkg-config module, CMake package, header, library or program.
///
/// It lets `fitout init` name packages without the network.
public struct Catalog: Sendable {
    /// The day on which the data was generated, `YYYY-MM-DD`.
    public let day: String
    /// The suites in the order in which they are preferred, the default first.
    public let suites: [SuiteOffer]

    /// A catalog; `Catalog.builtIn` is the shipped one.
    public init(day: String, suites: [SuiteOffer]) {
        self.day = day
        self.suites = suites
    }

    /// The suite of that codename.
    public subscript(suite: String) -> SuiteOffer? {
        suites.first { $0.name == suite }
    }
}

/// The toolchains of one suite.
public struct SuiteOffer: Hashable, Sendable {
    /// The codename.
    public let name: String
    /// `debian` or `ubuntu`.
    public let distribution: String
    /// Whether its packages only change for corrections; false for `sid`.
    public let isStable: Bool
    /// Versions by tool (`python`, `node`, `java`…), the suite's default first.
    public let tools: [String: [ToolOffer]]

    /// A suite's toolchains.
    public init(name: String, distribution: String, isStable: Bool, tools: [String: [ToolOffer]]) {
        self.name = name
        self.distribution = distribution
        self.isStable = isStable
        self.tools = tools
    }
}

/// One version of a tool.
public struct ToolOffer: Hashable, Sendable {
    /// The upstream version, for example `3.13.5`.
    public let version: String
    /// The packages that make the tool usable.
    public let packages: [String]
    /// The day on which upstream published the release line, `YYYY-MM-DD`, where the catalog knows it.
    public let released: String?

    /// A version and its packages.
    public init(version: String, packages: [String], released: String? = nil) {
        self.version = version
        self.packages = packages
        self.released = released
    }
}
