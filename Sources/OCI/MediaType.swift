//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Media types of the OCI image specification ("OCI Image Media Types").
public enum MediaType {
    /// An image index.
    public static let index = "application/vnd.oci.image.index.v1+json"
    /// An image manifest.
    public static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// An image configuration.
    public static let config = "application/vnd.oci.image.config.v1+json"
    /// A layer as plain tar.
    public static let layer = "application/vnd.oci.image.layer.v1.tar"
    /// A layer compressed with gzip.
    public static let layerGzip = "application/vnd.oci.image.layer.v1.tar+gzip"
    /// A layer compressed with Zstandard.
    public static let layerZstd = "application/vnd.oci.image.layer.v1.tar+zstd"
}
