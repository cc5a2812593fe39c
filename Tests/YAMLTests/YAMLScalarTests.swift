//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import YAML

@Suite struct YAMLScalarTests {
    @Test(arguments: [
        "python", "apt-get install -y x", "3.13.1", "a:b", "a#b", "-x", "?x", ":x", "https://pypi.org/simple", "a b",
        "Über", "1.2.3-rc1", "v3.10", "python3.11", "==1.0", "yesterday", "a, b", "$HOME/x", "2024-01", "0xyz", "a'b",
        "日本",
    ])
    func leavesPlain(text: String) {
        #expect(yamlScalar(text) == text)
    }

    @Test(arguments: [
        "", "3.10", "16", "0x1F", "0o17", "0b11", "1_000", "1e3", "-.inf", ".NaN", "+1", "12:30", "yes", "Off", "N",
        "true", "null", "~", "<<", "=", "2024-01-31", "2024-01-31T10:00:00Z", " a", "a ", "a: b", "a:", "a #b", "#a",
        "- a", "-", "? a", "&a", "*a", "!a", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a`", "[a]", "{a}", "---", "... a",
    ])
    func quotes(text: String) {
        #expect(yamlScalar(text).hasPrefix("\""))
    }

    @Test(arguments: [
        ("a\nb\t\"c\"\\", #""a\nb\t\"c\"\\""#), ("\u{7F}\u{85}\u{2028}\u{FEFF}", #""\x7F\x85\u2028\uFEFF""#),
        ("\u{0}", #""\x00""#), ("\u{1FFFF}", "\u{1FFFF}"),
    ])
    func escapes(text: String, expected: String) {
        #expect(yamlScalar(text) == expected)
    }

    /// All texts of up to four characters that mean something to YAML somewhere.
    @Test func readsBackAsTheSameStringEverywhere() throws {
        let alphabet = Array("a1 :#-?,[}&*!|'\"%~.\t\n\\é<=")
        var texts = [""]
        var last = texts
        for _ in 0..<3 {
            last = last.flatMap { text in alphabet.map { text + String($0) } }
            texts += last
        }
        let block = texts.map { "- \(yamlScalar($0))\n" }.joined()
        #expect(try node(block).sequence?.map(\.text) == texts)
        let flow = "[" + texts.map { yamlScalar($0, inFlow: true) }.joined(separator: ", ") + "]"
        #expect(try node(flow).sequence?.map(\.text) == texts)
        for text in texts.prefix(800) {
            #expect(try node(yamlScalar(text)).text == text)
            #expect(try node("\(yamlScalar(text)): x").mapping?.first?.key.text == text)
            #expect(try node("k: \(yamlScalar(text)) # c").mapping?.first?.value.text == text)
        }
    }
}

extension YAMLNode {
    /// The text of a scalar that reads as a string in the core schema.
    fileprivate var text: String? {
        isNull || bool != nil || int != nil ? nil : string
    }
}
