//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What gpgv's status lines say about a signed text.
///
/// GnuPG's doc/DETAILS, "Format of the --status-fd output".
struct SignatureStatus {
    private var valid = 0
    private var weak: String?
    private var bad = false
    private var texts = 0
    private var findings: [String] = []

    /// Reads the status lines; other lines are ignored.
    init(_ status: String) {
        var isGood = false
        for line in status.split(separator: "\n") where line.hasPrefix("[GNUPG:] ") {
            let words = line.split(separator: " ").dropFirst().map(String.init)
            guard let keyword = words.first else { continue }
            switch keyword {
            case "NEWSIG": isGood = false
            case "PLAINTEXT": texts += 1
            case "GOODSIG": isGood = true
            case "VALIDSIG": addValid(words, isGood: isGood)
            case "BADSIG": bad = true
            case "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG": add(keyword, words)
            default: break
            }
        }
    }

    /// Why the text cannot be trusted; nil if it can.
    var problem: ReleaseProblem? {
        if bad { return .badSignature }
        if texts != 1 {
            return findings.isEmpty && valid == 0 ? .unsigned : .malformed("is not exactly one signed message")
        }
        if valid > 0 { return nil }
        if let weak { return .weakSignature(weak) }
        return findings.isEmpty ? .unsigned : .untrusted(findings.joined(separator: ", "))
    }

    /// `VALIDSIG fingerprint date time expiry version reserved key-algorithm digest-algorithm class primary-fingerprint`;
    /// gpgv also writes it after signatures of expired and revoked keys, hence `isGood`.
    private mutating func addValid(_ words: [String], isGood: Bool) {
        guard isGood, words.count >= 10, words[1].count >= 40 else { return }
        switch words[8] {
        case "8", "9", "10": valid += 1
        case "1": weak = "MD5"
        case "2": weak = "SHA-1"
        case "3": weak = "RIPEMD-160"
        default: weak = "number \(words[8])"
        }
    }

    private mutating func add(_ keyword: String, _ words: [String]) {
        let key = words.count > 1 ? words[1] : "?"
        switch keyword {
        case "EXPSIG": findings.append("the signature by \(key) is expired")
        case "EXPKEYSIG": findings.append("key \(key) is expired")
        case "REVKEYSIG": findings.append("key \(key) is revoked")
        // `ERRSIG key key-algorithm digest-algorithm class time reason fingerprint`: reason 9 is a missing key.
        default: addUnchecked(key, words)
        }
    }

    private mutating func addUnchecked(_ key: String, _ words: [String]) {
        if words.count > 6, words[6] == "9" {
            findings.append("key \(key) is not in the keyring")
        } else if words.count > 3, let name = ["1": "MD5", "2": "SHA-1", "3": "RIPEMD-160"][words[3]] {
            weak = name
        } else {
            findings.append("the signature by \(key) cannot be checked")
        }
    }
}
