//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian

/// The fields of a .deb's `control` as dpkg keeps them: with blanks at the ends of lines, which other readers drop.
struct ControlFields {
    private(set) var fields: [(name: String, value: String)] = []

    /// Nil when a line belongs to no field.
    init?(_ bytes: [UInt8]) {
        for line in lines(bytes).map({ String(decoding: $0, as: UTF8.self) }) {
            if line.hasPrefix(" ") || line.hasPrefix("\t") {
                guard !fields.isEmpty else { return nil }
                fields[fields.count - 1].value += "\n" + line
            } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
                let value = line[line.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                fields.append((String(line[..<colon]), String(value)))
            } else if !line.isEmpty {
                return nil
            }
        }
        for index in fields.indices {
            while let last = fields[index].value.utf8.last, last == 0x20 || last == 0x09 || last == 0x0A {
                fields[index].value.removeLast()
            }
        }
    }

    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A paragraph of `/var/lib/dpkg/status`, with fields in the order and form in which dpkg writes them
/// (`lib/dpkg/parse.c`, `dump.c`).
struct StatusParagraph {
    let control: ControlFields
    /// dpkg's status word, for example `installed`.
    var status: String
    /// Lines of the field `Conffiles`: path, MD5 digest, and a flag where there is one.
    var conffiles: [String] = []
    var pendingTriggers: [String] = []

    private static let leading = [
        "Package", "Essential", "Protected", "Status", "Priority", "Section", "Installed-Size", "Origin", "Maintainer",
        "Bugs", "Architecture", "Multi-Arch", "Source", "Version", "Replaces", "Provides", "Depends", "Pre-Depends",
        "Recommends", "Suggests", "Breaks", "Conflicts", "Enhances", "Conffiles", "Description", "Triggers-Pending",
    ]
    private static let relations: Set<String> = [
        "Replaces", "Provides", "Depends", "Pre-Depends", "Recommends", "Suggests", "Breaks", "Conflicts", "Enhances",
    ]

    /// The paragraph with its newline, without the empty line behind it.
    func text() throws(DebianError) -> String {
        var text = ""
        for name in Self.leading {
            guard let value = try value(of: name) else { continue }
            text += value.utf8.first == UInt8(ascii: "\n") ? "\(name):\(value)\n" : "\(name): \(value)\n"
        }
        for field in control.fields where !Self.leading.contains(where: { $0.lowercased() == field.name.lowercased() })
        {
            text += "\(field.name): \(field.value)\n"
        }
        return text
    }

    private func value(of name: String) throws(DebianError) -> String? {
        switch name {
        case "Status": return "install ok \(status)"
        case "Conffiles":
            return conffiles.isEmpty ? nil : conffiles.map { "\n " + $0 }.joined()
        case "Triggers-Pending": return pendingTriggers.isEmpty ? nil : pendingTriggers.joined(separator: " ")
        case "Essential", "Protected": return control[name] == "yes" ? "yes" : nil
        case _ where Self.relations.contains(name):
            guard let value = control[name] else { return nil }
            return try PackageRelation.list(value).map(\.description).joined(separator: ", ")
        default: return control[name]
        }
    }
}
