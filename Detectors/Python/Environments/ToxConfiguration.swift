//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// The environments of tox, in whichever file they stand.
struct ToxConfiguration {
    /// The file, its sections named as in `tox.ini`.
    let file: INIFile
    /// The root as commands name it, `..` where they run in a folder of it.
    var root = "."

    /// Reads `tox.ini`, else `[tox:tox]` in `setup.cfg`.
    init?(_ repository: Repository, directory: String) {
        if let file = INIFile(repository, path: joinPath(directory, "tox.ini")),
            file.sections.contains(where: { $0.name == "tox" || $0.name.hasPrefix("testenv") })
        {
            self.file = file
            return
        }
        guard let file = INIFile(repository, path: joinPath(directory, "setup.cfg")),
            file.contains("tox:tox") || file.contains("testenv")
        else { return nil }
        self.file = file
    }

    /// The environments of a file of another format.
    init(file: INIFile) { self.file = file }

    /// Reads the text of `legacy_tox_ini`, which begins on the line `first` of the file at `path`.
    init(legacy text: String, path: String, first: Int) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        file = INIFile(path: path, lines: lines, first: first)
    }

    /// The environments of `envlist`, generative names written out.
    var environments: [(name: String, evidence: Evidence)] {
        let entry =
            ["envlist", "env_list"].lazy.compactMap { key in file.entry("tox", key) ?? file.entry("tox:tox", key) }
            .first
        guard let entry else { return [] }
        return entry.lines.flatMap { line in
            splitOutsideBraces(substitute(line.text, environment: "", depth: 0)).flatMap(expandBraces).map {
                ($0, Evidence(file.path, line: line.number))
            }
        }
    }

    /// The entry of the environment's own section, of `[testenv]` otherwise.
    func entry(_ key: String, of environment: String) -> INIFile.Entry? {
        entryWithSection(key, of: environment)?.entry
    }

    private func entryWithSection(_ key: String, of environment: String) -> (entry: INIFile.Entry, section: String)? {
        let own = file.sections.filter { section in
            section.name.hasPrefix("testenv:") && expandBraces(String(section.name.dropFirst(8))).contains(environment)
        }
        let bases = ["base_python"].contains(key) ? [] : ["testenv", "env_run_base"]
        for section in own.map(\.name) + bases {
            if let entry = file.entry(section, key) { return (entry, section) }
        }
        return nil
    }

    /// The lines of an entry for the environment, conditions decided and references followed. A condition on the
    /// Python alone is kept as a marker.
    func lines(
        _ key: String, of environment: String
    ) -> [(text: String, marker: String?, evidence: Evidence)] {
        guard let entry = entry(key, of: environment) else { return [] }
        return joinedLines(entry.lines).flatMap { resolve($0, environment: environment, depth: 0) }
    }

    private func resolve(
        _ line: (number: Int, text: String), environment: String, depth: Int
    ) -> [(text: String, marker: String?, evidence: Evidence)] {
        let evidence = Evidence(file.path, line: line.number)
        var text = line.text
        var marker: String?
        if let condition = leadingCondition(text) {
            switch decide(condition.factors, environment: environment) {
            case .no: return []
            case .yes: break
            case .when(let clause): marker = clause
            }
            text = condition.rest
        }
        if depth < 8, text.hasPrefix("{["), text.hasSuffix("}"), let close = text.firstIndex(of: "]"),
            !text.dropFirst().dropLast().contains("}")
        {
            let section = String(text[text.index(text.startIndex, offsetBy: 2)..<close])
            let key = String(text[text.index(after: close)...].dropLast())
            return (file.entry(section, key)?.lines ?? []).flatMap { line in
                resolve(line, environment: environment, depth: depth + 1).map {
                    ($0.text, $0.marker ?? marker, $0.evidence)
                }
            }
        }
        return [(substitute(text, environment: environment, depth: depth), marker, evidence)]
    }

    /// What tox puts in place of `{…}`; what cannot be known is left empty.
    func substitute(_ text: String, environment: String, depth: Int) -> String {
        guard depth < 8, let open = text.firstIndex(of: "{") else { return text }
        var level = 0
        var close: String.Index?
        for index in text.indices[open...] {
            if text[index] == "{" { level += 1 }
            if text[index] == "}" { level -= 1 }
            if level == 0 {
                close = index
                break
            }
        }
        guard let close else { return text }
        let inside = String(text[text.index(after: open)..<close])
        let rest = substitute(String(text[text.index(after: close)...]), environment: environment, depth: depth)
        let before = String(text[..<open])
        guard let value = replacement(of: inside, environment: environment, depth: depth) else {
            return before + "{\(inside)}" + rest
        }
        return before + value + rest
    }

    private func replacement(of inside: String, environment: String, depth: Int) -> String? {
        if inside.hasPrefix("["), let close = inside.firstIndex(of: "]") {
            let section = String(inside[inside.index(after: inside.startIndex)..<close])
            let key = String(inside[inside.index(after: close)...])
            let text = file.entry(section, key)?.lines.map(\.text).joined(separator: "\n") ?? ""
            return substitute(text, environment: environment, depth: depth + 1)
        }
        if inside == "posargs" { return "" }
        if inside.hasPrefix("posargs:") {
            return substitute(String(inside.dropFirst(8)), environment: environment, depth: depth + 1)
        }
        if inside.hasPrefix("env:") {
            let parts = inside.dropFirst(4).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count > 1 ? substitute(String(parts[1]), environment: environment, depth: depth + 1) : ""
        }
        switch inside {
        case "envpython", "basepython": return "python"
        case "toxinidir", "tox_root", "package_root", "setupdir": return root
        case "changedir", "change_dir": return "."
        case "envname", "env_name": return environment
        case "envtmpdir", "env_tmp_dir", "envlogdir", "toxworkdir", "work_dir", "env_dir", "envdir", "temp_dir",
            "distdir":
            return "/tmp/tox"
        case "envbindir", "env_bin_dir": return "$VIRTUAL_ENV/bin"
        case "envsitepackagesdir", "env_site_packages_dir":
            return "$(python -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))')"
        case "/", ":": return inside
        case "opts", "packages": return ""
        default:
            return inside.hasPrefix("tty:")
                ? inside.split(separator: ":", omittingEmptySubsequences: false).dropFirst(2).joined() : nil
        }
    }
}

/// Lines that end in a backslash joined with the next.
private func joinedLines(_ lines: [(number: Int, text: String)]) -> [(number: Int, text: String)] {
    var result: [(number: Int, text: String)] = []
    var isOpen = false
    for line in lines {
        let continues = line.text.hasSuffix("\\")
        let text = continues ? String(line.text.dropLast()) : line.text
        if isOpen, let last = result.indices.last {
            result[last].text += " " + text
        } else {
            result.append((line.number, text))
        }
        isOpen = continues
    }
    return result
}
