//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Steps that share a shell as one, so that what one sets is known to the next; lines of the file stay right where the
/// steps follow each other in it.
func joinedSteps(_ steps: [CIJob.Step]) -> [CIJob.Step] {
    var result: [CIJob.Step] = []
    for step in steps {
        guard let last = result.last, last.evidence.path == step.evidence.path, last.directory == step.directory,
            last.variables == step.variables, last.isConditional == step.isConditional,
            let start = last.evidence.line, let line = step.evidence.line
        else {
            result.append(step)
            continue
        }
        let gap = line - start - last.script.utf8.count { $0 == 0x0A }
        guard gap > 0, gap < 10_000 else {
            result.append(step)
            continue
        }
        result[result.count - 1].script = last.script + String(repeating: "\n", count: gap) + step.script
    }
    return result
}

extension CIJob {
    /// Takes over what an image says of the system and its tools.
    mutating func use(_ image: ImageReference, evidence: Evidence) {
        isForeign = image.isForeign
        if !isForeign, let suite = image.suite {
            bases.append(BaseFinding(suite: suite, kind: .hint, evidence: evidence))
        }
        toolchains += image.toolchains.compactMap { toolchainHint($0.tool, $0.version, evidence: evidence) }
    }
}

/// The text with `$NAME` and `${NAME}` replaced where they are known.
func substituted(_ text: String, _ variables: [String: String]) -> String {
    var result = text
    for _ in 0..<5 where result.contains("$") {
        for (name, value) in variables.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
            result = result.replacing(text: "${\(name)}", with: value).replacing(text: "$\(name)", with: value)
        }
    }
    return result
}
