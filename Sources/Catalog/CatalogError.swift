//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What can go wrong while the catalog is asked.
public enum CatalogError: Error, Equatable {
    /// No suite of that name is in the catalog; `known` are those that are.
    case unknownSuite(String, known: [String])
    /// The shipped data is not what the generator writes.
    case damaged(String)
}

extension CatalogError: CustomStringConvertible {
    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .unknownSuite(let name, let known):
            "the suite `\(name)` is not in the catalog\n\nhint: take one of "
                + known.map { "`\($0)`" }.joined(separator: ", ")
        case .damaged(let reason): "cannot read the catalog: \(reason)"
        }
    }
}
