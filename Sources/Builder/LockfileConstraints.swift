//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import JSON
import TOML

extension Workshop {
    /// The versions that a Python lockfile of any tool records, as constraints (PEP 508).
    func lockfileConstraints(_ path: String, in checkout: Checkout) throws(BuilderError) -> [String] {
        let bytes: [UInt8]
        do throws(CheckoutError) { bytes = try checkout.read(path, limit: 256 << 20) } catch {
            throw .unsupported("cannot read \(path): \(error)", hint: "take `lockfile` out of fitout.yaml")
        }
        if path.hasSuffix("Pipfile.lock") {
            do throws(JSONError) { return pipfileConstraints(try parseJSON(bytes)) } catch {
                throw .unsupported(
                    "\(path):\(error.line): \(error.problem)", hint: "take `lockfile` out of fitout.yaml")
            }
        }
        do throws(TOMLError) { return constraints(in: try parseTOML(bytes)) } catch {
            throw .unsupported("\(path):\(error.line): \(error.problem)", hint: "take `lockfile` out of fitout.yaml")
        }
    }
}

/// `default` and `develop` of a Pipfile.lock.
private func pipfileConstraints(_ root: JSONNode) -> [String] {
    var lines: Set<String> = []
    for section in ["default", "develop"] {
        for member in root[section]?.object ?? [] {
            guard let version = member.value["version"]?.string, version.hasPrefix("==") else { continue }
            let marker = member.value["markers"]?.string.map { " ; \($0)" } ?? ""
            lines.insert("\(member.key)\(version)\(marker)")
        }
    }
    return lines.sorted()
}

/// The packages of uv.lock, poetry.lock and pdm.lock (`[[package]]`) and pylock.toml (`[[packages]]`).
func constraints(in root: TOMLNode) -> [String] {
    let packages = root["package"]?.array ?? root["packages"]?.array ?? []
    var versions: [String: [(version: String, marker: String?)]] = [:]
    for package in packages {
        guard let name = package["name"]?.string, let version = package["version"]?.string,
            isFromIndex(package)
        else { continue }
        let pin = (version: version, marker: marker(of: package))
        if versions[name]?.contains(where: { $0.version == pin.version && $0.marker == pin.marker }) != true {
            versions[name, default: []].append(pin)
        }
    }
    var lines: [String] = []
    for name in versions.keys.sorted() {
        let pins = versions[name] ?? []
        let isFork = Set(pins.map(\.version)).count > 1
        for pin in pins {
            // Several versions without a marker do not say which of them is meant here.
            if isFork, pin.marker == nil { continue }
            lines.append("\(name)==\(pin.version)" + (isFork ? pin.marker.map { " ; \($0)" } ?? "" : ""))
        }
    }
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
}

/// Whether a version number says what the package is: not a folder, a commit or a file by URL.
private func isFromIndex(_ package: TOMLNode) -> Bool {
    for key in ["path", "url", "git", "vcs", "directory", "archive"] where package[key] != nil { return false }
    guard let source = package["source"] else { return true }
    if let type = source["type"]?.string { return type == "legacy" }
    return source["registry"] != nil
}

/// The environment in which a package of a fork counts (PEP 508).
private func marker(of package: TOMLNode) -> String? {
    let alternatives = package["resolution-markers"]?.strings ?? []
    if !alternatives.isEmpty { return alternatives.map { "(\($0))" }.joined(separator: " or ") }
    return package["markers"]?.string ?? package["marker"]?.string
}
