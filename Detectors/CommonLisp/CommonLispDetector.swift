//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads which systems those of Common Lisp depend on
/// ([defsystem grammar](https://asdf.common-lisp.dev/asdf.html#The-defsystem-grammar)), as far as Debian has them: ASDF
/// finds its `cl-` packages without further configuration.
struct CommonLispDetector: Detector {
    let name = "asdf-systems"
    let summary = "systems that *.asd depend on"

    var sources: [DetectorSource] { [DetectorSource("*.asd", "systems that Debian carries")] }

    func findings(in repository: Repository) -> [Finding] {
        let files = repository.files(withExtension: "asd").filter { !repository.isSecondary($0.path) }
        let own = Set(repository.files(withExtension: "asd").map { String($0.name.dropLast(4)).lowercased() })
        var project = ProjectFindings(repository)
        var taken: Set<String> = []
        for file in files.prefix(50) {
            let isForTests = file.name.range(ofText: "test") != nil
            for system in systems(repository.lines(file.path)) {
                // `cffi/c-test` is a part of the system `cffi`.
                let name = system.name.split(separator: "/").first.map { String($0).lowercased() } ?? ""
                guard !own.contains(name), let package = debianPackage(ofSystem: name) else { continue }
                let phase: SystemFinding.Phase = isForTests || system.isOfTests ? .test : .build
                guard taken.insert("\(package) \(phase)").inserted else { continue }
                project.system(
                    .package(package), phase, reason: "system \(name)", Evidence(file.path, line: system.line))
            }
        }
        return project.findings
    }
}

private struct NamedSystem {
    let name: String
    let line: Int
    /// Whether the system that depends on it has tests in its name.
    let isOfTests: Bool
}

/// The systems in the lists behind `:depends-on` and the like, but not those within `:components`, which name files.
private func systems(_ lines: [String]) -> [NamedSystem] {
    var found: [NamedSystem] = []
    var depth = 0
    /// The depth at which the open list of dependencies or of components began.
    var listing: (isOfSystems: Bool, depth: Int)?
    var awaited: Bool?
    var isSkipping = false
    var definition: (isOpen: Bool, isOfTests: Bool) = (false, false)
    for (index, line) in lines.enumerated() {
        for token in lispTokens(line) {
            switch token {
            case "(":
                depth += 1
                if let isOfSystems = awaited, listing == nil { listing = (isOfSystems, depth) }
                awaited = nil
            case ")":
                if let open = listing, depth <= open.depth { listing = nil }
                depth = max(depth - 1, 0)
            default:
                let word = token.lowercased()
                if definition.isOpen {
                    definition = (false, word.range(ofText: "test") != nil)
                } else if word == "defsystem" || word.hasSuffix(":defsystem") {
                    definition.isOpen = true
                }
                if listing == nil {
                    awaited =
                        dependencyKeys.contains(word) ? true : word == ":components" ? false : nil
                } else if listing?.isOfSystems == true {
                    if word.hasPrefix("#+") || word.hasPrefix("#-") {
                        isSkipping =
                            word.hasPrefix("#-sbcl") || word.hasPrefix("#+") && word != "#+sbcl" && word != "#+"
                    } else if isSkipping {
                        isSkipping = false
                    } else {
                        let name = word.drop { ":#\"'".contains($0) }.prefix { $0 != "\"" }
                        found.append(
                            NamedSystem(name: String(name), line: index + 1, isOfTests: definition.isOfTests))
                    }
                }
            }
        }
    }
    return found
}

/// Parentheses, and the words between them with the quotes of strings, without the comment of the line.
private func lispTokens(_ line: String) -> [String] {
    var tokens: [String] = []
    var word = ""
    var isString = false
    for character in line {
        if isString {
            word.append(character)
            if character == "\"" { isString = false }
            continue
        }
        switch character {
        case ";", "(", ")", " ", "\t":
            if !word.isEmpty { tokens.append(word) }
            word = ""
            if character == ";" { return tokens }
            if character == "(" || character == ")" { tokens.append(String(character)) }
        default:
            if character == "\"" { isString = true }
            word.append(character)
        }
    }
    if !word.isEmpty { tokens.append(word) }
    return tokens
}

private let dependencyKeys: Set<String> = [":depends-on", ":defsystem-depends-on", ":weakly-depends-on"]

/// The Debian package of a system: mostly `cl-` and its name.
private func debianPackage(ofSystem name: String) -> String? {
    if let package = otherNames[name] { return package }
    return carriedSystems.contains(Substring(name)) ? (name.hasPrefix("cl-") ? name : "cl-\(name)") : nil
}

private let otherNames = [
    "cl+ssl": "cl-plus-ssl", "clsql": "cl-sql", "aserve": "cl-aserve", "net.didierverna.asdf-flv": "cl-asdf-flv",
    "clx": "cl-clx-sbcl", "swank": "cl-swank", "cffi-grovel": "cl-cffi", "cffi-toolchain": "cl-cffi",
    "cffi-libffi": "cl-cffi",
]

private let carriedSystems: Set<Substring> = Set(
    """
    abnf acl-compat alexandria anaphora asdf-finalizers asdf-system-connections babel bordeaux-threads cffi chipz chunga \
    cl-abnf cl-base64 cl-containers cl-csv cl-db3 cl-fad cl-fftw3 cl-ftp cl-graph cl-interpol cl-irc cl-ixf cl-log \
    cl-markdown cl-mustache cl-pg cl-ppcre cl-ppcre-unicode cl-unicode cl-utilities cl-who closer-mop closure-common \
    cluck command-line-arguments contextl curry-compose-reader-macros cxml drakma dynamic-classes esrap fiasco fiveam \
    flexi-streams garbage-pools getopt global-vars htmlgen hunchentoot hyperobject ieee-floats ironclad iterate kmrcl lml \
    lml2 local-time lparallel lw-compat md5 metabang-bind metatilities-base mssql named-readtables nibbles osicat \
    parse-number pipes postgres postmodern ptester puri py-configparser qmynd quri rfc2388 rt s-sql salza2 simple-date \
    split-sequence sqlite trivial-backtrace trivial-features trivial-garbage trivial-gray-streams \
    trivial-macroexpand-all trivial-sockets trivial-utf-8 uax-15 uffi usocket uuid xlunit xmls xptest yason zip zpb-ttf zs3
    """.split(whereSeparator: \.isWhitespace))
