//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension CSurvey {
    /// Reads build systems of which only the way to start them is known.
    mutating func readOtherSystems() {
        readQMake()
        func add(_ file: String, _ program: SystemRequirement, _ build: String, test: String? = nil) {
            let evidence = Evidence(path(file))
            guard repository.contains(evidence.path) else { return }
            need(program, isOptional: !systems.isEmpty, evidence: evidence)
            if systems.isEmpty { systems.append(BuildSystem(build: build, test: test, evidence: evidence)) }
        }
        readImakefile()
        add("SConstruct", .program("scons"), "scons -j\"$(nproc)\"")
        if repository.contains(path("waf")) {
            add("wscript", .program("python3"), "python3 ./waf configure build")
        } else {
            add("wscript", .program("waf"), "waf configure build")
        }
        add("xmake.lua", .program("xmake"), "xmake -y", test: "xmake -y && xmake test")
        add("premake5.lua", .program("premake5"), "premake5 gmake2 && make -j\"$(nproc)\"")
        add("premake4.lua", .program("premake4"), "premake4 gmake && make -j\"$(nproc)\"")
        for file in ["MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel"] where systems.isEmpty {
            add(file, .program("bazel"), "bazel build //...", test: "bazel test //...")
        }
    }

    /// An Imakefile, from which `xmkmf` of the X Window System makes a makefile.
    private mutating func readImakefile() {
        let file = path("Imakefile")
        guard repository.contains(file) else { return }
        need(.program("xmkmf"), evidence: Evidence(file))
        need(.header("X11/Xlib.h"), evidence: Evidence(file))
        for (index, line) in repository.lines(file).enumerated() {
            let evidence = Evidence(file, line: index + 1)
            readLinkFlags(line, isOptional: true, evidence: evidence)
            for (word, header) in librariesOfImake where line.contains(word) {
                need(.header(header), isOptional: true, evidence: evidence)
            }
        }
        if systems.isEmpty {
            systems.append(BuildSystem(build: "xmkmf -a && make", test: nil, evidence: Evidence(file)))
        }
    }
}

/// Imake's variables of the libraries of X, and what each brings.
private let librariesOfImake = [
    ("XawClientLibs", "X11/Xaw/Box.h"), ("$(XAWLIB)", "X11/Xaw/Box.h"), ("$(XMULIB)", "X11/Xmu/Xmu.h"),
    ("$(XTOOLLIB)", "X11/Intrinsic.h"), ("$(XTLIB)", "X11/Intrinsic.h"), ("$(XPMLIB)", "X11/xpm.h"),
    ("$(EXTENSIONLIB)", "X11/extensions/shape.h"), ("$(XEXTLIB)", "X11/extensions/shape.h"),
    ("$(SMLIB)", "X11/SM/SM.h"),
]
