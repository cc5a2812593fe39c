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

    /// Reads a qmake project: `QT += widgets`, `LIBS += -lz`, `PKGCONFIG += zlib`.
    private mutating func readQMake() {
        guard let project = repository.files(in: directory).first(where: { $0.name.hasSuffix(".pro") }) else { return }
        let lines = repository.files(withExtension: "pro").filter { isOwn($0) }.flatMap { file in
            repository.lines(file.path).enumerated().map { (file.path, $0.offset + 1, $0.element) }
        }
        guard lines.contains(where: { $0.2.contains("TEMPLATE") || $0.2.contains("QT") || $0.2.contains("SOURCES") })
        else { return }
        var modules = ["Core", "Gui"]
        for (path, number, line) in lines {
            let evidence = Evidence(path, line: number)
            let sides = line.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { continue }
            let name = sides[0].trimmingBlanks.prefix { $0.isLetter || $0 == "_" }
            let words = sides[1].split(whereSeparator: \.isWhitespace).map(String.init)
            switch name {
            case "QT": modules += words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
            case "PKGCONFIG": for word in words where !word.contains("$") { need(.pkgConfig(word), evidence: evidence) }
            case "LIBS": readLinkFlags(line, isOptional: false, evidence: evidence)
            default: break
            }
        }
        let evidence = Evidence(project.path)
        need(.program("qmake6"), evidence: evidence)
        for module in modules {
            need(.cmake("Qt6" + (qtModules[module] ?? module)), isOptional: module != "Core", evidence: evidence)
        }
        guard systems.isEmpty else { return }
        let build = "qmake6 \(shellQuoted(project.name)) && make -j\"$(nproc)\""
        let hasTests = lines.contains { $0.2.contains("testcase") || $0.2.contains("testlib") }
        systems.append(
            BuildSystem(
                build: build, test: hasTests ? build + " && QT_QPA_PLATFORM=offscreen make check" : nil,
                evidence: evidence))
    }
}

/// CMake's names of Qt modules whose qmake names are spelled otherwise.
private let qtModules = [
    "Opengl": "OpenGL", "Dbus": "DBus", "Printsupport": "PrintSupport", "Testlib": "Test",
    "Webenginewidgets": "WebEngineWidgets",
    "Serialport": "SerialPort", "Websockets": "WebSockets", "Openglwidgets": "OpenGLWidgets",
    "Svgwidgets": "SvgWidgets",
]
