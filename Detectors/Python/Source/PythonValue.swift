//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What an expression of Python source is known to be without running it.
indirect enum PythonValue: Hashable {
    case string(String)
    case number(String)
    case boolean(Bool)
    case list([PythonValue])
    /// Entries in the order of the source; the last one of a key counts.
    case dictionary([PythonPair])
    /// The text of a file of the repository, or lines of it.
    case file(String)
    /// A call whose meaning lies with its reader.
    case call(String, [PythonPair])
    case unknown

    /// The text of a string.
    var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The elements of a list that are known; a string counts as a list of one.
    var elements: [PythonValue] {
        switch self {
        case .list(let values): values
        case .unknown: []
        default: [self]
        }
    }

    /// The strings of a list, or the string itself, line by line.
    var strings: [String] {
        elements.flatMap { value in
            value.string.map { $0.split(whereSeparator: \.isNewline).map(String.init) } ?? []
        }
    }

    /// The entries of a dictionary.
    var pairs: [PythonPair] {
        if case .dictionary(let pairs) = self { pairs } else { [] }
    }

    /// The value of `key` in a dictionary.
    subscript(key: String) -> PythonValue? {
        pairs.last { $0.key == key }?.value
    }

    /// All paths of files that the value is made of.
    var files: [String] {
        switch self {
        case .file(let path): [path]
        case .list(let values): values.flatMap(\.files)
        default: []
        }
    }

    /// The calls that the value is made of.
    var calls: [(name: String, arguments: [PythonPair])] {
        elements.compactMap { if case .call(let name, let arguments) = $0 { (name, arguments) } else { nil } }
    }
}

/// An entry of a dictionary, or an argument of a call; positional ones have an empty key.
struct PythonPair: Hashable {
    let key: String
    let value: PythonValue
    /// The line on which it begins, from 1; 0 where that is lost.
    var line = 0
}
