//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Versions

/// The name of a wheel: [binary distribution format](https://packaging.python.org/specifications/binary-distribution-format/).
public struct WheelName: Hashable, Sendable {
    /// The distribution's name as the file spells it.
    public let distribution: String
    /// The version as the file spells it.
    public let version: String
    /// The build number and tag, `1abc`; nil for none.
    public let build: String?
    /// Every combination of the name's Python, ABI and platform tags.
    public let tags: Set<WheelTag>

    /// The parts of `fileName`; nil if it is no wheel's name.
    public init?(_ fileName: String) {
        guard fileName.hasSuffix(".whl") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 || parts.count == 6, !parts.contains("") else { return nil }
        distribution = parts[0]
        version = parts[1]
        build = parts.count == 6 ? parts[2] : nil
        if let build, build.utf8.first.map({ !(0x30...0x39).contains($0) }) ?? true { return nil }
        var tags: Set<WheelTag> = []
        let sets = parts.suffix(3).map { $0.split(separator: ".").map(String.init) }
        for python in sets[0] {
            for abi in sets[1] {
                for platform in sets[2] { tags.insert(WheelTag(python: python, abi: abi, platform: platform)) }
            }
        }
        self.tags = tags
    }
}

/// What a wheel runs on: PEP 425.
public struct WheelTag: Hashable, Sendable {
    /// The interpreter, `cp313` or `py3`.
    public let python: String
    /// The binary interface, `cp313`, `abi3` or `none`.
    public let abi: String
    /// The system, `manylinux_2_28_x86_64` or `any`.
    public let platform: String

    /// A tag.
    public init(python: String, abi: String, platform: String) {
        self.python = python
        self.abi = abi
        self.platform = platform
    }
}

/// The newest version among the names of these files which is no prerelease, if there is one.
func newestRelease(among versions: some Sequence<String>) -> String? {
    versions.compactMap { try? Version($0, dialect: .pep440) }.filter { !$0.isPrerelease }.max()?.text
}
