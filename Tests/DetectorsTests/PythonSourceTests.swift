//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Detectors

@Suite struct PythonSourceTests {
    private func scope(_ source: String) -> PythonScope {
        PythonScope(pythonStatements(Array(source.utf8))) { $0 == "requirements.txt" }
    }

    @Test(arguments: [
        ("x = ['a', \"b\" 'c']", ["a", "bc"]),
        ("x = 'a b'.split()", ["a", "b"]),
        ("a = ['a']\nx = a + ['b']", ["a", "b"]),
        ("x = ['a']\nx += ['b']\nx.append('c')\nx.extend(['d'])", ["a", "b", "c", "d"]),
        (
            "import sys\nx = ['a']\nif sys.version_info < (3,):\n    x.append('b')\nelse:\n    x.append('c')",
            ["a", "c"]
        ),
        ("x = ['a'] if sys.version_info[0] == 2 else ['b']", ["b"]),
        ("x = ['a']\nif unknown():\n    x.append('b')", ["a"]),
        ("if unknown:\n    x = ['a']", ["a"]),
        ("d = {'k': ['a']}\nd['l'] = ['b']\nx = d['k'] + d['l']", ["a", "b"]),
        ("d = dict(k=['a'])\nx = sum(d.values(), [])", ["a"]),
        ("x = [\n  'a',  # comment, with ] and '\n  'b',\n]", ["a", "b"]),
        ("x = f'a'", []), ("x = (((((", []), ("x = lambda a: ['b']", []),
    ])
    func evaluatesWhatDeclarationsUse(source: String, expected: [String]) {
        #expect(scope(source).values["x"]?.strings ?? [] == expected)
    }

    @Test(arguments: [
        "x = open('requirements.txt').read().splitlines()",
        "x = [line.strip() for line in open(os.path.join(here, 'requirements.txt')) if line]",
        "with open('requirements.txt') as f:\n    x = f.read().splitlines() or open('requirements.txt').readlines()",
        "def load():\n    return open('requirements.txt').readlines()\nx = load()",
        "x = [str(r.req) for r in parse_requirements('requirements.txt', session=False)]",
        "x = (Path(__file__).parent / 'requirements.txt').read_text().splitlines()",
    ])
    func followsTheIdiomsThatReadRequirements(source: String) {
        #expect(scope(source).values["x"]?.files == ["requirements.txt"])
    }

    @Test func knowsWhichBranchesAreTaken() {
        let source = "x = 1\nif WINDOWS:\n    y = 2\nelif sys.platform == 'linux':\n    z = 3\nelse:\n    w = 4"
        let scope = scope(source)
        #expect(scope.conditionalLines == [3])
        #expect(scope.values["z"] == .number("3"))
        #expect(scope.values["w"] == nil)
    }

    @Test(arguments: [
        ("import a.b, c as d", ["a.b", "c"]), ("from a.b import c, d as e", ["a.b.c", "a.b.d"]),
        ("from . import a", []), ("from .a import b", []), ("from a import (b,\n  c)", ["a.b", "a.c"]),
        ("from a import *", ["a"]),
    ])
    func readsImports(source: String, expected: [String]) {
        #expect(pythonStatements(Array(source.utf8)).flatMap(importedModules) == expected)
    }

    @Test func requiresUnguardedImportsOnly() {
        let source = """
            import a; import b
            try: import c
            except ImportError: c = None
            try:
                import d
            except (ValueError, ModuleNotFoundError):
                import e
            try:
                import f
            except ValueError:
                pass
            if TYPE_CHECKING:
                import g
            def test(fixture, *, other=1):
                import h
            class A:
                import i
            '''
            import j
            '''
            """
        let scan = ImportScan(pythonStatements(Array(source.utf8)))
        #expect(scan.required.map(\.module) == ["a", "b", "f", "i"])
        #expect(scan.parameters.keys.sorted() == ["fixture"])
    }

    @Test func readsDeeplyNestedSourceWithoutHarm() {
        let source = "x = " + String(repeating: "[", count: 20_000) + "\ny = 'z"
        #expect(scope(source).values["y"] == nil)
    }
}
