//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// An expression of Python source, as far as declarations use them.
indirect enum PythonExpression: Hashable {
    case string(String)
    case number(String)
    case name(String)
    /// A list, tuple or set.
    case list([PythonExpression])
    case dictionary([PythonEntry])
    case attribute(PythonExpression, String)
    case subscripted(PythonExpression, PythonExpression)
    case call(PythonExpression, [PythonArgument])
    /// `element for name in source if condition`.
    case comprehension(element: PythonExpression, source: PythonExpression)
    case operation(String, PythonExpression, PythonExpression)
    case not(PythonExpression)
    case conditional(PythonExpression, condition: PythonExpression, otherwise: PythonExpression)
    /// Anything else.
    case unknown

    /// The dotted name that the expression is, `a.b.c`.
    var dottedName: String? {
        switch self {
        case .name(let name): name
        case .attribute(let base, let name): base.dottedName.map { "\($0).\(name)" }
        default: nil
        }
    }
}

/// A key with its value; no key for `**value`.
struct PythonEntry: Hashable {
    let key: PythonExpression?
    let value: PythonExpression
}

/// An argument of a call.
struct PythonArgument: Hashable {
    /// How it is passed.
    enum Kind: Hashable {
        case positional
        case keyword(String)
        /// `*value`.
        case unpacked
        /// `**value`.
        case unpackedKeywords
    }

    let kind: Kind
    let value: PythonExpression
    /// The line on which it begins, from 1.
    let line: Int
}
