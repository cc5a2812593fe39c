//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Versions

/// Orders Debian versions straight from their bytes: negative, zero or positive.
func compareVersions(_ lhs: UnsafeRawBufferPointer, _ rhs: UnsafeRawBufferPointer) -> Int {
    DebianVersionOrder.compare(lhs.bindMemory(to: UInt8.self).span, rhs.bindMemory(to: UInt8.self).span)
}

extension PackageRelation.Comparison {
    /// Whether a version that compares with the bound's as `order` (negative, zero, positive) meets the bound.
    func isMet(by order: Int) -> Bool {
        switch self {
        case .earlier: order < 0
        case .earlierOrEqual: order <= 0
        case .equal: order == 0
        case .laterOrEqual: order >= 0
        case .later: order > 0
        }
    }
}
