//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import Store
import SystemPackage

/// The file of a `file:` URL (RFC 8089), read piece by piece.
struct LocalFile {
    private let descriptor: FileDescriptor
    private let url: String

    init(_ url: String) throws(FetchFailure) {
        guard let path = Self.path(url) else { throw .next(.invalidURL(url)) }
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch Errno.noSuchFileOrDirectory {
            throw .next(.status(url: url, 404))
        } catch {
            throw .next(.unreachable(url: url, reason: "\(error)"))
        }
        self.url = url
    }

    func close() {
        // It was only read.
        try? descriptor.close()
    }

    /// The next bytes, none at the end.
    func read() throws(FetchFailure) -> [UInt8]? {
        var failure: (any Error)?
        let bytes = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
            do { count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
        }
        if let failure { throw .next(.unreachable(url: url, reason: "\(failure)")) }
        return bytes.isEmpty ? nil : bytes
    }

    /// The path in `file:///path`, `file://localhost/path` or `file:/path`.
    static func path(_ url: String) -> FilePath? {
        guard url.hasPrefix("file:") else { return nil }
        var rest = url.dropFirst(5)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            if rest.hasPrefix("localhost/") { rest = rest.dropFirst(9) }
        }
        guard rest.hasPrefix("/"), case let path = percentDecoded(rest), !path.utf8.contains(0) else { return nil }
        return FilePath(path)
    }
}
