//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import OCI

extension MediaType {
    /// Docker's image manifest, version 2, schema 2: the same members as OCI's.
    static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    /// Docker's manifest list: the same members as OCI's index.
    static let dockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json"

    /// Every kind of manifest and index that is understood.
    static let manifests = [index, manifest, dockerManifestList, dockerManifest]

    static func isIndex(_ mediaType: String) -> Bool { mediaType == index || mediaType == dockerManifestList }
}
