//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Parses the shell command language of POSIX XCU 2.10, as far as maintainer scripts use it.
struct ShellParser {
    let source: [UInt8]
    var position = 0
    var line = 1
    var pendingDocuments: [HereDocument] = []
    /// How many commands and expansions stand around this place.
    var depth = 0

    init(_ source: [UInt8], line: Int = 1, depth: Int = 0) {
        self.source = source
        self.line = line
        self.depth = depth
    }

    /// Parses the whole text.
    static func parse(_ source: [UInt8]) throws(ScriptProblem) -> ShellCommand {
        guard String(validating: source, as: UTF8.self) != nil else {
            throw ScriptProblem(line: 1, text: "the script is not UTF-8")
        }
        var parser = ShellParser(source)
        let script = try parser.parseList(until: [])
        try parser.skipBlankLines()
        guard parser.position == source.count else { throw parser.problem("unexpected \(parser.restOfLine())") }
        return script
    }

    // MARK: Characters

    func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < source.count ? source[position + offset] : nil
    }

    func looking(at text: String) -> Bool {
        source[position...].starts(with: text.utf8)
    }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < source.count {
            if source[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    /// Goes one level deeper: what is parsed, run and freed recursively must not be deep.
    mutating func enter() throws(ScriptProblem) {
        depth += 1
        guard depth <= 60 else { throw problem("commands nested too deep") }
    }

    func problem(_ text: String) -> ScriptProblem { ScriptProblem(line: line, text: text) }

    func restOfLine() -> String {
        let rest = source[min(position, source.count)...].prefix { $0 != UInt8(ascii: "\n") }
        return rest.isEmpty ? "end" : "`\(String(decoding: rest.prefix(60), as: UTF8.self))`"
    }

    /// Skips blanks, comments and continued lines, but no newline.
    mutating func skipBlanks() {
        while let byte = peek() {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
                advance()
            } else if byte == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "\n") {
                advance(2)
            } else if byte == UInt8(ascii: "#") {
                while let next = peek(), next != UInt8(ascii: "\n") { advance() }
            } else {
                return
            }
        }
    }

    /// Takes the newline here, and the bodies of the here-documents that it starts.
    mutating func takeNewline() throws(ScriptProblem) {
        advance()
        let documents = pendingDocuments
        pendingDocuments = []
        for document in documents { try readBody(of: document) }
    }

    mutating func skipBlankLines() throws(ScriptProblem) {
        skipBlanks()
        while peek() == UInt8(ascii: "\n") {
            try takeNewline()
            skipBlanks()
        }
    }

    /// The reserved word or name that stands here unquoted, not consumed.
    func bareWord() -> String {
        let end = source[position...].firstIndex { ShellParser.endsWord($0) } ?? source.count
        return String(decoding: source[position..<end], as: UTF8.self)
    }

    static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ";"),
            UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
            UInt8(ascii: ")"):
            true
        default: false
        }
    }

    mutating func take(word: String) -> Bool {
        guard bareWord() == word else { return false }
        advance(word.utf8.count)
        return true
    }

    mutating func expect(word: String) throws(ScriptProblem) {
        try skipBlankLines()
        guard take(word: word) else { throw problem("expected `\(word)` before \(restOfLine())") }
    }

    // MARK: Lists

    /// Parses commands up to one of the reserved words `ends`, a `)`, `;;`, or the end, none of which is consumed.
    mutating func parseList(until ends: Set<String>) throws(ScriptProblem) -> ShellCommand {
        var commands: [ShellCommand] = []
        while true {
            try skipBlankLines()
            guard let byte = peek(), byte != UInt8(ascii: ")"), !looking(at: ";;"), !ends.contains(bareWord())
            else { return commands.count == 1 ? commands[0] : .list(commands) }
            commands.append(try parseAndOr())
            skipBlanks()
            if looking(at: ";;") { continue }
            if peek() == UInt8(ascii: ";") {
                advance()
            } else if peek() == UInt8(ascii: "&") {
                advance()
                commands[commands.count - 1] = .unsupported(problem("a background command"))
            } else if let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: ")"),
                !ends.contains(bareWord())
            {
                throw problem("unexpected \(restOfLine())")
            }
        }
    }

    private mutating func parseAndOr() throws(ScriptProblem) -> ShellCommand {
        var left = try parsePipeline()
        for _ in 0..<100 {
            skipBlanks()
            if looking(at: "&&") {
                advance(2)
                try skipBlankLines()
                left = .and(left, try parsePipeline())
            } else if looking(at: "||") {
                advance(2)
                try skipBlankLines()
                left = .or(left, try parsePipeline())
            } else {
                return left
            }
        }
        throw problem("too many commands joined by `&&` and `||`")
    }

    private mutating func parsePipeline() throws(ScriptProblem) -> ShellCommand {
        var negated = false
        while bareWord() == "!" {
            advance()
            negated.toggle()
            skipBlanks()
        }
        var stages = [try parseCommand()]
        while true {
            skipBlanks()
            guard peek() == UInt8(ascii: "|"), peek(1) != UInt8(ascii: "|") else { break }
            advance()
            try skipBlankLines()
            stages.append(try parseCommand())
        }
        return stages.count == 1 && !negated ? stages[0] : .pipeline(stages, negated: negated)
    }

    // MARK: Compound commands

    private mutating func parseCommand() throws(ScriptProblem) -> ShellCommand {
        try enter()
        defer { depth -= 1 }
        skipBlanks()
        guard let command = try parseCompound() else { return try parseSimple() }
        var redirections: [Redirection] = []
        skipBlanks()
        while let redirection = try parseRedirection() {
            redirections.append(redirection)
            skipBlanks()
        }
        return redirections.isEmpty ? command : .redirected(command, redirections)
    }

    private mutating func parseCompound() throws(ScriptProblem) -> ShellCommand? {
        if peek() == UInt8(ascii: "(") {
            if peek(1) == UInt8(ascii: "(") { throw problem("`((`") }
            advance()
            let body = try parseList(until: [])
            try expectByte(")")
            return .subshell(body)
        }
        switch bareWord() {
        case "{":
            advance()
            let body = try parseList(until: ["}"])
            try expect(word: "}")
            return .group(body)
        case "if":
            advance(2)
            return try parseConditional()
        case "while", "until":
            let isUntil = bareWord() == "until"
            advance(5)
            let condition = try parseList(until: ["do"])
            return .loop(condition: condition, isUntil: isUntil, body: try parseDoGroup())
        case "for":
            advance(3)
            return try parseIteration()
        case "case":
            advance(4)
            return try parseSelection()
        case "[[", "select", "function":
            throw problem("`\(bareWord())`")
        default:
            return try parseFunction()
        }
    }

    private mutating func expectByte(_ character: Unicode.Scalar) throws(ScriptProblem) {
        try skipBlankLines()
        guard peek() == UInt8(ascii: character) else {
            throw problem("expected `\(character)` before \(restOfLine())")
        }
        advance()
    }

    private mutating func parseConditional() throws(ScriptProblem) -> ShellCommand {
        let condition = try parseList(until: ["then"])
        try expect(word: "then")
        let then = try parseList(until: ["else", "elif", "fi"])
        if take(word: "elif") {
            return .conditional(condition: condition, then: then, otherwise: try parseConditional())
        }
        var otherwise: ShellCommand?
        if take(word: "else") { otherwise = try parseList(until: ["fi"]) }
        try expect(word: "fi")
        return .conditional(condition: condition, then: then, otherwise: otherwise)
    }

    private mutating func parseDoGroup() throws(ScriptProblem) -> ShellCommand {
        try expect(word: "do")
        let body = try parseList(until: ["done"])
        try expect(word: "done")
        return body
    }

    private mutating func parseIteration() throws(ScriptProblem) -> ShellCommand {
        skipBlanks()
        let name = bareWord()
        guard ShellParser.isName(name) else { throw problem("unexpected \(restOfLine())") }
        advance(name.utf8.count)
        try skipBlankLines()
        var words: [ShellWord]?
        if take(word: "in") {
            words = []
            skipBlanks()
            while let byte = peek(), !ShellParser.endsWord(byte) {
                words?.append(try parseWord())
                skipBlanks()
            }
        }
        skipBlanks()
        if peek() == UInt8(ascii: ";") { advance() }
        return .iteration(name: name, words: words, body: try parseDoGroup())
    }

    private mutating func parseSelection() throws(ScriptProblem) -> ShellCommand {
        skipBlanks()
        let subject = try parseWord()
        try expect(word: "in")
        var arms: [SelectionArm] = []
        while true {
            try skipBlankLines()
            if take(word: "esac") { return .selection(subject: subject, arms: arms) }
            if peek() == UInt8(ascii: "(") { advance() }
            var patterns: [ShellWord] = []
            repeat {
                if peek() == UInt8(ascii: "|") { advance() }
                skipBlanks()
                patterns.append(try parseWord())
                skipBlanks()
            } while peek() == UInt8(ascii: "|")
            try expectByte(")")
            let body = try parseList(until: ["esac"])
            arms.append(SelectionArm(patterns: patterns, body: body))
            if looking(at: ";;") { advance(2) }
        }
    }

    private mutating func parseFunction() throws(ScriptProblem) -> ShellCommand? {
        let name = bareWord()
        guard ShellParser.isFunctionName(name) else { return nil }
        var probe = self
        probe.advance(name.utf8.count)
        probe.skipBlanks()
        guard probe.peek() == UInt8(ascii: "(") else { return nil }
        probe.advance()
        probe.skipBlanks()
        guard probe.peek() == UInt8(ascii: ")") else { return nil }
        probe.advance()
        self = probe
        try skipBlankLines()
        return .function(name: name, body: try parseCommand())
    }

    // MARK: Simple commands

    private mutating func parseSimple() throws(ScriptProblem) -> ShellCommand {
        var command = SimpleCommand(line: line)
        while true {
            skipBlanks()
            if let redirection = try parseRedirection() {
                command.redirections.append(redirection)
                continue
            }
            guard let byte = peek(), !ShellParser.endsWord(byte) else { break }
            if command.words.isEmpty, let name = assignmentName() {
                advance(name.utf8.count + 1)
                command.assignments.append((name, try parseWord()))
            } else {
                command.words.append(try parseWord())
            }
        }
        guard !command.words.isEmpty || !command.assignments.isEmpty || !command.redirections.isEmpty else {
            throw problem("unexpected \(restOfLine())")
        }
        return .simple(command)
    }

    /// The name in `name=` when that stands here.
    private func assignmentName() -> String? {
        guard let equals = source[position...].firstIndex(where: { !ShellParser.isNameByte($0) }),
            source[equals] == UInt8(ascii: "=")
        else { return nil }
        let name = String(decoding: source[position..<equals], as: UTF8.self)
        return ShellParser.isName(name) ? name : nil
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return text.utf8.allSatisfy(isNameByte) && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }

    private static func isFunctionName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return text.utf8.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }
}
