//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Versions

/// What Composer recorded ([composer.lock](https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control)).
struct ComposerLockfile {
    /// A package.
    struct Package {
        var name = ""
        var version = ""
        var isForDevelopment: Bool
        /// The extensions that it needs, with the lines.
        var extensions: [(name: String, line: Int)] = []
        /// Its constraint on PHP.
        var php: (constraint: String, line: Int)?
        var line = 0
    }

    private(set) var packages: [Package] = []
    /// The line where the file stops being JSON.
    let faultyLine: Int?

    init(_ bytes: [UInt8]) {
        let scanner = JSONScanner(bytes)
        var packages: [Package] = []
        scanner.object { key, _ in
            guard key == "packages" || key == "packages-dev" else { return }
            scanner.array { _ in
                var package = Package(isForDevelopment: key == "packages-dev")
                scanner.object { key, line in
                    switch key {
                    case "name":
                        package.name = scanner.string() ?? ""
                        package.line = line
                    case "version": package.version = scanner.string() ?? ""
                    case "require":
                        scanner.object { name, line in
                            if name == "php" {
                                package.php = scanner.string().map { ($0, line) }
                            } else if name.hasPrefix("ext-") {
                                package.extensions.append((String(name.dropFirst(4)), line))
                            }
                        }
                    default: break
                    }
                }
                packages.append(package)
            }
        }
        self.packages = packages
        faultyLine = scanner.faultyLine
    }

    /// The constraint on PHP that begins last among those of all packages, if that is behind where `own` begins.
    func strictest(than own: String?) -> (constraint: String, line: Int)? {
        var strictest: (constraint: String, line: Int)?
        var bound = own.flatMap { lowerBound($0) }
        for package in packages {
            guard let php = package.php, let start = lowerBound(php.constraint) else { continue }
            if let known = bound, start <= known { continue }
            bound = start
            strictest = php
        }
        return strictest
    }
}

private func lowerBound(_ constraint: String) -> Version? {
    (try? VersionRange(constraint, dialect: .composer))?.lowerBound
}
