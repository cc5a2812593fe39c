//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A value of a Meson build file as far as it is known without configuring.
indirect enum MesonValue: Hashable {
    case unknown
    case text(String)
    case number(Int)
    case boolean(Bool)
    case list([MesonValue])
    case pairs([Pair])
    /// A feature option: enabled, disabled or auto.
    case feature(String)
    /// An object whose methods are known: `host_machine`, `meson`, a compiler, a module.
    case object(String)

    struct Pair: Hashable {
        let key: String
        let value: MesonValue
    }

    var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    var truth: Bool? {
        if case .boolean(let value) = self { return value }
        return nil
    }

    /// The texts in a list or a single text.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let items): items.flatMap(\.texts)
        default: []
        }
    }
}

/// The result of an operator on values; unknown where an operand is.
func mesonOperation(_ operation: String, _ left: MesonValue, _ right: MesonValue) -> MesonValue {
    switch (operation, left, right) {
    case ("==", .unknown, _), ("==", _, .unknown), ("!=", .unknown, _), ("!=", _, .unknown): .unknown
    case ("==", _, _): .boolean(left == right)
    case ("!=", _, _): .boolean(left != right)
    case ("in", _, .list(let items)):
        items.contains(.unknown) || left == .unknown ? .unknown : .boolean(items.contains(left))
    case ("not in", _, .list(let items)):
        items.contains(.unknown) || left == .unknown ? .unknown : .boolean(!items.contains(left))
    case ("in", .text(let key), .pairs(let pairs)): .boolean(pairs.contains { $0.key == key })
    case ("+", .list(let a), .list(let b)): .list(a + b)
    case ("+", .list(let a), _): .list(a + [right])
    case ("+", .text(let a), .text(let b)): .text(a + b)
    case ("+", .pairs(let a), .pairs(let b)): .pairs(a.filter { old in !b.contains { $0.key == old.key } } + b)
    case ("/", .text(let a), .text(let b)): .text(b.hasPrefix("/") ? b : (a.isEmpty ? b : a + "/" + b))
    case ("+", .number(let a), .number(let b)): .number(a &+ b)
    case ("-", .number(let a), .number(let b)): .number(a &- b)
    case ("<", .number(let a), .number(let b)): .boolean(a < b)
    case (">", .number(let a), .number(let b)): .boolean(a > b)
    case ("<=", .number(let a), .number(let b)): .boolean(a <= b)
    case (">=", .number(let a), .number(let b)): .boolean(a >= b)
    default: .unknown
    }
}
