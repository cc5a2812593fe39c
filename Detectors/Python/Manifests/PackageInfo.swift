//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

extension PythonSurvey {
    /// Reads the metadata of a source distribution, `PKG-INFO`, for what the manifest leaves open.
    mutating func readPackageInfo() {
        let file = path("PKG-INFO")
        guard repository.contains(file) else { return }
        var extras: [String: [String]] = [:]
        var requires: [(text: String, evidence: Evidence)] = []
        for (index, line) in repository.lines(file).enumerated() {
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = String(line[line.index(after: colon)...]).trimmingSpaces
            let evidence = Evidence(file, line: index + 1)
            switch line[..<colon] {
            case "Name": name = name ?? value
            case "Version": version = version ?? value
            case "Requires-Python" where !hasPythonRange: python(.range, value, evidence: evidence)
            case "Requires-Dist":
                guard let requirement = PythonRequirement(value) else { continue }
                if let extra = extraName(inMarker: requirement.marker) {
                    extras[extra, default: []].append(withoutExtraMarker(requirement))
                } else {
                    requires.append((value, evidence))
                }
            default: break
            }
        }
        guard manifest != nil else { return }
        if runtime.isEmpty { for entry in requires { addRuntime(entry.text, evidence: entry.evidence) } }
        for (name, texts) in extras.sorted(by: { $0.key < $1.key }) where self.extras.isEmpty || isExtraDynamic {
            addExtra(name, texts, evidence: Evidence(file))
        }
    }

    private var hasPythonRange: Bool {
        findings.contains { if case .toolchain(let item) = $0 { item.kind == .range } else { false } }
    }

    private var isExtraDynamic: Bool { dynamic.contains("optional-dependencies") }
}

/// The extra that a marker `extra == "name"` asks for.
func extraName(inMarker marker: String) -> String? {
    guard let place = marker.range(ofText: "extra ==") ?? marker.range(ofText: "extra==") else { return nil }
    let rest = marker[place...].drop { $0 != "\"" && $0 != "'" }.dropFirst()
    return String(rest.prefix { $0 != "\"" && $0 != "'" })
}

private func withoutExtraMarker(_ requirement: PythonRequirement) -> String {
    let clauses = requirement.marker.parts(separatedBy: " and ")
    let kept = clauses.filter { !$0.contains("extra") }
    let base = requirement.text.split(separator: ";").first.map { String($0).trimmingSpaces } ?? requirement.name
    let marker = kept.joined(separator: " and ")
    let opens = marker.count { $0 == "(" }
    let closes = marker.count { $0 == ")" }
    return marker.isEmpty ? base : "\(base) ; \(marker)\(String(repeating: ")", count: max(0, opens - closes)))"
}
