//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Runs the detectors over a repository, some of them at the same time.
///
/// What is found does not depend on that: findings are in the order of the detectors, warnings in that of files and
/// lines.
public func detect(in repository: Repository, using detectors: [any Detector]) -> Detection {
    let newView = repository.newView
    let order =
        detectors.indices.filter { detectors[$0].takesLong } + detectors.indices.filter { !detectors[$0].takesLong }
    let next = Atomic(0)
    let results = Mutex(Results(detectorCount: detectors.count))
    // More lanes than cores do no harm: those that are begun last find nothing to do.
    DispatchQueue.concurrentPerform(iterations: min(detectors.count, 4)) { _ in
        var view: Repository?
        while true {
            let place = next.add(1, ordering: .relaxed).oldValue
            guard place < order.count else { break }
            let own = view ?? newView()
            view = own
            let found = detectors[order[place]].findings(in: own)
            results.withLock { $0.findings[order[place]] = found }
        }
        guard let view else { return }
        let (warnings, paths) = (view.warningList, view.pathsRead)
        results.withLock { results in
            results.warnings.formUnion(warnings)
            results.pathsRead.formUnion(paths)
        }
    }
    return results.withLock { results in
        var seen: Set<Finding> = []
        return Detection(
            findings: results.findings.joined().filter { seen.insert($0).inserted },
            warnings: results.warnings.sorted, filesRead: results.pathsRead.sorted())
    }
}

/// What the detectors have found, by their places in the list.
private struct Results {
    var findings: [[Finding]]
    var warnings = WarningList()
    var pathsRead: Set<String> = []

    init(detectorCount: Int) {
        findings = Array(repeating: [], count: detectorCount)
    }
}
