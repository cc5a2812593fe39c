//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A parser that reads what strangers write, and what must hold whatever it reads.
///
/// Refusing is always right. A trap, an endless loop and a value that does not come back as it was written are not.
public struct FuzzTarget: Sendable {
    /// Its name, which is also that of the folder in `Fixtures/corpus`.
    public let name: String
    /// Pieces that mean something in the format.
    public let words: [String]
    /// Other folders in `Fixtures` whose files are samples of the format.
    let samples: [String]
    /// Reads an input and checks what is to hold; throws ``BrokenProperty`` where it does not.
    public let check: @Sendable ([UInt8]) throws -> Void

    init(
        _ name: String, words: [String], samples: [String] = [], check: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.words = words
        self.samples = samples
        self.check = check
    }

    /// The inputs to start from.
    public var corpus: [[UInt8]] {
        let own = files(below: "Fixtures/corpus/\(name)").map(\.bytes)
        return own
            + samples.flatMap { sample in
                sample.hasPrefix("repositories/")
                    ? Self.repositorySamples(sample) : files(below: "Fixtures/\(sample)").map(\.bytes)
            }
    }

    /// All of them.
    public static let all: [FuzzTarget] =
        formats + archives + debian + [lockfile, spec, specUpdate, pylock, wheelName, imageLayout, maintainerScript]
        + repositories
}

extension FuzzTarget: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

/// Something that must hold of an input and does not.
public struct BrokenProperty: Error, CustomStringConvertible {
    /// What does not hold.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless both are the same.
func expectSame<Value: Equatable>(_ first: Value, _ second: Value, _ what: String) throws {
    if first != second { throw BrokenProperty("\(what): \(first) is not \(second)") }
}

/// What `body` gives; nil where it refuses. Its error's text must not be empty.
func accepted<Value>(_ body: () throws -> Value) throws -> Value? {
    do { return try body() } catch {
        if "\(error)".isEmpty { throw BrokenProperty("an error without a message") }
        return nil
    }
}
