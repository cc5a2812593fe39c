//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Weighs the languages of a repository by the size of their source files.
///
/// Counts what the project itself has written: vendored, generated and built files, documentation and examples are left
/// out, and what `.gitattributes` calls vendored, generated or documentation.
struct LanguageDetector: Detector {
    let name = "languages"
    let summary = "the size of source files by language, from their extensions"
    let takesLong = true

    var sources: [DetectorSource] { [DetectorSource("*", "how much is written in each language")] }

    func findings(in repository: Repository) -> [Finding] {
        let excluded = excludedFolders(in: repository)
        var weights: [String: (bytes: Int64, first: CheckoutFile)] = [:]
        for ext in languages.keys.sorted() {
            guard let language = language(of: ext, in: repository) else { continue }
            let generated = generatedEndings[ext] ?? []
            var files = repository.files(withExtension: ext, outside: foreignFolders)
            if !generated.isEmpty || !excluded.isEmpty {
                files.removeAll { file in
                    generated.contains(where: file.name.hasSuffix) || excluded.contains(where: file.path.hasPrefix)
                }
            }
            guard let nearest = files.first else { continue }
            let bytes = estimatedSize(of: files)
            guard let known = weights[language] else {
                weights[language] = (bytes, nearest)
                continue
            }
            weights[language] = (known.bytes + bytes, nearest.isNearer(than: known.first) ? nearest : known.first)
        }
        return weights.sorted { $0.key < $1.key }.map { language, weight in
            .source(SourceFinding(language, bytes: weight.bytes, evidence: Evidence(weight.first.path)))
        }
    }

    /// The size of all files together, from that of a hundred of them where there are more: asking for the size of every
    /// file of a large tree takes as long as all the rest.
    private func estimatedSize(of files: [CheckoutFile]) -> Int64 {
        let step = max(1, files.count / 100)
        let asked = stride(from: 0, to: files.count, by: step)
        let sum = asked.reduce(Int64(0)) { $0 + min(files[$1].size, 1 << 24) }
        let count = Int64((files.count + step - 1) / step)
        return count == Int64(files.count) ? sum : sum * Int64(files.count) / count
    }

    /// The language of an extension. Where several share it, what else is there decides; nil where it is none.
    private func language(of ext: String, in repository: Repository) -> String? {
        func has(_ extensions: String...) -> Bool {
            extensions.contains { !repository.files(withExtension: $0).isEmpty }
        }
        func hasFile(_ names: String...) -> Bool { names.contains { !repository.files(named: $0).isEmpty } }
        switch ext {
        case "h": return has("c") ? "c" : has("cpp", "cc", "cxx", "hpp") ? "c++" : has("m", "mm") ? "objective-c" : "c"
        case "m": return has("swift", "mm", "pbxproj") || has("h") && !has("mat") ? "objective-c" : "matlab"
        // Translations of Qt end in it too.
        case "ts": return hasFile("package.json", "tsconfig.json", "deno.json", "deno.jsonc") ? "typescript" : nil
        case "pl": return hasFile("pack.pl") ? "prolog" : "perl"
        case "v": return hasFile("v.mod") ? "v" : hasFile("_CoqProject") ? "coq" : "verilog"
        case "fs": return has("fsproj") ? "f#" : nil
        case "d": return hasFile("dub.json", "dub.sdl", "meson.build") ? "d" : nil
        case "pp": return has("lpi", "lpr", "pas") ? "pascal" : "puppet"
        default: return languages[ext]
        }
    }

    /// Folders, with a slash at their end, that git's attributes take out of the statistics of languages.
    private func excludedFolders(in repository: Repository) -> [String] {
        repository.lines(".gitattributes").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let pattern = words.first, !pattern.hasPrefix("#"), words.dropFirst().contains(where: excludes) else {
                return nil
            }
            let folder = pattern.split(separator: "/", omittingEmptySubsequences: true)
                .prefix { !$0.contains("*") }.joined(separator: "/")
            return pattern.hasSuffix("*") && !folder.isEmpty ? folder + "/" : nil
        }
    }

    private func excludes(_ attribute: Substring) -> Bool {
        let parts = attribute.split(separator: "=", maxSplits: 1)
        guard let name = parts.first, parts.dropFirst().first != "false" else { return false }
        return ["linguist-vendored", "linguist-generated", "linguist-documentation"].contains(name)
    }

}

/// By extension, how the names of files end that nobody has written.
private let generatedEndings = [
    "js": [".min.js", ".bundle.js"], "go": [".pb.go"], "py": ["_pb2.py"], "dart": [".g.dart"], "cs": [".designer.cs"],
    // The language of a build's scripts is not that of the project.
    "kts": [".gradle.kts"],
]

private let languages = DataTable("Languages/extensions.tsv").dictionary

private let foreignFolders = FolderNames(
    orHidden: true,
    [
        "node_modules", "vendor", "vendored", "_vendor", "third_party", "third-party", "thirdparty", "3rdparty",
        "external", "extern", "externals", "deps", "bower_components", "site-packages", "venv", "env", "build", "dist",
        "_build", "target", "out", "obj", "__pycache__", "pods", "docs", "doc", "documentation", "examples", "example",
        "samples", "sample", "demo", "demos", "fixtures", "testdata", "test-data", "generated", "gen",
    ])
