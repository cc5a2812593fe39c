//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Store

/// Turns nodes into values, or into errors that name their line.
struct LockReader {
    /// The file's name, for messages.
    let file: String

    func malformed(_ node: JSONNode, _ problem: String) -> LockError {
        .malformed(file: file, line: node.line, problem: problem)
    }

    /// The members of an object, no two of them with the same name.
    func members(_ node: JSONNode?, _ place: JSONNode, _ name: String) throws(LockError) -> [JSONMember] {
        guard let members = node?.object else { throw malformed(node ?? place, "\(name) is not an object") }
        var names: Set<String> = []
        for member in members where !names.insert(member.key).inserted {
            throw .malformed(file: file, line: member.line, problem: "`\(member.key)` is there twice")
        }
        return members
    }

    /// Checks that an object has all of `keys`, and nothing else but `optional` ones.
    func expect(
        _ node: JSONNode, _ name: String, _ keys: [String], optional: [String] = []
    ) throws(LockError) {
        let members = try members(node, node, name)
        for member in members where !keys.contains(member.key) && !optional.contains(member.key) {
            throw .malformed(file: file, line: member.line, problem: "unknown member `\(member.key)`")
        }
        for key in keys where node[key] == nil { throw malformed(node, "`\(key)` is missing") }
    }

    func text(_ node: JSONNode, _ key: String) throws(LockError) -> String {
        guard let member = node[key] else { throw malformed(node, "`\(key)` is missing") }
        guard let text = member.string else { throw malformed(member, "`\(key)` is not a string") }
        return text
    }

    func optionalText(_ node: JSONNode, _ key: String) throws(LockError) -> String? {
        node[key] == nil ? nil : try text(node, key)
    }

    /// One of these texts.
    func text(_ node: JSONNode, _ key: String, oneOf values: [String]) throws(LockError) -> String {
        let text = try text(node, key)
        if !values.contains(text) {
            let known = values.map { "`\($0)`" }.joined(separator: ", ")
            throw malformed(node[key] ?? node, "`\(key)` is `\(text)`, which is none of \(known)")
        }
        return text
    }

    func flag(_ node: JSONNode, _ key: String) throws(LockError) -> Bool {
        guard let flag = node[key]?.bool else {
            throw malformed(node[key] ?? node, "`\(key)` is neither true nor false")
        }
        return flag
    }

    func number(_ node: JSONNode, _ key: String) throws(LockError) -> Int64 {
        guard let number = node[key]?.int, number >= 0 else {
            throw malformed(node[key] ?? node, "`\(key)` is not a whole number")
        }
        return Int64(number)
    }

    /// Seconds since 1970, before the year 10000: those that timestamps can say.
    func time(_ node: JSONNode, _ key: String) throws(LockError) -> Int64 {
        let seconds = try number(node, key)
        guard seconds < 253_402_300_800 else { throw malformed(node[key] ?? node, "`\(key)` is no time") }
        return seconds
    }

    func digest(_ node: JSONNode, _ key: String) throws(LockError) -> Digest {
        guard let digest = Digest(try text(node, key)) else {
            throw malformed(node[key] ?? node, "`\(key)` is not `sha256:` and 64 hexadecimal digits")
        }
        return digest
    }

    /// A relative path that stays below what it is relative to; empty only where that is allowed.
    func path(_ node: JSONNode, _ key: String, below root: String, mayBeEmpty: Bool = false) throws(LockError) -> String
    {
        let path = try text(node, key)
        if path.hasPrefix("/") || path.split(separator: "/").contains("..") || path.utf8.contains(0) {
            throw malformed(node[key] ?? node, "`\(key)` leaves the \(root)")
        }
        if path.isEmpty, !mayBeEmpty { throw malformed(node[key] ?? node, "`\(key)` is empty") }
        return path
    }

    func each<Value>(
        _ node: JSONNode, _ key: String, _ read: (JSONNode) throws(LockError) -> Value
    ) throws(LockError) -> [Value] {
        guard let nodes = node[key]?.array else { throw malformed(node[key] ?? node, "`\(key)` is not an array") }
        var values: [Value] = []
        for node in nodes { values.append(try read(node)) }
        return values
    }
}
