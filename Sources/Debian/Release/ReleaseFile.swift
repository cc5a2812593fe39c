//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// The signed description of a suite: what it is, when it was made, and the digests of its index files.
///
/// The format is that of <https://wiki.debian.org/DebianRepository/Format>.
public struct ReleaseFile: Hashable, Sendable {
    /// An index file as the release file lists it.
    public struct Entry: Hashable, Sendable {
        /// The digest of the file.
        public let sha256: Digest
        /// The size of the file in bytes.
        public let size: Int64
    }

    /// The archive's name for the suite, such as `stable`.
    public let suite: String
    /// The code name, such as `trixie`.
    public let codename: String
    /// When the file was made, as it stands there.
    public let date: String
    /// Until when the file may be used, as it stands there; nil for ever.
    public let validUntil: String?
    /// Whether index files also are at paths made of their digests, which no mirror update can change.
    public let hasPathsByHash: Bool
    /// How much the packages are wanted, as apt's pin priority: 500 normally, 100 and 1 where the file asks for less.
    public let priority: Int
    private let entries: [String: Entry]
    private let source: String

    /// Reads the signed text of a release file. `source` names the file in errors.
    public init(signedText: [UInt8], source: String) throws(DebianError) {
        let stanza = try ControlStanza.parseOne(signedText, source: source)
        guard let date = stanza["Date"] else { throw .release(source: source, .malformed("`Date` is missing")) }
        guard let list = stanza["SHA256"] else { throw .release(source: source, .weakDigests) }
        suite = stanza["Suite"] ?? ""
        codename = stanza["Codename"] ?? ""
        self.date = date
        validUntil = stanza["Valid-Until"]
        hasPathsByHash = stanza["Acquire-By-Hash"] == "yes"
        switch (stanza["NotAutomatic"], stanza["ButAutomaticUpgrades"]) {
        case ("yes", "yes"): priority = 100
        case ("yes", _): priority = 1
        default: priority = 500
        }
        entries = try ReleaseFile.entries(list, source: source)
        self.source = source
    }

    private static func entries(_ list: String, source: String) throws(DebianError) -> [String: Entry] {
        var entries: [String: Entry] = [:]
        for line in list.utf8.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).compactMap { String(Substring($0)) }
            guard !words.isEmpty else { continue }
            guard words.count == 3, let digest = Digest(hex: words[0]), let size = Int64(words[1]), size >= 0 else {
                throw .release(source: source, .malformed("`\(Substring(line))` is not a digest, a size and a path"))
            }
            entries[words[2]] = Entry(sha256: digest, size: size)
        }
        return entries
    }

    /// The index file at a path such as `main/binary-amd64/Packages.xz`; nil if there is none.
    public func entry(_ path: String) -> Entry? {
        entries[path]
    }

    /// Makes sure that the file is of the suite `name`, by its suite or code name, and may be used at `now`, in seconds
    /// since 1970.
    public func check(suite name: String, now: Int64, allowExpired: Bool) throws(DebianError) {
        guard suite == name || codename == name else {
            throw .release(source: source, .wrongSuite(expected: name, found: codename.isEmpty ? suite : codename))
        }
        // A clock may be a little slow: apt allows ten seconds.
        guard try seconds(date) <= now + 10 else { throw .release(source: source, .fromTheFuture(date)) }
        if let validUntil {
            let end = try seconds(validUntil)
            guard allowExpired || now <= end else { throw .release(source: source, .expired(validUntil)) }
        }
    }

    private func seconds(_ date: String) throws(DebianError) -> Int64 {
        guard let seconds = secondsSince1970(date) else {
            throw .release(source: source, .malformed("`\(date)` is not a date"))
        }
        return seconds
    }
}

/// The time of a date such as `Sat, 21 Nov 2026 09:15:44 UTC`; nil if it is malformed or of another time zone.
public func secondsSince1970(_ date: String) -> Int64? {
    let words = date.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count == 6, ["UTC", "GMT", "+0000"].contains(words[5]), let day = Int64(words[1]),
        let month = months.firstIndex(where: { $0 == words[2] }), let year = Int64(words[3])
    else { return nil }
    let time = words[4].split(separator: ":").compactMap { Int64($0) }
    guard time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2]),
        (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    // Days since 1970 in the Gregorian calendar, whose years are counted from March.
    let shifted = month < 2 ? year - 1 : year
    let dayOfYear = (153 * Int64((month + 10) % 12) + 2) / 5 + day - 1
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    return ((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2]
}
