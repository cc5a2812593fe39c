//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The bytes of a parsed index, mapped from a file or held in memory, until the last user lets go.
///
/// The bytes never change: they are private to this object, or a mapping of a file that is only ever replaced whole.
final class IndexStorage: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    private init(_ bytes: UnsafeRawBufferPointer, isMapped: Bool) {
        self.bytes = bytes
        self.isMapped = isMapped
    }

    /// Holds a copy of `bytes`.
    convenience init(copying bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        copy.copyBytes(from: bytes)
        self.init(UnsafeRawBufferPointer(copy), isMapped: false)
    }

    /// Maps the file at `path`.
    static func mapping(_ path: FilePath) throws(DebianError) -> IndexStorage {
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            return try file.closeAfter {
                let size = try Int(file.seek(offset: 0, from: .end))
                guard size > 0, let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.rawValue, 0), base != MAP_FAILED
                else { throw Errno(rawValue: size > 0 ? errno : EINVAL) }
                return IndexStorage(UnsafeRawBufferPointer(start: base, count: size), isMapped: true)
            }
        } catch {
            throw .cannot("map package index \(path)", cause: "\(error)")
        }
    }

    deinit {
        if isMapped {
            // Unmapping what was mapped cannot fail.
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }
}
