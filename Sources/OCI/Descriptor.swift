//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// A reference to a blob (OCI image specification, "OCI Content Descriptors").
public struct Descriptor: Codable, Hashable, Sendable {
    /// The media type of the blob.
    public var mediaType: String
    /// The digest of the blob.
    public var digest: Digest
    /// Size of the blob in bytes.
    public var size: Int64
    /// Annotations, for example `org.opencontainers.image.ref.name` in a layout's index.
    public var annotations: [String: String]?
    /// The platform of the image, in an index.
    public var platform: Platform?

    /// A descriptor.
    public init(
        mediaType: String, digest: Digest, size: Int64, annotations: [String: String]? = nil, platform: Platform? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.annotations = annotations
        self.platform = platform
    }
}
