//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Catalog

extension EnvironmentSpec {
    /// The packages that provide the spec's toolchains, sorted: what ``toolchains`` asks for, in the words of
    /// ``packages``.
    ///
    /// A person who changes a version there, or adds a tool, gets that version or an error, never another one.
    ///
    /// - Throws: `EnvironmentError.toolchainNotOffered` where the suite does not have a tool or the version.
    public func toolchainPackages(in catalog: Catalog) throws(EnvironmentError) -> [String] {
        var packages: Set<String> = []
        for requirement in toolchains.map(\.value) {
            let offers = catalog[base.suite]?.tools[requirement.tool] ?? []
            guard let offer = offers.first(where: requirement.admits) else {
                throw notOffered(requirement, offers, catalog)
            }
            packages.formUnion(offer.packages)
        }
        return packages.sorted()
    }

    private func notOffered(
        _ requirement: ToolchainRequirement, _ offers: [ToolOffer], _ catalog: Catalog
    ) -> EnvironmentError {
        let others = catalog.suites.filter { $0.tools[requirement.tool]?.contains(where: requirement.admits) == true }
        let known = Set(catalog.suites.flatMap(\.tools.keys)).sorted()
        let hint =
            if !others.isEmpty {
                "`base: \(others.map { "\($0.distribution):\($0.name)" }.joined(separator: "` or `base: "))` has it"
            } else if !known.contains(requirement.tool), let name = nearest(to: requirement.tool, in: known) {
                "did you mean `\(name)`?"
            } else {
                "no suite has it; remove it from `toolchains`"
            }
        return .toolchainNotOffered(
            tool: requirement.tool, version: requirement.version, base: base.description,
            offered: offers.map(\.version), hint: hint)
    }
}

extension ToolchainRequirement {
    /// Whether the offer's version is the one asked for, or one that begins with it: `3.1` admits 3.1.4, and not 3.11.
    func admits(_ offer: ToolOffer) -> Bool {
        version.isEmpty || offer.version == version || offer.version.hasPrefix(version + ".")
    }
}
