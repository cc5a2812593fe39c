//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What a subshell gets as a copy, and what is put back when it ends: everything but the files and the records.
struct ShellProcess {
    var variables: [String: String] = [:]
    var exported: Set<String> = []
    var functions: [String: ShellCommand] = [:]
    var name: String = ""
    var arguments: [String] = []
    var directory: String = "/"
    var creationMask: UInt16 = 0o022
    var exitsOnError: Bool = false
    var failsOnUnset: Bool = false
    var skipsGlobs: Bool = false
    var keepsFiles: Bool = false
    var line: Int = 0
    var descriptors: [Int: ShellStream] = [:]
    var exitTrap: ShellCommand?
    var conditions: Int = 0
    var depth: Int = 0
    var locals: [(name: String, value: String?)] = []
}

extension Shell {
    var process: ShellProcess {
        get {
            ShellProcess(
                variables: variables, exported: exported, functions: functions, name: name, arguments: arguments,
                directory: directory, creationMask: creationMask, exitsOnError: exitsOnError,
                failsOnUnset: failsOnUnset,
                skipsGlobs: skipsGlobs, keepsFiles: keepsFiles, line: line, descriptors: descriptors,
                exitTrap: exitTrap,
                conditions: conditions,
                depth: depth, locals: locals)
        }
        set {
            variables = newValue.variables
            exported = newValue.exported
            functions = newValue.functions
            name = newValue.name
            arguments = newValue.arguments
            directory = newValue.directory
            creationMask = newValue.creationMask
            exitsOnError = newValue.exitsOnError
            failsOnUnset = newValue.failsOnUnset
            skipsGlobs = newValue.skipsGlobs
            keepsFiles = newValue.keepsFiles
            line = newValue.line
            descriptors = newValue.descriptors
            exitTrap = newValue.exitTrap
            conditions = newValue.conditions
            depth = newValue.depth
            locals = newValue.locals
        }
    }
}
