//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian

/// The packages in an order in which dpkg can configure them: what a package depends on comes before it.
///
/// Where packages depend on each other in a circle, the one that comes first by name is configured last, except that
/// Pre-Depends are kept.
func configurationOrder(of packages: [BinaryPackage]) throws(DebianError) -> [BinaryPackage] {
    // Essential packages first, as a bootstrapped system has them before anything else.
    let starts = packages.indices.sorted {
        (packages[$0].isEssential ? 0 : 1, packages[$0].name) < (packages[$1].isEssential ? 0 : 1, packages[$1].name)
    }
    return try DependencyGraph(of: packages).order(from: starts).map { packages[$0] }
}
