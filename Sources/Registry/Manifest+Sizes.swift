//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import OCI

extension Manifest {
    /// Throws unless the sizes of the blobs are such that sums of them stay in bounds.
    ///
    /// - Parameter name: what to call the image in a message.
    func checkSizes(_ name: String) throws(RegistryError) {
        for blob in layers + [config] where !(0...(1 << 45)).contains(blob.size) {
            throw .malformed(what: name, reason: "`\(blob.digest)` cannot have \(blob.size) bytes")
        }
    }
}
