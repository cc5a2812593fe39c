//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// The service whose image `docker run` starts.
func serviceStarted(by call: [String], _ evidence: Evidence) -> ServiceFinding? {
    var rest = call[...]
    guard let program = rest.popFirst(), program == "docker" || program == "podman" else { return nil }
    if rest.first == "container" { rest = rest.dropFirst() }
    guard rest.popFirst() == "run" else { return nil }
    var port: Int?
    for word in rest {
        if word.contains(":"), word.first?.isNumber == true, let number = containerPort(word), !word.contains("/") {
            port = port ?? number
        }
        guard !word.hasPrefix("-"), !word.contains("="), !word.contains("$") else { continue }
        let image = ImageReference(word)
        // Values of options stand between, but none has a service's name and a tag.
        if image.isService, word.contains(":") || word == rest.last {
            return image.service(port: port, evidence: evidence)
        }
    }
    return nil
}
