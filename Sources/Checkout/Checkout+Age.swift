//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Checkout {
    /// When the newest of the files was modified, in seconds since 1970; `nil` without files and in memory. What the
    /// tool itself writes does not count. Asks for the status of every file, at each call.
    public var newestModification: Int64? {
        files.lazy.filter { !isOwn($0) }.compactMap(\.modification).max()
    }

    /// When the tree was archived, in seconds since 1970; `nil` where its files do not tell, and in memory.
    ///
    /// An archive of one commit gives all files the time of that commit. A source distribution of Python was made when
    /// its `PKG-INFO` was. Midnight in UTC is no time of either: what makes archives reproducible writes it.
    public var archiveTime: Int64? {
        guard let time = self["PKG-INFO"]?.modification ?? commonModification else { return nil }
        return time > 0 && time % 86_400 != 0 ? time : nil
    }

    /// The time that all files have, of which some are looked at.
    private var commonModification: Int64? {
        let step = max(files.count / 64, 1)
        let some = stride(from: 0, to: files.count, by: step).map { files[$0] }.filter { !isOwn($0) }
        guard files.count > 3, let time = some.first?.modification else { return nil }
        return some.allSatisfy { $0.modification == time } ? time : nil
    }

    private func isOwn(_ file: CheckoutFile) -> Bool {
        ["fitout.yaml", "fitout.lock"].contains(file.path) || file.path.hasPrefix(".fitout/")
    }
}

extension CheckoutFile {
    fileprivate var modification: Int64? { status.map { Int64($0.st_mtim.tv_sec) } }
}
