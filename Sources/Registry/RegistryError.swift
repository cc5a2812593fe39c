//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import HTTP
public import OCI
public import Store

/// Why an image cannot be pushed to or pulled from a registry. No secret is in it: URLs have no query.
public enum RegistryError: Error, Equatable {
    /// This is no reference of an image.
    case reference(String, reason: String, hint: String)
    /// The server could not be reached or did not deliver.
    case http(HTTPError)
    /// The registry answered with a status that ends the work.
    case status(action: String, Int, [RegistryProblem])
    /// The registry wants other credentials or grants less than is needed; `notes` tells where credentials were looked
    /// for in vain.
    case unauthorized(action: String, registry: String, hasCredentials: Bool, notes: [String])
    /// Credentials would have to go over an unprotected connection.
    case unprotected(registry: String)
    /// There is no such image.
    case notFound(ImageReference)
    /// What the registry answered is not what its specification asks for.
    case malformed(what: String, reason: String)
    /// The registry has something else than it was asked for, or says so.
    case wrongDigest(what: String, expected: Digest, actual: String)
    /// The image is for other platforms.
    case noPlatform(ImageReference, wanted: Platform, available: [Platform])
    /// What is to be pushed is damaged on this side.
    case damaged(Digest)
    /// What is to be pushed holds several images, and none of them can be told to be meant.
    case ambiguous(count: Int)
    /// An image on this side cannot be read.
    case oci(OCIError)
    /// The store failed.
    case store(StoreError)
    /// The task was cancelled.
    case cancelled
}

/// What a registry says of an error (OCI distribution specification, "Error Codes").
public struct RegistryProblem: Sendable, Hashable {
    /// For example `DENIED`.
    public var code: String
    /// For the person at the terminal, in the registry's words.
    public var message: String

    /// A problem.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

extension RegistryError: CustomStringConvertible {
    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .reference(let text, let reason, let hint): "`\(text)` is no image reference: \(reason)\n\nhint: \(hint)"
        case .http(let error): error.description
        case .status(let action, let status, let problems):
            "cannot \(action): "
                + (problems.isEmpty
                    ? "the registry answered with status \(status)"
                    : problems.map { "\($0.message) (\($0.code))" }.joined(separator: "; ") + ", status \(status)")
        case .unauthorized(let action, let registry, let hasCredentials, let notes):
            "cannot \(action): "
                + (hasCredentials
                    ? "the credentials for \(registry) do not allow it" : "\(registry) wants credentials")
                + notes.map { "\n  \($0)" }.joined()
                + "\n\nhint: log in with `docker login \(registry)` or `podman login \(registry)`"
        case .unprotected(let registry):
            """
            \(registry) wants credentials, which are not sent over an unprotected connection

            hint: leave `--plain-http` out, or reach the registry as localhost
            """
        case .notFound(let reference): "there is no image `\(reference)`"
        case .malformed(let what, let reason): "cannot understand \(what): \(reason)"
        case .wrongDigest(let what, let expected, let actual):
            "\(what) is something else than expected: `\(actual)` instead of `\(expected)`"
        case .noPlatform(let reference, let wanted, let available):
            "`\(reference)` is not for \(wanted)\n\nhint: it is for "
                + available.map(\.description).joined(separator: ", ")
        case .damaged(let digest):
            """
            the blob `\(digest)` is damaged on this side

            hint: build the image again; `fitout cache verify` looks for more
            """
        case .ambiguous(let count):
            "the layout holds \(count) images under several names\n\nhint: push one that holds a single image or index"
        case .oci(let error): error.description
        case .store(let error): error.description
        case .cancelled: "interrupted"
        }
    }
}
