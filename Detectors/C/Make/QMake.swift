//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension CSurvey {
    /// Reads a qmake project ([qmake Language](https://doc.qt.io/qt-6/qmake-language.html)): `QT += widgets`,
    /// `LIBS += -lz`, `PKGCONFIG += zlib`, and for which Qt it is written.
    mutating func readQMake() {
        guard let project = repository.files(in: directory).first(where: { $0.name.hasSuffix(".pro") }) else { return }
        let files = ["pro", "pri"].flatMap { repository.files(withExtension: $0) }.filter { isOwn($0) }.prefix(300)
        let settings = files.flatMap { QMakeSettings(repository.lines($0.path), path: $0.path).settings }
        guard settings.contains(where: { ["TEMPLATE", "QT", "SOURCES", "SUBDIRS"].contains($0.variable) }) else {
            return
        }
        let major = isWrittenForQt6(settings, files.map { repository.lines($0.path) }) ? 6 : 5
        var variables = ["QT_MAJOR_VERSION": String(major)]
        for setting in settings where setting.words.count == 1 && !setting.isRemoval {
            if variables[setting.variable] == nil { variables[setting.variable] = setting.words[0] }
        }
        var modules: [(name: String, evidence: Evidence)] = []
        var withoutGUI = false
        for setting in settings {
            let isTest = isTestPath(setting.evidence.path)
            switch setting.variable {
            case "QT" where setting.isRemoval: withoutGUI = withoutGUI || setting.words.contains("gui")
            case "QT": modules += setting.words.map { ($0, setting.evidence) }
            case "PKGCONFIG":
                for word in setting.words.map({ expanded($0, variables) })
                where !word.contains("$") && word.first?.isLetter == true {
                    need(
                        .pkgConfig(word), phase: isTest ? .test : .build, isOptional: setting.isConditional,
                        evidence: setting.evidence)
                }
            case "LIBS", "QMAKE_LIBS":
                readLinkFlags(
                    setting.words.joined(separator: " "), isOptional: setting.isConditional,
                    phase: isTest ? .test : .build, evidence: setting.evidence)
            default: break
            }
        }
        let evidence = Evidence(project.path)
        // qmake also makes programs without Qt; beside another build system it is for an editor.
        let isWithoutQt =
            modules.isEmpty && settings.contains { $0.variable == "CONFIG" && $0.isRemoval && $0.words.contains("qt") }
        if isWithoutQt, !systems.isEmpty { return }
        let texts = files.map { repository.lines($0.path) }
        need(major == 6 ? .program("qmake6") : .package("qt5-qmake"), evidence: evidence)
        let standard = withoutGUI && modules.isEmpty ? ["core"] : ["core", "gui"]
        for (name, place) in standard.map({ ($0, evidence) }) + modules {
            guard let module = cmakeName(ofQtModule: name) else { continue }
            need(.cmake("Qt\(major)" + module), isOptional: module != "Core", evidence: place)
        }
        if settings.contains(where: { $0.variable == "TRANSLATIONS" })
            || texts.joined().contains(where: { $0.contains("lrelease") })
        {
            need(.cmake("Qt\(major)LinguistTools"), isOptional: true, evidence: evidence)
        }
        guard systems.isEmpty else { return }
        let qmake = major == 6 ? "qmake6" : "/usr/lib/qt5/bin/qmake"
        let build = "\(qmake) \(shellQuoted(project.name)) && make -j\"$(nproc)\""
        let hasTests = texts.joined().contains { $0.contains("testcase") || $0.contains("testlib") }
        systems.append(
            BuildSystem(
                build: build, test: hasTests ? build + " && QT_QPA_PLATFORM=offscreen make check" : nil,
                evidence: evidence))
    }

    /// Whether the project or what is written about it names Qt 6; what does not was written for Qt 5.
    private func isWrittenForQt6(_ settings: [QMakeSettings.Setting], _ projectFiles: [[String]]) -> Bool {
        let modules = settings.filter { $0.variable == "QT" && !$0.isRemoval && !$0.isConditional }.flatMap(\.words)
        if modules.contains(where: modulesOfQt5.contains) { return false }
        let readmes = repository.files(in: directory).filter {
            let name = $0.name.uppercased()
            return name.hasPrefix("README") || name.hasPrefix("INSTALL") || name.hasPrefix("BUILD")
        }
        let workflows =
            repository.files(in: ".github/workflows")
            + repository.files(in: "").filter {
                [".gitlab-ci.yml", ".travis.yml", "appveyor.yml"].contains($0.name)
            }
        let texts = projectFiles + (readmes + workflows).prefix(20).map { repository.lines($0.path) }
        if texts.joined().contains(where: namesQt6) { return true }
        let sources = ["cpp", "h", "cc", "cxx"].flatMap { repository.files(withExtension: $0) }.filter { isOwn($0) }
        return sources.prefix(200).contains { file in
            guard let bytes = repository.bytes(file.path) else { return false }
            return contains(bytes, "QT_VERSION_CHECK(6") || contains(bytes, "QT_VERSION_CHECK( 6")
                || contains(bytes, "0x060000")
        }
    }

    private func namesQt6(_ line: String) -> Bool {
        guard line.utf8.contains(UInt8(ascii: "6")) else { return false }
        let text = line.lowercased()
        return [
            "qt6", "qt 6", "qmake6", "qt_major_version, 5", "qt_major_version,5", "qt_major_version, 6",
            "qt_version: 6", "qt_version, 6", "qt-version: 6", "version: '6.", "version: 6.",
        ]
        .contains { text.range(ofText: $0) != nil }
    }
}

/// The word with `$$NAME` and `$${NAME}` replaced where the project sets them once, three deep.
private func expanded(_ word: String, _ variables: [String: String]) -> String {
    var text = word
    for _ in 0..<3 {
        guard let place = text.range(ofText: "$$") else { break }
        let rest = text[place...].dropFirst(2)
        let isBraced = rest.first == "{"
        let name = rest.drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard let value = variables[String(name)], text.utf8.count < 1_000 else { break }
        text = text[..<place] + value + rest.dropFirst(name.count + (isBraced ? 2 : 0))
    }
    return text
}

private func contains(_ bytes: [UInt8], _ text: StaticString) -> Bool {
    let pattern = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard let first = pattern.first else { return true }
    var place = bytes.startIndex
    while let hit = bytes[place...].firstIndex(of: first) {
        if bytes[hit...].starts(with: pattern) { return true }
        place = hit + 1
    }
    return false
}

/// CMake's name of a Qt module; nil for what qmake brings itself or a variable names.
private func cmakeName(ofQtModule name: String) -> String? {
    guard !name.contains("$"), !name.contains("-private"), name.first?.isLetter == true,
        name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { return nil }
    return qtModules[name.lowercased()] ?? name.prefix(1).uppercased() + name.dropFirst()
}

/// Modules that only Qt 5 has.
private let modulesOfQt5: Set<String> = [
    "webkit", "webkitwidgets", "script", "scripttools", "x11extras", "xmlpatterns", "winextras", "macextras",
    "androidextras", "gamepad", "multimediakit",
]

/// CMake's names of Qt modules whose qmake names are spelled otherwise.
private let qtModules = [
    "opengl": "OpenGL", "dbus": "DBus", "printsupport": "PrintSupport", "testlib": "Test",
    "webenginewidgets": "WebEngineWidgets", "webenginecore": "WebEngineCore", "webengine": "WebEngineWidgets",
    "serialport": "SerialPort", "serialbus": "SerialBus", "websockets": "WebSockets", "openglwidgets": "OpenGLWidgets",
    "svgwidgets": "SvgWidgets", "x11extras": "X11Extras", "webkit": "WebKit", "webkitwidgets": "WebKitWidgets",
    "xmlpatterns": "XmlPatterns", "multimediawidgets": "MultimediaWidgets", "quickwidgets": "QuickWidgets",
    "quickcontrols2": "QuickControls2", "scripttools": "ScriptTools", "webchannel": "WebChannel",
    "texttospeech": "TextToSpeech", "uitools": "UiTools", "remoteobjects": "RemoteObjects",
    "core5compat": "Core5Compat",
    "concurrent": "Concurrent", "waylandclient": "WaylandClient", "virtualkeyboard": "VirtualKeyboard",
    "datavisualization": "DataVisualization", "networkauth": "NetworkAuth", "3dcore": "3DCore",
]
