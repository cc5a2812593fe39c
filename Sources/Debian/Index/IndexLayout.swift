//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The layout of a parsed index file: a header, tables of 32-bit words in the machine's byte order, then the text of the
/// `Packages` file that the tables point into.
///
/// Tables follow each other in the order of the counts below. Positions in the text are byte offsets from its start, and
/// numbers of other records count from 0; a field that may be absent holds the number plus one.
enum IndexLayout {
    /// Changes when the layout or the meaning of a field changes, so that an older file is never read as a newer one.
    static let version: UInt32 = 1
    /// Says that the file is an index, and in which byte order.
    static let magic: UInt32 = 0x4649_4458

    /// Word numbers in the header.
    enum Header {
        static let magic = 0
        static let version = 1
        static let packages = 2
        static let names = 3
        static let slots = 4
        static let relations = 5
        static let provides = 6
        static let textLength = 7
        static let size = 8
    }

    /// Word numbers in a package record.
    enum Package {
        static let name = 0
        static let textOffset = 1
        static let textLength = 2
        static let versionOffset = 3
        static let versionLength = 4
        static let flags = 5
        /// The number plus one of the next package of the same name.
        static let next = 6
        /// Where the package's relations start; those of the five fields follow each other.
        static let relations = 7
        static let preDepends = 8
        static let depends = 9
        static let conflicts = 10
        static let breaks = 11
        static let size = 12
    }

    /// Bits of a package's flags; the priority stands in the lowest three bits.
    enum Flag {
        static let priorityMask: UInt32 = 7
        static let essential: UInt32 = 8
        static let sameArchitecture: UInt32 = 16
        static let foreign: UInt32 = 32
        static let allowed: UInt32 = 64
        static let important: UInt32 = 128
    }

    /// Word numbers in the record of a name, real or virtual.
    enum Name {
        static let offset = 0
        static let length = 1
        /// The number plus one of the first package of that name.
        static let package = 2
        static let provides = 3
        static let providesCount = 4
        static let size = 5
    }

    /// Word numbers in the record of one alternative of a relation.
    enum Relation {
        static let name = 0
        static let flags = 1
        static let versionOffset = 2
        static let versionLength = 3
        static let size = 4
    }

    /// Bits of a relation's flags; the comparison stands in the lowest three bits, 0 for none.
    enum RelationFlag {
        static let comparisonMask: UInt32 = 7
        static let hasAlternative: UInt32 = 8
        static let anyArchitecture: UInt32 = 16
        /// Names an architecture that the index does not hold.
        static let otherArchitecture: UInt32 = 32
    }

    /// Word numbers in a record of the table of providers, which is grouped by the name provided.
    enum Provides {
        static let package = 0
        static let versionOffset = 1
        static let versionLength = 2
        static let size = 3
    }

    /// The code of a comparison in a relation's flags.
    static func code(of comparison: PackageRelation.Comparison?) -> UInt32 {
        switch comparison {
        case nil: 0
        case .earlier: 1
        case .earlierOrEqual: 2
        case .equal: 3
        case .laterOrEqual: 4
        case .later: 5
        }
    }

    /// The comparison of a code.
    static func comparison(code: UInt32) -> PackageRelation.Comparison? {
        switch code {
        case 1: .earlier
        case 2: .earlierOrEqual
        case 3: .equal
        case 4: .laterOrEqual
        case 5: .later
        default: nil
        }
    }

    /// The hash of a name, for the table of slots (FNV-1a).
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash ^ hash >> 15
    }
}
