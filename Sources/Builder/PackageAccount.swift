//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import JSON
import Layers
public import Lock
import State
public import Store

/// What a build learned about a package: what it needs, and what became of its maintainer scripts.
public struct PackageAccount: Hashable, Sendable {
    /// The package's name.
    public let name: String
    /// The packages of the image that its relations ask for, in their order.
    public let needs: [String]
    /// The scripts of an installation that it ships: `preinst`, `postinst`.
    public let scripts: [String]
    /// The commands in them that were left out by policy, sorted.
    public let skipped: [String]
    /// The scripts that ran in the sandbox, each with the line and the reason.
    public let sandboxed: [String]
}

/// What the build that made a platform's system learned about its packages, in the order of their names; nil where
/// none is in the store.
public func packageAccounts(
    of platform: LockedPlatform, in lock: Lockfile, from store: Store
) -> [PackageAccount]? {
    guard let bytes = store.record("packages", accountsKey(of: platform, in: lock)),
        let items = try? parseJSON(bytes).array
    else { return nil }
    return items.map { item in
        func texts(_ key: String) -> [String] { item[key]?.array?.compactMap(\.string) ?? [] }
        return PackageAccount(
            name: item["name"]?.string ?? "", needs: texts("needs"), scripts: texts("scripts"),
            skipped: texts("skipped"), sandboxed: texts("sandboxed"))
    }
}

/// How a package came into a set: the names from one that was asked for, or is part of the base, to it.
public func dependencyChain(
    to name: String, in accounts: [PackageAccount], from roots: Set<String>
) -> [String]? {
    var needs: [String: [String]] = [:]
    for account in accounts { needs[account.name] = account.needs }
    var chains = roots.sorted().map { [$0] }
    var seen = roots
    // Breadth first, so that the chain is a shortest one.
    while !chains.isEmpty {
        if let found = chains.first(where: { $0.last == name }) { return found }
        chains = chains.flatMap { chain in
            (chain.last.flatMap { needs[$0] } ?? []).filter { seen.insert($0).inserted }.map { chain + [$0] }
        }
    }
    return nil
}

extension Workshop {
    /// Keeps what a build learned about its packages.
    func keepAccounts(
        of packages: [Unpacked], _ state: SystemState, on platform: LockedPlatform, in lock: Lockfile
    ) throws(BuilderError) {
        let graph = try wrappingDebian { () throws(DebianError) in try DependencyGraph(of: packages.map(\.package)) }
        var items: [String] = []
        for (number, item) in packages.enumerated().sorted(by: { $0.element.package.name < $1.element.package.name }) {
            let name = item.package.name
            func list(_ key: String, _ texts: [String]) -> String {
                "\(jsonString(key)): [" + texts.map(jsonString).joined(separator: ", ") + "]"
            }
            var needs: [String] = []
            for need in graph.needs[number].map({ packages[$0].package.name })
            where need != name && !needs.contains(need) {
                needs.append(need)
            }
            let scripts = item.fragment.control.map(\.name).filter { ["preinst", "postinst"].contains($0) }
            let sandboxed = state.unhandled.filter { $0.package == name }
            let parts = [
                "\"name\": \(jsonString(name))", list("needs", needs),
                list("scripts", scripts.sorted(by: >)),
                list("skipped", state.skipped.filter { $0.package == name }.map(\.command)),
                list("sandboxed", sandboxed.map { "\($0.script) line \($0.line): \($0.reason)" }),
            ]
            items.append("{\(parts.joined(separator: ", "))}")
        }
        let text = "[" + items.joined(separator: ",\n") + "]\n"
        let key = accountsKey(of: platform, in: lock)
        try wrappingStore { () throws(StoreError) in try store.setRecord("packages", key, Array(text.utf8)) }
    }
}

/// What the accounts of a platform's packages are kept under.
private func accountsKey(of platform: LockedPlatform, in lock: Lockfile) -> Digest {
    var text = "packages 1 \(lock.base) \(platform.name)\n"
    for package in platform.packages { text += "\(package.digest) \(package.group.rawValue)\n" }
    return .sha256(Array(text.utf8))
}
