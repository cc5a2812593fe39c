//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A version as one dialect reads it.
///
/// Versions of one dialect are ordered by its rules; spellings that it calls the same version are equal (`1.0` and
/// `1.0.0` in PEP 440, `1.0` and `0:1.0-0` in Debian). Versions of two dialects are never equal, and ordered by dialect.
public struct Version: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The version as it was written.
    public let text: String
    /// The dialect that it was read by.
    public let dialect: VersionDialect
    /// The leading numeric components after the epoch; a number of more than 18 digits shows as `Int.max`.
    public let release: [Int]
    /// Whether the dialect calls it a prerelease (a development version, alpha, beta, candidate, snapshot).
    public let isPrerelease: Bool
    /// From 0, the least stable, to ``Version/stable``; finer than ``isPrerelease`` only in Composer.
    let stability: Int
    let key: SortKey

    /// The stability of a release.
    static let stable = 4

    /// The most bytes that a version may have.
    static let limit = 512

    /// Reads a version; throws when it is none of the dialect, or longer than 512 bytes.
    public init(_ text: String, dialect: VersionDialect) throws(VersionError) {
        guard text.utf8.count <= Self.limit else {
            throw .tooLong(bytes: text.utf8.count, limit: Self.limit)
        }
        guard let parsed = dialect.parse(trimmed(text.utf8)) else {
            throw .malformedVersion(text, dialect)
        }
        self.init(parsed, text: text, dialect: dialect)
    }

    init(_ parsed: any ParsedVersion, text: String? = nil, dialect: VersionDialect) {
        self.text = text ?? parsed.canonicalText
        self.dialect = dialect
        release = parsed.release
        isPrerelease = parsed.isPrerelease
        stability = parsed.stability
        key = parsed.key
    }

    /// Whether the dialect calls both the same version.
    public static func == (lhs: Version, rhs: Version) -> Bool {
        lhs.dialect == rhs.dialect && lhs.key == rhs.key
    }

    /// The order of the dialect; of two dialects, the one whose name comes first.
    public static func < (lhs: Version, rhs: Version) -> Bool {
        lhs.dialect == rhs.dialect ? lhs.key < rhs.key : lhs.dialect.rawValue < rhs.dialect.rawValue
    }

    /// Feeds what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(dialect)
        hasher.combine(key)
    }

    /// The version as it was written.
    public var description: String { text }
}

/// What a dialect's parser gives: the parts of a version, as far as the shared code needs them.
protocol ParsedVersion {
    var key: SortKey { get }
    var release: [Int] { get }
    var isPrerelease: Bool { get }
    var stability: Int { get }
    var canonicalText: String { get }
}

extension ParsedVersion {
    var stability: Int { isPrerelease ? 0 : Version.stable }
}

extension VersionDialect {
    /// Reads a version without surrounding white space.
    func parse(_ bytes: ArraySlice<UInt8>) -> (any ParsedVersion)? {
        guard !bytes.isEmpty else { return nil }
        switch self {
        case .pep440, .poetry: return PEP440Version(bytes)
        case .npm, .cargo, .dart, .julia: return SemanticVersion(bytes, isStrict: self == .cargo)
        case .rubygems: return GemVersion(bytes)
        case .composer: return ComposerVersion(bytes)
        case .debian: return DebianVersion(bytes)
        case .go: return GoVersion(bytes)
        case .maven: return MavenVersion(bytes)
        case .generic: return GenericVersion(bytes)
        }
    }
}
