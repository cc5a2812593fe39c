//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One run over a proposed spec that finds what an existing one lacks.
struct Merge {
    private let old: SpecUpdate.Document
    private let new: SpecUpdate.Document
    private var lines: [String]
    /// Lines to put in front of a line of the existing text, in the order of the proposal.
    private var insertions: [Int: [String]] = [:]
    private(set) var notes: [String] = []
    private let declined: Set<[String]>

    init(old: SpecUpdate.Document, new: SpecUpdate.Document) {
        self.old = old
        self.new = new
        lines = old.lines
        declined = declinedEntries(of: old)
    }

    /// The text with what was found.
    var text: String {
        var result: [String] = []
        for (index, line) in lines.enumerated() { result += (insertions[index] ?? []) + [line] }
        result += insertions[lines.count] ?? []
        return result.map { $0 + old.lineEnd }.joined()
    }

    mutating func run() {
        var covered: [[String]] = []
        for item in new.items {
            if covered.contains(where: { item.path.starts(with: $0) }) { continue }
            if let known = old.item(item.path) {
                compare(known, item)
            } else {
                // What an item holds goes with it.
                covered.append(item.path)
                if !isDeclined(item) { add(item) }
            }
        }
        noteWhatIsNoLongerAsked()
    }

    /// Whether the user has made a comment of it: then neither it nor a step of that kind comes back.
    private func isDeclined(_ item: SpecItem) -> Bool {
        guard let section = item.path.first, let name = item.path.last else { return false }
        return declined.contains([section, name]) || (item.path.count == 1 && declined.contains([section]))
    }

    private mutating func add(_ item: SpecItem) {
        let parent = old.item(item.path.dropLast())
        if parent?.isFlow == true || parent?.value?.isEmpty == false {
            let name = item.path.dropLast().joined(separator: ", ")
            notes.append("`\(name)` is written in one line; it lacks \(new.lines[item.line].trimmingBlanks())")
            return
        }
        let siblings = new.items.filter {
            $0.path.count == item.path.count && $0.path.dropLast() == item.path.dropLast()
        }
        let before = siblings.prefix { $0.path != item.path }.last { old.item($0.path) != nil }
        let place: Int
        if let before, let known = old.item(before.path) {
            place = old.end(of: known)
        } else if let parent {
            place = parent.line + 1
        } else {
            place = lines.count
        }
        let block = new.lines[item.line..<new.end(of: item)]
        let shift = depth(below: parent, at: item.path) - new.indentation(of: item.line)
        insertions[place, default: []] += block.map { line in
            shift >= 0 ? String(repeating: " ", count: shift) + line : String(line.dropFirst(-shift))
        }
    }

    /// How far the entries of `parent` are indented.
    private func depth(below parent: SpecItem?, at path: [String]) -> Int {
        guard let parent else { return 0 }
        let child = old.items.first { item in
            item.path.count == path.count && item.path.starts(with: parent.path)
                && !(parent.isStep && item.line == parent.line)
        }
        if let child { return old.indentation(of: child.line) }
        return old.indentation(of: parent.line) + 2
    }

    /// Takes over a comment that only differs in line numbers, and notes another value.
    private mutating func compare(_ known: SpecItem, _ item: SpecItem) {
        if let value = known.value, let wanted = item.value, value != wanted {
            guard item.path != ["platforms"] else { return }
            notes.append(
                "\(item.path.joined(separator: " ")) is `\(value)`; the repository says `\(wanted)`"
                    + (comment(of: new.lines[item.line]).map { " (\($0))" } ?? ""))
            return
        }
        guard let wanted = comment(of: new.lines[item.line]), let text = comment(of: lines[known.line]),
            text != wanted, withoutLineNumbers(text) == withoutLineNumbers(wanted),
            lines[known.line].hasSuffix(text)
        else { return }
        lines[known.line] = lines[known.line].dropLast(text.count) + wanted
    }

    /// Entries with a comment that names a place, as `init` writes it, but that are not proposed now.
    private mutating func noteWhatIsNoLongerAsked() {
        for item in old.items where item.path.count > 1 && new.item(item.path) == nil {
            guard let comment = comment(of: old.lines[item.line]), comment != withoutLineNumbers(comment) else {
                continue
            }
            notes.append("nothing asks for \(item.path.joined(separator: " ")) any more (\(comment))")
        }
    }
}

/// The comment behind the content of a line, without `#`; nil where there is none.
private func comment(of line: String) -> String? {
    guard let place = line.range(of: "  # ") ?? line.range(of: " # "), line.first != "#" else { return nil }
    return String(line[place.upperBound...])
}

/// The text with each `:12` replaced by `:`.
private func withoutLineNumbers(_ text: String) -> String {
    var result = ""
    var isNumber = false
    for character in text {
        if isNumber, character.isASCII, character.isNumber { continue }
        isNumber = character == ":"
        result.append(character)
    }
    return result
}

/// Entries that stand in comments: `# - libpq-dev` below `packages:` is `["packages", "libpq-dev"]`, and
/// `# services:` is `["services"]`.
private func declinedEntries(of document: SpecUpdate.Document) -> Set<[String]> {
    var declined: Set<[String]> = []
    var section: String?
    let sections = Dictionary(
        document.items.filter { $0.path.count == 1 }.map { ($0.line, $0.path[0]) },
        uniquingKeysWith: { first, _ in first })
    for (index, line) in document.lines.enumerated() {
        if let name = sections[index] { section = name }
        let text = line.trimmingBlanks()
        guard text.hasPrefix("#") else { continue }
        let isSection = text.hasPrefix("# ") && line.hasPrefix("#")
        let entry = text.drop { $0 == "#" || $0 == " " }
        let content = (comment(of: " \(entry)").map { String(entry.dropLast($0.count + 2)) } ?? String(entry))
            .trimmingBlanks()
        if content.hasPrefix("- "), let section {
            let name = String(content.dropFirst(2)).trimmingBlanks().trimmingQuotes()
            declined.insert([section, SpecItem.entryName(name, in: [section])])
        } else if let colon = content.firstIndex(of: ":"), !content[..<colon].contains(" ") {
            let name = String(content[..<colon]).trimmingQuotes()
            if let section { declined.insert([section, name]) }
            if isSection, content.hasSuffix(":") { declined.insert([name]) }
        }
    }
    return declined
}

extension String {
    fileprivate func trimmingQuotes() -> String {
        for quote in ["\"", "'"] where count >= 2 && hasPrefix(quote) && hasSuffix(quote) {
            return String(dropFirst().dropLast())
        }
        return self
    }

    /// The first place of a text.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
