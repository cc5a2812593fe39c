//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// Suggests services whose client libraries the manifests of a repository declare.
struct ClientLibraryDetector: Detector {
    let name = "service-clients"
    let summary = "client libraries of databases, queues and the like among the declared dependencies"
    let sources = [
        DetectorSource("requirements*.txt", "services, as suggestions"),
        DetectorSource("pyproject.toml", "services, as suggestions"),
        DetectorSource("package.json", "services, as suggestions"),
        DetectorSource("Gemfile", "services, as suggestions"),
        DetectorSource("composer.json", "services, as suggestions"),
        DetectorSource("go.mod", "services, as suggestions"),
        DetectorSource("Cargo.toml", "services, as suggestions"), DetectorSource("mix.exs", "services, as suggestions"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        var declared = DeclaredPackages(repository)
        declared.read()
        var seen: Set<String> = []
        for package in declared.packages {
            for name in serviceNames(ofClient: package.name, in: package.ecosystem) where seen.insert(name).inserted {
                project.service(name, isSuggestion: true, package.evidence)
            }
        }
        return project.findings
    }
}

/// The services that a package of an ecosystem is a client of; the names are spelled as in the table.
func serviceNames(ofClient package: String, in ecosystem: String) -> [String] {
    clients[ecosystem + " " + package] ?? []
}

/// The services by ecosystem and package.
private let clients = Dictionary(
    grouping: DataTable("Services/clients.tsv").rows.filter { $0.count >= 3 }, by: { $0[0] + " " + $0[1] }
).mapValues { rows in rows.map { $0[2] } }
