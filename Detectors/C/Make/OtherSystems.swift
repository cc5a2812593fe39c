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
}
