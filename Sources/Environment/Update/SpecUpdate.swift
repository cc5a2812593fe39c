//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

/// An existing `fitout.yaml` with what the repository newly asks for added to it.
///
/// Whatever stands in the file stays: values, comments, order and layout. A line that the user has made a comment
/// (`# - libpq-dev`) is not added again. The comment of an unchanged entry follows its place when only line numbers
/// have moved.
public struct SpecUpdate: Sendable {
    /// The text with the additions.
    public let text: String
    /// What differs and was left as it stands, one line each: other values, and entries that nothing asks for any more.
    public let notes: [String]

    /// Merges `proposed` into the text in `existing`.
    ///
    /// - Parameters:
    ///   - existing: The content of the file.
    ///   - proposed: The spec that the repository asks for, with its comments.
    ///   - file: The name of the file, for messages.
    /// - Throws: `EnvironmentError` where the existing text is no spec, or none could be made from both.
    public init(of existing: [UInt8], with proposed: EnvironmentSpec, file: String = "fitout.yaml")
        throws(EnvironmentError)
    {
        _ = try EnvironmentSpec(yaml: existing, file: file)
        let old = try Document(existing, file: file)
        let new = try Document(Array(proposed.rendered().utf8), file: file)
        var merge = Merge(old: old, new: new)
        merge.run()
        let text = merge.text
        do {
            _ = try EnvironmentSpec(yaml: Array(text.utf8), file: file)
        } catch {
            throw .malformed(
                file: file, line: 1, column: 1,
                problem: "new entries do not fit into the layout of this file: \(error)\n\n"
                    + "hint: add them by hand from `fitout init --dry-run --force`")
        }
        self.text = text
        notes = merge.notes
    }

    /// A text and its items.
    struct Document {
        var lines: [String]
        let items: [SpecItem]
        let places: [[String]: Int]
        let lineEnd: String

        init(_ bytes: [UInt8], file: String) throws(EnvironmentError) {
            let text = String(decoding: bytes, as: UTF8.self)
            lineEnd = text.utf8.contains(UInt8(ascii: "\r")) ? "\r\n" : "\n"
            var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
                String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
            }
            if lines.last?.isEmpty == true { lines.removeLast() }
            let root: YAMLNode?
            do throws(YAMLError) {
                root = try parseYAMLDocuments(bytes).first
            } catch {
                throw .malformed(file: file, line: error.line, column: error.column, problem: error.problem)
            }
            self.lines = lines
            items = root.map { SpecItem.items(of: $0, lines: lines) } ?? []
            places = Dictionary(
                items.enumerated().map { ($0.element.path, $0.offset) }, uniquingKeysWith: { first, _ in first })
        }

        func item(_ path: [String]) -> SpecItem? { places[path].map { items[$0] } }

        func indentation(of line: Int) -> Int { lines[line].prefix { $0 == " " }.count }

        /// The line behind the last one of an item.
        func end(of item: SpecItem) -> Int {
            let depth = indentation(of: item.line)
            // The first key of a step stands on the line that begins the step, and is a word.
            if !item.isStep, item.path.count > 2, lines[item.line].dropFirst(depth).hasPrefix("- "), item.value != nil {
                return item.line + 1
            }
            var end = item.line + 1
            for index in lines.indices.dropFirst(item.line + 1) {
                let content = lines[index].drop { $0 == " " }
                if content.isEmpty { continue }
                let isElement = item.holdsList && indentation(of: index) == depth && content.hasPrefix("- ")
                guard indentation(of: index) > depth || isElement else { break }
                end = index + 1
            }
            return end
        }
    }
}
