//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The content of files in fragments, for a reader that asks for many small files of the same packages one by one: what
/// stands close behind a file is kept for the next question.
public final class FragmentContentCache: Sendable {
    private let contents: FragmentContents
    private let known = Mutex<[EntryPath: [UInt8]]>([:])

    /// A cache over `contents`.
    public init(_ contents: FragmentContents) {
        self.contents = contents
    }

    /// The content of the file at `path`.
    ///
    /// - Throws: ``LayerError/missingFile(_:)`` if no fragment holds a file there.
    public func contents(of path: EntryPath) throws(LayerError) -> [UInt8] {
        if let bytes = known.withLock({ $0[path] }) { return bytes }
        let read = try contents.contents(of: try contents.neighbours(of: path))
        known.withLock { $0.merge(read) { first, _ in first } }
        guard let bytes = read[path] else { throw .missingFile(path) }
        return bytes
    }
}
