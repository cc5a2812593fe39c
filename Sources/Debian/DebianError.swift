//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What makes the `Debian` module give up.
public enum DebianError: Error, Equatable {
    /// A control file is malformed.
    case control(source: String, line: Int, problem: String)
    /// The text of a relation is malformed.
    case relation(String, problem: String)
    /// The description of a package lacks something, or something in it is malformed.
    case package(String, problem: String)
    /// A release file cannot be trusted or used.
    case release(source: String, ReleaseProblem)
    /// A file of the archive is not the one that the release file names.
    case digestMismatch(file: String, expected: String, actual: String)
    /// No suite of that name is known.
    case unknownSuite(String, known: [String])
    /// No archive has a package of that name.
    case unknownPackage(String, similar: [String])
    /// An archive has the package, but not in a version that was asked for.
    case unavailableVersion(String, available: String)
    /// A virtual package was asked for that several packages provide.
    case ambiguous(String, providers: [String])
    /// The wishes contradict each other or the archive; the reasons form a chain, from the wish on.
    case unsatisfiable(wishes: [String], reasons: [String])
    /// Something outside did not work.
    case cannot(String, cause: String)
}

/// Why a release file cannot be trusted or used.
public enum ReleaseProblem: Hashable, Sendable {
    /// It has no signature.
    case unsigned
    /// A signature does not match the text.
    case badSignature
    /// No signature is by a key of the keyring that is valid; the argument says what gpgv found.
    case untrusted(String)
    /// The signatures use a digest algorithm that is broken.
    case weakSignature(String)
    /// It is of another suite.
    case wrongSuite(expected: String, found: String)
    /// It was valid until that date only.
    case expired(String)
    /// It says that it was made after the present time.
    case fromTheFuture(String)
    /// It has no list of SHA-256 digests.
    case weakDigests
    /// It does not list the file.
    case missingFile(String)
    /// It is malformed.
    case malformed(String)
}

extension DebianError: CustomStringConvertible {
    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .control(let source, let line, let problem): "\(source):\(line): \(problem)"
        case .relation(let text, let problem): "relation `\(text)`: \(problem)"
        case .package(let name, let problem): "package `\(name)`: \(problem)"
        case .release(let source, let problem): "\(source): \(problem)"
        case .digestMismatch(let file, let expected, let actual):
            "\(file): the digest is `\(actual)` instead of `\(expected)`"
        case .unknownSuite(let name, let known):
            "suite `\(name)` is not known\n\nhint: known are \(list(known))"
        case .unknownPackage(let name, let similar):
            "package `\(name)` is in no archive"
                + (similar.isEmpty ? "" : "\n\nhint: similar names are \(list(similar))")
        case .unavailableVersion(let relation, let available):
            "`\(relation)` is in no archive: the version there is `\(available)`"
        case .ambiguous(let name, let providers):
            "`\(name)` is a virtual package\n\nhint: choose one of \(list(providers))"
        case .unsatisfiable(let wishes, let reasons):
            "cannot install \(list(wishes)):" + reasons.map { "\n  " + $0 }.joined()
        case .cannot(let action, let cause): "cannot \(action): \(cause)"
        }
    }
}

extension ReleaseProblem: CustomStringConvertible {
    /// What is wrong with the file, to be read after its name.
    public var description: String {
        switch self {
        case .unsigned: "is not signed"
        case .badSignature: "the signature does not match the text"
        case .untrusted(let found): "no signature is by a trusted key: \(found)"
        case .weakSignature(let algorithm): "the signature uses the broken digest algorithm \(algorithm)"
        case .wrongSuite(let expected, let found): "is of suite `\(found)` instead of `\(expected)`"
        case .expired(let date):
            "expired on \(date)\n\nhint: the mirror is out of date; take another mirror, or write `allow-expired: true` in fitout.yaml if this is known"
        case .fromTheFuture(let date): "was made on \(date), which is in the future\n\nhint: check the clock"
        case .weakDigests: "has no SHA-256 digests"
        case .missingFile(let path): "does not list `\(path)`"
        case .malformed(let problem): problem
        }
    }
}

private func list(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
}
