//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Store

@testable import State

/// An entry as text to compare: type, mode, owner, link, size, content and extended attributes.
struct Description {
    /// Everything but content and attributes, for example `file 644 0:0`.
    var attributes: String
    /// The digest of a file's content.
    var digest: Digest?
    /// The path of the first name of a hard link.
    var firstName: String?
    /// The value of `security.capability`.
    var capability: [UInt8] = []

    init(attributes: String) { self.attributes = attributes }

    init(_ entry: Entry) {
        let mode = String(entry.mode, radix: 8)
        capability = entry.xattrs.first { $0.name == "security.capability" }?.value ?? []
        switch entry.kind {
        case .file(_, let digest):
            attributes = "file \(mode) \(entry.uid):\(entry.gid)"
            self.digest = digest
        case .hardlink(let target):
            attributes = "file \(mode) \(entry.uid):\(entry.gid)"
            firstName = target.description
        case .directory: attributes = "directory \(mode) \(entry.uid):\(entry.gid)"
        case .symlink(let target): attributes = "link \(String(decoding: target, as: UTF8.self))"
        }
    }
}

/// A tree to compare: descriptions by path, and the content of files where it matters.
struct ComparedTree {
    var entries: [String: Description]
    let content: (String) throws -> [UInt8]
    private let accounts: Accounts

    init(entries: [String: Description], content: @escaping (String) throws -> [UInt8]) throws {
        self.entries = entries
        self.content = content
        accounts = Accounts(
            passwd: entries["etc/passwd"] == nil ? [] : try content("etc/passwd"),
            group: entries["etc/group"] == nil ? [] : try content("etc/group"))
    }

    /// The description's attributes with names in place of the numbers that scripts allocate.
    func attributes(of description: Description) -> String {
        let words = description.attributes.split(separator: " ")
        guard words.count == 3, words[0] != "link" else { return description.attributes }
        let owner = words[2].split(separator: ":").map(String.init)
        return "\(words[0]) \(words[1]) \(userName(owner[0])):\(groupName(owner[1]))"
    }

    /// The lines of a file, sorted, and in those of accounts with names in place of numbers that scripts allocate.
    func sortedLines(of path: String) throws -> [String] {
        let name = path.split(separator: "/").last.map { $0.hasSuffix("-") ? String($0.dropLast()) : String($0) }
        return try lines(content(path)).map { line in
            var fields = String(decoding: line, as: UTF8.self)
                .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            if path.hasPrefix("etc/"), name == "passwd", fields.count == 7 {
                fields[2] = userName(fields[2])
                fields[3] = groupName(fields[3])
            } else if path.hasPrefix("etc/"), name == "group", fields.count == 4 {
                fields[2] = groupName(fields[2])
            }
            return fields.joined(separator: ":")
        }.sorted()
    }

    private func userName(_ number: String) -> String {
        UInt32(number).flatMap { (100..<1000).contains($0) ? accounts.userName($0) : nil } ?? number
    }

    private func groupName(_ number: String) -> String {
        UInt32(number).flatMap { (100..<1000).contains($0) ? accounts.groupName($0) : nil } ?? number
    }
}

/// Compares two trees path by path, and counts what the allowances let pass.
struct Comparison {
    private(set) var differences: [String] = []
    private(set) var uses: [Int]

    init() { uses = Array(repeating: 0, count: Allowance.all.count) }

    /// Adds the differences between what was computed and what was installed.
    mutating func add(_ label: String, _ ours: ComparedTree, _ theirs: ComparedTree) throws {
        for path in Set(ours.entries.keys).union(theirs.entries.keys).sorted() {
            guard let one = ours.entries[path], let other = theirs.entries[path] else {
                let word = ours.entries[path] == nil ? "missing" : "additional"
                report("\(label): \(word): \(path)", at: path, .presence)
                continue
            }
            if ours.attributes(of: one) != theirs.attributes(of: other) {
                report("\(label): \(path): \(one.attributes), not \(other.attributes)", at: path, .attributes)
            }
            if one.capability != other.capability {
                report(
                    "\(label): \(path): capability \(one.capability), not \(other.capability)", at: path, .attributes)
            }
            guard one.attributes.hasPrefix("file"), other.attributes.hasPrefix("file") else { continue }
            let digest = one.firstName.flatMap { ours.entries[$0]?.digest } ?? one.digest
            guard digest != other.digest else { continue }
            report("\(label): \(path): other content", at: path, try aspect(of: path, ours, theirs))
        }
    }

    /// In what the contents of a file differ.
    private func aspect(of path: String, _ ours: ComparedTree, _ theirs: ComparedTree) throws -> Allowance.Aspect {
        if try ours.sortedLines(of: path) == theirs.sortedLines(of: path) { return .order }
        guard let one = KeystoreEntries(try ours.content(path)), let other = KeystoreEntries(try theirs.content(path))
        else { return .content }
        return one == other ? .times : .content
    }

    private mutating func report(_ text: String, at path: String, _ aspect: Allowance.Aspect) {
        guard let index = Allowance.all.firstIndex(where: { $0.covers(path, aspect) }) else {
            differences.append(text)
            return
        }
        uses[index] += 1
    }

    /// One line for each allowance: how often it was used, for what, and why.
    var summary: String {
        zip(uses, Allowance.all).map { "\($0) × \($1.patterns.joined(separator: ", ")): \($1.reason)" }
            .joined(separator: "\n")
    }

    /// Allowances that no difference needed.
    var unused: [String] { zip(uses, Allowance.all).filter { $0.0 == 0 }.map { $0.1.patterns.joined(separator: ", ") } }
}

/// A difference that is allowed, and why; `docs/state.md` has the same table.
struct Allowance {
    /// In what two trees differ at a path.
    enum Aspect: CaseIterable {
        case presence, attributes, content
        /// The same lines in another order, or other numbers for the same accounts.
        case order
        /// Times within a file.
        case times
    }

    let patterns: [String]
    let aspects: Set<Aspect>
    let reason: String

    init(_ patterns: String..., only aspects: Aspect..., because reason: String) {
        self.patterns = patterns
        self.aspects = aspects.isEmpty ? Set(Aspect.allCases) : Set(aspects)
        self.reason = reason
    }

    func covers(_ path: String, _ aspect: Aspect) -> Bool {
        aspects.contains(aspect) && patterns.contains { ShellPattern.matches(path, $0) }
    }

    static let all = [
        Allowance("*.pyc", "*/__pycache__", "var/lib/python/*", because: "byte code is left out by policy"),
        Allowance(
            "etc/systemd/*", "var/lib/systemd/*", "etc/rc?.d/*", because: "services of a booted system, by policy"),
        Allowance("var/cache/man/*", because: "the index of manual pages is left out by policy"),
        Allowance(
            "dev", "dev/*", "proc", "sys", "etc/fstab", "etc/hostname", "etc/resolv.conf", "etc/machine-id",
            because: "made by mmdebstrap, and at run time by the container's runtime"),
        Allowance(
            "var/cache/apt/*", "var/lib/apt/lists/*", "etc/apt/sources.list", "etc/apt/apt.conf.d/99mmdebstrap",
            because: "traces of apt's own run"),
        Allowance("var/cache/debconf/*", because: "debconf's answers, which its programs make again"),
        Allowance("*-old", "var/cache/ldconfig/*", because: "old copies of databases, and a cache of ldconfig's own"),
        Allowance(
            "var/lib/dpkg/diversions", "var/lib/dpkg/triggers/File", "etc/shells", only: .order,
            because: "the order of a hash table, or of the installation"),
        Allowance(
            "etc/passwd", "etc/group", "etc/group-", "etc/gshadow", "etc/gshadow-", "etc/shadow", "etc/shadow-",
            only: .order, because: "numbers are allocated in the order of the installation"),
        Allowance(
            "var/lib/ucf/hashfile", "var/lib/ucf/registry", only: .order, because: "the order of the installation"),
        Allowance(
            "etc/group-", "etc/gshadow-", "var/lib/ucf/*.[0-9]", only: .content,
            because: "what was there before the last change, which depends on the order of the installation"),
        Allowance("etc/ssl/certs/java/cacerts", only: .times, because: "the time at which the keystore was filled"),
        Allowance(
            "var/lib/apt/extended_states", only: .content, .presence,
            because: "mmdebstrap marks what came in with its first step as wanted by the user"),
    ]
}

/// The certificates of a Java keystore by name, in the file's order, without times and digest.
private struct KeystoreEntries: Equatable {
    private var names: [[UInt8]] = []
    private var certificates: [[UInt8]] = []

    /// Nil for any other content.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]) else { return nil }
        var rest = bytes.dropFirst(12)
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        func number(_ width: Int) -> Int { take(width).reduce(0) { $0 << 8 | Int($1) } }
        while rest.count > 20 {
            guard number(4) == 2 else { return nil }
            names.append(take(number(2)))
            _ = take(8)
            guard take(number(2)) == Array("X.509".utf8) else { return nil }
            certificates.append(take(number(4)))
        }
    }
}
