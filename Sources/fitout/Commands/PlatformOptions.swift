//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Environment
import OCI

/// Which platforms a command works on.
struct PlatformOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Platforms, separated by commas or given several times; those of fitout.yaml unless given.",
            valueName: "platform,…"))
    var platform: [String] = []

    /// The spec, with the platforms asked for in place of its own.
    func applied(to spec: EnvironmentSpec) throws -> EnvironmentSpec {
        var spec = spec
        if !platform.isEmpty { spec.platforms = try platforms(named: platform) }
        return spec
    }
}

/// The platforms of a list, each once, in its order.
func platforms(named texts: [String]) throws -> [String] {
    var names: [String] = []
    for text in texts.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }) {
        // The variant that a processor has anyway is dropped, as other tools do before they compare.
        let name = Platform(text)?.description ?? text
        guard EnvironmentSpec.knownPlatforms.contains(name) else {
            throw CommandError(
                "there is no platform `\(text)`",
                hint: "take \(EnvironmentSpec.knownPlatforms.map { "`\($0)`" }.joined(separator: " or "))")
        }
        if !names.contains(name) { names.append(name) }
    }
    return names
}
