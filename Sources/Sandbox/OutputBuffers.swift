//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The last bytes of a stream.
struct TailBuffer {
    private let limit: Int
    private var storage: [UInt8] = []

    init(limit: Int) {
        self.limit = max(limit, 0)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        storage.append(contentsOf: bytes)
        // Cut only now and then: each cut moves what is kept.
        if storage.count / 2 > limit { storage.removeFirst(storage.count - limit) }
    }

    var bytes: [UInt8] { Array(storage.suffix(limit)) }
}

/// Cuts a stream into lines. A carriage return ends a line too: so do programs that draw progress.
struct LineSplitter {
    private var pending: [UInt8] = []

    mutating func append(_ bytes: UnsafeRawBufferPointer, _ receive: (String) -> Void) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                flush(receive)
            } else {
                pending.append(byte)
            }
        }
    }

    mutating func finish(_ receive: (String) -> Void) { flush(receive) }

    private mutating func flush(_ receive: (String) -> Void) {
        if !pending.isEmpty { receive(String(decoding: pending, as: UTF8.self)) }
        pending.removeAll(keepingCapacity: true)
    }
}
