//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import YAML

/// Reads the files in which repositories list the system packages that they need.
struct PackageListDetector: Detector {
    let name = "package-lists"
    let summary =
        "apt.txt, Aptfile, bindep.txt, packages.txt, apt.yml, .readthedocs.yaml, snapcraft.yaml, debian/control, *.spec, Brewfile"
    let sources = [
        DetectorSource("apt.txt", "packages"), DetectorSource("packages.txt", "packages"),
        DetectorSource("Aptfile", "packages"), DetectorSource("bindep.txt", "packages"),
        DetectorSource("apt.yml", "packages"), DetectorSource(".readthedocs.yaml", "packages, toolchains", kind: .hint),
        DetectorSource("snapcraft.yaml", "packages"), DetectorSource("debian/control", "packages"),
        DetectorSource("*.spec", "packages"), DetectorSource("Brewfile", "packages"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for path in [
            "apt.txt", "binder/apt.txt", ".binder/apt.txt", "packages.txt", "Aptfile", ".Aptfile", "apt-packages.txt",
            "apt-requirements.txt", "apt_packages.txt",
        ]
        where repository.contains(path) {
            findings += plainList(path, repository)
        }
        for path in ["bindep.txt", "other-requirements.txt"] where repository.contains(path) {
            findings += bindep(path, repository)
        }
        findings += yamlLists(repository)
        if repository.contains("debian/control") { findings += buildDependencies("debian/control", repository) }
        for file in repository.files(withExtension: "spec").prefix(5)
        where file.depth <= 2 && !repository.isSecondary(file.path) {
            findings += specification(file.path, repository)
        }
        if repository.contains("Brewfile") { findings += brewfile("Brewfile", repository) }
        return findings
    }

    /// One package a line, or several; what is not a package of the archive is reported as lost.
    private func plainList(_ path: String, _ repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for (index, line) in repository.lines(path).enumerated() {
            let evidence = Evidence(path, line: index + 1)
            let text = line.prefix { $0 != "#" }.trimmingSpaces
            if text.hasPrefix(":repo:") {
                repository.warn(evidence, "another package archive is not read: `\(text.dropFirst(6))`")
                continue
            }
            for word in text.split(whereSeparator: \.isWhitespace) {
                guard let name = debianPackageName(String(word)) else {
                    repository.warn(evidence, "`\(word)` is not the name of a package")
                    continue
                }
                findings.append(.system(SystemFinding(.package(name), phase: .run, evidence: evidence)))
            }
        }
        return findings
    }

    /// The lists in configurations of other services.
    private func yamlLists(_ repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        func add(
            _ nodes: [YAMLNode], _ path: String, phase: SystemFinding.Phase, isOptional: Bool = false,
            reason: String = ""
        ) {
            for node in nodes {
                guard let text = node.string, let name = debianPackageName(text) else { continue }
                findings.append(
                    .system(
                        SystemFinding(
                            .package(name), phase: phase, isOptional: isOptional, reason: reason,
                            evidence: Evidence(path, line: node.line))))
            }
        }
        if repository.contains("apt.yml"), let root = repository.yaml("apt.yml") {
            add(root["packages"]?.sequence ?? [], "apt.yml", phase: .run)
        }
        for path in [".readthedocs.yaml", ".readthedocs.yml", "readthedocs.yml", "readthedocs.yaml"]
        where repository.contains(path) {
            guard let build = repository.yaml(path)?["build"] else { continue }
            add(
                build["apt_packages"]?.sequence ?? [], path, phase: .build, isOptional: true,
                reason: "builds the documentation")
            if let node = build["os"], let suite = node.string.flatMap(ubuntuSuite) {
                findings.append(
                    .base(BaseFinding(suite: suite, kind: .hint, evidence: Evidence(path, line: node.line))))
            }
            // A tool that only the documentation is built with is not the project's.
            for pair in build["tools"]?.mapping ?? [] {
                guard let (tool, manifests) = readTheDocsTools[pair.key.string ?? ""],
                    manifests.contains(where: repository.contains),
                    let text = pair.value.string,
                    let hint = toolchainHint(tool, text, evidence: Evidence(path, line: pair.value.line))
                else { continue }
                findings.append(.toolchain(hint))
            }
        }
        for path in ["snapcraft.yaml", "snap/snapcraft.yaml", ".snapcraft.yaml", "build-aux/snap/snapcraft.yaml"]
        where repository.contains(path) {
            for part in repository.yaml(path)?["parts"]?.mapping ?? [] {
                add(part.value["build-packages"]?.sequence ?? [], path, phase: .build)
                add(part.value["stage-packages"]?.sequence ?? [], path, phase: .run)
            }
        }
        return findings
    }

    /// `Build-Depends` of a Debian source package (Debian policy, 7.7), without debhelper and the like.
    private func buildDependencies(_ path: String, _ repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        var isReading = false
        for (index, line) in repository.lines(path).enumerated() {
            if line.isEmpty { break }
            if line.hasPrefix("#") { continue }
            var text = line[...]
            if line.first?.isWhitespace != true {
                let field = line.prefix { $0 != ":" }
                isReading = field.lowercased().hasPrefix("build-depends")
                text = line.dropFirst(field.count + 1)
            }
            guard isReading else { continue }
            for relation in text.split(separator: ",") {
                let first = relation.split(separator: "|").first ?? relation
                guard !isRestricted(first) else { continue }
                // `<!nocheck>` is for the tests alone.
                let phase: SystemFinding.Phase = first.range(ofText: "<!nocheck>") != nil ? .test : .build
                let word = first.trimmingSpaces.prefix { !$0.isWhitespace && $0 != "(" && $0 != "[" && $0 != "<" }
                guard let name = debianPackageName(String(word)), !isPackagingTool(name) else { continue }
                findings.append(
                    .system(SystemFinding(.package(name), phase: phase, evidence: Evidence(path, line: index + 1))))
            }
        }
        return findings
    }

    /// `BuildRequires` of an RPM package's
    /// [specification](https://rpm-software-management.github.io/rpm/manual/spec.html), as far as Debian's names are known.
    private func specification(_ path: String, _ repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for (index, line) in repository.lines(path).enumerated()
        where line.utf8.count < 2_000 && line.lowercased().hasPrefix("buildrequires") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let evidence = Evidence(path, line: index + 1)
            var isVersion = false
            for word in line[colon...].dropFirst().split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
                if isVersion {
                    isVersion = false
                    continue
                }
                if word.first.map({ "<>=".contains($0) }) == true {
                    isVersion = true
                    continue
                }
                guard !word.contains("%") else { continue }
                for need in PackageNaming.fedora.needs(of: String(word)) {
                    var reason = ""
                    if case .package = need, !need.isCalled(String(word)) { reason = "`\(word)` of Fedora" }
                    findings.append(.system(SystemFinding(need, phase: .build, reason: reason, evidence: evidence)))
                }
            }
        }
        return findings
    }

    /// Whether a relation is for another architecture, kernel or profile.
    private func isRestricted(_ relation: Substring) -> Bool {
        if let open = relation.firstIndex(of: "[") {
            let list = relation[relation.index(after: open)...].prefix { $0 != "]" }.split(separator: " ")
            if list.contains(where: { $0 == "!linux-any" || $0 == "!amd64" || $0 == "!any-amd64" }) { return true }
            if !list.contains(where: {
                $0.hasPrefix("!") || ["amd64", "linux-any", "any-amd64", "any", "linux-amd64"].contains($0)
            }) {
                return true
            }
        }
        if let open = relation.firstIndex(of: "<"), open != relation.startIndex,
            relation[relation.index(after: open)...].first?.isLetter == true
        {
            return true
        }
        return false
    }

    private func isPackagingTool(_ name: String) -> Bool {
        name.hasPrefix("debhelper") || name.hasPrefix("dh-") || name.hasPrefix("dpkg-dev")
            || packagingTools.contains(name)
    }

    /// Homebrew's formulas whose Debian package is known.
    private func brewfile(_ path: String, _ repository: Repository) -> [Finding] {
        var findings: [Finding] = []
        for (index, line) in repository.lines(path).enumerated() {
            let text = line.trimmingSpaces
            if text.range(ofText: "OS.mac?") != nil { continue }
            guard text.hasPrefix("brew ") || text.hasPrefix("brew("),
                let formula = text.split(whereSeparator: { $0 == "\"" || $0 == "'" }).dropFirst().first
            else { continue }
            // Versions of a formula stand behind `@`; taps before the name.
            let name = String((formula.split(separator: "/").last ?? formula).prefix { $0 != "@" })
            let evidence = Evidence(path, line: index + 1)
            for need in PackageNaming.homebrew.needs(of: name) {
                findings.append(
                    .system(SystemFinding(need, phase: .build, reason: "Homebrew's \(name)", evidence: evidence)))
            }
        }
        return findings
    }
}

private let readTheDocsTools: [String: (tool: String, manifests: [String])] = [
    "python": ("python", ["pyproject.toml", "setup.py", "setup.cfg"]), "nodejs": ("node", ["package.json"]),
    "golang": ("go", ["go.mod"]), "rust": ("rust", ["Cargo.toml"]), "ruby": ("ruby", ["Gemfile"]),
]
private let packagingTools: Set<String> = [
    "build-essential", "cdbs", "quilt", "lintian", "po-debconf", "javahelper", "maven-debian-helper",
    "maven-repo-helper",
    "gem2deb", "pkg-php-tools", "pkg-js-tools", "fakeroot", "hardening-wrapper", "autotools-dev", "dh-autoreconf",
]
