//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// A file of a distribution, as a package index lists it.
public struct PythonDistributionFile: Hashable, Sendable {
    /// The file's name.
    public var name: String
    /// Where it is.
    public var url: String
    /// Its digest; nil where the index has none.
    public var digest: Digest?
    /// Its size in bytes; nil where the index does not say (PEP 700).
    public var size: Int64?
    /// When it was uploaded, RFC 3339 in UTC; nil where the index does not say (PEP 700).
    public var uploadTime: String?
    /// The Python versions it is for (`Requires-Python`); nil for all.
    public var requiresPython: String?
    /// Whether its author has withdrawn it (PEP 592).
    public var isYanked: Bool

    /// A file with these properties.
    public init(
        name: String, url: String, digest: Digest?, size: Int64?, uploadTime: String? = nil,
        requiresPython: String? = nil, isYanked: Bool = false
    ) {
        self.name = name
        self.url = url
        self.digest = digest
        self.size = size
        self.uploadTime = uploadTime
        self.requiresPython = requiresPython
        self.isYanked = isYanked
    }
}

/// A distribution's name in the form in which names are compared:
/// [PEP 503](https://peps.python.org/pep-0503/#normalized-names).
public func normalizedPythonName(_ name: String) -> String {
    var result: [UInt8] = []
    var pendingDash = false
    for byte in name.utf8 {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): pendingDash = true
        default:
            if pendingDash { result.append(UInt8(ascii: "-")) }
            pendingDash = false
            result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
    }
    if pendingDash { result.append(UInt8(ascii: "-")) }
    return String(decoding: result, as: UTF8.self)
}
