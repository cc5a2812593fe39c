//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Glibc

/// Whether the caller is root and the repository has folders of other owners, as archives unpacked by root have.
///
/// An ordinary user inside could not write there: only root with all users of the host can.
func needsRoot(toWriteIn checkout: Checkout) -> Bool {
    guard geteuid() == 0 else { return false }
    let folders = Set(checkout.files.map(\.directory))
    return (folders.map { "\(checkout.root)/\($0)" } + [checkout.root]).contains { folder in
        var status = stat()
        return stat(folder, &status) == 0 && status.st_uid != 0
    }
        || checkout.files.prefix(1_000).contains { file in
            var status = stat()
            return stat("\(checkout.root)/\(file.path)", &status) == 0 && status.st_uid != 0
        }
}
