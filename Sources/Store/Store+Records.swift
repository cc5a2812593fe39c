//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage

extension Store {
    /// The small result of this kind that was computed from what `key` stands for. One that is damaged reads as absent
    /// and is removed.
    public func record(_ kind: String, _ key: Digest) -> [UInt8]? {
        guard let path = try? recordPath(kind, key), touch(path), let file = try? File(opening: path) else {
            return nil
        }
        defer { file.close() }
        guard let bytes = try? file.readAll() else { return nil }
        let payload = Array(bytes.dropFirst(32))
        guard Array(bytes.prefix(32)) == checksum(kind, key, payload).bytes else {
            // If it cannot be removed, it reads as absent again the next time.
            try? removeFile(path)
            return nil
        }
        return payload
    }

    /// Keeps a small result of this kind under the digest of what it was computed from, in place of an older one.
    ///
    /// - Throws: ``StoreError`` if `kind` is no file name or the record cannot be written.
    public func setRecord(_ kind: String, _ key: Digest, _ bytes: [UInt8]) throws(StoreError) {
        let path = try recordPath(kind, key)
        try makeFolders(path.removingLastComponent())
        // Its name may be lost when the machine stops: the record is absent then.
        try finish(
            createTemporaryFile(), with: checksum(kind, key, bytes).bytes + bytes, at: path, mode: .ownerReadWrite)
    }

    /// Forgets the result of this kind under `key`, if there is one.
    ///
    /// - Throws: ``StoreError`` if it cannot be removed.
    public func removeRecord(_ kind: String, _ key: Digest) throws(StoreError) {
        try removeFile(recordPath(kind, key))
    }

    private func recordPath(_ kind: String, _ key: Digest) throws(StoreError) -> FilePath {
        root.appending("records").appending(try component(kind)).appending(key.hex)
    }

    /// Covers kind and key too: a record that was moved elsewhere is a damaged one.
    private func checksum(_ kind: String, _ key: Digest, _ bytes: [UInt8]) -> Digest {
        var hasher = DigestHasher()
        hasher.update(Array(kind.utf8) + [0] + key.bytes)
        hasher.update(bytes)
        return hasher.finalize()
    }
}
