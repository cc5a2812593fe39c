//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// A build script of Gradle, in Groovy or Kotlin, as tokens.
struct GradleScript {
    let path: String
    let tokens: [ScriptToken]
    /// For each `{`, the words before it on its statement.
    private var heads: [Int: [String]] = [:]

    init(_ file: CheckoutFile, _ repository: Repository) {
        path = file.path
        let language: ScriptLanguage =
            file.name.hasSuffix(".kts") || file.name.hasSuffix(".kt") ? .kotlin : .groovy
        tokens = scriptTokens(repository.text(file.path) ?? "", language)
        for index in tokens.indices where tokens[index].isSymbol("{") {
            heads[index] = words(before: index)
        }
    }

    func evidence(_ index: Int) -> Evidence { Evidence(path, line: tokens[index].line) }

    /// Calls `body` for each word with the words of the blocks that are open there.
    func forEachWord(_ body: (Int, _ blocks: [[String]]) -> Void) {
        var blocks: [[String]] = []
        for index in tokens.indices {
            let token = tokens[index]
            if token.isSymbol("{") {
                blocks.append(heads[index] ?? [])
            } else if token.isSymbol("}") {
                _ = blocks.popLast()
            } else if token.kind == .word {
                body(index, blocks)
            }
        }
    }

    /// Words such as `tasks`, `withType`, `JavaCompile` before a brace.
    private func words(before index: Int) -> [String] {
        var result: [String] = []
        var depth = 0
        for token in tokens[max(0, index - 40)..<index].reversed() {
            if token.kind == .lineEnd, depth == 0 { break }
            if token.kind == .symbol {
                if token.text == ")" { depth += 1 }
                if token.text == "(" { depth -= 1 }
                if (token.text == "{" || token.text == "}" || token.text == ";") && depth <= 0 { break }
            }
            if token.kind == .word || token.kind == .string { result.append(token.text) }
        }
        return result.reversed()
    }

    /// What is assigned or given to the word at `index`: behind `=`, `.set(`, `(` or a space; empty where nothing is.
    func argument(of index: Int) -> ArraySlice<ScriptToken> {
        var start = index + 1
        guard start < tokens.count else { return [] }
        let next = tokens[start]
        if next.isSymbol("=") {
            guard start + 1 < tokens.count, !tokens[start + 1].isSymbol("=") else { return [] }
            start += 1
        } else if next.isSymbol("."), start + 2 < tokens.count, ["set", "convention"].contains(tokens[start + 1].text),
            tokens[start + 2].isSymbol("(")
        {
            start += 2
        } else if !next.isSymbol("("), next.kind == .symbol || next.kind == .lineEnd {
            return []
        }
        return statement(from: start)
    }

    /// The tokens from `start` to the end of the statement, which goes on within parentheses and braces.
    func statement(from start: Int) -> ArraySlice<ScriptToken> {
        var depth = 0
        var end = start
        while end < tokens.count, end - start < 60 {
            let token = tokens[end]
            if token.kind == .symbol {
                if "([{".contains(token.text) { depth += 1 }
                if ")]}".contains(token.text) {
                    depth -= 1
                    if depth < 0 { break }
                }
                if token.text == ";", depth == 0 { break }
            }
            if token.kind == .lineEnd, depth == 0, end > start {
                // A chain of calls goes on in the next line.
                let following = tokens[end...].first { $0.kind != .lineEnd }
                guard let following, following.isSymbol(".") || following.isSymbol("?") else { break }
            }
            end += 1
        }
        return tokens[start..<end]
    }

    /// Names joined by dots that begin at `index`, with the place behind them.
    func dottedName(at index: Int, in range: ArraySlice<ScriptToken>) -> (parts: [String], end: Int) {
        var parts = [range[index].text]
        var next = index + 1
        while next + 1 < range.endIndex {
            var step = next
            if range[step].isSymbol("?") { step += 1 }
            guard step + 1 < range.endIndex, range[step].isSymbol("."), range[step + 1].kind == .word else { break }
            parts.append(range[step + 1].text)
            next = step + 2
        }
        return (parts, next)
    }
}
