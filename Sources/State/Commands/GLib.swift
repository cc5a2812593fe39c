//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// `glib-compile-schemas DIRECTORY`, as far as there are no schemas, with which it leaves nothing behind.
func compileSchemas(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    let options = try Options(
        arguments, of: "glib-compile-schemas", in: shell, flags: ["--strict", "--allow-any-name"],
        valued: ["--targetdir"])
    guard let directory = options.operands.first, let place = shell.tree.place(of: shell.absolute(directory)) else {
        return 1
    }
    let hasSchemas = shell.tree.entries(of: place).contains { entry in
        entry.bytes.suffix(4).elementsEqual(".xml".utf8) || entry.bytes.suffix(9).elementsEqual(".override".utf8)
    }
    guard !hasSchemas else { throw shell.unsupported("`glib-compile-schemas \(directory)`") }
    return 0
}

/// `gio-querymodules DIRECTORY…`: without modules there is no cache of what they offer.
func queryModules(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    for directory in arguments {
        guard let place = shell.tree.place(of: shell.absolute(directory)) else { continue }
        let modules = shell.tree.entries(of: place).filter { $0.bytes.suffix(3).elementsEqual(".so".utf8) }
        guard modules.isEmpty else { throw shell.unsupported("`gio-querymodules \(directory)`") }
    }
    return 0
}
