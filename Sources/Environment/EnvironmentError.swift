//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Why a spec cannot be read or planned.
public enum EnvironmentError: Error, Equatable, CustomStringConvertible {
    /// The file is not YAML; `problem` names what is wrong.
    case malformed(file: String, line: Int, column: Int, problem: String)
    /// A key that the spec does not have, with the nearest one that it has.
    case unknownKey(file: String, line: Int, column: Int, key: String, nearest: String?)
    /// A key that must be there.
    case missingKey(file: String, line: Int, key: String, hint: String)
    /// A value of the wrong form.
    case invalidValue(file: String, line: Int, column: Int, key: String, problem: String, hint: String)
    /// A version of a tool that the suite does not have; `offered` are those that it has.
    case toolchainNotOffered(tool: String, version: String, base: String, offered: [String], hint: String)

    /// Place, problem, and on its own line what to do.
    public var description: String {
        switch self {
        case .malformed(let file, let line, let column, let problem):
            "\(file):\(line):\(column): \(problem)"
        case .unknownKey(let file, let line, let column, let key, let nearest):
            "\(file):\(line):\(column): unknown key `\(key)`"
                + (nearest.map { "\n\nhint: did you mean `\($0)`?" } ?? "")
        case .missingKey(let file, let line, let key, let hint):
            "\(file):\(line): `\(key)` is missing\n\nhint: \(hint)"
        case .invalidValue(let file, let line, let column, let key, let problem, let hint):
            "\(file):\(line):\(column): `\(key)` \(problem)\n\nhint: \(hint)"
        case .toolchainNotOffered(let tool, let version, let base, let offered, let hint):
            "`\(base)` has no `\(version.isEmpty ? tool : "\(tool) \(version)")`"
                + (offered.isEmpty ? "" : ", but \(offered.joined(separator: ", "))") + "\n\nhint: \(hint)"
        }
    }
}
