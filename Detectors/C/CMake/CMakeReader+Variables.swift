//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension CMakeReader {
    /// The arguments of a command with variables put in and lists taken apart.
    func expand(_ arguments: [CMakeCommand.Argument]) -> [String] {
        arguments.flatMap { argument in
            switch argument.form {
            case .bracket: return [argument.text]
            case .quoted: return [expand(argument.text)]
            case .plain:
                let value = expand(argument.text)
                return value == argument.text ? [value] : list(value)
            }
        }
    }

    /// `text` with `${NAME}` replaced; a reference to a variable that is not set vanishes, one to a value that is not known
    /// stays.
    func expand(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) || text.utf8.contains(0x01) else { return text }
        let bytes = Array(text.utf8)
        var place = 0
        return String(decoding: expand(bytes, &place, until: nil), as: UTF8.self)
    }

    private func expand(_ bytes: [UInt8], _ place: inout Int, until end: UInt8?) -> [UInt8] {
        var result: [UInt8] = []
        while place < bytes.count, bytes[place] != end {
            if bytes[place] == 0x01, place + 1 < bytes.count {
                result.append(bytes[place + 1])
                place += 2
                continue
            }
            guard bytes[place] == UInt8(ascii: "$"), let open = opening(bytes, place) else {
                result.append(bytes[place])
                place += 1
                continue
            }
            let reference = bytes[place..<open]
            place = open
            let name = String(decoding: expand(bytes, &place, until: UInt8(ascii: "}")), as: UTF8.self)
            place += 1
            if reference.count == 2 {
                switch variables[name] {
                case .known(let value)?: result += Array(value.utf8)
                case .unknown?: result += Array("${\(name)}".utf8)
                case nil: if isUnknown(name) { result += Array("${\(name)}".utf8) }
                }
            }
            if result.count > 100_000 { break }
        }
        return result
    }

    /// The place behind `${`, `$ENV{` or `$CACHE{` at `place`.
    private func opening(_ bytes: [UInt8], _ place: Int) -> Int? {
        for word in ["${", "$ENV{", "$CACHE{"] where bytes[place...].starts(with: word.utf8) {
            return place + word.utf8.count
        }
        return nil
    }

    /// Whether a variable that no command of the project sets may be set by a real configuration.
    func isUnknown(_ name: String) -> Bool {
        if variables[name] == .unknown { return true }
        guard variables[name] == nil else { return false }
        return name.hasPrefix("CMAKE_") || name.hasPrefix("HAVE_") || name.hasPrefix("HAS_") || name.hasPrefix("Qt")
            || ["_FOUND", "_VERSION", "_LIBRARIES", "_LIBRARY", "_INCLUDE_DIR", "_INCLUDE_DIRS", "_EXECUTABLE"].contains
            {
                name.hasSuffix($0)
            }
    }

    /// The elements of a list.
    func list(_ value: String) -> [String] {
        value.split(separator: ";").map(String.init)
    }

    /// Sets a variable to the elements of a list.
    mutating func set(_ name: String, _ values: [String]) {
        variables[name] = .known(values.joined(separator: ";"))
    }
}
