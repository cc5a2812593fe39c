//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import TOML
import Testing

/// The root table of `text`.
func table(_ text: String) throws(TOMLError) -> TOMLNode {
    try parseTOML(Array(text.utf8))
}

@Suite struct TOMLNodeTests {
    @Test func keepsOrderAndLines() throws {
        let root = try table(
            """
            # top
            zeta = 1
            alpha."dotted key".b = 'x' # c

            [project]
            name = "n"
            dependencies = [
                "a",  # one
                "b", "c",
                # none
                "d",
            ]
            [tool.x.y]
            k = true
            [tool.x]
            z = 1
            [[package]]
            name = "p"
            source = { url = "u", a.b = 2 }
            [[package.wheels]]
            n = 1
            [[package.wheels]]
            n = 2
            [[package]]
            name = "q"
            """)
        #expect(root.table?.map(\.key) == ["zeta", "alpha", "project", "tool", "package"])
        #expect(root.table?.map(\.value.line) == [2, 3, 5, 13, 17])
        #expect(root[["alpha", "dotted key", "b"]]?.string == "x")
        #expect(root[["project", "dependencies"]]?.line == 7)
        #expect(root["project"]?["dependencies"]?.array?.map(\.line) == [8, 9, 9, 11])
        #expect(root["project"]?["dependencies"]?.strings == ["a", "b", "c", "d"])
        #expect(root["tool"]?["x"]?.line == 15 && root["tool"]?["x"]?["y"]?.line == 13)
        #expect(root["tool"]?["x"]?.table?.map(\.key) == ["y", "z"])
        #expect(root["package"]?.array?.map(\.line) == [17, 24])
        #expect(root["package"]?.array?[0]["wheels"]?.array?.map(\.line) == [20, 22])
        #expect(root["package"]?.array?[0][["source", "a", "b"]]?.int == 2)
        #expect(root["missing"] == nil && root["zeta"]?["x"] == nil)
    }

    @Test(arguments: [
        (#""a\tb\u00e9\U0001F600""#, TOMLNode.Value.string("a\tb\u{E9}\u{1F600}")), (#"'a\t"b'"#, .string(#"a\t"b"#)),
        ("\"\"\"\na\\\n   b\"\"\"\"\"", .string("ab\"\"")),
        ("'''\n# no ''comment\n'''''", .string("# no ''comment\n''")),
        ("\"\"", .string("")), ("''''''", .string("")), ("\"\"\"\"a\"\"\"", .string("\"a")),
        ("'#,]}'", .string("#,]}")),
        ("1_000", .integer(1000)), ("0xDEADBEEF", .integer(0xDEAD_BEEF)), ("0o755", .integer(493)),
        ("0b11", .integer(3)),
        ("-17", .integer(-17)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("1.5", .float(1.5)), ("1e-3", .float(0.001)), ("-inf", .float(-.infinity)), ("true", .boolean(true)),
        ("-0", .integer(0)), ("+1_0.0_1E+0_2", .float(1001)), ("1e400", .float(.infinity)), ("0e0", .float(0)),
        ("2024-02-29T07:32Z", .dateTime("2024-02-29T07:32Z")), (#""\u0000\e\x41""#, .string("\0\u{1B}A")),
        ("1979-05-27 07:32:00.5-07:00", .dateTime("1979-05-27 07:32:00.5-07:00")),
        ("1979-05-27", .dateTime("1979-05-27")),
        ("1979-05-27T07:32:00", .dateTime("1979-05-27T07:32:00")), ("07:32:00", .dateTime("07:32:00")),
        ("[]", .array([])), ("{}", .table([])),
        (
            "[[1], [ ]]",
            .array([
                TOMLNode(.array([TOMLNode(.integer(1), line: 1)]), line: 1), TOMLNode(.array([]), line: 1),
            ])
        ),
    ])
    func readsValues(text: String, value: TOMLNode.Value) throws {
        #expect(try table("k = \(text)\n").table == [TOMLPair(key: "k", value: TOMLNode(value, line: 1))])
        #expect(try table("\n[t]\r\nk=[ 0,\r\n\t\(text) ]")["t"]?["k"]?.array?.last == TOMLNode(value, line: 4).on(4))
    }

    @Test func countsLinesInStringsOfSeveralLines() throws {
        let root = try table("a = \"\"\"\n\n\\\n\nx\"\"\"\nb = '''\n'\n'''\nc = 1\n")
        #expect(root.table?.map(\.value.line) == [1, 6, 9])
        #expect(root["a"]?.string == "\nx")
    }

    @Test(arguments: [
        "[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true", "[a.b]\n[a]\nc = 1",
        "[a.b.c]\n[a]\nb.d = 1", "[[a]]\n[a.b]\n[[a]]\n[a.b]", "[[a.b]]\n[a]\nc = 1", "a = {b.c = 1, b.d = 2,\n}",
        "[ a . 'b' ]# c\n\tk\t=\t1\t", "a = [\n # c\n1 # c\n, # c\n]", "a.b = 1\na.c = 2\n[d]", "# only",
    ])
    func takes(text: String) throws {
        _ = try table(text)
    }

    @Test func readsByteOrderMarksAndKeysOfEveryNotation() throws {
        let root = try table("\u{FEFF}\"\" = 1\n'a.b' . c = 2\n3.14 = 3\n\"\\u00e9\" = 4\n\"e\u{301}\" = 5\n-_ = 6")
        #expect(root.table?.map(\.key.utf8.count) == [0, 3, 1, 2, 3, 2])
        #expect(root[["3", "14"]]?.int == 3)
        #expect(root.table?.map(\.value.line) == [1, 2, 3, 4, 5, 6])
        #expect(try parseTOML([]).table == [])
    }
}

extension TOMLNode {
    /// The same node with all that is in it on `line`.
    fileprivate func on(_ line: Int) -> TOMLNode {
        switch value {
        case .array(let nodes): TOMLNode(.array(nodes.map { $0.on(line) }), line: line)
        default: TOMLNode(value, line: line)
        }
    }
}
