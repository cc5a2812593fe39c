//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Registry

/// How a command talks to registries.
struct RegistryOptions: ParsableArguments {
    @Flag(
        name: .customLong("plain-http"),
        help: "Use http for registries on other hosts too. No credentials are sent to them.")
    var plainHTTP = false

    /// Runs `body` with a client, and ends its connections afterwards.
    func withClient<Result: Sendable>(
        _ printer: TransferPrinter, _ body: @escaping (RegistryClient) async throws -> Result
    ) async throws -> Result {
        var configuration = RegistryConfiguration(environment: currentEnvironment())
        configuration.allowsPlainHTTP = plainHTTP
        let client = RegistryClient(configuration: configuration) { printer.show($0) }
        do {
            let result = try await body(client)
            printer.finish()
            await client.shutdown()
            return result
        } catch {
            printer.finish()
            await client.shutdown()
            throw error
        }
    }
}
