//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian

/// A paragraph of `/var/lib/dpkg/status`, with fields in the order and form in which dpkg writes them
/// (`lib/dpkg/parse.c`, `dump.c`).
struct StatusParagraph {
    let control: ControlStanza
    /// dpkg's status word, for example `installed`.
    var status: String
    /// Lines of the field `Conffiles`: path and MD5 digest.
    var conffiles: [(path: String, digest: String)] = []
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
        for field in control.fields where !Self.leading.contains(where: { $0.lowercased() == field.name.lowercased() }) {
            text += "\(field.name): \(field.value)\n"
        }
        return text
    }

    private func value(of name: String) throws(DebianError) -> String? {
        switch name {
        case "Status": return "install ok \(status)"
        case "Conffiles":
            return conffiles.isEmpty ? nil : conffiles.map { "\n \($0.path) \($0.digest)" }.joined()
        case "Triggers-Pending": return pendingTriggers.isEmpty ? nil : pendingTriggers.joined(separator: " ")
        case "Essential", "Protected": return control[name] == "yes" ? "yes" : nil
        case _ where Self.relations.contains(name):
            guard let value = control[name] else { return nil }
            return try PackageRelation.list(value).map(\.description).joined(separator: ", ")
        default: return control[name]
        }
    }
}
