//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads what `configure.ac` and the macros that the project brings along check for.
struct AutoconfReader {
    /// A macro that the project defines itself.
    struct Definition {
        let body: String
        let path: String
        let line: Int
    }

    let repository: Repository
    var survey: CSurvey
    /// The folder of the configure.ac that is read, from the repository's root.
    let folder: String
    var path: String
    var line = 0
    /// Values of shell variables and m4 macros that are literals.
    var values: [String: String] = [:]
    /// What is needed to make `configure` itself, rather than to run it.
    var generators: [(requirement: SystemRequirement, evidence: Evidence)] = []
    /// Folders of other packages that `configure` configures.
    var subpackages: [String] = []
    var usesAutomake = false
    var hasDejagnu = false
    private var definitions: [String: Definition] = [:]
    private var active: Set<String> = []
    private var depth = 0

    init?(_ survey: CSurvey, folder: String, names: [String] = ["configure.ac", "configure.in"]) {
        self.survey = survey
        repository = survey.repository
        self.folder = folder
        guard let found = names.map({ joinPath(folder, $0) }).first(where: repository.contains) else { return nil }
        path = found
    }

    /// Where the macro stands.
    var evidence: Evidence { Evidence(path, line: line) }

    /// Reads everything.
    mutating func read() {
        guard let text = repository.text(path) else { return }
        generators.append((.program("autoconf"), Evidence(path)))
        readDefinitions()
        readValues(text)
        scan(text, line: 1, isConditional: false)
        // Shell code of its own asks too.
        for (index, line) in repository.lines(path).enumerated() where line.contains("pkg-config --") {
            let bare = line.trimmingBlanks
            if bare.hasPrefix("#") || bare.hasPrefix("dnl") { continue }
            survey.readPkgConfigCalls(line, isOptional: true, evidence: Evidence(path, line: index + 1))
        }
    }

    /// Macros of the project's own m4 files; those of Autotools and gnulib are known without reading.
    private mutating func readDefinitions() {
        let files = repository.files(withExtension: "m4").filter { file in
            !filesOfAutotools.contains(file.name) && (folder.isEmpty || file.path.hasPrefix(folder + "/"))
                && !isThirdParty(file.path)
        }
        for file in files.prefix(200) {
            guard let text = repository.text(file.path), text.contains("AC_DEFUN") || text.contains("m4_define") else {
                continue
            }
            for call in MacroScanner.calls(in: text)
            where ["AC_DEFUN", "AC_DEFUN_ONCE", "AU_DEFUN", "m4_define"].contains(call.name) {
                guard call.arguments.count > 1, definitions[call.arguments[0].text] == nil else { continue }
                definitions[call.arguments[0].text] = Definition(
                    body: call.arguments[1].text, path: file.path, line: call.arguments[1].line)
            }
        }
    }

    /// Whether the project brings a macro along.
    func defines(_ macro: String) -> Bool { definitions[macro] != nil }

    /// Remembers `NAME=value` and `m4_define([name], [value])` with literal values.
    private mutating func readValues(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let bare = line.drop { $0 == " " || $0 == "\t" }
            guard let sign = bare.firstIndex(of: "="), sign != bare.startIndex,
                bare[..<sign].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
            else { continue }
            let value = bare[bare.index(after: sign)...].filter { $0 != "\"" && $0 != "'" }
            if !value.contains("$"), !value.contains("`"), value.utf8.count < 200 {
                values[String(bare[..<sign])] = value
            }
        }
    }

    /// Reads the calls in `text`, and those within their arguments.
    mutating func scan(_ text: String, line: Int, isConditional: Bool) {
        depth += 1
        defer { depth -= 1 }
        guard depth < 30 else { return }
        for call in MacroScanner.calls(in: text, line: line, isConditional: isConditional) {
            self.line = call.line
            handle(call)
            if let definition = definitions[call.name], isOwn(call.name, definition), active.insert(call.name).inserted
            {
                let before = (path, self.line)
                path = definition.path
                scan(definition.body, line: definition.line, isConditional: call.isConditional)
                (path, self.line) = before
            }
            // Anything but the first argument is an action, taken or not.
            for (index, argument) in call.arguments.enumerated()
            where argument.text.contains("_") && !isDefinition(call.name) {
                scan(
                    argument.text, line: argument.line,
                    isConditional: call.isConditional || index > 0 && !sequences.contains(call.name))
            }
        }
    }

    /// Whether a macro that the project brings along is its own. Some take Autoconf's prefix or that of its archive, whose
    /// files are called like their macros.
    private func isOwn(_ name: String, _ definition: Definition) -> Bool {
        guard ["AC_", "AX_", "ACX_"].contains(where: name.hasPrefix) else { return !isWellKnown(name) }
        let file = definition.path.split(separator: "/").last ?? ""
        return !file.hasPrefix("ax_") && !file.hasPrefix("acx_")
    }

    private func isDefinition(_ name: String) -> Bool {
        name.hasPrefix("AC_DEFUN") || name == "AU_DEFUN" || name == "AH_TEMPLATE"
    }

    /// Whether what stands in `action` stops `configure`.
    func stops(_ action: String?) -> Bool {
        guard let action else { return false }
        return action.contains("AC_MSG_ERROR") || action.contains("AC_MSG_FAILURE") || action.contains("exit 1")
    }

    /// `$NAME`, `${NAME}` and m4 names with values that are known; nil where one is not.
    func expanded(_ word: String) -> String? {
        guard word.contains("$") else { return values[word] ?? word }
        var result = ""
        var rest = word[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard let value = values[String(name)] else { return nil }
            result += value
            rest = rest.dropFirst(name.count)
            if isBraced, rest.first == "}" { rest = rest.dropFirst() }
        }
        return result + rest
    }
}

/// Macros whose arguments are simply run.
private let sequences: Set<String> = [
    "AC_BEFORE", "AC_REQUIRE", "m4_pattern_allow", "AS_VAR_PUSHDEF", "AC_CACHE_VAL", "m4_ifdef",
]

/// Files that `aclocal`, `libtoolize`, `autopoint` and `intltoolize` copy.
private let filesOfAutotools: Set<String> = [
    "aclocal.m4", "acinclude.m4.in", "libtool.m4", "ltoptions.m4", "ltsugar.m4", "ltversion.m4", "lt~obsolete.m4",
    "ltdl.m4", "argz.m4", "gettext.m4", "po.m4", "nls.m4", "progtest.m4", "iconv.m4", "lib-ld.m4", "lib-link.m4",
    "lib-prefix.m4", "host-cpu-c-abi.m4", "intlmacosx.m4", "intl.m4", "intldir.m4", "intmax.m4", "pkg.m4",
    "gtk-doc.m4", "intltool.m4", "introspection.m4", "gnulib-comp.m4", "gnulib-common.m4",
]

/// Whether a macro is one of Autotools, gettext, pkg-config or gnulib, whose needs are known.
func isWellKnown(_ name: String) -> Bool {
    [
        "AC_", "AM_", "AS_", "LT_", "_LT", "m4_", "PKG_", "gl_", "_AC", "_AM", "_PKG", "gt_", "AU_", "AH_", "GTK_DOC",
        "AX_", "ACX_",
    ].contains {
        name.hasPrefix($0)
    } && !["AM_PATH_", "AC_LIB_", "AC_CHECK_", "AC_PROG_"].contains { name.hasPrefix($0) }
}
