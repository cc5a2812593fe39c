//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Debian
public import Download
public import Environment
public import Layers
public import OCI
public import PythonStep
public import Sandbox
public import State
public import Store
public import Toolchains

/// Why an environment cannot be locked or built.
public enum BuilderError: Error, CustomStringConvertible {
    case environment(EnvironmentError)
    case debian(DebianError)
    case download(DownloadError)
    case layers(LayerError)
    case state(StateError)
    case sandbox(SandboxError)
    case python(PythonStepError)
    case toolchain(ToolchainError)
    case store(StoreError)
    case oci(OCIError)
    /// The spec names something that the builder does not know.
    case unsupported(String, hint: String)
    /// Maintainer scripts that no rule covers, where running them is not allowed or not possible.
    case scripts([UnhandledScript], platform: String, hint: String)
    /// `dpkg --configure` inside the sandbox ended with this.
    case configuration(packages: [String], output: String)
    /// The lock does not fit the spec or the repository's files.
    case stale(String)
    case cancelled

    /// What failed, where, and what to do.
    public var description: String {
        switch self {
        case .environment(let error): "\(error)"
        case .debian(let error): "\(error)"
        case .download(let error): "\(error)"
        case .layers(let error): "\(error)"
        case .state(let error): "\(error)"
        case .sandbox(let error): "\(error)"
        case .python(let error): "\(error)"
        case .toolchain(let error): "\(error)"
        case .store(let error): "\(error)"
        case .oci(let error): "\(error)"
        case .unsupported(let problem, let hint): "\(problem)\n\nhint: \(hint)"
        case .scripts(let scripts, let platform, let hint):
            "\(platform): maintainer scripts that no rule covers would have to run:"
                + scripts.map { "\n  \($0.package): \($0.script) line \($0.line): \($0.reason)" }.joined()
                + "\n\nhint: \(hint)"
        case .configuration(let packages, let output):
            "cannot configure \(packages.joined(separator: ", ")):\n\(output)"
        case .stale(let problem): "fitout.lock is stale: \(problem)\n\nhint: run `fitout lock`"
        case .cancelled: "interrupted\n\nhint: what was finished is kept; run the same command again to go on"
        }
    }
}
