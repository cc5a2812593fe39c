//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// One paragraph of a Debian control file (deb822): fields in the order of the file.
///
/// Debian Policy, chapter 5. Field names compare without regard to case.
public struct ControlStanza: Hashable, Sendable {
    /// A field with its value.
    public struct Field: Hashable, Sendable {
        /// The name as the file spells it.
        public var name: String
        /// The text after the colon without surrounding blanks. Continuation lines follow as they stand, each after a
        /// newline and with its leading blank.
        public var value: String
        /// The line the field starts at, counted from 1; 0 for a field that was not read from a file.
        public var line: Int

        /// A field that was not read from a file, or was read at `line`.
        public init(name: String, value: String, line: Int = 0) {
            self.name = name
            self.value = value
            self.line = line
        }
    }

    /// The fields, in file order.
    public var fields: [Field]

    /// A stanza of these fields.
    public init(fields: [Field] = []) {
        self.fields = fields
    }

    /// The value of the field `name`, compared without regard to case.
    ///
    /// Setting replaces the value in place, appends a field that is new, and removes the field for `nil`.
    public subscript(name: String) -> String? {
        get { field(name)?.value }
        set {
            let index = fields.firstIndex { equalsIgnoringCase($0.name, name) }
            switch (index, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The field `name`, compared without regard to case.
    public func field(_ name: String) -> Field? {
        fields.first { equalsIgnoringCase($0.name, name) }
    }

    /// The stanza as control-file text, ending with a newline and without the empty line that separates stanzas.
    public var text: String {
        var text = ""
        for field in fields {
            text += field.name
            text += field.value.isEmpty || field.value.utf8.first == UInt8(ascii: "\n") ? ":" : ": "
            text += field.value
            text += "\n"
        }
        return text
    }
}

/// Whether two field names are the same, as field names are ASCII.
private func equalsIgnoringCase(_ lhs: String, _ rhs: String) -> Bool {
    lhs.utf8.count == rhs.utf8.count
        && zip(lhs.utf8, rhs.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}

/// The ASCII letter in lower case, any other byte as it is.
func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}
