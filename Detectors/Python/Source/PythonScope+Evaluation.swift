//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension PythonScope {
    /// What `expression` is, as far as that can be told.
    func value(of expression: PythonExpression) -> PythonValue {
        switch expression {
        case .string(let text): return .string(text)
        case .number(let text): return .number(text)
        case .name("True"): return .boolean(true)
        case .name("False"): return .boolean(false)
        case .name(let name): return values[name] ?? .unknown
        case .list(let items):
            return .list(
                items.flatMap { item -> [PythonValue] in
                    if case .comprehension = item { return value(of: item).elements }
                    return [value(of: item)]
                })
        case .dictionary(let entries):
            return .dictionary(
                entries.flatMap { entry -> [PythonPair] in
                    let known = value(of: entry.value)
                    guard let key = entry.key else { return known.pairs }
                    return value(of: key).string.map { [PythonPair(key: $0, value: known)] } ?? []
                })
        case .subscripted(let base, let index):
            guard let key = value(of: index).string else { return fileOnly(value(of: base)) }
            return value(of: base)[key] ?? .unknown
        case .attribute(let base, _): return fileOnly(value(of: base))
        case .comprehension(let element, let source):
            let known = value(of: source)
            if !known.files.isEmpty { return known }
            if case .name = element { return known }
            return .unknown
        case .operation(let symbol, let left, let right): return operation(symbol, left, right)
        case .conditional(let body, let condition, let otherwise):
            return value(of: truth(condition) == true ? body : otherwise)
        case .call(let function, let arguments): return call(function, arguments)
        case .not, .unknown: return .unknown
        }
    }

    /// Whether `condition` holds on a current Python on Linux; nil where that is not known.
    func truth(_ condition: PythonExpression) -> Bool? {
        switch condition {
        case .not(let inner): return truth(inner).map { !$0 }
        case .name("True"), .name("PY3"): return true
        case .name("False"), .name("PY2"), .name("TYPE_CHECKING"): return false
        case .attribute(_, "PY3"): return true
        case .attribute(_, "PY2"), .attribute(_, "TYPE_CHECKING"): return false
        case .operation("or", let left, let right):
            return truth(left) == true || truth(right) == true
                ? true : truth(left) == false && truth(right) == false ? false : nil
        case .operation("and", let left, let right):
            return truth(left) == false || truth(right) == false
                ? false : truth(left) == true && truth(right) == true ? true : nil
        case .operation(let symbol, .name("__name__"), .string("__main__")): return symbol == "=="
        case .operation(let symbol, let left, let right):
            if left.dottedName == "sys.platform" || left.dottedName == "os.name", case .string(let name) = right {
                let isLinux = name == "posix" || name.hasPrefix("linux")
                return symbol == "==" ? isLinux : symbol == "!=" ? !isLinux : nil
            }
            guard let found = version(left), let bound = version(right), left.mentionsVersion else { return nil }
            switch symbol {
            case "<", "<=": return found.lexicographicallyPrecedes(bound)
            case ">", ">=": return !found.lexicographicallyPrecedes(bound)
            case "==": return bound.count == 1 && bound[0] == 3
            case "!=": return !(bound.count == 1 && bound[0] == 3)
            default: return nil
            }
        default: return nil
        }
    }

    /// `sys.version_info` and its parts, tuples of numbers, numbers.
    private func version(_ expression: PythonExpression) -> [Int]? {
        if expression.mentionsVersion { return [3, 12] }
        switch expression {
        case .number(let text): return Int(text).map { [$0] }
        case .list(let items):
            let numbers = items.prefix(2).compactMap { item -> Int? in
                if case .number(let text) = item { Int(text) } else { nil }
            }
            return numbers.isEmpty ? nil : numbers
        default: return nil
        }
    }

    private func operation(_ symbol: String, _ left: PythonExpression, _ right: PythonExpression) -> PythonValue {
        switch symbol {
        case "+", "|":
            let (first, second) = (value(of: left), value(of: right))
            if case .dictionary(let pairs) = first { return .dictionary(pairs + second.pairs) }
            return sum(first, second)
        case "/": return fileNamed(in: [value(of: left), value(of: right)]) ?? value(of: right)
        case "or", "and": return value(of: left) == .unknown ? value(of: right) : value(of: left)
        case "%": return .unknown
        default: return .unknown
        }
    }

    private func call(_ function: PythonExpression, _ arguments: [PythonArgument]) -> PythonValue {
        let name = function.dottedName ?? ""
        let first = arguments.first.map { value(of: $0.value) } ?? .unknown
        if case .attribute(let base, let method) = function {
            let object = value(of: base)
            switch (object, method) {
            case (.file, _): return object
            case (.string(let text), "split") where arguments.isEmpty:
                return .list(text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
            case (.string(let text), "splitlines"), (.string(let text), "split"):
                return .list(text.split(whereSeparator: \.isNewline).map { .string(String($0)) })
            case (.string, "strip"), (.string, "lstrip"), (.string, "rstrip"): return object
            case (.dictionary(let pairs), "values"): return .list(pairs.map(\.value))
            case (.dictionary(let pairs), "keys"): return .list(pairs.map { .string($0.key) })
            case (.dictionary, "copy"), (.list, "copy"): return object
            case (.dictionary, "get"), (.dictionary, "pop"): return first.string.flatMap { object[$0] } ?? .unknown
            default: break
            }
        }
        switch name {
        case "dict": return .dictionary(entries(of: arguments))
        case "list", "tuple", "set", "sorted", "frozenset", "str": return first
        case "filter", "map": return arguments.dropFirst().first.map { value(of: $0.value) } ?? .unknown
        case "sum": return .list(first.elements.flatMap(\.elements))
        default: break
        }
        let known = entries(of: arguments)
        if let file = fileNamed(in: known.map(\.value)) { return file }
        if let file = fileNamed(inBodyOf: name) { return file }
        return .call(name, known)
    }

    /// The file of the repository that the arguments of `open`, `read`, `os.path.join`… name.
    private func fileNamed(in values: [PythonValue]) -> PythonValue? {
        let names = values.flatMap(\.strings)
        if let file = values.lazy.flatMap(\.files).first { return .file(file) }
        let joined = names.joined(separator: "/")
        for candidate in [joined] + names.reversed() where candidate.contains(".") && isFile(candidate) {
            return .file(candidate)
        }
        return nil
    }

    /// The one file that the module's own function `name` speaks of: `def requirements(): open("requirements.txt")…`.
    private func fileNamed(inBodyOf name: String) -> PythonValue? {
        let names = body(of: name).flatMap(\.tokens).compactMap(\.literal).filter { $0.contains(".") && isFile($0) }
        return Set(names).count == 1 ? names.first.map { .file($0) } : nil
    }

    private func fileOnly(_ value: PythonValue) -> PythonValue {
        if case .file = value { value } else { .unknown }
    }
}

extension PythonExpression {
    /// Whether it is `sys.version_info` or a part of it.
    fileprivate var mentionsVersion: Bool {
        switch self {
        case .name("version_info"), .attribute(_, "version_info"): true
        case .attribute(let base, _), .subscripted(let base, _): base.mentionsVersion
        default: false
        }
    }
}
