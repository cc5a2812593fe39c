//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// The C libraries that a gem's extensions look for, as `extconf.rb` says it with
/// [MakeMakefile](https://docs.ruby-lang.org/en/master/MakeMakefile.html).
func extensionLibraries(of scripts: [CheckoutFile], _ repository: Repository) -> [Finding] {
    var survey = CSurvey(repository, directory: "")
    for script in scripts { survey.readExtensionConfiguration(script.path) }
    return survey.findings
}

extension CSurvey {
    fileprivate mutating func readExtensionConfiguration(_ path: String) {
        for (index, line) in repository.lines(path).enumerated() {
            let bare = line.trimmingSpaces
            if bare == "__END__" { break }
            if bare.hasPrefix("#") || ["mswin", "mingw", "darwin", "windows"].contains(where: bare.contains) {
                continue
            }
            let evidence = Evidence(path, line: index + 1)
            for (call, isLibrary) in calls {
                guard let place = bare.range(ofText: call), let name = rubyStrings(String(bare[place...])).first,
                    isArgument(name, of: bare[place...].dropFirst(call.utf8.count))
                else { continue }
                switch isLibrary {
                case true?:
                    guard !name.contains(" "), !name.isEmpty, !name.hasPrefix("-"),
                        !librariesOfTheCompiler.contains(name), !isOwnLibrary(name)
                    else { continue }
                    need(.library(name), isOptional: true, evidence: evidence)
                case false?:
                    guard isHeaderName(name), !isStandardHeader(name), !name.hasPrefix("ruby") else { continue }
                    need(.header(name), isOptional: true, evidence: evidence)
                case nil:
                    guard name.first?.isLetter == true, !name.contains(" ") else { continue }
                    need(.pkgConfig(name), isOptional: true, evidence: evidence)
                }
            }
            if bare.contains("-l") {
                let flags = bare.map { ",;[](){}`".contains($0) ? " " : $0 }
                readLinkFlags(String(flags), isOptional: true, evidence: evidence)
            }
            if bare.contains("-config") { readPkgConfigCalls(bare, isOptional: true, evidence: evidence) }
        }
    }

    /// Whether the text follows the call's name directly, with or without a parenthesis.
    private func isArgument(_ text: String, of rest: Substring) -> Bool {
        let start = rest.drop { $0 == "(" || $0 == " " }
        return (start.first == "'" || start.first == "\"") && start.dropFirst().hasPrefix(text)
    }
}

/// Whether the first argument is a library, a header (false), or a pkg-config module (nil).
private let calls: [(String, Bool?)] = [
    ("have_library", true), ("find_library", true), ("have_header", false), ("find_header", false),
    ("pkg_config", nil), ("have_package", nil), ("required_pkg_config_package", nil),
]
