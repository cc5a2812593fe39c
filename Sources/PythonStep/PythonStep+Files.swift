//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sandbox
import Store
import SystemPackage

extension PythonStep {
    /// The store's tree of this kind and key, built by `build` if it is not there.
    func tree(
        _ kind: String, _ key: Digest, build: (FilePath) async throws(PythonStepError) -> Void
    ) async throws(PythonStepError) -> FilePath {
        do {
            return try await store.tree(kind, key) { try await build($0) }
        } catch let error as PythonStepError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .sandbox(.cancelled)
        }
    }

    /// A folder for files to hand in, and one for changes.
    func workFolders() throws(PythonStepError) -> (ScratchFolder, UpperLayer) {
        do throws(SandboxError) { return (try sandbox.makeScratchFolder(), try sandbox.makeUpperLayer()) } catch {
            throw .sandbox(error)
        }
    }

    func write(_ lines: [String], to path: FilePath) throws(PythonStepError) {
        let text = lines.map { $0 + "\n" }.joined()
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
        } catch {
            throw .system(verb: "write", path, error as? Errno ?? .ioError)
        }
    }

    func read(_ path: FilePath) throws(PythonStepError) -> [UInt8] {
        do { return try readFile(path) } catch { throw .system(verb: "read", path, error as? Errno ?? .ioError) }
    }

    func makeFolder(_ path: FilePath) throws(PythonStepError) {
        guard mkdir(path.string, 0o755) == 0 else { throw .system(verb: "create", path, Errno(rawValue: errno)) }
    }

    /// Puts a folder in the place of an empty one on the same file system.
    func move(_ folder: FilePath, to place: FilePath) throws(PythonStepError) {
        guard rename(folder.string, place.string) == 0 else {
            throw .system(verb: "create", place, Errno(rawValue: errno))
        }
    }
}

/// A file's content.
func readFile(_ path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    defer { try? file.close() }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
        if count == 0 { return bytes }
        bytes += buffer.prefix(count)
    }
}
