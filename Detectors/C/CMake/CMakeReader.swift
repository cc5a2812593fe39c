//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Follows a CMake project's commands as a configuration on Linux would, without running anything.
///
/// Conditions that depend on the machine's installed software are not decided: what stands below them is read, and is
/// optional.
struct CMakeReader {
    /// The value of a variable: text, or something that only a real configuration knows.
    enum Value: Hashable {
        case known(String)
        case unknown
    }

    /// A function or macro of the project.
    struct Procedure {
        let parameters: [String]
        let body: [CMakeCommand]
        let isMacro: Bool
        let path: String
    }

    /// How tests are run.
    struct Tests {
        var evidence: Evidence?
        var isEnabled = false
        /// A target that builds and runs all tests.
        var target: String?
        /// Options that have to be switched on for tests to be built.
        var options: [String] = []
    }

    let repository: Repository
    var survey: CSurvey
    var variables: [String: Value]
    var procedures: [String: Procedure] = [:]
    var tests = Tests()
    /// Whether some file asks for the policies of a CMake so old that CMake 4 refuses to configure.
    var hasRefusedPolicies = false
    /// Whether Qt 6 has to be asked for, where KDE's modules would take Qt 5.
    var asksForQt6 = false
    /// Dependencies that FetchContent declares, by their names in lower case.
    var fetched: [String: Evidence] = [:]
    /// The file whose commands are read, and the line.
    var path: String
    var line = 0
    /// How many conditions of unknown outcome surround the command.
    var conditions = 0
    /// The files and procedures that are being read, so that none reads itself for ever.
    var active: [String] = []
    private var filesRead: Set<String> = []
    private var commandsLeft = 100_000

    init(_ survey: CSurvey) {
        self.survey = survey
        repository = survey.repository
        path = survey.path("CMakeLists.txt")
        variables = knownVariables.mapValues(Value.known)
        for name in ["CMAKE_SOURCE_DIR", "PROJECT_SOURCE_DIR", "CMAKE_CURRENT_SOURCE_DIR", "CMAKE_CURRENT_LIST_DIR"] {
            variables[name] = .known(sourceRoot)
        }
    }

    /// Where the command stands.
    var evidence: Evidence { Evidence(path, line: line) }

    /// Reads the file at `file` (from the repository's root) once; whether there is one.
    @discardableResult
    mutating func read(_ file: String) -> Bool {
        guard repository.contains(file) else { return false }
        guard active.count < 40, filesRead.count < 400, !active.contains(file), filesRead.insert(file).inserted,
            let bytes = repository.bytes(file)
        else { return true }
        let before = (path, line, variables["CMAKE_CURRENT_LIST_DIR"])
        active.append(file)
        path = file
        variables["CMAKE_CURRENT_LIST_DIR"] = .known(absolute(parentPath(file)))
        run(CMakeLexer.commands(of: bytes))
        (path, line, variables["CMAKE_CURRENT_LIST_DIR"]) = before
        active.removeLast()
        return true
    }

    /// The path below the source root that stands for `path`, a path from the repository's root.
    func absolute(_ path: String) -> String {
        let prefix = survey.directory.isEmpty ? "" : survey.directory + "/"
        if path == survey.directory { return sourceRoot }
        return path.hasPrefix(prefix) ? sourceRoot + "/" + path.dropFirst(prefix.count) : sourceRoot + "/../" + path
    }

    /// The path from the repository's root of `path`, which is absolute or relative to `folder`; nil outside.
    func resolved(_ path: String, in folder: String) -> String? {
        let full = path.hasPrefix("/") ? path : folder + "/" + path
        guard full == sourceRoot || full.hasPrefix(sourceRoot + "/") else { return nil }
        return joinPath(survey.directory, String(full.dropFirst(sourceRoot.count + 1)))
    }

    /// The folder of the CMakeLists.txt that is being read, below the source root.
    var currentFolder: String { text("CMAKE_CURRENT_SOURCE_DIR") ?? sourceRoot }

    /// The value of a variable where it is known.
    func text(_ name: String) -> String? {
        if case .known(let value)? = variables[name] { return value }
        return nil
    }

    /// Runs commands one after another, blocks as a whole.
    mutating func run(_ commands: [CMakeCommand]) {
        var index = 0
        while index < commands.count, commandsLeft > 0 {
            commandsLeft -= 1
            let command = commands[index]
            line = command.line
            guard let end = blockEnds[command.name] else {
                if command.name == "return" { return }
                call(command)
                index += 1
                continue
            }
            let close = matchingEnd(of: command.name, end, from: index, in: commands)
            let body = Array(commands[(index + 1)..<close])
            switch command.name {
            case "if": runConditional(command, body)
            case "foreach": runLoop(command, body)
            case "while": conditionally { $0.run(body) }
            case "block": run(body)
            default:
                let words = expand(command.arguments)
                if let name = words.first?.lowercased() {
                    procedures[name] = Procedure(
                        parameters: Array(words.dropFirst()), body: body, isMacro: command.name == "macro", path: path)
                }
            }
            index = close + 1
        }
    }

    private func matchingEnd(of name: String, _ end: String, from start: Int, in commands: [CMakeCommand]) -> Int {
        var depth = 0
        for index in start..<commands.count {
            if commands[index].name == name { depth += 1 }
            if commands[index].name == end {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return commands.count
    }

    private mutating func runConditional(_ head: CMakeCommand, _ body: [CMakeCommand]) {
        var branches: [(condition: CMakeCommand?, body: [CMakeCommand])] = [(head, [])]
        var depth = 0
        for command in body {
            if command.name == "if" { depth += 1 }
            if command.name == "endif" { depth -= 1 }
            if depth == 0, command.name == "elseif" {
                branches.append((command, []))
            } else if depth == 0, command.name == "else" {
                branches.append((nil, []))
            } else {
                branches[branches.count - 1].body.append(command)
            }
        }
        var isCertain = true
        for (condition, body) in branches {
            line = condition?.line ?? line
            let outcome = condition.map { evaluate($0.arguments) } ?? true
            if outcome == false { continue }
            if outcome == true, isCertain { return run(body) }
            isCertain = false
            conditionally { $0.run(body) }
            if outcome == true { return }
        }
    }

    /// Runs what may or may not be run. Values that it changes are not known afterwards.
    mutating func conditionally(_ body: (inout CMakeReader) -> Void) {
        let before = variables
        conditions += 1
        body(&self)
        conditions -= 1
        for (name, value) in variables where before[name] != value {
            // A list that may have grown is taken as grown.
            if case .known(let old)? = before[name], case .known(let new) = value, new.hasPrefix(old) { continue }
            if before[name] == nil, case .known = value { continue }
            variables[name] = .unknown
        }
    }

    private mutating func runLoop(_ head: CMakeCommand, _ body: [CMakeCommand]) {
        let words = expand(head.arguments)
        guard let name = words.first else { return }
        var items: [String] = []
        var mode = "ITEMS"
        for word in words.dropFirst() {
            switch word {
            case "IN", "ITEMS", "LISTS", "RANGE", "ZIP_LISTS": mode = word == "IN" ? mode : word
            default:
                if mode == "LISTS" {
                    items += isUnknown(word) ? ["${\(word)}"] : list(text(word) ?? "")
                } else if mode == "ITEMS" {
                    items.append(word)
                }
            }
        }
        let before = variables[name]
        for item in items.prefix(200) {
            variables[name] = item.contains("$") ? .unknown : .known(item)
            run(body)
        }
        variables[name] = before
    }

    /// Runs a function or macro of the project.
    mutating func call(_ procedure: Procedure, name: String, _ arguments: [String]) {
        guard active.count < 40, active.count(where: { $0 == "()" + name }) < 2 else { return }
        active.append("()" + name)
        let before = (variables, path, line)
        for (parameter, argument) in zip(procedure.parameters, arguments) { variables[parameter] = .known(argument) }
        for parameter in procedure.parameters.dropFirst(arguments.count) { variables[parameter] = .known("") }
        variables["ARGC"] = .known(String(arguments.count))
        variables["ARGV"] = .known(arguments.joined(separator: ";"))
        variables["ARGN"] = .known(arguments.dropFirst(procedure.parameters.count).joined(separator: ";"))
        for (index, argument) in arguments.prefix(10).enumerated() { variables["ARGV\(index)"] = .known(argument) }
        path = procedure.path
        run(procedure.body)
        let after = variables
        (variables, path, line) = before
        if procedure.isMacro {
            for (name, value) in after where !name.hasPrefix("ARG") && !procedure.parameters.contains(name) {
                variables[name] = value
            }
        }
        active.removeLast()
    }
}

/// The folder that stands for the project's in values of variables.
let sourceRoot = "/source"

private let blockEnds = [
    "if": "endif", "foreach": "endforeach", "while": "endwhile", "function": "endfunction", "macro": "endmacro",
    "block": "endblock",
]

/// What is the same on every Linux machine with GCC.
private let knownVariables = [
    "UNIX": "1", "LINUX": "1", "WIN32": "", "MSVC": "", "APPLE": "", "ANDROID": "", "CYGWIN": "", "MINGW": "",
    "MSYS": "",
    "IOS": "", "BORLAND": "", "XCODE": "", "WATCOM": "", "EMSCRIPTEN": "", "BSD": "", "WINCE": "", "QNX": "",
    "HAIKU": "",
    "CMAKE_SYSTEM_NAME": "Linux", "CMAKE_HOST_SYSTEM_NAME": "Linux", "CMAKE_HOST_UNIX": "1", "CMAKE_HOST_WIN32": "",
    "CMAKE_HOST_APPLE": "", "CMAKE_SYSTEM_PROCESSOR": "x86_64", "CMAKE_HOST_SYSTEM_PROCESSOR": "x86_64",
    "CMAKE_C_COMPILER_ID": "GNU", "CMAKE_CXX_COMPILER_ID": "GNU", "CMAKE_COMPILER_IS_GNUCC": "1",
    "CMAKE_COMPILER_IS_GNUCXX": "1", "CMAKE_SIZEOF_VOID_P": "8", "CMAKE_VERSION": "3.31.6", "CMAKE_MAJOR_VERSION": "3",
    "CMAKE_MINOR_VERSION": "31", "CMAKE_PATCH_VERSION": "6", "CMAKE_CROSSCOMPILING": "", "CMAKE_GENERATOR": "Ninja",
    "CMAKE_BUILD_TYPE": "Release", "CMAKE_CONFIGURATION_TYPES": "", "PROJECT_IS_TOP_LEVEL": "ON", "BUILD_TESTING": "ON",
    "CMAKE_CURRENT_FUNCTION": "", "CMAKE_TOOLCHAIN_FILE": "", "CMAKE_C_FLAGS": "", "CMAKE_CXX_FLAGS": "",
    "CMAKE_BINARY_DIR": "/build", "CMAKE_CURRENT_BINARY_DIR": "/build", "PROJECT_BINARY_DIR": "/build",
    "CMAKE_EXECUTABLE_SUFFIX": "", "CMAKE_DL_LIBS": "dl", "CMAKE_SKIP_INSTALL_RULES": "", "VCPKG_TOOLCHAIN": "",
]
