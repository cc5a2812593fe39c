//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import SystemPackage

/// A root file system: a stack of unpacked layers.
public struct SandboxRoot: Hashable, Sendable {
    /// The layers' folders, the lowest first. They are never changed.
    public let layers: [FilePath]

    /// The root file system of these layers, the lowest first.
    public init(layers: [FilePath]) {
        self.layers = layers
    }

    /// How many layers overlayfs stacks at most, less the one for mount points.
    static let maximumLayerCount = 499

    /// What stands at a path.
    enum Finding: Equatable {
        case missing
        case folder
        case file
    }

    /// Follows `path`, absolute or from the root, through the layers' symbolic links: where it leads, without links in
    /// it, and what is there.
    func resolve(_ path: String) -> (path: String, finding: Finding) {
        var pending = components(of: path)
        var resolved: [String] = []
        var finding = Finding.folder
        var linkCount = 0
        while let component = pending.popLast() {
            if component == ".." {
                _ = resolved.popLast()
                continue
            }
            resolved.append(component)
            switch look("/" + resolved.joined(separator: "/")) {
            case .link(let target) where linkCount < 40:
                linkCount += 1
                if target.hasPrefix("/") { resolved = [] } else { resolved.removeLast() }
                pending += components(of: target)
            case .link, .missing: finding = .missing
            case .folder: finding = .folder
            case .file: finding = .file
            }
        }
        if resolved.isEmpty { finding = .folder }
        return ("/" + resolved.joined(separator: "/"), finding)
    }

    /// The components of a path, the last first.
    private func components(of path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.reversed().map(String.init)
    }

    private enum Entry {
        case missing
        case folder
        case file
        case link(target: String)
    }

    /// What the uppermost layer that has something at this path has there.
    private func look(_ path: String) -> Entry {
        for layer in layers.reversed() {
            let place = FilePath(layer.string + path)
            var status = stat()
            guard lstat(place.string, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return .folder
            case S_IFCHR: return .missing  // a whiteout
            case S_IFLNK:
                var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
                let count = readlink(place.string, &buffer, buffer.count)
                guard count >= 0 else { return .missing }
                return .link(target: String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self))
            default: return .file
            }
        }
        return .missing
    }
}
