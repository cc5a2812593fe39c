//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The instructions of a Dockerfile ([Dockerfile reference](https://docs.docker.com/reference/dockerfile/)).
struct Dockerfile {
    struct Instruction {
        /// In upper case.
        let name: String
        let text: String
        /// The line on which its text begins.
        let line: Int
    }

    /// A part between one `FROM` and the next.
    struct Stage {
        let image: String
        let name: String?
        let line: Int
        var instructions: [Instruction] = []
    }

    private(set) var stages: [Stage] = []
    /// Values of `ARG` before the first `FROM`.
    private(set) var arguments: [String: String] = [:]

    /// Reads the lines; what is no instruction is passed over.
    init(_ lines: [String]) {
        var index = 0
        while index < lines.count {
            let start = index
            var line = lines[index].trimmingSpaces
            index += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            // Continued lines keep their breaks, so that places in scripts stay right.
            while line.hasSuffix("\\") || line.hasSuffix("`"), index < lines.count {
                let next = lines[index].trimmingSpaces
                index += 1
                line =
                    next.hasPrefix("#") || next.isEmpty
                    ? String(line.dropLast()) + "\\\n\\" : line.replacingLastBacktick + "\n" + next
            }
            let documents = hereDocuments(line)
            var body: [String] = []
            for delimiter in documents {
                while index < lines.count, lines[index].trimmingSpaces != delimiter {
                    body.append(lines[index])
                    index += 1
                }
                index += 1
            }
            let word = line.prefix { !$0.isWhitespace }
            let rest = line.dropFirst(word.count).trimmingSpaces
            if documents.isEmpty {
                take(Instruction(name: word.uppercased(), text: rest, line: start + 1))
            } else {
                take(Instruction(name: word.uppercased(), text: body.joined(separator: "\n"), line: start + 2))
            }
        }
    }

    private mutating func take(_ instruction: Instruction) {
        if instruction.name == "FROM" {
            let words = instruction.text.split(whereSeparator: \.isWhitespace).map(String.init).filter {
                !$0.hasPrefix("--")
            }
            let alias = words.firstIndex { $0.lowercased() == "as" }.flatMap {
                $0 + 1 < words.count ? words[$0 + 1] : nil
            }
            stages.append(Stage(image: words.first ?? "", name: alias, line: instruction.line))
        } else if stages.isEmpty {
            if instruction.name == "ARG" {
                for (name, value) in dockerPairs(instruction.text) { arguments[name] = value }
            }
        } else {
            stages[stages.count - 1].instructions.append(instruction)
        }
    }

    private func hereDocuments(_ line: String) -> [String] {
        guard line.range(ofText: "<<") != nil, line.uppercased().hasPrefix("RUN") || line.uppercased().hasPrefix("COPY")
        else { return [] }
        return line.parts(separatedBy: "<<").dropFirst().compactMap { part in
            let word = part.drop { $0 == "-" || $0 == "\"" || $0 == "'" }.prefix {
                $0.isLetter || $0.isNumber || $0 == "_"
            }
            return word.isEmpty || part.first?.isWhitespace == true ? nil : String(word)
        }
    }
}

/// `NAME=value NAME="value"` or `NAME value`.
func dockerPairs(_ text: String) -> [(String, String)] {
    let words = shellWords(text.replacing(text: "\\\n", with: " "))
    guard let first = words.first else { return [] }
    if !first.contains("="), words.count > 1 { return [(first, words.dropFirst().joined(separator: " "))] }
    return words.compactMap { word in
        guard let sign = word.firstIndex(of: "=") else { return nil }
        return (String(word[..<sign]), String(word[word.index(after: sign)...]))
    }
}

extension String {
    /// The escape character of Windows images ends a line as a backslash does.
    fileprivate var replacingLastBacktick: String { hasSuffix("`") ? String(dropLast()) + "\\" : self }
}
