//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import HTTP

/// What one shows a registry, or the server that gives out its tokens. Printing it tells no secret.
public enum RegistryCredential: Sendable, Hashable {
    /// A user and a password.
    case password(Credentials)
    /// A refresh token of OAuth 2, for which there are tokens; docker's word is identity token.
    case identityToken(String)
    /// A token to be sent as it is.
    case registryToken(String)
}

extension RegistryCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind of the credential.
    public var description: String {
        switch self {
        case .password(let credentials): "the password of `\(credentials.user)`"
        case .identityToken: "an identity token"
        case .registryToken: "a registry token"
        }
    }

    /// The kind of the credential.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
