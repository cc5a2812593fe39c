//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Where the packages of an index come from.
public struct IndexOrigin: Hashable, Sendable {
    /// The folder that the packages' file names are relative to, without a slash at the end.
    public var baseURL: String
    /// The suite as it was asked for, such as `trixie-security`.
    public var suite: String
    /// The component, such as `main`.
    public var component: String
    /// The date of the signed release file, as it stands there; empty if there is none.
    public var date: String
    /// How much the packages are wanted, as apt's pin priority: 500, or less where the release file says so.
    public var priority: Int

    /// An origin of these parts.
    public init(baseURL: String, suite: String, component: String = "main", date: String = "", priority: Int = 500) {
        self.baseURL = baseURL
        self.suite = suite
        self.component = component
        self.date = date
        self.priority = priority
    }
}

/// The packages of one architecture from one or more archives.
///
/// Of the packages of one name the one of the highest version counts, and of equal versions the first, as in apt.
public struct PackageIndex: Sendable {
    /// The architecture, such as `amd64`.
    public let architecture: String
    let parts: [IndexPart]

    init(architecture: String, parts: [IndexPart]) {
        self.architecture = architecture
        self.parts = parts
    }

    /// The packages of `architecture` and `all` in the text of a `Packages` file, whose verification is the caller's.
    public init(parsing packages: [UInt8], architecture: String, origin: IndexOrigin) throws(DebianError) {
        let file = try PackageIndex.parse(packages, architecture: architecture, origin: origin)
        guard let part = IndexPart(IndexStorage(copying: file), origin: origin) else {
            throw .cannot("read the package index of \(origin.suite)", cause: "its parsed form is inconsistent")
        }
        self.init(architecture: architecture, parts: [part])
    }

    /// One index over the packages of all these, which have to be of one architecture.
    public init(merging indexes: [PackageIndex], architecture: String) throws(DebianError) {
        if let other = indexes.first(where: { $0.architecture != architecture }) {
            throw .cannot("merge package indexes", cause: "one is of \(other.architecture), not \(architecture)")
        }
        self.init(architecture: architecture, parts: indexes.flatMap(\.parts))
    }

    /// Where the packages come from, in order of preference.
    public var origins: [IndexOrigin] { parts.map(\.origin) }

    /// How many packages there are, of all versions.
    public var count: Int { parts.reduce(0) { $0 + $1.packageCount } }

    /// The package of that name which would be installed; nil if no archive has it.
    public func package(named name: String) throws(DebianError) -> BinaryPackage? {
        guard let location = candidate(named: name) else { return nil }
        return try package(at: location)
    }

    /// The names of all packages that say `Essential: yes`, sorted.
    public var essentialNames: [String] {
        var names: Set<String> = []
        for part in parts {
            for package in 0..<part.packageCount
            where part.flags(ofPackage: package) & IndexLayout.Flag.essential != 0 {
                names.insert(String(decoding: part.name(part.nameNumber(ofPackage: package)), as: UTF8.self))
            }
        }
        return names.sorted()
    }

    static func parse(
        _ packages: [UInt8], architecture: String, origin: IndexOrigin
    ) throws(DebianError) -> [UInt8] {
        let source = "\(origin.suite)/\(origin.component)/binary-\(architecture)/Packages"
        let result: Result<[UInt8], DebianError> = packages.withUnsafeBytes { text in
            Result { () throws(DebianError) in
                try IndexBuilder.build(text, architecture: architecture, source: source)
            }
        }
        return try result.get()
    }
}

/// A package in one of the parts of an index.
struct PackageLocation: Hashable {
    var part: Int
    var package: Int
}

extension PackageIndex {
    func candidate(named name: String) -> PackageLocation? {
        let bytes = [UInt8](name.utf8)
        let numbers = bytes.withUnsafeBytes { name in parts.map { $0.number(of: name) } }
        return candidate(numbers: numbers)
    }

    /// The candidate for a name that has these numbers in the parts.
    func candidate(numbers: [Int?]) -> PackageLocation? {
        var best: PackageLocation?
        for (number, part) in zip(numbers, parts.indices) {
            var package = number.flatMap { parts[part].firstPackage(ofName: $0) }
            while let current = package {
                let location = PackageLocation(part: part, package: current)
                if best.map({ isPreferred(location, to: $0) }) ?? true { best = location }
                package = parts[part].next(after: current)
            }
        }
        return best
    }

    private func isPreferred(_ lhs: PackageLocation, to rhs: PackageLocation) -> Bool {
        let (left, right) = (parts[lhs.part], parts[rhs.part])
        guard left.origin.priority == right.origin.priority else {
            return left.origin.priority > right.origin.priority
        }
        return compareVersions(left.version(ofPackage: lhs.package), right.version(ofPackage: rhs.package)) > 0
    }

    func package(at location: PackageLocation) throws(DebianError) -> BinaryPackage {
        let part = parts[location.part]
        let text = [UInt8](part.stanza(ofPackage: location.package))
        return try BinaryPackage(
            ControlStanza.parseOne(text, source: "\(part.origin.suite) Packages"), origin: part.origin)
    }
}
