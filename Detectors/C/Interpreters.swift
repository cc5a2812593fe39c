//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension CSurvey {
    /// Reports the interpreter that the first line of a script names.
    mutating func needInterpreter(
        of script: String, phase: SystemFinding.Phase, isOptional: Bool = false, evidence: Evidence
    ) {
        guard let bytes = repository.bytes(script), bytes.starts(with: "#!".utf8) else { return }
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }.prefix(200).dropFirst(2), as: UTF8.self)
        let words = programCall(line.split { $0 == " " || $0 == "\r" || $0 == "\t" }.map(String.init))
        guard let program = words.first?.split(separator: "/").last.map(String.init) else { return }
        needInterpreter(program, phase: phase, isOptional: isOptional, evidence: evidence)
    }

    /// Reports an interpreter by the name under which scripts call it.
    mutating func needInterpreter(
        _ program: String, phase: SystemFinding.Phase, isOptional: Bool = false, evidence: Evidence
    ) {
        guard !programsOfEverySystem.contains(program) else { return }
        let name = program.hasPrefix("python") ? "python3" : program
        need(
            .program(name), phase: phase, isOptional: isOptional, reason: "runs scripts of the project",
            evidence: evidence)
    }
}

extension CSurvey {
    /// Reports a program unless every system has it, the project makes it, or it only serves developers.
    mutating func needProgram(
        _ name: String, phase: SystemFinding.Phase = .build, isOptional: Bool = false, evidence: Evidence
    ) {
        guard !programsOfEverySystem.contains(name), !(isOptional && developersPrograms.contains(name)),
            !isOwnProgram(name)
        else {
            return
        }
        let program = name.hasPrefix("python") ? "python3" : name
        need(.program(program), phase: phase, isOptional: isOptional, evidence: evidence)
    }

    /// Whether a file of the project is called like the program, so that it makes it.
    func isOwnProgram(_ name: String) -> Bool {
        if isInterpreter(name) { return false }
        return ["", ".c", ".cpp", ".cc", ".cxx", ".sh", ".py", ".in"].contains {
            !repository.files(named: name + $0).isEmpty
        }
    }

    /// Whether the project makes a library of that name, as far as files' names tell.
    func isOwnLibrary(_ name: String) -> Bool {
        let ends = [
            ".c", ".cpp", ".h", ".hpp", ".pc.in", ".pc.cmake", "-config.cmake.in", "Config.cmake.in", ".map", ".sym",
            ".vapi",
        ]
        return ends.contains { end in
            [name + end, "lib" + name + end].contains { name in
                repository.files(named: name).contains { !isThirdParty($0.path) }
            }
        }
    }

    private func isInterpreter(_ name: String) -> Bool {
        ["python", "perl", "ruby", "tclsh", "lua", "node", "bash", "php"].contains { name.hasPrefix($0) }
    }
}

/// What every Debian system and build-essential bring.
let programsOfEverySystem: Set<String> = [
    "sh", "bash", "dash", "env", "awk", "mawk", "sed", "grep", "egrep", "fgrep", "find", "xargs", "tar", "gzip",
    "gunzip", "zcat", "ls", "cp",
    "mv", "rm", "mkdir", "rmdir", "ln", "cat", "echo", "printf", "test", "true", "false", "install", "chmod", "chown",
    "touch",
    "date", "sort", "uniq", "head", "tail", "cut", "tr", "wc", "diff", "cmp", "basename", "dirname", "pwd", "expr",
    "id",
    "uname", "sleep", "tee", "od", "dd", "cksum", "md5sum", "sha1sum", "sha256sum", "stat", "readlink", "realpath",
    "mktemp", "seq", "split",
    "cc", "c++", "gcc", "g++", "cpp", "ld", "ar", "as", "nm", "ranlib", "strip", "objdump", "objcopy", "readelf",
    "size", "strings",
    "make", "gmake", "ldconfig", "ldd", "getconf", "which", "hostname", "kill", "nproc", "timeout", "yes", "comm",
    "join", "paste", "nl", "fold", "fmt", "tsort", "tty", "who", "whoami", "logname", "df", "du", "sync", "umask",
    "getopt", "c99", "c89", "patch",
    "dpkg-architecture", "dpkg-buildflags", "perl5", "[", "cd", "export", "set", "unset", "exit", "return", "if", "for",
    "while", "case", "shift", "trap",
    "wait", "read", "eval", "exec", ".", "source", "command", "type", "local", "ulimit", "printenv", "time", "rev",
    "tac", "mkfifo", "mknod", "nohup", "nice",
    "more", "clear", "dmesg", "mount", "lsb_release", "arch", "chgrp", "link", "unlink", "shasum", "cal", "windres",
    "dlltool", "rc", "cl", "link.exe", "ar-lib", "hash",
]

/// Programs for writing, analysing, documenting and publishing rather than for building and testing.
let developersPrograms: Set<String> = [
    "clang-format", "clang-tidy", "ccache", "sccache", "cppcheck", "iwyu", "include-what-you-use", "lcov", "gcovr",
    "genhtml", "gcov", "llvm-cov", "doxygen", "sphinx-build", "pandoc", "latex", "pdflatex", "rpmbuild", "dpkg",
    "dpkg-buildpackage", "mold", "lld", "ld.lld", "ld.gold", "gold", "cpplint", "cpplint.py", "astyle", "uncrustify",
    "indent", "splint",
    "scan-build", "kcov", "dot", "codespell", "shellcheck", "pvs-studio-analyzer", "cmake-format",
    "clang-apply-replacements",
    "dia", "inkscape", "ronn", "gpg", "gpg2", "fop", "dblatex", "heat", "candle", "light", "makensis", "iscc",
    "osslsigncode", "windres",
    "dlltool", "lib", "link", "otool", "install_name_tool", "xcrun", "xcodebuild", "lipo", "codesign", "strip", "ar",
    "ranlib", "nm", "objdump",
    "pipenv", "mkdocs", "rustfmt", "pip", "pip3", "docker", "podman", "brew", "go", "cargo-fmt", "wget", "vlock",
    "emcc", "sw_vers", "ver", "clang", "clang++", "dsymutil", "distcc", "nsis", "coveralls", "cpack", "rsync", "scp",
    "ssh", "snapcraft", "flatpak-builder", "mandoc", "javac", "file", "rst2pdf",
    "linkchecker", "vale", "gitchangelog", "abi-dumper", "abi-compliance-checker", "abidiff", "abidw", "run-clang-tidy",
    "etags", "ctags", "cscope",
]
