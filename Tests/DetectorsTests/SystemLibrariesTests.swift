//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

/// What build files of several languages say of C libraries, with input that is cut off or otherwise awkward.
@Suite struct SystemLibrariesTests {
    private func needs(_ detector: some Detector, _ files: [String: String]) -> [String] {
        detector.findings(in: Repository(Checkout(files: files))).compactMap { finding in
            guard case .system(let need) = finding else { return nil }
            return "\(need.requirement)"
        }
    }

    private func words(_ lines: [String], _ variable: String) -> [String] {
        QMakeSettings(lines, path: "a.pro").settings.filter { $0.variable == variable }.flatMap(\.words)
    }

    @Test(arguments: [
        (["QT += a b # c"], ["a", "b"]), (["QT += a \\", "  b"], ["a", "b"]), (["QT+=a \\"], ["a"]),
        (["win32:QT += a", "else:QT += b"], ["b"]), (["unix:QT += a", "else:QT += b"], ["a"]),
        (["win32 {", "QT += a", "} else {", "QT += b", "}", "QT += c"], ["b", "c"]),
        (["win32 { QT += a }", "QT += b"], ["b"]), (["!win32 {", "QT += a", "}"], ["a"]),
        (["unix:!macx:QT += a"], ["a"]), (["contains(X, y) {", "QT += a", "}"], ["a"]),
        (["}", "}", "QT += a"], ["a"]), (["{", "win32 {", "QT += a"], []), (["= a", "QT", "+="], []),
        (["\r", "QT += a\r"], ["a"]),
    ])
    func readsScopesOfQMake(lines: [String], expected: [String]) {
        #expect(words(lines, "QT") == expected)
    }

    @Test func boundsTheDepthOfScopes() {
        let lines = Array(repeating: "contains(A, b) {", count: 20_000) + ["QT += a"]
        #expect(words(lines, "QT") == ["a"])
    }

    @Test(arguments: [
        (["A = x", "A += y"], "$(A) ${A}", " x  y  x  y"), (["A = $(B)", "B = b"], "$(A)", "  b"),
        (["A = $(A)"], "$(A)", "  $(A)"), ([], "$(A) $ $( ${", "$(A) $ $( ${"),
        (["override A := x"], "$(A)", " x"), (["\tA = x"], "$(A)", "$(A)"),
        (["PKG_CONFIG = p"], "$(PKG_CONFIG)", "$(PKG_CONFIG)"),
        (["A = x # no"], "$(A)", " x "),
    ])
    func expandsVariablesOfMake(lines: [String], text: String, expected: String) {
        #expect(MakeVariables(lines).expanded(text) == expected)
    }

    @Test func keepsExpansionsOfMakeShort() {
        let lines = (0..<20).map { _ in "A = " + String(repeating: "$(A) ", count: 150) }
        #expect(MakeVariables(lines).expanded("$(A)").utf8.count < 100_000)
    }

    @Test(arguments: [
        ("check_lib(lib => 'z', header => 'zlib.h')", ["library(\"z\")", "header(\"zlib.h\")"]),
        ("check_lib('lib' => ['z', 'm'])", ["library(\"z\")"]), ("lib => '-lz'", ["library(\"z\")"]),
        ("my %a = (lib =>", []), ("lib => $lib, header => \"$h.h\"", []),
    ])
    func readsCheckLib(line: String, expected: [String]) {
        let found = needs(PerlDetector(), ["Makefile.PL": "use Devel::CheckLib;\n\(line)\n"])
        #expect(found.filter { !$0.hasPrefix("program") && !$0.hasPrefix("module") } == expected)
    }

    @Test(arguments: [
        ("have_library('z')", ["library(\"z\")"]), ("have_library \"z\", 'f'", ["library(\"z\")"]),
        ("have_library(name, 'f')", []), ("have_library(", []), ("x = 'a'; have_library(y, 'z')", []),
        ("pkg_config('a b')", []),
    ])
    func readsMakeMakefile(line: String, expected: [String]) {
        let files = ["a.gemspec": "Gem::Specification.new do |s|\nend\n", "ext/a/extconf.rb": line + "\n"]
        #expect(
            needs(RubyDetector(), files).filter { !$0.hasPrefix("package") && !$0.hasPrefix("program") } == expected)
    }

    @Test(arguments: [
        ("#include <zlib.h>", true), ("#include <own/a.h>", false), ("#include <OWN/B>", false),
        ("#include <x_config.h>", false), ("#if X\n#include <zlib.h>\n#endif", false), ("#include <b.h>", false),
    ])
    func readsIncludesOfExtensions(text: String, isFound: Bool) {
        let files = [
            "setup.py": "", "a.py": "", "b.py": "", "src/a.c": text + "\n", "own/c.h": "", "own/d.h": "",
            "include/b.hin": "",
            "x/b.h": "",
        ]
        #expect(needs(CDetector(), files).isEmpty != isFound)
    }

    @Test func leavesEditorsProjectsWithoutQtAlone() {
        let files = ["configure.ac": "AC_INIT(a)\n", "a.c": "", "a.pro": "CONFIG -= qt\nSOURCES += a.c\n"]
        #expect(!needs(CDetector(), files).contains { $0.contains("Qt") || $0.contains("qmake") })
    }

    @Test(arguments: [
        ("linux windows pkg-config: zlib", true), ("windows darwin pkg-config: zlib", false),
        ("linux,!cgo darwin pkg-config: --static zlib", true), ("!linux pkg-config: zlib", false),
        ("pkg-config: zlib", true), ("pkg-config", false),
    ])
    func followsConditionsOfCgo(directive: String, isTaken: Bool) {
        let text = "package a\n\n// #cgo \(directive)\nimport \"C\"\n"
        #expect(needs(GoDetector(), ["a.go": text]).contains("pkgConfig(\"zlib\")") == isTaken)
    }

    @Test(arguments: [
        (["P = poppler-qt$$QT_MAJOR_VERSION", "PKGCONFIG += $$P"], "poppler-qt5"),
        (["P = zlib", "PKGCONFIG += $${P}"], "zlib"), (["P = $$P", "PKGCONFIG += $$P zlib"], "zlib"),
    ])
    func expandsVariablesOfQMake(lines: [String], module: String) {
        let files = ["a.pro": (["SOURCES = a.cpp"] + lines).joined(separator: "\n"), "a.cpp": ""]
        let found = needs(CDetector(), files).filter { $0.hasPrefix("pkgConfig") }
        #expect(found == ["pkgConfig(\"\(module)\")"])
    }

    @Test(arguments: [
        ("5.98.0", "include: [linux-qt6.yml]\n", "6", true),
        ("5.98.0", "include: [linux-qt5.yml, linux-qt6.yml]\n", "5", false),
        ("5.98.0", "", "5", false), ("6.2.0", "", "6", false),
    ])
    func choosesTheQtOfKDE(version: String, ci: String, major: String, isAskedFor: Bool) {
        let text = "project(a CXX)\nfind_package(ECM \(version))\nfind_package(Qt${QT_MAJOR_VERSION} REQUIRED Gui)\n"
        let files = ["CMakeLists.txt": text, ".gitlab-ci.yml": ci, "a.cpp": ""]
        let found = CDetector().findings(in: Repository(Checkout(files: files)))
        #expect(needs(CDetector(), files).contains("cmake(\"Qt\(major)Gui\")"))
        let asks = found.contains {
            if case .task(let task) = $0 { task.command.contains("-DQT_MAJOR_VERSION=6") } else { false }
        }
        #expect(asks == isAskedFor)
    }

    @Test func readsImakefiles() {
        let files = [
            "Imakefile": "LOCAL_LIBRARIES = XawClientLibs\nEXTRA = -lpng\n", "a.c": "", "tool/Makefile": "",
            "tool/b.c": "",
        ]
        let found = needs(CDetector(), files)
        #expect(
            found.filter { !$0.hasPrefix("package") } == [
                "program(\"xmkmf\")", "header(\"X11/Xlib.h\")", "header(\"X11/Xaw/Box.h\")", "library(\"png\")",
            ])
    }

    @Test(arguments: [
        "X=`pkg-config --libs zlib`", "X=$($PKG_CONFIG --libs zlib)", "X=`${PKG_CONFIG} --cflags zlib | cat`",
        "my $x = qx|$pkgconfig --libs zlib|;",
    ])
    func knowsPkgConfigByItsVariables(line: String) {
        let makefile = needs(PerlDetector(), ["Makefile.PL": line + " # x-config\n"])
        let configure = needs(CDetector(), ["configure": "#!/bin/sh\n" + line + " # pkg-config\n", "a.c": ""])
        #expect(makefile.contains("pkgConfig(\"zlib\")") || line.contains("PKG_CONFIG"))
        #expect(configure.contains("pkgConfig(\"zlib\")"))
    }

    @Test func readsModulesInShellCodeOfConfigure() {
        let text = "AC_INIT(a)\n# pkg-config --libs never\nX=`pkg-config --libs zlib 2>/dev/null`\n"
        let found = needs(CDetector(), ["configure.ac": text, "a.c": ""]).filter { $0.hasPrefix("pkgConfig") }
        #expect(found == ["pkgConfig(\"zlib\")"])
    }

    @Test(arguments: [
        (["META": "", "a.ml": ""], true), (["Makefile": "a:\n\tocamlfind ocamlopt a.ml\n", "a.ml": ""], true),
        (["Makefile": "a:\n\tcc a.c\n", "a.ml": ""], false), (["META": ""], false),
    ])
    func knowsOCamlWithoutManifest(files: [String: String], isFound: Bool) {
        #expect(OCamlDetector().findings(in: Repository(Checkout(files: files))).isEmpty != isFound)
    }

    @Test func followsOptionsOfExtensions() {
        let text = """
            from setuptools import Extension, setup

            def options():
                return dict(libraries=["tag"])

            setup(name="a", ext_modules=[Extension("a", ["a.c"], **options())])
            """
        #expect(needs(PythonDetector(), ["setup.py": text]).contains("library(\"tag\")"))
    }
}
