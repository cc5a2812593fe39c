//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Names of folders, in lower case, to ask a ``Repository`` with.
public final class FolderNames: Sendable {
    private let names: Set<String>
    private let orHidden: Bool

    /// A set of names; with `orHidden` all that begin with a dot as well.
    public init(orHidden: Bool = false, _ names: Set<String>) {
        self.names = names
        self.orHidden = orHidden
    }

    /// Whether a folder has one of the names.
    public func contains(_ folder: Substring) -> Bool {
        names.contains(folder.lowercased()) || orHidden && folder.hasPrefix(".")
    }
}
