//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Follows a Meson project as a configuration on Linux would, without running anything.
struct MesonReader {
    let repository: Repository
    var survey: CSurvey
    var variables: [String: MesonValue] = [:]
    /// Options of the project by name, with their defaults.
    var options: [String: MesonValue] = [:]
    /// Options that have to be set for tests to be built, as they are set.
    var testOptions: [String] = []
    var firstTest: Evidence?
    /// The file that is read.
    var path: String
    var line = 0
    /// How many conditions of unknown outcome surround the statement.
    var conditions = 0
    private var filesRead: Set<String> = []
    private var statementsLeft = 50_000

    init(_ survey: CSurvey) {
        self.survey = survey
        repository = survey.repository
        path = survey.path("meson.build")
        for name in ["host_machine", "build_machine", "target_machine", "meson"] { variables[name] = .object(name) }
    }

    /// Where the statement stands.
    var evidence: Evidence { Evidence(path, line: line) }
    /// The folder of the file that is read, from the repository's root.
    var folder: String { parentPath(path) }
    var isConditional: Bool { conditions > 0 }

    /// Reads the build file of a folder, given from the repository's root, once.
    mutating func read(folder: String) {
        let file = joinPath(folder, "meson.build")
        guard filesRead.count < 500, filesRead.insert(file).inserted, let bytes = repository.bytes(file) else { return }
        let before = (path, line)
        path = file
        run(MesonParser.statements(of: bytes))
        (path, line) = before
    }

    /// Runs statements in order.
    mutating func run(_ statements: [MesonStatement]) {
        for statement in statements {
            statementsLeft -= 1
            guard statementsLeft > 0 else { return }
            switch statement {
            case .assignment(let name, let isAppending, let expression):
                let value = evaluate(expression)
                variables[name] = isAppending ? mesonOperation("+", variables[name] ?? .unknown, value) : value
            case .expression(let expression):
                _ = evaluate(expression)
            case .conditional(let branches, let otherwise):
                runConditional(branches, otherwise)
            case .iteration(let names, let items, let body):
                runLoop(names, evaluate(items), body)
            }
        }
    }

    private mutating func runConditional(
        _ branches: [(condition: MesonExpression, body: [MesonStatement])], _ otherwise: [MesonStatement]
    ) {
        var isCertain = true
        for (condition, body) in branches {
            let outcome = evaluate(condition).truth
            if outcome == false { continue }
            if outcome == true, isCertain { return run(body) }
            isCertain = false
            conditionally { $0.run(body) }
            if outcome == true { return }
        }
        if isCertain { run(otherwise) } else { conditionally { $0.run(otherwise) } }
    }

    private mutating func conditionally(_ body: (inout MesonReader) -> Void) {
        let before = variables
        conditions += 1
        body(&self)
        conditions -= 1
        for (name, value) in variables where before[name] != value {
            if before[name] == nil { continue }
            if case .list(let old)? = before[name], case .list(let new) = value, new.starts(with: old) { continue }
            variables[name] = .unknown
        }
    }

    private mutating func runLoop(_ names: [String], _ items: MesonValue, _ body: [MesonStatement]) {
        switch items {
        case .list(let values):
            for value in values.prefix(200) {
                if let name = names.first { variables[name] = value }
                run(body)
            }
        case .pairs(let pairs):
            for pair in pairs.prefix(200) {
                if let name = names.first { variables[name] = .text(pair.key) }
                if names.count > 1 { variables[names[1]] = pair.value }
                run(body)
            }
        default:
            for name in names { variables[name] = .unknown }
            conditionally { $0.run(body) }
        }
    }

    /// The value of an expression; calls in it take effect.
    mutating func evaluate(_ expression: MesonExpression) -> MesonValue {
        switch expression {
        case .string(let text): return .text(text)
        case .number(let value): return .number(value)
        case .boolean(let value): return .boolean(value)
        case .name(let name): return variables[name] ?? .unknown
        case .array(let items): return .list(items.map { evaluate($0) })
        case .dictionary(let pairs):
            return .pairs(
                pairs.compactMap { pair in
                    let value = evaluate(pair.value)
                    return evaluate(pair.key).text.map { MesonValue.Pair(key: $0, value: value) }
                })
        case .call(let name, let arguments, let line):
            self.line = line
            return call(name, arguments)
        case .method(let receiver, let name, let arguments, let line):
            let object = evaluate(receiver)
            self.line = line
            return call(name, arguments, on: object)
        case .element(let list, let index):
            switch (evaluate(list), evaluate(index)) {
            case (.list(let items), .number(let place)) where items.indices.contains(place): return items[place]
            case (.pairs(let pairs), .text(let key)): return pairs.first { $0.key == key }?.value ?? .unknown
            default: return .unknown
            }
        case .negation(let inner):
            return evaluate(inner).truth.map { .boolean(!$0) } ?? .unknown
        case .operation("and", let left, let right):
            let first = evaluate(left).truth
            if first == false { return .boolean(false) }
            // What stands behind an unknown condition may not be asked for.
            conditions += first == nil ? 1 : 0
            let second = evaluate(right).truth
            conditions -= first == nil ? 1 : 0
            return second == false ? .boolean(false) : (first == true && second == true ? .boolean(true) : .unknown)
        case .operation("or", let left, let right):
            let first = evaluate(left).truth
            if first == true { return .boolean(true) }
            conditions += first == nil ? 1 : 0
            let second = evaluate(right).truth
            conditions -= first == nil ? 1 : 0
            return second == true ? .boolean(true) : (first == false && second == false ? .boolean(false) : .unknown)
        case .operation(let operation, let left, let right):
            return mesonOperation(operation, evaluate(left), evaluate(right))
        case .choice(let condition, let first, let second):
            switch evaluate(condition).truth {
            case true?: return evaluate(first)
            case false?: return evaluate(second)
            case nil: return .unknown
            }
        case .nothing: return .unknown
        }
    }
}
