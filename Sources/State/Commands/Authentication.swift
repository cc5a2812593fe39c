//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// `pam-auth-update`: merges the profiles of `/usr/share/pam-configs` into `/etc/pam.d/common-*`.
func updateAuthentication(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var words = arguments[...]
    while let word = words.popFirst() {
        switch word {
        case "--package", "--force": continue
        case "--root": if words.popFirst()?.isEmpty != true { throw shell.unsupported("`pam-auth-update --root`") }
        case "--remove": words.removeFirst(words.prefix { !$0.hasPrefix("--") }.count)
        default: throw shell.unsupported("`pam-auth-update \(word)`")
        }
    }
    let profiles = try authenticationProfiles(shell)
    let enabled = profiles.filter { $0.fields["Default"] == "yes" }
    guard
        enabled.allSatisfy({ profile in
            let conflicts = (profile.fields["Conflicts"] ?? "").split(separator: ", ").map(String.init)
            return !enabled.contains { conflicts.contains($0.name) }
        })
    else { throw shell.unsupported("profiles of PAM that conflict") }
    shell.tree.makeDirectories("/var/lib/pam")
    shell.tree.write("/var/lib/pam/seen", joined(profiles.map(\.name.utf8)))
    for type in ["auth", "account", "password", "session", "session-noninteractive"] {
        guard let template = try shell.read("/usr/share/pam/common-\(type)") else {
            throw shell.unsupported("the missing file /usr/share/pam/common-\(type)")
        }
        shell.tree.write("/etc/pam.d/common-\(type)", try stack(template, enabled, type, shell))
        shell.tree.write("/var/lib/pam/\(type)", Array(record(enabled, type).utf8))
    }
    return 0
}

private struct AuthenticationProfile {
    let name: String
    var fields: [String: String] = [:]

    var priority: Int { Int(fields["Priority"] ?? "") ?? 0 }

    /// The lines for a stack; those of the first profile in it may differ.
    func lines(_ field: String, isFirst: Bool) -> String {
        (isFirst ? fields[field + "-Initial"].flatMap { $0.isEmpty ? nil : $0 } : nil) ?? fields[field] ?? ""
    }
}

private func fieldName(_ type: String) -> String { type.prefix(1).uppercased() + type.dropFirst() }

/// The profiles, highest priority first.
private func authenticationProfiles(_ shell: Shell) throws(ShellSignal) -> [AuthenticationProfile] {
    guard let directory = shell.tree.place(of: "/usr/share/pam-configs") else { return [] }
    var profiles: [AuthenticationProfile] = []
    for entry in shell.tree.entries(of: directory) where entry.name.last != UInt8(ascii: "~") {
        var profile = AuthenticationProfile(name: try shell.text(entry.name))
        var field = ""
        for bytes in lines(try shell.read("/" + entry.description) ?? []) {
            let line = try shell.text(bytes)
            let indented = line.first == " " || line.first == "\t"
            if !indented, let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
                field = String(line[..<colon])
                if field.hasSuffix("-Final") { field = String(field.dropLast(6)) }
                profile.fields[field] = trimmed(String(line[line.utf8.index(after: colon)...]))
            } else {
                let text = trimmed(line)
                guard !text.isEmpty else { continue }
                let old = profile.fields[field] ?? ""
                profile.fields[field] = old.isEmpty ? text : old + "\n" + text
            }
        }
        if profile.fields["Session-Interactive-Only"] != "yes" {
            for suffix in ["", "-Type", "-Initial"] {
                profile.fields["Session-noninteractive" + suffix] = profile.fields["Session" + suffix]
            }
        }
        profiles.append(profile)
    }
    return profiles.sorted {
        $0.priority != $1.priority
            ? $0.priority > $1.priority : $1.name.utf8.lexicographicallyPrecedes($0.name.utf8)
    }
}

private func trimmed(_ text: String) -> String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    var rest = text.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(rest)
}

/// The profiles of a block of a stack with their lines.
private func block(_ profiles: [AuthenticationProfile], _ type: String, _ block: String) -> [(
    name: String, lines: String
)] {
    let field = fieldName(type)
    return profiles.filter { $0.fields[field + "-Type"] == block }.enumerated()
        .map { ($0.element.name, $0.element.lines(field, isFirst: $0.offset == 0)) }
}

/// What `/var/lib/pam/TYPE` says of the stack.
private func record(_ profiles: [AuthenticationProfile], _ type: String) -> String {
    func text(_ entries: [(name: String, lines: String)]) -> String {
        entries.filter { !$0.lines.isEmpty }.map { "Module: \($0.name)\n\($0.lines)\n" }.joined()
    }
    let primary = block(profiles, type, "Primary")
    let stock = "Module: null\n[default=1]\t\t\tpam_permit.so\n"
    return (primary.isEmpty ? stock : text(primary)) + text(block(profiles, type, "Additional"))
}

/// A template with the lines of the profiles in its two blocks.
private func stack(
    _ template: [UInt8], _ profiles: [AuthenticationProfile], _ type: String, _ shell: Shell
) throws(ShellSignal) -> [UInt8] {
    let word = type == "session-noninteractive" ? "session" : type
    var result: [[UInt8]] = []
    var isSkipping = false
    for line in lines(template).map(Array.init) {
        if line.starts(with: "# here's the fallback if no module succeeds".utf8)
            || line.starts(with: "# end of pam-auth-update config".utf8)
        {
            isSkipping = false
        }
        if isSkipping { continue }
        result.append(line)
        let isPrimary = line.starts(with: "# here are the per-package modules (the \"Primary\" block)".utf8)
        let isAdditional = line.starts(with: "# and here are more per-package modules (the \"Additional\" block)".utf8)
        guard isPrimary || isAdditional else { continue }
        isSkipping = true
        let modules = block(profiles, type, isPrimary ? "Primary" : "Additional").flatMap {
            $0.lines.split(separator: "\n")
        }
        if isPrimary, modules.isEmpty { result.append(Array("\(word)\t[default=1]\t\t\tpam_permit.so".utf8)) }
        for (index, module) in modules.enumerated() {
            let remaining = modules.count - index - (isAdditional ? 1 : 0)
            result.append(Array("\(word)\t".utf8) + (try moduleLine(Array(module.utf8), jumping: remaining, shell)))
        }
    }
    return joined(result)
}

/// `control module` with `end` replaced by the number of lines to jump, then its options.
private func moduleLine(_ line: [UInt8], jumping count: Int, _ shell: Shell) throws(ShellSignal) -> [UInt8] {
    let pattern = Regex(
        Array(#"^((\[[^]]+\]|[[:alnum:]_]+)[[:space:]]+[^[:space:]]+)[[:space:]]*(.*)$"#.utf8), extended: true,
        shell.effort)
    guard let match = pattern?.firstMatch(in: line), match.count == 4, let head = match[1], let tail = match[3] else {
        throw shell.unsupported("the line `\(String(decoding: line, as: UTF8.self))` of a profile of PAM")
    }
    let control = try shell.text(line[head]).split(separator: "end", omittingEmptySubsequences: false)
        .joined(separator: String(count))
    let options = line[tail].split { $0 == 0x20 || $0 == 0x09 }.joined(separator: [0x20])
    return Array(control.utf8) + [0x20] + options
}
