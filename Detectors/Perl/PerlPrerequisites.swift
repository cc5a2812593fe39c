//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON
import YAML

/// A module that a distribution of Perl needs.
struct PerlPrerequisite {
    let module: String
    /// The least version; empty or `0` for any.
    let version: String
    let phase: SystemFinding.Phase
    /// Whether it is recommended or suggested only.
    var isOptional = false
    let evidence: Evidence
}

/// The prerequisites that `META.json` lists for configuring, building, testing and running.
func metaPrerequisites(_ path: String, _ repository: Repository) -> [PerlPrerequisite] {
    var result: [PerlPrerequisite] = []
    for phase in repository.json(path)?["prereqs"]?.object ?? [] {
        guard let kind = phaseNames[phase.key] else { continue }
        for relation in phase.value.object ?? [] where relation.key == "requires" || relation.key == "recommends" {
            for member in relation.value.object ?? [] {
                let version: String
                switch member.value.value {
                case .string(let text), .number(let text): version = text
                default: version = ""
                }
                result.append(
                    PerlPrerequisite(
                        module: member.key, version: version, phase: kind, isOptional: relation.key == "recommends",
                        evidence: Evidence(path, line: member.line)))
            }
        }
    }
    return result
}

/// The prerequisites that `META.yml` lists, in the form before META.json
/// ([META-spec 1.4](https://metacpan.org/pod/CPAN::Meta::History::Meta_1_4)).
func oldMetaPrerequisites(_ path: String, _ repository: Repository) -> [PerlPrerequisite] {
    guard let root = repository.yaml(path) else { return [] }
    return oldMetaPhases.flatMap { key, phase in
        (root[key]?.mapping ?? []).compactMap { pair in
            guard let module = pair.key.string, isModule(module) else { return nil }
            return PerlPrerequisite(
                module: module, version: pair.value.string ?? "", phase: phase,
                evidence: Evidence(path, line: pair.key.line))
        }
    }
}

private let oldMetaPhases: [(String, SystemFinding.Phase)] = [
    ("requires", .run), ("configure_requires", .build), ("build_requires", .test),
]

/// The prerequisites in a `cpanfile`, `dist.ini`, `Makefile.PL` or `Build.PL`, as far as they are written out.
func perlPrerequisites(_ path: String, _ repository: Repository) -> [PerlPrerequisite] {
    let name = path.split(separator: "/").last ?? ""
    var result: [PerlPrerequisite] = []
    var phase: SystemFinding.Phase = .run
    var isListing = name == "cpanfile"
    for (index, line) in repository.lines(path).enumerated() {
        let text = line.trimmingSpaces
        let evidence = Evidence(path, line: index + 1)
        if text.hasPrefix("#") || text.hasPrefix(";") || text.isEmpty { continue }
        if text == "__END__" || text == "__DATA__" { break }
        func add(_ module: String, _ version: String, isOptional: Bool = false) {
            guard isModule(module) else { return }
            result.append(
                PerlPrerequisite(
                    module: module, version: String(version.drop { ">= ".contains($0) }), phase: phase,
                    isOptional: isOptional,
                    evidence: evidence))
        }
        if name == "dist.ini" {
            if text.hasPrefix("[") {
                let section = text.dropFirst().prefix { $0 != "]" }
                isListing = section.hasPrefix("Prereqs")
                phase =
                    section.lowercased().range(ofText: "test") != nil
                    ? .test : section.hasSuffix("ConfigureRequires") ? .build : .run
            } else if isListing, let sign = text.firstIndex(of: "="), !text.hasPrefix("-") {
                add(text[..<sign].trimmingSpaces, text[text.index(after: sign)...].trimmingSpaces)
            }
            continue
        }
        let strings = rubyStrings(text)
        if let minimum = text.range(ofText: "MIN_PERL_VERSION") {
            let version =
                strings.last { $0.first?.isNumber == true || $0.hasPrefix("v") }
                ?? String(text[minimum...]).parts(separatedBy: "=>").dropFirst().first.map {
                    $0.trimmingSpaces.filter { $0.isNumber || $0 == "." }
                }
            add("perl", version ?? "")
            continue
        }
        if name != "cpanfile",
            let key = listKeys.first(where: { text.range(ofText: $0.key) != nil && text.range(ofText: "=>") != nil })
        {
            phase = key.phase
            isListing = true
            // A list on one line.
            if let open = text.firstIndex(of: "{"), text[open...].contains("=>") {
                pairs(String(text[text.index(after: open)...])).forEach { add($0.0, $0.1) }
            }
            if text.contains("}") { isListing = false }
            continue
        }
        if name == "cpanfile" {
            if text.hasPrefix("on ") {
                phase = phaseNames[strings.first ?? String(text.dropFirst(3).prefix { $0.isLetter })] ?? .test
            }
            if text.hasPrefix("}") { phase = .run }
        }
        let call = text.prefix { $0.isLetter || $0 == "_" }
        switch call {
        case "requires", "test_requires", "build_requires", "configure_requires", "recommends":
            guard name != "Build.PL", let module = strings.first else { continue }
            let before = phase
            if call == "test_requires" { phase = .test }
            if call == "build_requires" || call == "configure_requires" { phase = .build }
            // A version may stand without quotes: `requires 'perl', 5.014;`
            let bare = text.lastIndex(of: ",").map { text[text.index(after: $0)...].trimmingSpaces } ?? ""
            let number = bare.prefix { $0.isNumber || $0 == "." || $0 == "v" || $0 == "_" }
            add(module, strings.dropFirst().first ?? String(number), isOptional: call == "recommends")
            phase = before
        case "perl_version":
            add("perl", strings.first ?? "")
        default:
            if isListing, name != "cpanfile" { pairs(text).forEach { add($0.0, $0.1) } }
            if text.hasPrefix("}") { isListing = false }
        }
    }
    return result
}

/// `'Module' => '1.0', Other => 0` as pairs.
private func pairs(_ text: String) -> [(String, String)] {
    text.split(separator: ",").compactMap { part in
        let sides = String(part).parts(separatedBy: "=>")
        guard sides.count == 2 else { return nil }
        func bare(_ side: String) -> String {
            side.trimmingSpaces.filter { $0 != "'" && $0 != "\"" && $0 != "}" && $0 != " " }
        }
        return (bare(sides[0]), bare(sides[1]))
    }
}

private func isModule(_ name: String) -> Bool {
    guard let first = name.first, first.isLetter else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
}

private let phaseNames: [String: SystemFinding.Phase] = [
    "runtime": .run, "test": .test, "build": .build, "configure": .build,
]

private let listKeys: [(key: String, phase: SystemFinding.Phase)] = [
    ("PREREQ_PM", .run), ("TEST_REQUIRES", .test), ("BUILD_REQUIRES", .build), ("CONFIGURE_REQUIRES", .build),
    ("test_requires", .test), ("build_requires", .build), ("configure_requires", .build), ("requires", .run),
]
