//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import SystemPackage
import Toolchains

extension PythonStep {
    /// What one tool run inside gets beyond what all get.
    struct Invocation {
        var arguments: [String]
        var cache: FilePath
        var files: FilePath?
        var workspace: SandboxMount?
        var variables: [String: String] = [:]
    }

    /// Runs a tool and waits for its success.
    @discardableResult
    func run(
        _ invocation: Invocation, in root: SandboxRoot, upper: UpperLayer? = nil, isCaptured: Bool = false
    ) async throws(PythonStepError) -> SandboxResult {
        var command = SandboxCommand(invocation.arguments)
        command.environment = environment(for: invocation).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        command.workingDirectory = invocation.workspace == nil ? "/" : Place.workspace
        command.network = host.isOffline ? .none : .host
        command.mounts = mounts(for: invocation)
        command.output = isCaptured ? .capture(limit: 1 << 20) : .lines(report)
        let result: SandboxResult
        do throws(SandboxError) {
            result = try await sandbox.run(command, in: root, upper: upper)
        } catch {
            if case .programNotFound(Place.systemPython) = error { throw .noPython }
            throw .sandbox(error)
        }
        guard result.isSuccess else { throw diagnose(result, of: invocation.arguments) }
        return result
    }

    private func mounts(for invocation: Invocation) -> [SandboxMount] {
        var mounts = [SandboxMount.readOnly(uv.folder, at: Place.uv), .writable(invocation.cache, at: Place.cache)]
        if let files = invocation.files { mounts.append(.writable(files, at: Place.files)) }
        if let bundle = host.certificateBundle { mounts.append(.readOnly(bundle, at: Place.certificates)) }
        if !host.isOffline { mounts += host.resolverFiles.map { .readOnly($0, at: $0.string) } }
        if let workspace = invocation.workspace { mounts.append(workspace) }
        return mounts
    }

    /// The whole environment of a tool.
    func environment(for invocation: Invocation) -> [String: String] {
        let system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        var environment = [
            "PATH": (["\(Place.environment)/bin", system] + toolFolders + [Place.uv]).joined(separator: ":"),
            "HOME": "/tmp", "LANG": "C.UTF-8", "USER": "root",
            "UV_CACHE_DIR": Place.cache, "UV_LINK_MODE": "copy", "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1", "UV_PREVIEW_FEATURES": "pylock", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            // Debug information names the random folder that a distribution is built in.
            "CFLAGS": "-O2 -g0", "CXXFLAGS": "-O2 -g0",
            // Zip archives know no time before 1980.
            "SOURCE_DATE_EPOCH": "\(max(sourceDateEpoch, 315_532_800))",
        ]
        if host.isOffline { environment["UV_OFFLINE"] = "1" }
        environment.merge(host.variables) { $1 }
        if host.certificateBundle != nil {
            for name in StepHost.bundleVariables { environment[name] = Place.certificates }
        } else {
            environment["UV_SYSTEM_CERTS"] = "1"
        }
        environment.merge(invocation.variables) { $1 }
        return environment
    }
}
