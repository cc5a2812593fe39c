//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The `test` command (POSIX XCU test), with `-a`, `-o`, parentheses and `-nt`, `-ot`.
func test(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    var expression = TestExpression(words: arguments[...])
    let value = try expression.evaluate(&shell)
    guard expression.words.isEmpty else { throw shell.unsupported("`test \(arguments.joined(separator: " "))`") }
    return value ? 0 : 1
}

private struct TestExpression {
    var words: ArraySlice<String>
    private var depth = 0

    init(words: ArraySlice<String>) { self.words = words }

    mutating func evaluate(_ shell: inout Shell) throws(ShellSignal) -> Bool {
        if words.isEmpty { return false }
        return try either(&shell)
    }

    private mutating func either(_ shell: inout Shell) throws(ShellSignal) -> Bool {
        var value = try both(&shell)
        while words.first == "-o" {
            words.removeFirst()
            value = try both(&shell) || value
        }
        return value
    }

    private mutating func both(_ shell: inout Shell) throws(ShellSignal) -> Bool {
        var value = try term(&shell)
        while words.first == "-a" {
            words.removeFirst()
            value = try term(&shell) && value
        }
        return value
    }

    private mutating func term(_ shell: inout Shell) throws(ShellSignal) -> Bool {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 30 else { throw shell.unsupported("a `test` nested too deep") }
        guard let first = words.popFirst() else { throw shell.unsupported("`test` without an operand") }
        if let symbol = words.first, words.count >= 2, isBinary(symbol) {
            words.removeFirst()
            guard let right = words.popFirst() else { return false }
            return try compare(first, symbol, right, &shell)
        }
        if first == "!" { return words.isEmpty ? true : try !term(&shell) }
        if first == "(", !words.isEmpty {
            let value = try either(&shell)
            guard words.popFirst() == ")" else { throw shell.unsupported("`test` without `)`") }
            return value
        }
        if first.utf8.count == 2, first.hasPrefix("-"), let operand = words.first, operand != "-a", operand != "-o" {
            words.removeFirst()
            return try unary(first, operand, &shell)
        }
        return !first.isEmpty
    }

    private func isBinary(_ word: String) -> Bool {
        ["=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "<", ">"].contains(word)
    }

    private func compare(_ left: String, _ symbol: String, _ right: String, _ shell: inout Shell) throws(ShellSignal)
        -> Bool
    {
        switch symbol {
        case "=", "==": return left.utf8.elementsEqual(right.utf8)
        case "!=": return !left.utf8.elementsEqual(right.utf8)
        case "<": return left.utf8.lexicographicallyPrecedes(right.utf8)
        case ">": return right.utf8.lexicographicallyPrecedes(left.utf8)
        case "-nt", "-ot":
            let older = shell.node(symbol == "-nt" ? right : left)
            let newer = shell.node(symbol == "-nt" ? left : right)
            guard let newer else { return false }
            return older.map { $0.mtime < newer.mtime } ?? true
        case "-ef":
            let place = shell.tree.place(of: shell.absolute(left))
            return place != nil && place == shell.tree.place(of: shell.absolute(right)) && shell.node(left) != nil
        default:
            guard let left = Int(left), let right = Int(right) else {
                try shell.write("test: Illegal number\n", to: 2)
                return false
            }
            switch symbol {
            case "-eq": return left == right
            case "-ne": return left != right
            case "-lt": return left < right
            case "-le": return left <= right
            case "-gt": return left > right
            default: return left >= right
            }
        }
    }

    private func unary(_ symbol: String, _ operand: String, _ shell: inout Shell) throws(ShellSignal) -> Bool {
        switch symbol {
        case "-n": return !operand.isEmpty
        case "-z": return operand.isEmpty
        // Nobody sits before an emulated script.
        case "-t": return false
        case "-h", "-L": return shell.node(operand, followingLast: false)?.isSymlink == true
        default: break
        }
        guard let node = shell.node(operand) else { return isDevice(operand) && "-e -r -w -c".contains(symbol) }
        switch symbol {
        case "-e", "-r", "-w": return true
        case "-f": return node.isFile
        case "-d": return node.isDirectory
        case "-x": return node.isDirectory || node.mode & 0o111 != 0
        case "-s":
            if case .packaged(_, size: let size) = node.content { return size > 0 }
            return node.isDirectory ? true : try !shell.content(of: node).isEmpty
        case "-u": return node.mode & 0o4000 != 0
        case "-g": return node.mode & 0o2000 != 0
        case "-k": return node.mode & 0o1000 != 0
        case "-O", "-G": return symbol == "-O" ? node.uid == 0 : node.gid == 0
        case "-b", "-c", "-p", "-S": return false
        default: throw shell.unsupported("`test \(symbol)`")
        }
    }

    private func isDevice(_ path: String) -> Bool {
        ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"].contains(path)
    }
}
