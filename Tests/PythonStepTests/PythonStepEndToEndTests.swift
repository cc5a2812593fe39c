//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Download
import Glibc
import PythonStep
import Sandbox
import Store
import SystemPackage
import Testing
import Toolchains

/// The folder of an unpacked Debian root file system with python3, gcc and python3-dev, if this run may use the network.
private let rootFolder: FilePath? = {
    guard let flag = getenv("FITOUT_NETWORK_TESTS"), String(cString: flag) == "1", let root = getenv("FITOUT_TEST_ROOT")
    else {
        print("SKIPPED: set FITOUT_NETWORK_TESTS=1 and FITOUT_TEST_ROOT to a root file system with python3-dev and gcc")
        return nil
    }
    return FilePath(String(cString: root))
}()

@Suite(.enabled(if: rootFolder != nil), .serialized) struct PythonStepEndToEndTests {
    let folder: FilePath
    let environment: [String: String]

    init() throws {
        folder = FilePath("/tmp/fitout-python-tests-" + String(UInt64.random(in: .min ... .max), radix: 36))
        try #require(mkdir(folder.string, 0o755) == 0)
        var environment: [String: String] = [:]
        for name in ["SSL_CERT_FILE", "https_proxy", "http_proxy", "no_proxy", "PIP_INDEX_URL", "UV_INDEX_URL"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        self.environment = environment
    }

    func write(_ text: String, to name: String) throws {
        let path = folder.appending("checkout").pushing(FilePath(name))
        mkdir(folder.appending("checkout").string, 0o755)
        mkdir(path.removingLastComponent().string, 0o755)
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
    }

    func step(storeNamed name: String) async throws -> (PythonStep, Sandbox, SandboxRoot) {
        let store = try Store(at: folder.appending(name))
        let downloader = Downloader(store: store, configuration: DownloadConfiguration(environment: environment))
        let index = PythonDistributionIndex(environment: environment)
        let uv = try await Uv(Uv.lock(for: .amd64, from: index, with: downloader), in: store, with: downloader)
        try await downloader.shutdown()
        let sandbox = try Sandbox(store: store)
        let root = SandboxRoot(layers: [try #require(rootFolder)])
        let host = StepHost(environment: environment) { access($0.string, R_OK) == 0 }
        let step = PythonStep(
            sandbox: sandbox, store: store, uv: uv, host: host, root: root, rootKey: .sha256(Array("root".utf8)),
            sourceDateEpoch: 1_700_000_000)
        return (step, sandbox, root)
    }

    @Test func installsAProjectWithAnExtensionTheSameWayTwice() async throws {
        defer { try? removeTree(folder) }
        try write("six==1.16.0\n", to: "requirements.txt")
        try write(
            """
            from setuptools import setup, Extension
            setup(name="greeter", version="1.0", install_requires=["markupsafe"], ext_modules=[Extension("greeter", ["greeter.c"])])
            """, to: "setup.py")
        try write(
            """
            #include <Python.h>
            static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "greeter", NULL, -1, NULL};
            PyMODINIT_FUNC PyInit_greeter(void) { return PyModule_Create(&module); }
            """, to: "greeter.c")
        var inputs = PythonInputs()
        inputs.projects = ["setup.py"]
        inputs.requirementFiles = ["requirements.txt"]
        inputs.excludeNewer = "2026-06-01T00:00:00Z"
        inputs.buildExcludeNewer = inputs.excludeNewer
        let checkout = folder.appending("checkout")
        var trees: [[String]] = []
        for store in ["one", "two"] {
            let (step, sandbox, root) = try await step(storeNamed: store)
            let lock = try await step.resolve(inputs, checkout: checkout)
            #expect(lock.distributions.map(\.name) == ["markupsafe", "pip", "six"])
            let dependencies = try await step.install(lock)
            let layers = try await step.installProjects(
                [LocalPythonProject(path: "", isEditable: true)], lock: lock, over: dependencies, checkout: checkout,
                checkoutKey: .sha256([]))
            let command = SandboxCommand(
                [
                    "/opt/venv/bin/python", "-c",
                    "import greeter, six, markupsafe._speedups; print(greeter.__file__[:19])",
                ],
                mounts: [.readOnly(layers.workspace, at: "/workspace")])
            let result = try await sandbox.run(
                command, in: SandboxRoot(layers: root.layers + [dependencies, layers.system]))
            #expect(String(decoding: result.output, as: UTF8.self) == "/workspace/greeter.\n", "\(result)")
            trees.append(try listing(dependencies) + listing(layers.system) + listing(layers.workspace))
        }
        #expect(trees[0] == trees[1])
        #expect(trees[0].contains { $0.contains("six.cpython-") && $0.contains("/__pycache__/") })
        #expect(!trees[0].contains { $0.contains("uv_cache.json") || $0.contains("/.lock") })
    }

    @Test func saysWhichProgramABuildLacks() async throws {
        defer { try? removeTree(folder) }
        try write("", to: "README")
        let (step, _, _) = try await step(storeNamed: "one")
        var inputs = PythonInputs()
        inputs.requirements = ["psycopg2==2.9.9"]
        let error = await #expect(throws: PythonStepError.self) {
            _ = try await step.install(step.resolve(inputs, checkout: folder.appending("checkout")))
        }
        guard case .buildFailed(let name, .program("pg_config"), _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name.hasPrefix("psycopg2"))
    }

    @Test func explainsContradictions() async throws {
        defer { try? removeTree(folder) }
        try write("six==1.16.0\nsix==1.15.0\n", to: "requirements.txt")
        let (step, _, _) = try await step(storeNamed: "one")
        var inputs = PythonInputs()
        inputs.requirementFiles = ["requirements.txt"]
        let error = await #expect(throws: PythonStepError.self) {
            try await step.resolve(inputs, checkout: folder.appending("checkout"))
        }
        guard case .noSolution(let explanation) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(explanation.contains("six==1.15.0"))
    }

    /// One line per entry below `folder`: path, mode, modification time, and the digest of a file's content.
    private func listing(_ folder: FilePath, prefix: String = "") throws -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var lines: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let path = folder.appending(name)
            var status = stat()
            try #require(lstat(path.string, &status) == 0)
            let line = "\(prefix)/\(name) \(String(status.st_mode, radix: 8)) \(status.st_mtim.tv_sec)"
            switch status.st_mode & S_IFMT {
            case S_IFDIR: lines += try [line] + listing(path, prefix: prefix + "/" + name)
            case S_IFREG: lines.append(try line + " \(Digest.sha256(fileAt: path))")
            default: lines.append(line)
            }
        }
        return lines.sorted()
    }
}
