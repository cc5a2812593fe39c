//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import YAML

extension EnvironmentSpec {
    /// The spec as `fitout.yaml`, with each line's comment behind it.
    ///
    /// The text depends on the spec alone and reads back as the same spec.
    public func rendered() -> String {
        var page = Page()
        page.comment("What this repository needs to build and to pass its tests. Edit freely; `fitout lock` reads it.")
        page.line(0, "fitout: 1", "")
        page.line(0, "base: \(yamlScalar(base.description))", base.comment)
        if allowsExpired.value { page.line(0, "allow-expired: true", allowsExpired.comment) }
        page.line(0, "platforms: [\(platforms.map { yamlScalar($0, inFlow: true) }.joined(separator: ", "))]", "")
        page.section("toolchains", toolchains) { "\(yamlScalar($0.tool)): \(quoted($0.version))" }
        page.section("packages", packages) { "- \(yamlScalar($0))" }
        if !dependencies.isEmpty {
            page.line(0, "dependencies:", "")
            for step in dependencies { step.render(to: &page) }
        }
        page.section("environment", environment) { "\(yamlScalar($0.name)): \(quoted($0.value))" }
        page.section("tasks", tasks) { "\(yamlScalar($0.name)): \(yamlScalar($0.command))" }
        page.section("services", services) { "\(yamlScalar($0.name)): \(quoted($0.version))" }
        return page.text
    }
}

extension DependencyStep {
    fileprivate func render(to page: inout Page) {
        page.line(1, "- manager: \(yamlScalar(manager))", "")
        if directory != "." { page.line(2, "directory: \(yamlScalar(directory))", "") }
        if installsProject.value { page.line(2, "project: true", installsProject.comment) }
        page.list("extras", extras)
        page.list("groups", groups)
        page.list("requirements-files", requirementsFiles)
        page.list("constraints-files", constraintsFiles)
        page.list("requirements", requirements)
        if !lockfile.value.isEmpty { page.line(2, "lockfile: \(yamlScalar(lockfile.value))", lockfile.comment) }
        if !excludeNewer.value.isEmpty {
            page.line(2, "exclude-newer: \(quoted(excludeNewer.value))", excludeNewer.comment)
        }
    }
}

/// A value that people read as text even where it looks like a number, for example a version.
private func quoted(_ text: String) -> String {
    let scalar = yamlScalar(text)
    let isWord = text.allSatisfy { $0.isLetter || $0 == "_" }
    // A plain scalar may hold quotation marks and backslashes as they are, a quoted one may not.
    return scalar != text || isWord || text.contains { "\"\\".contains($0) } ? scalar : "\"\(text)\""
}

/// `text` on one line, with what a YAML comment must not hold replaced.
private func commentText(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    var result = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: result.append(scalar)
        default: result.append("\u{FFFD}")
        }
    }
    return String(result)
}

/// Lines of YAML whose comments stand in one column, as far as the lines are not too long for that.
private struct Page {
    private var lines: [(content: String, comment: String)] = []

    mutating func comment(_ text: String) {
        lines.append(("", text))
    }

    mutating func line(_ level: Int, _ content: String, _ comment: String) {
        lines.append((String(repeating: "  ", count: level) + content, comment))
    }

    mutating func section<Value>(_ key: String, _ items: [Annotated<Value>], _ render: (Value) -> String) {
        if items.isEmpty { return }
        line(0, "\(key):", "")
        for item in items { line(1, render(item.value), item.comment) }
    }

    mutating func list(_ key: String, _ items: [Annotated<String>]) {
        if items.isEmpty { return }
        line(2, "\(key):", "")
        for item in items { line(3, "- \(yamlScalar(item.value))", item.comment) }
    }

    var text: String {
        let commented = lines.filter { !$0.comment.isEmpty && !$0.content.isEmpty }
        let column = min(commented.map(\.content.count).max() ?? 0, 44) + 2
        return lines.map { content, comment in
            let note = commentText(comment)
            if note.isEmpty { return content + "\n" }
            if content.isEmpty { return "# \(note)\n" }
            let gap = String(repeating: " ", count: max(2, column - content.count))
            return "\(content)\(gap)# \(note)\n"
        }.joined()
    }
}
