//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Whose names of packages a list holds, where they are not Debian's.
enum PackageNaming {
    case alpine, fedora, arch, homebrew, nixpkgs, conda

    /// What a package of this name is on Debian; nothing where that is not known.
    ///
    /// What names a capability rather than a package is understood in every list: `pkgconfig(x)`, `pc:x`, `cmd:x`,
    /// `/usr/bin/x`.
    func needs(of text: String) -> [SystemRequirement] {
        if let capability = capability(text) { return [capability] }
        // `name=1.2-r0`, `name~1.2`, `name@repository`, `owner/tap/name`, `channel::name`.
        var name = String(text.prefix { !"=~<>!@[ ".contains($0) })
        if self == .homebrew || self == .conda, let last = name.split(whereSeparator: { $0 == "/" || $0 == ":" }).last {
            name = String(last)
        }
        if self == .nixpkgs { return nixPackage(name)?.needs ?? [] }
        guard let row = table[name] ?? table[name.lowercased()] else { return [] }
        return row.split(separator: " ").map { SystemRequirement(tableName: String($0)) }
    }

    /// What a package provides, named for itself ([Alpine](https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper),
    /// [RPM](https://rpm-software-management.github.io/rpm/manual/dependencies.html)).
    private func capability(_ text: String) -> SystemRequirement? {
        for prefix in ["pkgconfig:", "pc:"] where text.hasPrefix(prefix) {
            let name = text.dropFirst(prefix.utf8.count).prefix { !"=~<>".contains($0) }
            return name.isEmpty ? nil : .pkgConfig(String(name))
        }
        for prefix in ["program:", "cmd:", "/usr/bin/", "/usr/sbin/", "/bin/"] where text.hasPrefix(prefix) {
            let name = text.dropFirst(prefix.utf8.count).prefix { !"=~<>/".contains($0) }
            return name.isEmpty ? nil : .program(String(name))
        }
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
        let name = String(text[open...].dropFirst().dropLast())
        guard !name.isEmpty, !name.contains("%") else { return nil }
        switch text[..<open] {
        case "pkgconfig": return .pkgConfig(name)
        case "cmake", "cmake3": return .cmake(name)
        case "perl": return .module(language: "perl", name: name)
        case "rubygem": return .module(language: "ruby", name: name)
        default: return nil
        }
    }

    private var table: [String: String] {
        switch self {
        case .alpine: alpineNames
        case .fedora: fedoraNames
        case .arch: archNames
        case .homebrew: homebrewNames
        case .conda: condaNames
        case .nixpkgs: [:]
        }
    }

    /// How a reason names it.
    var owner: String {
        switch self {
        case .alpine: "Alpine"
        case .fedora: "Fedora"
        case .arch: "Arch Linux"
        case .homebrew: "Homebrew"
        case .nixpkgs: "Nixpkgs"
        case .conda: "conda"
        }
    }
}

extension SystemRequirement {
    /// Whether this is a package of the same name as one elsewhere, so that nothing needs to be said about it.
    func isCalled(_ name: String) -> Bool {
        if case .package(name) = self { true } else { false }
    }
}

private let alpineNames = DataTable("Lists/alpine.tsv").dictionary
private let fedoraNames = DataTable("Lists/fedora.tsv").dictionary
private let archNames = DataTable("Lists/arch.tsv").dictionary
private let homebrewNames = DataTable("Lists/homebrew.tsv").dictionary
private let condaNames = DataTable("Lists/conda.tsv").dictionary
