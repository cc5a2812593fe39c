//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A release of a distribution.
///
/// A value, not a closed list: the releases known by name are the table ``known``, and others can be made.
public struct Suite: Hashable, Sendable {
    /// The code name, such as `trixie` or `noble`.
    public var name: String
    /// `debian` or `ubuntu`, which is also the name of the keyring.
    public var distribution: String
    /// The release's number, such as `13`; empty for a suite that is never released.
    public var version: String
    /// Whether `/bin`, `/lib` and `/sbin` are links into `/usr`.
    public var isUsrMerged: Bool
    /// The suffixes of the suites that go with it, in order of preference: `-updates`, `-security`.
    public var companions: [String]

    /// A suite of these parts.
    public init(
        name: String, distribution: String, version: String = "", isUsrMerged: Bool = true, companions: [String] = []
    ) {
        self.name = name
        self.distribution = distribution
        self.version = version
        self.isUsrMerged = isUsrMerged
        self.companions = companions
    }

    /// Whether the suite is one of Debian's.
    public var isDebian: Bool { distribution == "debian" }

    /// The releases known by name, the oldest of each distribution first.
    public static let known: [Suite] = [
        Suite(name: "bullseye", distribution: "debian", version: "11", companions: ["-updates", "-security"]),
        Suite(name: "bookworm", distribution: "debian", version: "12", companions: ["-updates", "-security"]),
        Suite(name: "trixie", distribution: "debian", version: "13", companions: ["-updates", "-security"]),
        Suite(name: "sid", distribution: "debian"),
        Suite(name: "jammy", distribution: "ubuntu", version: "22.04", companions: ["-updates", "-security"]),
        Suite(name: "noble", distribution: "ubuntu", version: "24.04", companions: ["-updates", "-security"]),
    ]

    /// The known release of that code name, number, or `distribution:` followed by either.
    public init(named text: String) throws(DebianError) {
        let suite = Suite.known.first { suite in
            let names = suite.version.isEmpty ? [suite.name] : [suite.name, suite.version]
            return names.contains { $0 == text || "\(suite.distribution):\($0)" == text }
        }
        guard let suite else { throw .unknownSuite(text, known: Suite.known.map(\.name)) }
        self = suite
    }

    /// Where the distribution has the suite for an architecture, with the suites that go with it.
    ///
    /// `snapshot`, a time such as `20260131T000000Z`, asks for the state of that time from the distribution's snapshot
    /// archive, whose release files are used after their time. `mirrors` replaces base URLs.
    public func sources(
        architecture: String, snapshot: String? = nil, mirrors: [String: [String]] = [:]
    ) -> [ArchiveSource] {
        ([""] + companions).map { companion in
            ArchiveSource(
                mirrors: [baseURL(companion: companion, architecture: architecture, snapshot: snapshot)],
                suite: name + companion, components: isDebian ? ["main"] : ["main", "universe"],
                keyring: .builtIn(distribution), allowExpired: snapshot != nil
            ).replacingMirrors(mirrors)
        }
    }

    private func baseURL(companion: String, architecture: String, snapshot: String?) -> String {
        let isSecurity = companion == "-security"
        switch (isDebian, snapshot) {
        case (true, nil): return "http://deb.debian.org/" + (isSecurity ? "debian-security" : "debian")
        case (true, let time?):
            return "https://snapshot.debian.org/archive/" + (isSecurity ? "debian-security/" : "debian/") + time
        case (false, let time?): return "https://snapshot.ubuntu.com/ubuntu/" + time
        case (false, nil):
            let isMainArchive = ["amd64", "i386"].contains(architecture)
            return isMainArchive ? "http://archive.ubuntu.com/ubuntu" : "http://ports.ubuntu.com/ubuntu-ports"
        }
    }
}
