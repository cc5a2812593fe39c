//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Which release of GHC brings which `base`, and which one a snapshot of Stackage is built with.
enum GHCReleases {
    /// The release for `lts-21.25`, `nightly-…` or `ghc-9.4.7`; nil for anything else.
    static func release(ofSnapshot name: String) -> String? {
        if name.hasPrefix("ghc-") { return String(name.dropFirst(4)) }
        guard name.hasPrefix("lts-") else { return nil }
        return snapshots[String(name.dropFirst(4).prefix { $0 != "." })]
    }

    /// The constraint on GHC that one on `base` means; nil where it says nothing.
    static func constraint(ofBase text: String) -> String? {
        // Where there are alternatives, the least of the lower bounds is all that is sure.
        let hasAlternatives = text.contains("||")
        var lower: [Int] = []
        var upper: Int?
        for clause in text.parts(separatedBy: "||").flatMap({ $0.parts(separatedBy: "&&") }) {
            let clause = clause.filter { $0 != " " && $0 != "{" && $0 != "}" }
            let comparison = clause.prefix { "<>=^".contains($0) }
            let numbers = clause.dropFirst(comparison.count).split(separator: ".").prefix { Int($0) != nil }
            guard numbers.count >= 2, numbers[0] == "4", let minor = Int(numbers[1]) else { continue }
            switch comparison {
            case ">=", ">": lower.append(minor)
            case "^>=", "==":
                lower.append(minor)
                upper = upper ?? minor + 1
            // `<4.18.1` still takes in 4.18.0.
            case "<": upper = numbers.count > 2 && numbers[2] != "0" ? minor + 1 : minor
            case "<=": upper = minor + 1
            default: break
            }
        }
        var parts: [String] = []
        if let least = lower.min(), let release = bases[least] { parts.append(">=\(release)") }
        if !hasAlternatives, let upper, let release = bases[upper] { parts.append("<\(release)") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static let bases: [Int: String] = [
        5: "7.4", 6: "7.6", 7: "7.8", 8: "7.10", 9: "8.0", 10: "8.2", 11: "8.4", 12: "8.6", 13: "8.8", 14: "8.10",
        15: "9.0", 16: "9.2", 17: "9.4", 18: "9.6", 19: "9.8", 20: "9.10", 21: "9.12", 22: "9.14",
    ]
    private static let snapshots = [
        "1": "7.8", "2": "7.8", "3": "7.10", "4": "7.10", "5": "7.10", "6": "7.10", "7": "8.0", "8": "8.0", "9": "8.0",
        "10": "8.2", "11": "8.2", "12": "8.4", "13": "8.6", "14": "8.6", "15": "8.8", "16": "8.8", "17": "8.10",
        "18": "8.10", "19": "9.0", "20": "9.2", "21": "9.4", "22": "9.6", "23": "9.8", "24": "9.10",
    ]
    /// What GHC itself brings.
    static let bootPackages: Set<String> = [
        "array", "base", "binary", "bytestring", "Cabal", "Cabal-syntax", "containers", "deepseq", "directory",
        "exceptions", "filepath", "ghc", "ghc-bignum", "ghc-boot", "ghc-boot-th", "ghc-compact", "ghc-heap",
        "ghc-internal", "ghc-prim", "ghci", "haskeline", "hpc", "integer-gmp", "integer-simple", "mtl", "parsec",
        "pretty", "process", "semaphore-compat", "stm", "system-cxx-std-lib", "template-haskell", "terminfo", "text",
        "time", "transformers", "unix", "Win32", "xhtml", "rts",
    ]
}
