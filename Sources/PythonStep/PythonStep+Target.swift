//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Toolchains

extension PythonStep {
    /// The beginning of uv's command line for everything that is installed.
    func installArguments() async throws(PythonStepError) -> [String] {
        let arguments = [Place.uv + "/uv", "pip", "install", "--python", Place.python, "--no-deps"]
        if target == nil { return arguments }
        return arguments + ["--python-platform", try await interpreter().uvName]
    }

    /// Does `work` for each item. For a foreign platform all are tried, and those that would have to be compiled are
    /// told together.
    func forEach<Item>(
        _ items: [Item], named name: (Item) -> String, _ work: (Item) async throws(PythonStepError) -> Void
    ) async throws(PythonStepError) {
        var compiled: [String] = []
        for item in items {
            do throws(PythonStepError) {
                try await work(item)
            } catch {
                guard target != nil, Self.isCompilation(error) else { throw error }
                compiled.append(name(item))
            }
        }
        if let target, !compiled.isEmpty { throw .compiled(compiled, architecture: target.rawValue) }
    }

    /// Whether an error says that something is compiled: what was built is not for the target, or the build looked for
    /// what compilers need.
    private static func isCompilation(_ error: PythonStepError) -> Bool {
        switch error {
        case .compiled: true
        case .buildFailed(_, .pythonModule, _), .buildFailed(_, nil, _): false
        case .buildFailed: true
        default: false
        }
    }
}
