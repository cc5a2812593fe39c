//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension PackageIndex {
    /// Names of packages that look like `name`, the most alike first and at most five.
    func names(similarTo name: String) -> [String] {
        let wanted = [UInt8](name.utf8)
        var found: [String: Int] = [:]
        for part in parts {
            for package in 0..<part.packageCount {
                let other = part.name(part.nameNumber(ofPackage: package))
                let limit = max(1, min(3, wanted.count / 3))
                guard abs(other.count - wanted.count) <= limit else { continue }
                let distance = editDistance(wanted, other, limit: limit)
                if distance <= limit { found[String(decoding: other, as: UTF8.self)] = distance }
            }
        }
        return found.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(5).map(\.key)
    }
}

/// How many bytes to insert, remove, replace or swap with their neighbour; anything above `limit` for more than that.
private func editDistance(_ lhs: [UInt8], _ rhs: UnsafeRawBufferPointer, limit: Int) -> Int {
    var before: [Int] = []
    var previous = Array(0...rhs.count)
    for i in lhs.indices {
        var current = [i + 1]
        for j in rhs.indices {
            var cost = min(previous[j + 1], current[j]) + 1
            cost = min(cost, previous[j] + (lhs[i] == rhs[j] ? 0 : 1))
            if i > 0, j > 0, lhs[i] == rhs[j - 1], lhs[i - 1] == rhs[j] { cost = min(cost, before[j - 1] + 1) }
            current.append(cost)
        }
        if current.allSatisfy({ $0 > limit }) { return limit + 1 }
        before = previous
        previous = current
    }
    return previous[rhs.count]
}
