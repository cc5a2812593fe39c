//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Detection

/// What a machine that runs tests is expected to have, whatever the language: every CI runner carries these.
private let runnerPackages: [(name: String, reason: String)] = [
    ("ca-certificates", "TLS certificates, on every CI runner"),
    ("curl", "on every CI runner"),
    ("git", "on every CI runner"),
    ("less", "the pager, on every CI runner"),
    ("media-types", "types of files by name, on every CI runner"),
    ("netbase", "names of protocols and ports, on every CI runner"),
    ("procps", "ps and kill, on every CI runner"),
    ("tzdata", "time zones, on every CI runner"),
]

/// Turns needs into packages of the suite.
func planPackages(
    _ findings: [SystemFinding], toolchains: [ToolchainDecision], contents: SuiteContents
) -> (packages: [PackageDecision], rejected: [RejectedNeed]) {
    var reasons: [String: (reason: String, phase: SystemFinding.Phase, evidence: Set<Evidence>)] = [:]
    func want(_ name: String, _ reason: String, _ phase: SystemFinding.Phase, _ evidence: [Evidence]) {
        var entry = reasons[name] ?? (reason, phase, [])
        if entry.reason.isEmpty { entry.reason = reason }
        entry.phase = min(entry.phase, phase)
        entry.evidence.formUnion(evidence)
        reasons[name] = entry
    }

    for decision in toolchains {
        for name in decision.packages { want(name, "\(decision.tool) \(decision.requirement)", .build, []) }
    }
    // Variants of a library exclude each other: what is named for the repository serves other needs too.
    let named = Set(
        findings.lazy.filter { !$0.isOptional }.compactMap { finding -> String? in
            guard case .package = finding.requirement else { return nil }
            return contents.packages(for: finding.requirement.catalogKey).first
        })
    var rejected: [RejectedNeed] = []
    for finding in findings {
        if finding.isOptional, !finding.isWorthHaving {
            rejected.append(RejectedNeed(finding: finding, reason: "the project does without it"))
            continue
        }
        let candidates =
            finding.requirement.catalogKeys.lazy.map { contents.packages(for: $0) }.first { !$0.isEmpty } ?? []
        // A package that is wanted anyway serves best.
        if let name = candidates.first(where: { reasons[$0] != nil || named.contains($0) }) ?? candidates.first {
            want(
                name, finding.reason.isEmpty ? finding.requirement.words(for: name) : finding.reason, finding.phase,
                [finding.evidence])
        } else {
            rejected.append(RejectedNeed(finding: finding, reason: "no package of \(contents.suite) provides it"))
            continue
        }
        // Whatever asks for a module, a build system or a script, asks by this program.
        if case .pkgConfig = finding.requirement, let name = contents.packages(for: .program("pkg-config")).first {
            want(name, "finds modules", finding.phase, [finding.evidence])
        }
    }
    for (name, reason) in runnerPackages where contents.hasPackage(name) { want(name, reason, .run, []) }

    let packages = reasons.sorted { $0.key < $1.key }.map {
        PackageDecision(
            name: $0.key, reason: $0.value.reason, phase: $0.value.phase, evidence: $0.value.evidence.sorted())
    }
    return (packages, rejected)
}

extension SystemFinding {
    /// Whether an optional need is met all the same: what a build system looks for decides which features are built and
    /// tested, and programs of the tests which tests run. Optional packages and programs of the build are mostly for
    /// documentation and releases.
    fileprivate var isWorthHaving: Bool {
        switch requirement {
        case .pkgConfig, .cmake, .header, .library: true
        case .program(let name): phase == .test || makesSources(name)
        case .package, .module: false
        }
    }
}

/// Whether a program makes sources, data or the build's own files, or tells the flags of a library: a build that finds it
/// does more, or is only complete with it.
private func makesSources(_ program: String) -> Bool {
    generators.contains(program) || program.hasSuffix("-config") || program.hasSuffix("_config")
}

private let generators: Set<String> = [
    // Parsers, scanners, tables, assembly, bindings.
    "bison", "yacc", "byacc", "flex", "lex", "re2c", "ragel", "gperf", "lemon", "nasm", "yasm", "swig", "m4", "gob2",
    "orcc", "rpcgen", "asn1Parser", "xxd", "protoc", "protoc-c", "thrift", "flatc", "glslangValidator", "glslc",
    "wayland-scanner",
    "gdbus-codegen", "dbus-binding-tool", "glib-compile-resources", "glib-compile-schemas", "glib-genmarshal",
    "glib-mkenums", "g-ir-scanner", "g-ir-compiler", "vapigen", "valac", "moc", "uic", "rcc", "lrelease",
    // Translations and what desktops read.
    "msgfmt", "gmsgfmt", "xgettext", "msgmerge", "intltoolize", "intltool-update", "intltool-merge", "intltool-extract",
    "itstool", "desktop-file-validate", "desktop-file-install", "appstreamcli", "appstream-util", "xmllint",
    "update-mime-database",
]

extension SystemRequirement {
    /// The names to look up, the best first: a module of CMake that no package brings mostly looks for what pkg-config knows
    /// by a like name (`LibUV`, `X11_XCB`).
    fileprivate var catalogKeys: [CatalogKey] {
        guard case .cmake(let name) = self else { return [catalogKey] }
        let module = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
        let bare = module.hasPrefix("lib") ? String(module.dropFirst(3)) : "lib" + module
        return [catalogKey, .pkgConfig(module), .pkgConfig(bare)]
    }

    var catalogKey: CatalogKey {
        switch self {
        case .package(let name): .package(name)
        case .pkgConfig(let name): .pkgConfig(name)
        case .cmake(let name): .cmake(name)
        case .header(let name): .header(name)
        case .library(let name): .library(name)
        case .program(let name): .program(name)
        case .module(let language, let name): .module(language: language, name: name)
        }
    }

    /// The need in words, as the reason for taking `package`; empty where the package itself is named.
    func words(for package: String) -> String {
        switch self {
        case .package: ""
        case .pkgConfig(let name): "pkg-config module \(name)"
        case .cmake(let name): "CMake package \(name)"
        case .header(let name): "header \(name)"
        case .library(let name): "library \(name)"
        case .program(let name): name == package ? "" : "program \(name)"
        case .module(let language, let name): "\(language) module \(name)"
        }
    }
}
