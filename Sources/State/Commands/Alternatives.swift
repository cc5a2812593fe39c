//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// A group of alternatives in the form of its file below `/var/lib/dpkg/alternatives` (update-alternatives(1)).
struct AlternativeGroup: Equatable {
    struct Slave: Equatable {
        var name: String
        var link: String
    }

    struct Choice: Equatable {
        var path: String
        var priority: Int
        /// The file of each slave by its name; absent where the choice has none.
        var slaves: [String: String] = [:]
    }

    var isManual = false
    var link: String
    var slaves: [Slave] = []
    var choices: [Choice] = []

    init(link: String) { self.link = link }

    /// Parses the administrative file; nil when it is malformed.
    init?(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }[...]
        guard let status = lines.popFirst(), let link = lines.popFirst(), status == "auto" || status == "manual" else {
            return nil
        }
        isManual = status == "manual"
        self.link = link
        while let name = lines.popFirst(), !name.isEmpty {
            guard let link = lines.popFirst() else { return nil }
            slaves.append(Slave(name: name, link: link))
        }
        while let path = lines.popFirst(), !path.isEmpty {
            guard let priority = lines.popFirst().flatMap({ Int($0) }) else { return nil }
            var choice = Choice(path: path, priority: priority)
            for slave in slaves {
                guard let file = lines.popFirst() else { return nil }
                if !file.isEmpty { choice.slaves[slave.name] = file }
            }
            choices.append(choice)
        }
    }

    /// The administrative file: slaves by name, choices by path.
    var text: String {
        let used = slaves.filter { slave in choices.contains { $0.slaves[slave.name] != nil } }
        let sorted = used.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var text = (isManual ? "manual" : "auto") + "\n\(link)\n"
        for slave in sorted { text += "\(slave.name)\n\(slave.link)\n" }
        text += "\n"
        for choice in choices.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            text += "\(choice.path)\n\(choice.priority)\n"
            for slave in sorted { text += (choice.slaves[slave.name] ?? "") + "\n" }
        }
        return text + "\n"
    }

    /// The choice of the highest priority, the first of several.
    var best: Choice? {
        choices.reduce(nil as Choice?) { best, choice in
            best.map { choice.priority > $0.priority ? choice : $0 } ?? choice
        }
    }
}

private let administration = "/var/lib/dpkg/alternatives/"
private let links = "/etc/alternatives/"

func updateAlternatives(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    var action: [String] = []
    var slaves: [(link: String, name: String, path: String)] = []
    while let word = words.popFirst() {
        func take(_ count: Int) throws(ShellSignal) -> [String] {
            guard words.count >= count else {
                throw shell.unsupported("`update-alternatives \(arguments.joined(separator: " "))`")
            }
            defer { words.removeFirst(count) }
            return Array(words.prefix(count))
        }
        switch word {
        case "--quiet", "--verbose", "--force", "--skip-auto": continue
        case "--log", "--altdir", "--admindir": _ = try take(1)
        case "--install": action = try [word] + take(4)
        case "--slave":
            let slave = try take(3)
            slaves.append((slave[0], slave[1], slave[2]))
        case "--remove", "--set": action = try [word] + take(2)
        case "--auto", "--list", "--query", "--display", "--remove-all": action = try [word] + take(1)
        default: throw shell.unsupported("`update-alternatives \(word)`")
        }
    }
    guard action.count >= 2 else {
        throw shell.unsupported("`update-alternatives \(arguments.joined(separator: " "))`")
    }
    switch action[0] {
    case "--install": return try install(&shell, action, slaves)
    case "--list":
        guard let group = try group(shell, action[1]) else { return 2 }
        try shell.write(group.choices.map { $0.path + "\n" }.joined())
        return 0
    case "--set":
        guard var group = try group(shell, action[1]), let choice = group.choices.first(where: { $0.path == action[2] })
        else { return 2 }
        group.isManual = true
        point(&shell, group, action[1], to: choice)
        save(&shell, group, action[1])
        return 0
    case "--auto":
        guard var group = try group(shell, action[1]) else { return 2 }
        group.isManual = false
        if let best = group.best { point(&shell, group, action[1], to: best) }
        save(&shell, group, action[1])
        return 0
    case "--query":
        guard let group = try group(shell, action[1]) else { return 2 }
        var text = "Name: \(action[1])\nLink: \(group.link)\nStatus: \(group.isManual ? "manual" : "auto")\n"
        if let best = group.best { text += "Best: \(best.path)\n" }
        if case .symlink(let target)? = shell.node(links + action[1], followingLast: false)?.content {
            text += "Value: \(try shell.text(target))\n"
        }
        for choice in group.choices { text += "\nAlternative: \(choice.path)\nPriority: \(choice.priority)\n" }
        try shell.write(text)
        return 0
    case "--remove":
        // Nothing was there to remove before the first installation; scripts then remove what older versions left.
        guard var group = try group(shell, action[1]), group.choices.contains(where: { $0.path == action[2] }) else {
            return 0
        }
        group.choices.removeAll { $0.path == action[2] }
        guard let best = group.best else { return try removeAll(&shell, group, action[1]) }
        point(&shell, group, action[1], to: best)
        save(&shell, group, action[1])
        return 0
    case "--remove-all":
        guard let group = try group(shell, action[1]) else { return 0 }
        return try removeAll(&shell, group, action[1])
    default:
        guard try group(shell, action[1]) == nil else { throw shell.unsupported("`update-alternatives \(action[0])`") }
        return 2
    }
}

private func group(_ shell: Shell, _ name: String) throws(ShellSignal) -> AlternativeGroup? {
    guard let bytes = try shell.read(administration + name) else { return nil }
    guard let group = AlternativeGroup(bytes) else {
        throw shell.unsupported("the malformed file \(administration)\(name)")
    }
    return group
}

private func save(_ shell: inout Shell, _ group: AlternativeGroup, _ name: String) {
    shell.tree.makeDirectories(String(administration.dropLast()))
    shell.tree.write(administration + name, Array(group.text.utf8))
}

private func install(
    _ shell: inout Shell, _ action: [String], _ slaves: [(link: String, name: String, path: String)]
) throws(ShellSignal) -> Int {
    let (link, name, path) = (action[1], action[2], action[3])
    guard let priority = Int(action[4]) else { throw shell.unsupported("the priority `\(action[4])`") }
    guard shell.node(path) != nil else {
        try shell.write("update-alternatives: error: alternative path \(path) doesn't exist\n", to: 2)
        return 2
    }
    var group = try group(shell, name) ?? AlternativeGroup(link: link)
    group.link = link
    var choice = AlternativeGroup.Choice(path: path, priority: priority)
    for slave in slaves {
        if let index = group.slaves.firstIndex(where: { $0.name == slave.name }) {
            group.slaves[index].link = slave.link
        } else {
            group.slaves.append(AlternativeGroup.Slave(name: slave.name, link: slave.link))
        }
        choice.slaves[slave.name] = slave.path
    }
    if let index = group.choices.firstIndex(where: { $0.path == path }) {
        group.choices[index] = choice
    } else {
        group.choices.append(choice)
    }
    // Ties go to the choice that comes first in the order of the file.
    group.choices.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    if !group.isManual, let best = group.best { point(&shell, group, name, to: best) }
    save(&shell, group, name)
    return 0
}

/// Makes the links of a group lead to a choice.
private func point(_ shell: inout Shell, _ group: AlternativeGroup, _ name: String, to choice: AlternativeGroup.Choice)
{
    shell.tree.makeDirectories(String(links.dropLast()))
    connect(&shell, group.link, name, choice.path)
    for slave in group.slaves {
        if let file = choice.slaves[slave.name], shell.node(file) != nil {
            connect(&shell, slave.link, slave.name, file)
        } else {
            for path in [slave.link, links + slave.name] {
                guard let entry = shell.entry(path), shell.tree[entry]?.isSymlink == true else { continue }
                shell.tree.set(entry, nil)
            }
        }
    }
}

private func connect(_ shell: inout Shell, _ link: String, _ name: String, _ file: String) {
    // A file that is no link stays: only `--force` would replace it.
    if let node = shell.node(link, followingLast: false), !node.isSymlink { return }
    shell.tree.symlink(links + name, to: file)
    shell.tree.symlink(link, to: links + name)
}

private func removeAll(_ shell: inout Shell, _ group: AlternativeGroup, _ name: String) throws(ShellSignal) -> Int {
    let paths = [group.link, links + name] + group.slaves.flatMap { [$0.link, links + $0.name] }
    for path in paths {
        guard let entry = shell.entry(path), shell.tree[entry]?.isSymlink == true else { continue }
        shell.tree.set(entry, nil)
    }
    if let entry = shell.entry(administration + name) { shell.tree.set(entry, nil) }
    return 0
}
