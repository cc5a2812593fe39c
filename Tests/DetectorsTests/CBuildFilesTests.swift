//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

@Suite struct CBuildFilesTests {
    /// What is found in a project of these files, without the needs that every C project has.
    private func findings(_ files: [String: String]) -> [Finding] {
        CDetector().findings(in: Repository(Checkout(files: files)))
    }

    private func needs(_ files: [String: String]) -> [String: Bool] {
        var result: [String: Bool] = [:]
        for case .system(let need) in findings(files) {
            switch need.requirement {
            case .package("build-essential"), .program("cmake"), .program("ninja"), .program("meson"),
                .program("autoconf"):
                break
            default: result["\(need.requirement)"] = need.isOptional
            }
        }
        return result
    }

    @Test(
        arguments: [
            ("find_package(ZLIB REQUIRED)", ["cmake(\"ZLIB\")": false]),
            ("find_package(ZLIB)", ["cmake(\"ZLIB\")": true]),
            ("if(WIN32)\nfind_package(ZLIB REQUIRED)\nendif()", [:]),
            ("if(NOT WIN32 AND UNIX)\nfind_package(ZLIB REQUIRED)\nendif()", ["cmake(\"ZLIB\")": false]),
            ("if(FOO_FOUND)\nfind_package(ZLIB REQUIRED)\nendif()", ["cmake(\"ZLIB\")": true]),
            ("option(A \"\" OFF)\nif(A)\nfind_package(ZLIB REQUIRED)\nendif()", [:]),
            (
                "set(A 3)\nif(A GREATER 2 AND \"${A}\" STREQUAL \"3\")\nfind_package(ZLIB REQUIRED)\nendif()",
                ["cmake(\"ZLIB\")": false]
            ),
            (
                "if(CMAKE_VERSION VERSION_LESS 3.10)\nfind_package(ZLIB REQUIRED)\nelse()\nfind_package(EXPAT REQUIRED)\nendif()",
                ["cmake(\"EXPAT\")": false]
            ),
            ("if((1 OR 0) AND NOT (OFF))\nfind_library(L NAMES jq REQUIRED)\nendif()", ["library(\"jq\")": false]),
            ("set(N ZL)\nfind_package(${N}IB REQUIRED)", ["cmake(\"ZLIB\")": false]),
            ("find_package(${UNSET_FOUND} REQUIRED)", [:]),
            (
                "function(need x)\nfind_package(${x} ${ARGN})\nendfunction()\nneed(ZLIB REQUIRED)",
                ["cmake(\"ZLIB\")": false]
            ),
            ("find_program(P NAMES gawk awk)", [:]),
            ("#[==[\nfind_package(A)\n]==]\n# find_package(B)\nmessage(\"find_package(C)\" [[find_package(D)]])", [:]),
            ("find_package(ZLIB REQUIRED", ["cmake(\"ZLIB\")": false]),
            ("macro(again)\nagain()\nendmacro()\nagain()", [:]),
            ("include(CMakeLists.txt)\nadd_subdirectory(.)", [:]),
        ] as [(String, [String: Bool])])
    func readsCMake(text: String, expected: [String: Bool]) {
        #expect(needs(["CMakeLists.txt": text]) == expected)
    }

    @Test(
        arguments: [
            ("dependency('zlib')", ["pkgConfig(\"zlib\")": false, "program(\"pkg-config\")": false]),
            ("dependency('zlib', required: false)", ["pkgConfig(\"zlib\")": true, "program(\"pkg-config\")": true]),
            ("if host_machine.system() == 'darwin'\ndependency('zlib')\nendif", [:]),
            ("cc = meson.get_compiler('c')\ncc.find_library('jq')\ncc.find_library('m')", ["library(\"jq\")": false]),
            (
                "x = ['a', 'b']\nif 'b' in x and not ('c' in x)\nfind_program('flex')\nendif",
                ["program(\"flex\")": false]
            ),
            (
                "foreach p : {'k': 'flex'}\nendforeach\nforeach k, v : {'k': 'flex'}\nfind_program(v)\nendforeach",
                ["program(\"flex\")": false]
            ),
            (
                "d = dependency('zlib', required: get_option('unknown'))",
                ["pkgConfig(\"zlib\")": true, "program(\"pkg-config\")": true]
            ),
            ("find_program(true ? 'flex' : 'bison')", ["program(\"flex\")": false]),
            (
                "if dependency('zlib', required: false).found()\nfind_program('flex')\nendif",
                ["pkgConfig(\"zlib\")": true, "program(\"pkg-config\")": true, "program(\"flex\")": true]
            ),
            ("# dependency('a')\nx = '''dependency('b')'''", [:]),
            ("find_program('flex'", ["program(\"flex\")": false]),
            ("endif endforeach ) ] }", [:]),
            ("subdir('.')\nsubdir('')", [:]),
        ] as [(String, [String: Bool])])
    func readsMeson(text: String, expected: [String: Bool]) {
        #expect(needs(["meson.build": "project('p')\n" + text]) == expected)
    }

    @Test(
        arguments: [
            ("AC_CHECK_LIB([jq], [f])", ["library(\"jq\")": true]),
            ("AC_CHECK_LIB(jq, f, , [AC_MSG_ERROR([no])])", ["library(\"jq\")": false]),
            ("AC_CHECK_LIB([nsl], [gethostbyname])", [:]),
            ("AC_SEARCH_LIBS([tgetent], [tinfo ncurses])", ["library(\"tinfo\")": true]),
            (
                "if test x = y; then\nPKG_CHECK_MODULES([A], [a >= 1 b])\nfi",
                ["pkgConfig(\"a\")": true, "pkgConfig(\"b\")": true, "program(\"pkg-config\")": false]
            ),
            ("V=2\nPKG_CHECK_MODULES([A], [a-$V])", ["pkgConfig(\"a-2\")": false, "program(\"pkg-config\")": false]),
            ("AS_IF([true], [AC_PATH_PROG([X], [xsltproc])])", ["program(\"xsltproc\")": true]),
            ("AC_CHECK_HEADERS([stdio.h \\\n  png.h])", ["header(\"png.h\")": true]),
            ("dnl AC_CHECK_LIB([a], [b])\n# AC_CHECK_LIB([a], [b])", [:]),
            ("AC_CHECK_LIB([jq], [f]", ["library(\"jq\")": true]),
            ("AC_DEFUN([ME], [ME])\nME", [:]),
        ] as [(String, [String: Bool])])
    func readsAutoconf(text: String, expected: [String: Bool]) {
        #expect(needs(["configure.ac": "AC_INIT([p], [1])\n" + text]) == expected)
    }

    @Test(arguments: [
        ("BUILD_TESTS", "x", true), ("FMT_TEST", "FMT", true), ("CARES_BUILD_TESTS", "c-ares", true),
        ("JSON_BuildTests", "nlohmann_json", true),
        ("unit_testing", "", true), ("tests", "", true), ("gmock_build_tests", "googletest", true),
        ("ENABLE_CJSON_TEST", "cJSON", true),
        ("ENABLE_SSL_TESTS", "hiredis", false), ("CARES_BUILD_CONTAINER_TESTS", "c-ares", false),
        ("EVENT__DISABLE_TESTS", "libevent", false),
        ("installed_tests", "", false), ("BUILD_SHARED_LIBS", "x", false), ("LATEST", "x", false),
        ("_tests", "x", false), ("", "", false),
    ])
    func knowsSwitchesOfAllTests(name: String, project: String, expected: Bool) {
        #expect(isSwitchOfAllTests(name, project: project) == expected)
    }

    @Test(arguments: [
        (
            ["CMakeLists.txt": "option(X_TESTS \"\" OFF)\nproject(X)\nenable_testing()\nadd_test(NAME a COMMAND a)"],
            "ctest --test-dir build"
        ),
        (["CMakeLists.txt": "project(X)\nadd_custom_target(check COMMAND run)"], "cmake --build build --target check"),
        (["meson.build": "project('x', 'c')\ntest('a', e)"], "meson test -C build --print-errorlogs"),
        (
            ["configure.ac": "AC_INIT\nAM_INIT_AUTOMAKE", "Makefile.am": "TESTS = a"],
            "autoreconf -fi && ./configure && make -j\"$(nproc)\" && make check"
        ),
        (["Makefile": "all:\n\tcc a.c\ntest: all\n\t./a", "a.c": ""], "make -j\"$(nproc)\" && make test"),
    ])
    func namesTheCommandThatTests(files: [String: String], expected: String) {
        let commands = findings(files).compactMap { finding in
            if case .task(let task) = finding, task.name == "test" { task.command } else { nil }
        }
        #expect(commands.count == 1 && commands[0].contains(expected), "\(commands)")
    }

    @Test(arguments: [("2.8", true), ("3.4...3.4", true), ("3.5", false), ("3.1...3.20", false)])
    func letsCMake4TakeOldPolicies(minimum: String, expected: Bool) {
        let found = findings(["CMakeLists.txt": "cmake_minimum_required(VERSION \(minimum))\nproject(x)"])
        let asks = found.contains { finding in
            if case .task(let task) = finding { task.command.contains("CMAKE_POLICY_VERSION_MINIMUM") } else { false }
        }
        #expect(asks == expected)
    }

    @Test func leavesProjectsInOtherLanguagesAlone() {
        #expect(
            findings([
                "pyproject.toml": "", "src/a.py": "", "src/b.py": "", "src/ext.c": "", "Makefile": "test:\n\tpytest",
            ]).isEmpty)
        #expect(findings(["go.mod": "module m", "main.go": "", "Makefile": "test:\n\tgo test"]).isEmpty)
        #expect(findings(["README": ""]).isEmpty)
    }
}
