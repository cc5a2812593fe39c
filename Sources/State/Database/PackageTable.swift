//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// The packages as dpkg's database would know them while scripts run.
struct PackageTable {
    /// How far a package has come.
    enum Progress: Equatable {
        case absent, unpacked, installed
    }

    struct Record {
        let package: UnpackedPackage
        var progress: Progress = .absent

        func control(_ name: String) -> [UInt8]? {
            package.fragment.control.first { $0.name == name }?.content
        }

        /// The stem of the package's files below `info`.
        var stem: String { package.multiArchSame ? "\(package.name):\(package.architecture)" : package.name }

        /// dpkg's word for the progress.
        var status: String {
            switch progress {
            case .absent: "not-installed"
            case .unpacked: "unpacked"
            case .installed: "installed"
            }
        }
    }

    /// The architecture of the image.
    let architecture: String
    private(set) var records: [Record] = []
    private var indices: [String: Int] = [:]

    init(_ packages: [UnpackedPackage] = [], architecture: String) {
        self.architecture = architecture
        for package in packages {
            if indices[package.name] == nil || package.architecture == architecture {
                indices[package.name] = records.count
            }
            indices["\(package.name):\(package.architecture)"] = records.count
            records.append(Record(package: package))
        }
    }

    /// The record of `name` or `name:architecture`.
    subscript(name: String) -> Record? {
        indices[name].map { records[$0] }
            ?? indices[name.split(separator: ":").first.map(String.init) ?? ""].map { records[$0] }
    }

    mutating func setProgress(_ progress: Progress, at index: Int) {
        records[index].progress = progress
    }

    /// The paths of a package as dpkg lists them, the root first.
    static func listing(of package: UnpackedPackage) -> [[UInt8]] {
        [Array("/.".utf8)] + package.paths.map { [UInt8(ascii: "/")] + $0.bytes }
    }
}
