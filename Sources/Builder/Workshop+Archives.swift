//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Lock

extension Workshop {
    /// The suite that a lock names.
    func suite(of lock: Lockfile) throws(BuilderError) -> Suite {
        try wrappingDebian { () throws(DebianError) in try Suite(named: lock.base) }
    }

    /// The mirrors to ask for what the lock has from `uri`, the one that was named first.
    func uris(for uri: String) -> [String] {
        mirrors[uri].map { [$0, uri] } ?? [uri]
    }

    /// Mirrors in the form that the module Debian takes.
    var archiveMirrors: [String: [String]] {
        mirrors.mapValues { [$0] }
    }
}

/// A path with the bytes escaped that a URL cannot have in a path (RFC 3986).
func escapedPath(_ path: String) -> String {
    var escaped = ""
    for byte in path.utf8 {
        let scalar = UnicodeScalar(byte)
        let isPlain = scalar.properties.isAlphabetic && byte < 128 || (0x30...0x39).contains(byte)
        if isPlain || "-._~/+:@".unicodeScalars.contains(scalar) {
            escaped.unicodeScalars.append(scalar)
        } else {
            escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return escaped
}
