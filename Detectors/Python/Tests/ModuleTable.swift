//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A module of the standard library that not every Python 3 has.
struct StandardModule: Sendable {
    /// The release that has it no more, `3.12`; `3.0` for a module of Python 2; empty where all have it.
    let removed: String
    /// The distribution that provides it elsewhere; empty where there is none.
    let replacement: String
}

/// The modules of CPython's standard library, by top-level name.
let standardLibrary: [String: StandardModule] = {
    let rows = DataTable("Python/standard-library.tsv").rows.filter { $0.count == 4 }
    return Dictionary(
        rows.map { ($0[0], StandardModule(removed: $0[2], replacement: $0[3])) },
        uniquingKeysWith: { first, _ in first })
}()

private let distributions = DataTable("Python/imports.tsv").dictionary

/// The requirement that provides a module, by its longest dotted name in the table; nil where the table has none of them.
///
/// A name that the table does not have is not guessed: the distribution of the same name could be anybody's.
func distribution(ofModule module: String) -> String? {
    var name = module
    while true {
        if let found = distributions[name] { return found }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        name = String(name[..<dot])
    }
}
