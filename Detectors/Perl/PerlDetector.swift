//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads Perl's distributions: META.json ([CPAN::Meta::Spec](https://metacpan.org/pod/CPAN::Meta::Spec)), cpanfile,
/// Makefile.PL, Build.PL and dist.ini.
struct PerlDetector: Detector {
    let name = "perl"
    let summary = "META.json, cpanfile, Makefile.PL, Build.PL, dist.ini, and XS sources"

    var sources: [DetectorSource] {
        [
            DetectorSource(".perl-version", "version of perl", kind: .pin),
            DetectorSource("META.json, META.yml", "prerequisites by phase, version of perl", kind: .range),
            DetectorSource("cpanfile", "prerequisites by phase, version of perl", kind: .range),
            DetectorSource("Makefile.PL, Build.PL", "prerequisites, MIN_PERL_VERSION, how it is built", kind: .range),
            DetectorSource("dist.ini", "prerequisites of Dist::Zilla"),
            DetectorSource("cpanfile.snapshot", "what Carton locked"),
            DetectorSource("Makefile.PL, Build.PL, inc/*.pm", "libraries, headers and pkg-config modules of XS"),
            DetectorSource("*.xs, t/*.t", "C code, and tests for prove"),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        let names = ["Makefile.PL", "Build.PL", "dist.ini", "cpanfile", "minil.toml"]
        let manifests = names.flatMap { name in
            repository.manifests(named: name).filter { file in
                file.name == name && (name != "dist.ini" || isOfDistZilla(file.path, repository))
            }
        }
        guard
            let first = manifests.min(by: {
                ($0.depth, names.firstIndex(of: $0.name) ?? 0) < ($1.depth, names.firstIndex(of: $1.name) ?? 0)
            })
        else { return [] }
        // Bindings within a project in another language are built with it.
        guard first.depth <= 1 else { return [] }
        let directory = first.directory
        var project = ProjectFindings(repository)
        project.language("perl", Evidence(first.path))
        project.versionFile(".perl-version", tool: "perl", in: directory, prefixes: ["perl-", "v"])
        readPrerequisites(directory, &project)
        readNativeCode(directory, &project)
        for finding in perlLibraries(in: directory, repository) { project.add(finding) }
        readManager(directory, &project)
        readTasks(directory, &project)
        return project.findings
    }

    /// What installs the modules of a `cpanfile`: Carton where it has recorded their versions.
    private func readManager(_ directory: String, _ project: inout ProjectFindings) {
        let cpanfile = joinPath(directory, "cpanfile")
        guard project.repository.contains(cpanfile) else {
            // cpanm runs the script and reads what that finds to be missing.
            let script = ["Makefile.PL", "Build.PL"].map { joinPath(directory, $0) }
                .first(where: project.repository.contains)
            guard let script else { return }
            project.packageManager("cpanm", in: directory, Evidence(script))
            project.task("install", "cpanm --installdeps .", .inferred, in: directory, Evidence(script))
            project.system(.program("cpanm"), Evidence(script))
            return
        }
        let snapshot = joinPath(directory, "cpanfile.snapshot")
        if project.repository.contains(snapshot) {
            project.system(.program("carton"), Evidence(snapshot))
            project.packageManager("carton", lockfile: snapshot, in: directory, Evidence(snapshot))
            project.task("install", "carton install --deployment", .inferred, in: directory, Evidence(snapshot))
        } else {
            project.packageManager("cpanm", in: directory, Evidence(cpanfile))
            project.system(.program("cpanm"), Evidence(cpanfile))
            project.task("install", "cpanm --installdeps .", .inferred, in: directory, Evidence(cpanfile))
        }
    }

    private func readPrerequisites(_ directory: String, _ project: inout ProjectFindings) {
        let repository = project.repository
        var prerequisites: [PerlPrerequisite] = []
        for name in ["META.json", "META.yml", "cpanfile", "dist.ini", "Makefile.PL", "Build.PL"] {
            let path = joinPath(directory, name)
            guard repository.contains(path) else { continue }
            // What a release ships is complete; the scripts that made it say the same less plainly.
            if !prerequisites.isEmpty, name != "cpanfile" { break }
            let found =
                switch name {
                case "META.json": metaPrerequisites(path, repository)
                case "META.yml": oldMetaPrerequisites(path, repository)
                default: perlPrerequisites(path, repository)
                }
            prerequisites += found
        }
        var seen: Set<String> = []
        for item in prerequisites {
            if item.module == "perl" {
                guard item.version.first.map({ $0.isNumber || $0 == "v" }) == true else { continue }
                project.toolchain("perl", .range, ">=\(perlVersion(item.version))", item.evidence)
            } else if seen.insert(item.module).inserted {
                project.system(
                    .module(language: "perl", name: item.module), item.phase, isOptional: item.isOptional, item.evidence
                )
            }
        }
    }

    /// XS is C that is built against perl's headers.
    private func readNativeCode(_ directory: String, _ project: inout ProjectFindings) {
        guard
            let file = project.repository.files(withExtension: "xs").first(where: {
                !project.repository.isSecondary($0.path)
            })
        else { return }
        for package in ["gcc", "libc6-dev", "libperl-dev", "make"] {
            project.system(.package(package), reason: "XS sources", Evidence(file.path))
        }
    }

    private func readTasks(_ directory: String, _ project: inout ProjectFindings) {
        let repository = project.repository
        func path(_ name: String) -> String { joinPath(directory, name) }
        if repository.contains(path("Makefile.PL")) {
            let evidence = Evidence(path("Makefile.PL"))
            project.system(.program("make"), evidence)
            project.task("build", "perl Makefile.PL && make", .inferred, in: directory, evidence)
            project.task("test", "perl Makefile.PL && make && make test", .inferred, in: directory, evidence)
        } else if repository.contains(path("Build.PL")) {
            let evidence = Evidence(path("Build.PL"))
            project.task("build", "perl Build.PL && ./Build", .inferred, in: directory, evidence)
            project.task("test", "perl Build.PL && ./Build && ./Build test", .inferred, in: directory, evidence)
        } else if let test = repository.files(in: path("t")).first(where: { $0.name.hasSuffix(".t") }) {
            project.task("test", "prove -lr t", .inferred, in: directory, Evidence(test.path))
        }
    }
}

/// Whether a `dist.ini` has sections, as Dist::Zilla's always has; OpenResty's package manager has a file of that name too.
private func isOfDistZilla(_ path: String, _ repository: Repository) -> Bool {
    repository.lines(path).contains { $0.trimmingSpaces.hasPrefix("[") }
}

/// `5.010001` is 5.10.1, `v5.26` and `5.26.0` are themselves.
func perlVersion(_ text: String) -> String {
    let version = text.hasPrefix("v") ? String(text.dropFirst()) : text
    let parts = version.split(separator: ".")
    guard parts.count == 2, !text.hasPrefix("v"), parts[1].count >= 3 else { return version }
    let digits = parts[1].filter(\.isNumber)
    let minor = Int(digits.prefix(3)) ?? 0
    let patch = digits.dropFirst(3).prefix(3)
    return patch.isEmpty ? "\(parts[0]).\(minor)" : "\(parts[0]).\(minor).\(Int(patch) ?? 0)"
}
