//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Detection

/// A language of the repository and its place among them.
public struct RankedLanguage: Hashable, Sendable {
    /// Lower case, for example `python`, `c++` or `typescript`.
    public let name: String
    /// The part of the source that is written in it, from 0 to 1; markup and data do not count.
    public let share: Double
    /// The manifest that declares it; the first source file where none does.
    public let evidence: Evidence
}

/// The languages in the order of their weight for the environment.
///
/// Those whose manifest is nearest to the root come first, the larger share before the smaller one; then those with a
/// manifest further below; then those that only have source files, if they make up a fiftieth of the source. Where one
/// language makes up half of the source, those with less than a twentieth of it come last, wherever they are declared.
func rankLanguages(_ declared: [LanguageFinding], _ sources: [SourceFinding]) -> [RankedLanguage] {
    let counted = sources.filter { !markup.contains($0.language) }
    let total = counted.reduce(0) { $0 + $1.bytes }
    let weights = Dictionary(sources.map { ($0.language, $0) }, uniquingKeysWith: { first, _ in first })
    func share(_ name: String) -> Double {
        guard total > 0, !markup.contains(name), let bytes = weights[name]?.bytes else { return 0 }
        return Double(bytes) / Double(total)
    }
    var nearest: [String: Evidence] = [:]
    for finding in declared {
        let name = sourceLanguage(of: finding.name, share: share)
        guard let known = nearest[name], known.depth <= finding.evidence.depth else {
            nearest[name] = finding.evidence
            continue
        }
    }
    let first = nearest.values.map(\.depth).min() ?? 0
    var ranked = nearest.map { name, evidence in
        (language: RankedLanguage(name: name, share: share(name), evidence: evidence), depth: evidence.depth - first)
    }
    for source in counted where nearest[source.language] == nil && share(source.language) >= 0.02 {
        ranked.append(
            (RankedLanguage(name: source.language, share: share(source.language), evidence: source.evidence), .max))
    }
    if ranked.isEmpty {
        ranked = sources.map { (RankedLanguage(name: $0.language, share: 0, evidence: $0.evidence), .max) }
    }
    let hasMain = ranked.contains { $0.language.share >= 0.5 }
    func isMinor(_ language: RankedLanguage) -> Bool {
        // Deno's sources count as TypeScript.
        hasMain && language.share < 0.05 && !markup.contains(language.name) && language.name != "deno"
    }
    return ranked.sorted { lhs, rhs in
        if isMinor(lhs.language) != isMinor(rhs.language) { return isMinor(rhs.language) }
        if lhs.depth != rhs.depth { return lhs.depth < rhs.depth }
        if lhs.language.share != rhs.language.share { return lhs.language.share > rhs.language.share }
        return lhs.language.name < rhs.language.name
    }.map(\.language)
}

/// The language that a manifest stands for: that of Node speaks for JavaScript or TypeScript, whichever there is more of.
private func sourceLanguage(of name: String, share: (String) -> Double) -> String {
    guard name == "node" else { return name }
    return share("typescript") > share("javascript") ? "typescript" : "javascript"
}

private let markup: Set<String> = ["css", "html", "makefile", "protobuf", "sql"]

extension Evidence {
    /// The number of folders above the file.
    fileprivate var depth: Int { path.utf8.count { $0 == UInt8(ascii: "/") } }
}
