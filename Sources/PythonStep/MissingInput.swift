//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What a build says it lacks.
public enum MissingInput: Hashable, Sendable, CustomStringConvertible {
    /// A C or C++ header, as it is included.
    case header(String)
    /// A program.
    case program(String)
    /// A pkg-config module.
    case module(String)
    /// A library, by the name that the linker is given.
    case library(String)
    /// A CMake package.
    case cmakePackage(String)
    /// A Python module that the build imports.
    case pythonModule(String)

    /// What is missing, for a message.
    public var description: String {
        switch self {
        case .header(let name): "the header `\(name)` is missing"
        case .program(let name): "the program `\(name)` is missing"
        case .module(let name): "the pkg-config module `\(name)` is missing"
        case .library(let name): "the library `\(name)` is missing"
        case .cmakePackage(let name): "the CMake package `\(name)` is missing"
        case .pythonModule(let name): "the Python module `\(name)` is missing"
        }
    }

    /// What to do about it.
    var hint: String {
        switch self {
        case .pythonModule(let name): "its build requirements do not name what has the module `\(name)`"
        default: "add the Debian package that has it to `packages`"
        }
    }

    /// What the output of a build names as missing, the most telling line first; nil if none does.
    init?(output: [String]) {
        for pattern in Self.patterns {
            for line in output {
                guard let start = line.firstRange(of: pattern.before) else { continue }
                if let name = pattern.fixed {
                    self = pattern.make(name)
                    return
                }
                let rest = line[start.upperBound...]
                let name: Substring
                if pattern.after.isEmpty {
                    name = rest.prefix { !" \t'\"`:,;)".contains($0) }
                } else {
                    guard let end = rest.firstRange(of: pattern.after) else { continue }
                    name = rest[..<end.lowerBound]
                }
                guard !name.isEmpty, name.utf8.count <= 200, !name.contains(" ") else { continue }
                self = pattern.make(String(name))
                return
            }
        }
        return nil
    }

    private struct Pattern: Sendable {
        var before: String
        var after = ""
        var fixed: String?
        var make: @Sendable (String) -> MissingInput
    }

    /// What compilers, linkers, configuration tools and well-known build scripts write, by rank.
    private static let patterns: [Pattern] = [
        Pattern(before: "fatal error: ", after: ": No such file or directory", make: { .header($0) }),
        Pattern(before: "fatal error: '", after: "' file not found", make: { .header($0) }),
        Pattern(before: "Error: ", after: " executable not found", make: { .program($0) }),
        Pattern(before: "command '", after: "' failed: No such file or directory", make: { .program($0) }),
        Pattern(before: "No such file or directory: '", after: "'", make: { .program($0) }),
        Pattern(before: "unable to execute '", after: "': No such file", make: { .program($0) }),
        Pattern(before: "error: linker `", after: "` not found", make: { .program($0) }),
        Pattern(before: "can't find Rust compiler", fixed: "rustc", make: { .program($0) }),
        Pattern(before: "cargo, the Rust package manager, is not installed", fixed: "cargo", make: { .program($0) }),
        Pattern(before: "Git executable not found", fixed: "git", make: { .program($0) }),
        Pattern(before: "sh: 1: ", after: ": not found", make: { .program($0) }),
        Pattern(before: "sh: line 1: ", after: ": command not found", make: { .program($0) }),
        Pattern(before: "Unknown compiler(s): [['", after: "'", make: { .program($0) }),
        Pattern(before: "No package '", after: "' found", make: { .module($0) }),
        Pattern(before: "Package ", after: " was not found in the pkg-config search path", make: { .module($0) }),
        Pattern(before: "Dependency \"", after: "\" not found", make: { .module($0) }),
        Pattern(before: "ERROR: Dependency '", after: "' not found", make: { .module($0) }),
        Pattern(before: "cannot find -l", make: { .library($0) }),
        Pattern(before: "Could NOT find ", make: { .cmakePackage($0) }),
        Pattern(
            before: "Could not find a package configuration file provided by \"", after: "\"",
            make: { .cmakePackage($0) }),
        Pattern(before: "ModuleNotFoundError: No module named '", after: "'", make: { .pythonModule($0) }),
    ]
}
