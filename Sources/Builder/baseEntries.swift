//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// The links that make `/bin` and the like parts of `/usr`, as a merged system has them before anything is unpacked.
func usrMergeLinks(_ architecture: String, time: Int64) -> [GeneratedEntry] {
    let names = ["bin", "lib", "sbin"] + (architecture == "amd64" ? ["lib64"] : [])
    return names.compactMap { name in
        EntryPath(name).map { .symlink($0, to: "usr/\(name)", mtime: time) }
    }
}

/// Adds the ordinary user `user` with number 1000 to the generated accounts, so that suites that refuse root can run.
func addOrdinaryUser(to entries: inout [GeneratedEntry], time: Int64) throws(BuilderError) {
    let lines = [
        "etc/passwd": "user:x:1000:1000::/home/user:/bin/bash\n", "etc/group": "user:x:1000:\n",
        "etc/shadow": "user:!:\(time / 86_400):0:99999:7:::\n", "etc/gshadow": "user:!::\n",
    ]
    for (index, item) in entries.enumerated() {
        guard let line = lines[item.entry.path.description], case .file = item.entry.kind else { continue }
        entries[index] = .file(
            item.entry.path, item.content + Array(line.utf8), mode: item.entry.mode, uid: item.entry.uid,
            gid: item.entry.gid, mtime: item.entry.mtime)
    }
    if let home = EntryPath("home/user") {
        entries.append(.directory(home, mode: 0o755, uid: 1000, gid: 1000, mtime: time))
    }
}
