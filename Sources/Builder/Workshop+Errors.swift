//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Layers
import PythonStep
import Sandbox
import Store

/// Runs work of the module Layers.
func wrappingLayers<Result>(_ work: () async throws -> Result) async throws(BuilderError) -> Result {
    do {
        return try await work()
    } catch let error as LayerError {
        throw .layers(error)
    } catch let error as StoreError {
        throw .store(error)
    } catch {
        throw .cancelled
    }
}

/// Runs work of the module Debian.
func wrappingDebian<Result>(_ work: () throws(DebianError) -> Result) throws(BuilderError) -> Result {
    do throws(DebianError) { return try work() } catch { throw .debian(error) }
}

/// Runs work of the store.
func wrappingStore<Result>(_ work: () throws(StoreError) -> Result) throws(BuilderError) -> Result {
    do throws(StoreError) { return try work() } catch { throw .store(error) }
}

/// Runs work of the sandbox.
func wrappingSandbox<Result>(
    _ work: () async throws(SandboxError) -> Result
) async throws(BuilderError) -> Result {
    do throws(SandboxError) {
        return try await work()
    } catch {
        if case .cancelled = error { throw .cancelled }
        throw .sandbox(error)
    }
}

/// Runs work of a Python step.
func wrappingPython<Result>(
    _ work: () async throws(PythonStepError) -> Result
) async throws(BuilderError) -> Result {
    do throws(PythonStepError) {
        return try await work()
    } catch {
        if case .sandbox(.cancelled) = error { throw .cancelled }
        throw .python(error)
    }
}
