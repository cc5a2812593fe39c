//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive

/// The extended attributes of a captured file.
struct FileAttributes {
    private let all: [ArchiveEntry.Attribute]

    init(_ all: [ArchiveEntry.Attribute]) {
        self.all = all
    }

    /// Those that belong into a layer: the user's own and capabilities. Labels and access lists are the host's, and
    /// overlayfs's are about where a file is, not what it is.
    var kept: [ExtendedAttribute] {
        all.compactMap { attribute in
            let belongs =
                attribute.name == "security.capability"
                || attribute.name.hasPrefix("user.") && !attribute.name.hasPrefix("user.overlay.")
            return belongs ? ExtendedAttribute(name: attribute.name, value: attribute.value) : nil
        }
    }

    /// The value of one of overlayfs's attributes, which stand in `user.` for mounts of users, else in `trusted.`.
    func value(_ name: String) -> [UInt8]? {
        all.first { $0.name == "user." + name || $0.name == "trusted." + name }?.value
    }

    /// Whether there is an attribute of overlayfs's.
    func has(_ name: String) -> Bool { value(name) != nil }
}
