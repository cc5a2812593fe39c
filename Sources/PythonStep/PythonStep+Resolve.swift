//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Store
public import SystemPackage
public import Toolchains

extension PythonStep {
    /// Chooses exact distributions for what a repository asks for, with pip, and setuptools where Python is older than
    /// 3.12. Source distributions may be built for their metadata.
    ///
    /// - Parameter checkout: the repository's root. It is not changed.
    /// - Throws: ``PythonStepError``, `noSolution` among them.
    public func resolve(
        _ inputs: PythonInputs, checkout: FilePath
    ) async throws(PythonStepError) -> PythonLock {
        let (files, generated) = try workFolders()
        let platform = try await interpreter()
        var needed: [String] = []
        for file in inputs.projects {
            needed += try BuildSystem(of: file, in: checkout).requirementsWithoutIsolation
        }
        let setuptools = platform.minor < 12 || inputs.wantsSetuptools ? ["setuptools"] : []
        let requirements = inputs.requirements + ["pip"] + setuptools + needed
        try write(requirements, to: files.path.appending("requirements.txt"))
        try write(inputs.constraints, to: files.path.appending("constraints.txt"))
        try await withOverlayable(checkout) { (checkout) throws(PythonStepError) in
            let invocation = Invocation(
                arguments: [Place.uv + "/uv"] + Self.compileArguments(inputs, for: target == nil ? nil : platform),
                cache: try sharedCache(), files: files.path,
                workspace: SandboxMount(.overlay(lower: checkout, upper: generated), at: Place.workspace),
                variables: inputs.variables)
            try await run(invocation, in: root)
        }
        let text = try read(files.path.appending("pylock.toml"))
        let pylock: Pylock
        do throws(ToolchainError) {
            pylock = try Pylock(parsing: text, for: platform)
        } catch {
            throw .toolchain(error)
        }
        return PythonLock(
            distributions: pylock.distributions, localProjects: try Self.localProjects(pylock.folders),
            buildExcludeNewer: inputs.buildExcludeNewer, uv: uv.locked)
    }

    /// The arguments of uv, to be run in the workspace; for `platform` if that is not the interpreter's own.
    static func compileArguments(_ inputs: PythonInputs, for platform: PythonPlatform? = nil) -> [String] {
        var arguments = ["pip", "compile", "--python", Place.systemPython, "--format", "pylock.toml", "--quiet"]
        arguments += ["--output-file", Place.files + "/pylock.toml", "--no-header", "--no-annotate"]
        if let platform { arguments += ["--python-platform", platform.uvName] }
        if let date = inputs.excludeNewer {
            arguments += ["--exclude-newer", date]
            for tool in ["pip", "setuptools", "wheel"] {
                arguments += ["--exclude-newer-package", "\(tool)=\(inputs.buildExcludeNewer ?? "false")"]
            }
        } else if let date = inputs.buildExcludeNewer {
            for tool in ["pip", "setuptools", "wheel"] { arguments += ["--exclude-newer-package", "\(tool)=\(date)"] }
        }
        for extra in inputs.extras { arguments += ["--extra", extra] }
        for group in inputs.groups { arguments += ["--group", "\(group.file):\(group.name)"] }
        for file in inputs.constraintFiles + [Place.files + "/constraints.txt"] {
            arguments += ["--constraints", file]
        }
        return arguments + ["--"] + inputs.projects + inputs.requirementFiles + [Place.files + "/requirements.txt"]
    }

    /// What is installed for: the interpreter's kind, asked of itself, with the processor of the image.
    func interpreter() async throws(PythonStepError) -> PythonPlatform {
        let script = """
            import os, sys, sysconfig
            print(sys.version_info[0], sys.version_info[1], os.uname().machine, os.confstr("CS_GNU_LIBC_VERSION"),
                  sysconfig.get_config_var("Py_GIL_DISABLED") or 0)
            """
        let invocation = Invocation(
            arguments: [Place.systemPython, "-I", "-c", script], cache: try sharedCache())
        let result = try await run(invocation, in: root, isCaptured: true)
        let text = String(decoding: result.output, as: UTF8.self)
        guard let platform = PythonPlatform(answer: text) else {
            throw .unsupportedPython(text.split(separator: "\n").first.map(String.init) ?? "")
        }
        guard let target else { return platform }
        return PythonPlatform(
            minor: platform.minor, architecture: target, glibc: platform.glibc,
            isFreeThreaded: platform.isFreeThreaded)
    }

    /// The projects among the folders that uv names from where it wrote its lock.
    static func localProjects(_ folders: [LocalPythonProject]) throws(PythonStepError) -> [LocalPythonProject] {
        var projects: [LocalPythonProject] = []
        for folder in folders {
            let path = FilePath(Place.files).pushing(FilePath(folder.path)).lexicallyNormalized().string
            guard path == Place.workspace || path.hasPrefix(Place.workspace + "/") else {
                throw .outsideRepository(folder.path)
            }
            let relative = String(path.dropFirst(Place.workspace.count + 1))
            projects.append(LocalPythonProject(path: relative, isEditable: folder.isEditable))
        }
        return projects.sorted()
    }
}

extension PythonPlatform {
    /// The platform in the answer `3 13 x86_64 glibc 2.41 0`.
    init?(answer: String) {
        let fields = answer.split { $0 == " " || $0 == "\n" }
        guard fields.count == 6, fields[0] == "3", let minor = Int(fields[1]), fields[3] == "glibc" else { return nil }
        let glibc = fields[4].split(separator: ".").compactMap { Int($0) }
        guard glibc.count >= 2, glibc[0] == 2 else { return nil }
        switch fields[2] {
        case "x86_64": self.init(minor: minor, architecture: .amd64, glibc: glibc[1], isFreeThreaded: fields[5] == "1")
        case "aarch64": self.init(minor: minor, architecture: .arm64, glibc: glibc[1], isFreeThreaded: fields[5] == "1")
        default: return nil
        }
    }
}
