//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage

extension Store {
    /// Runs `body` while no other process, and nobody else in this one, holds the lock of this name. Blocks the thread
    /// while it waits; not to be nested with the same name.
    ///
    /// - Throws: ``StoreError`` if the lock file cannot be made, and what `body` throws.
    public func withLock<Output>(_ name: String, _ body: () throws -> Output) throws -> Output {
        let file = try waitForLock(at: lockPath(name))
        defer { releaseLock(file) }
        return try body()
    }

    /// Runs `body` while no other process, and nobody else in this one, holds the lock of this name. Waits without a
    /// thread.
    ///
    /// - Throws: ``StoreError`` if the lock file cannot be made, `CancellationError` if the task is cancelled while it
    ///   waits, and what `body` throws.
    public func withLock<Output: Sendable>(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Output
    ) async throws -> Output {
        let file = try await pollLock(at: lockPath(name))
        defer { releaseLock(file) }
        return try await body()
    }

    /// Opens and locks the file at `path`, asking again and again without blocking a thread.
    func pollLock(at path: FilePath) async throws -> File {
        var pause = Duration.milliseconds(1)
        while true {
            if let file = try openLocked(path, waiting: false) { return file }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(100))
        }
    }

    private func waitForLock(at path: FilePath) throws(StoreError) -> File {
        while true {
            if let file = try openLocked(path, waiting: true) { return file }
        }
    }

    /// Opens, makes if need be, and locks the file at `path`; nil if another has it and `waiting` is false.
    private func openLocked(_ path: FilePath, waiting: Bool) throws(StoreError) -> File? {
        while true {
            let file = try File(opening: path, .readWrite, options: .create)
            do throws(StoreError) {
                guard try file.lock(waiting: waiting) else {
                    file.close()
                    return nil
                }
                // The one who had it before may have removed or renamed the file that was opened here.
                if try file.isStillAtPath() { return file }
            } catch {
                file.close()
                throw error
            }
            file.close()
        }
    }

    private func lockPath(_ name: String) -> FilePath {
        // Any string names a lock: one that is no short file name stands there as its digest.
        let isPlain = name.utf8.count <= 100 && (try? component(name)) != nil
        return root.appending("locks").appending(isPlain ? name : Digest.sha256(Array(name.utf8)).hex)
    }

    private func releaseLock(_ file: File) {
        // Removed while it is locked: whoever waits for this file finds that it is gone and makes another.
        try? removeFile(file.path)
        file.close()
    }
}

/// The mark of a process that uses a store: a shared lock on the store's folder, until the last copy of the ``Store``
/// is gone.
final class StoreLease: Sendable {
    private let file: File

    init(of root: FilePath) throws(StoreError) {
        file = try File(opening: root, options: .directory)
        do throws(StoreError) {
            _ = try file.lock(shared: true, waiting: true)
        } catch {
            file.close()
            throw error
        }
    }

    deinit { file.close() }

    /// Runs `body` while no other process uses the store.
    func alone<Output>(_ body: () throws(StoreError) -> Output) throws(StoreError) -> Output {
        guard try file.lock(waiting: false) else {
            // A failed attempt to turn a shared lock into an exclusive one may lose the shared one: flock(2).
            _ = try file.lock(shared: true, waiting: true)
            throw .inUse(path: file.path)
        }
        let result = Result { () throws(StoreError) in try body() }
        _ = try file.lock(shared: true, waiting: true)
        return try result.get()
    }
}
