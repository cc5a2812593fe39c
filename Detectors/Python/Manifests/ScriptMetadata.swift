//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import TOML

extension PythonSurvey {
    /// Reads what scripts in the project's folder say of themselves
    /// ([inline script metadata](https://packaging.python.org/en/latest/specifications/inline-script-metadata/)), where
    /// there is no manifest.
    mutating func readScriptMetadata() {
        guard manifest == nil else { return }
        for file in repository.files(in: directory) where file.name.hasSuffix(".py") {
            guard let block = scriptBlock(in: repository.lines(file.path)) else { continue }
            let document: TOMLNode
            do throws(TOMLError) {
                document = try parseTOML(Array(block.text.utf8))
            } catch {
                repository.warn(Evidence(file.path, line: block.line + error.line), error.problem)
                continue
            }
            if let node = document["requires-python"], let range = node.string {
                python(.range, range, evidence: Evidence(file.path, line: block.line + node.line))
            }
            for node in document["dependencies"]?.array ?? [] {
                guard let text = node.string else { continue }
                require(text, role: .runtime, evidence: Evidence(file.path, line: block.line + node.line))
            }
        }
    }

    /// The text of a script's block without its comment marks, and the line that begins it.
    private func scriptBlock(in lines: [String]) -> (text: String, line: Int)? {
        guard let start = lines.prefix(100).firstIndex(of: "# /// script") else { return nil }
        let body = lines[(start + 1)...].prefix { $0 == "#" || $0.hasPrefix("# ") }
        guard let end = body.lastIndex(of: "# ///") else { return nil }
        let content = body[..<end].map { $0.count > 1 ? String($0.dropFirst(2)) : "" }
        return (content.joined(separator: "\n") + "\n", start + 1)
    }
}
