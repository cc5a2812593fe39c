//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Checkout {
    /// The bytes of the file at `path`, as in ``CheckoutFile/path``; records that it was read.
    ///
    /// - Parameters:
    ///   - path: The path of one of ``files``.
    ///   - limit: The most bytes to read.
    /// - Throws: ``CheckoutError`` for any other path, for a file above `limit` and for one that cannot be read.
    public func read(_ path: String, limit: Int = 16 << 20) throws(CheckoutError) -> [UInt8] {
        guard let index = index(of: path) else { throw .noSuchFile(path) }
        reads.record(index)
        let file = files[index]
        if let tree = file.parent.tree { return try read(file, in: tree, limit: limit) }
        guard let contents else { throw .noSuchFile(path) }
        guard contents[index].count <= limit else { throw .tooLarge(path, limit: limit) }
        return contents[index]
    }

    /// The paths of the files read so far, through any copy of this value, sorted by bytes.
    public var readPaths: [String] { reads.recorded.map { files[$0].path } }

    private func read(_ file: CheckoutFile, in tree: TreeRoot, limit: Int) throws(CheckoutError) -> [UInt8] {
        do throws(ReadFailure) {
            let options = file.isSymbolicLink ? 0 : O_NOFOLLOW
            return try readFile(at: tree.descriptor, file.path, options: options, limit: limit)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge(file.path, limit: limit)
            case .cannotRead(let reason): throw .cannotRead(file.path, reason: reason)
            }
        }
    }
}

enum ReadFailure: Error {
    case tooLarge
    case cannotRead(String)
}

/// The bytes of the regular file `path` relative to the directory `directory`, at most `limit` of them.
func readFile(at directory: Int32, _ path: String, options: Int32, limit: Int) throws(ReadFailure) -> [UInt8] {
    // Not to block on a FIFO that has taken the place of a file.
    let descriptor = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | options)
    guard descriptor >= 0 else { throw .cannotRead(systemError()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotRead(systemError()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotRead("it is not a regular file") }
    guard status.st_size <= limit else { throw .tooLarge }
    var bytes: [UInt8] = []
    // One more, so that the read that fills the file also shows its end.
    var capacity = Int(status.st_size) + 1
    while true {
        var count = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            repeat {
                count = Glibc.read(descriptor, buffer.baseAddress, capacity)
            } while count < 0 && errno == EINTR
            initialized = max(count, 0)
        }
        guard count >= 0 else { throw .cannotRead(systemError()) }
        if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        guard bytes.count <= limit else { throw .tooLarge }
        if count == 0 || (count < capacity && bytes.count == Int(status.st_size)) { return bytes }
        capacity = 1 << 16
    }
}

/// The last error of the system, in its words.
func systemError(_ code: Int32 = errno) -> String {
    String(cString: strerror(code))
}
