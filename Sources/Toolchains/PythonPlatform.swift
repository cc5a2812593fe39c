//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A CPython on a Linux with glibc, for which wheels are chosen.
public struct PythonPlatform: Hashable, Sendable {
    /// The processors there are.
    public enum Architecture: String, Hashable, Sendable, CaseIterable {
        /// x86_64.
        case amd64
        /// aarch64.
        case arm64

        /// What wheels call it.
        public var machine: String {
            switch self {
            case .amd64: "x86_64"
            case .arm64: "aarch64"
            }
        }

        /// The oldest glibc 2.x with a manylinux tag for it: PEP 600.
        var oldestGlibc: Int {
            switch self {
            case .amd64: 5
            case .arm64: 17
            }
        }
    }

    /// The minor version of Python 3.
    public let minor: Int
    /// Whether it has no global interpreter lock.
    public let isFreeThreaded: Bool
    /// The processor.
    public let architecture: Architecture
    /// The minor version of glibc 2.
    public let glibc: Int

    /// CPython 3.`minor` with glibc 2.`glibc`.
    public init(minor: Int, architecture: Architecture, glibc: Int, isFreeThreaded: Bool = false) {
        self.minor = minor
        self.architecture = architecture
        self.glibc = glibc
        self.isFreeThreaded = isFreeThreaded
    }

    /// The tags of the wheels it takes, the best first, in the order of pip's `packaging.tags`.
    public var tags: [WheelTag] {
        let version = "cp3\(minor)"
        let abi = version + (isFreeThreaded ? "t" : "")
        let platforms = self.platforms
        func tag(_ python: String, _ abi: String) -> [WheelTag] {
            platforms.map { WheelTag(python: python, abi: abi, platform: $0) }
        }
        var tags = tag(version, abi)
        if !isFreeThreaded { tags += tag(version, "abi3") }
        tags += tag(version, "none")
        if !isFreeThreaded && minor > 2 {
            // PEP 384: the stable interface exists from 3.2 on.
            for older in stride(from: minor - 1, through: 2, by: -1) { tags += tag("cp3\(older)", "abi3") }
        }
        let pythons = ["py3\(minor)", "py3"] + stride(from: minor - 1, through: 0, by: -1).map { "py3\($0)" }
        for python in pythons { tags += tag(python, "none") }
        tags.append(WheelTag(python: version, abi: "none", platform: "any"))
        for python in pythons { tags.append(WheelTag(python: python, abi: "none", platform: "any")) }
        return tags
    }

    /// The platform tags, the newest glibc first.
    private var platforms: [String] {
        let machine = architecture.machine
        let legacy = [17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"]
        var platforms: [String] = []
        for version in stride(from: glibc, through: architecture.oldestGlibc, by: -1) {
            platforms.append("manylinux_2_\(version)_\(machine)")
            if let name = legacy[version] { platforms.append("\(name)_\(machine)") }
        }
        return platforms + ["linux_\(machine)"]
    }

    /// How uv calls it (`--python-platform`): the newest glibc that it has a name for and that is there.
    public var uvName: String {
        let named = [17, 28] + Array(31...40)
        return "\(architecture.machine)-manylinux_2_\(named.last { $0 <= glibc } ?? 17)"
    }

    /// The wheel that suits best: the one with the best tag, and among those the one with the highest build number.
    /// Nil if none suits.
    public func bestWheel<File>(among files: [File], named name: (File) -> String) -> File? {
        var ranks: [WheelTag: Int] = [:]
        for (rank, tag) in tags.enumerated() where ranks[tag] == nil { ranks[tag] = rank }
        var best: (file: File, rank: Int, build: (Int, String))?
        for file in files {
            guard let wheel = WheelName(name(file)), let rank = wheel.tags.compactMap({ ranks[$0] }).min() else {
                continue
            }
            let digits = (wheel.build ?? "").prefix { $0.isNumber }
            let build = (Int(digits) ?? 0, String((wheel.build ?? "").dropFirst(digits.count)))
            if let best, best.rank < rank || best.rank == rank && best.build >= build { continue }
            best = (file, rank, build)
        }
        return best?.file
    }
}
