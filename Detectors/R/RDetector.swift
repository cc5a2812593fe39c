//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import JSON

/// Reads R's packages and projects: `DESCRIPTION`, `renv.lock`, `packrat.lock`, `install.R`, `runtime.txt`, scripts.
struct RDetector: Detector {
    let name = "r"
    let summary = "DESCRIPTION, renv.lock, packrat.lock, install.R, runtime.txt, scripts"

    var sources: [DetectorSource] {
        [
            DetectorSource("renv.lock", "version of r", kind: .pin),
            DetectorSource("packrat/packrat.lock", "version of r", kind: .pin),
            DetectorSource("runtime.txt, binder/runtime.txt", "version of r, and the day of the archive", kind: .pin),
            DetectorSource("DESCRIPTION", "version of r by Depends", kind: .range),
            DetectorSource("DESCRIPTION", "packages, system packages by SystemRequirements, tasks"),
            DetectorSource("renv.lock, packrat/packrat.lock", "package manager, system packages, install"),
            DetectorSource("install.R, binder/install.R", "packages, install"),
            DetectorSource("app.R, ui.R, plumber.R", "start, port"),
            DetectorSource("*.R", "packages by library and require, where nothing lists them"),
        ]
    }

    func findings(in repository: Repository) -> [Finding] {
        var project = ProjectFindings(repository)
        let hasLock = readLocks(&project)
        for folder in ["", "binder", ".binder"] { readRuntime(joinPath(folder, "runtime.txt"), &project) }
        let descriptions = repository.manifests(named: "DESCRIPTION").filter { isPackage($0.path, repository) }
        for (index, file) in descriptions.enumerated() {
            readDescription(file, isFirst: index == 0, takesModules: !hasLock, &project)
        }
        let hasInstaller = readInstaller(&project)
        readApplication(&project)
        if descriptions.isEmpty, !hasLock, !hasInstaller { readScripts(&project) }
        return project.findings
    }

    private func isPackage(_ path: String, _ repository: Repository) -> Bool {
        let fields = ControlFields(repository.lines(path))
        return fields.contains("Package") && fields.contains("Version")
            || fields.contains("Imports") || (fields.text("Depends") ?? "").hasPrefix("R ")
    }

    private func readDescription(
        _ file: CheckoutFile, isFirst: Bool, takesModules: Bool, _ project: inout ProjectFindings
    ) {
        let repository = project.repository
        let fields = ControlFields(repository.lines(file.path))
        if isFirst { project.language("r", Evidence(file.path)) }
        for (field, phase) in [
            ("Depends", SystemFinding.Phase.run), ("Imports", .run), ("LinkingTo", .build), ("Suggests", .test),
        ] {
            for line in fields.list(field) {
                let place = Evidence(file.path, line: line.number)
                let name = String(line.text.prefix { $0.isLetter || $0.isNumber || $0 == "." })
                if name == "R" {
                    let constraint = line.text.dropFirst().filter { $0 != "(" && $0 != ")" && $0 != " " }
                    if !constraint.isEmpty { project.toolchain("r", .range, constraint, place) }
                    continue
                }
                if let service = rServices[name] { project.service(service, isSuggestion: true, place) }
                guard takesModules, !name.isEmpty, !rBasePackages.contains(name) else { continue }
                project.system(.module(language: "r", name: name), phase, place)
            }
        }
        for line in fields.list("SystemRequirements").flatMap(Self.parts) {
            for package in SystemRequirementText.packages(in: line.text) {
                project.system(
                    .package(package), reason: "SystemRequirements", Evidence(file.path, line: line.number))
            }
        }
        if fields.list("VignetteBuilder").contains(where: { ["knitr", "rmarkdown", "quarto"].contains($0.text) }) {
            let place = Evidence(file.path, line: fields.line("VignetteBuilder"))
            project.system(.program("pandoc"), .test, place)
        }
        addLibraries(in: file.directory, &project)
        guard isFirst, fields.contains("Package"), fields.contains("Version") else { return }
        addTasks(file, takesModules: takesModules, &project)
    }

    private static func parts(of line: ControlFields.Line) -> [ControlFields.Line] {
        line.text.split(separator: ";").map { ControlFields.Line(text: String($0), number: line.number) }
    }

    private func addTasks(_ file: CheckoutFile, takesModules: Bool, _ project: inout ProjectFindings) {
        let repository = project.repository
        let place = Evidence(file.path)
        let directory = file.directory
        if takesModules {
            project.packageManager("remotes", in: directory, place)
            project.system(.module(language: "r", name: "remotes"), place)
            project.task(
                "install",
                "Rscript -e 'if (!requireNamespace(\"remotes\")) install.packages(\"remotes\", repos = \"https://cloud.r-project.org\")' -e 'remotes::install_deps(dependencies = TRUE)'",
                .inferred, in: directory, place)
        }
        project.task("build", "R CMD build .", .inferred, in: directory, place)
        let tests = joinPath(directory, "tests/testthat")
        if repository.checkout.files.contains(where: { $0.directory == tests }) {
            project.system(.module(language: "r", name: "pkgload"), .test, place)
            project.task("test", "Rscript -e 'testthat::test_local()'", .inferred, in: directory, place)
        } else {
            project.task("test", "R CMD check --no-manual .", .inferred, in: directory, place)
        }
        if repository.contains(joinPath(directory, ".lintr")) {
            project.system(.module(language: "r", name: "lintr"), .test, place)
            project.task("lint", "Rscript -e 'lintr::lint_package()'", .inferred, in: directory, place)
        }
    }

    /// The libraries that `src/Makevars` links with.
    private func addLibraries(in directory: String, _ project: inout ProjectFindings) {
        for name in ["src/Makevars", "src/Makevars.in"] {
            let path = joinPath(directory, name)
            guard project.repository.contains(path) else { continue }
            for (index, line) in project.repository.lines(path).enumerated() where line.hasPrefix("PKG_LIBS") {
                for word in line.split(separator: " ") where word.hasPrefix("-l") && word.count > 2 {
                    let library = String(word.dropFirst(2))
                    guard library.allSatisfy({ $0.isLetter || $0.isNumber || "_+-.".contains($0) }) else { continue }
                    project.system(.library(library), Evidence(path, line: index + 1))
                }
            }
        }
    }

    // MARK: What resolvers recorded

    private func readLocks(_ project: inout ProjectFindings) -> Bool {
        var isFound = false
        if let file = project.repository.manifests(named: "renv.lock").first {
            isFound = true
            project.language("r", Evidence(file.path))
            let root = project.repository.json(file.path)
            if let node = root?["R"]?["Version"], let version = node.string {
                project.toolchain("r", .pin, version, Evidence(file.path, line: node.line))
            }
            let manager = root?["Packages"]?["renv"]?["Version"]
            project.packageManager(
                "renv", version: manager?.string, lockfile: file.path, in: file.directory,
                Evidence(file.path, line: manager?.line))
            project.system(.module(language: "r", name: "renv"), Evidence(file.path))
            for member in root?["Packages"]?.object ?? [] {
                let place = Evidence(file.path, line: member.line)
                project.needs(of: member.key, in: rNeeds, version: member.value["Version"]?.string ?? "", place)
                if let service = rServices[member.key] { project.service(service, isSuggestion: true, place) }
            }
            project.task(
                "install", "Rscript -e 'renv::restore(prompt = FALSE)'", .inferred, in: file.directory,
                Evidence(file.path))
        }
        if let file = project.repository.files(named: "packrat.lock").first, file.path.hasSuffix("packrat/packrat.lock")
        {
            isFound = true
            project.language("r", Evidence(file.path))
            let folder = String(file.directory.dropLast("packrat".count).drop { $0 == "/" })
            let directory = folder.last == "/" ? String(folder.dropLast()) : folder
            var version: String?
            for (index, line) in project.repository.lines(file.path).enumerated() {
                let place = Evidence(file.path, line: index + 1)
                if line.hasPrefix("RVersion:") {
                    project.toolchain("r", .pin, String(line.dropFirst(9)).trimmingSpaces, place)
                } else if line.hasPrefix("PackratVersion:") {
                    version = String(line.dropFirst(15)).trimmingSpaces
                } else if line.hasPrefix("Package:") {
                    project.needs(of: String(line.dropFirst(8)).trimmingSpaces, in: rNeeds, place)
                }
            }
            let place = Evidence(file.path)
            project.packageManager("packrat", version: version, lockfile: file.path, in: directory, place)
            project.task("install", "Rscript -e 'packrat::restore()'", .inferred, in: directory, place)
        }
        return isFound
    }

    /// `r-4.1-2023-01-01`: the release, and the day of the archive's snapshot.
    private func readRuntime(_ path: String, _ project: inout ProjectFindings) {
        guard project.repository.contains(path) else { return }
        for (index, line) in project.repository.lines(path).enumerated() {
            let parts = line.trimmingSpaces.split(separator: "-").map(String.init)
            guard parts.first == "r", parts.count >= 2 else { continue }
            let place = Evidence(path, line: index + 1)
            project.language("r", place)
            if parts[1].contains(".") || parts.count == 2 { project.toolchain("r", .pin, parts[1], place) }
            // `r-2018-02-05` names the day alone.
            let day = parts.suffix(3)
            if day.count == 3, day.first?.count == 4, parts.count >= 4 {
                project.add(.date(DateFinding(day: day.joined(separator: "-"), evidence: place)))
            }
            return
        }
    }

    // MARK: Scripts

    private func readInstaller(_ project: inout ProjectFindings) -> Bool {
        let paths = ["binder/install.R", ".binder/install.R", "install.R"]
        guard let path = paths.first(where: project.repository.contains) else { return false }
        project.language("r", Evidence(path))
        for (index, line) in project.repository.lines(path).enumerated() where line.contains("install") {
            // Every second piece stands between quotes.
            let pieces = line.replacing(text: "'", with: "\"").parts(separatedBy: "\"")
            for (number, name) in pieces.enumerated() where !number.isMultiple(of: 2) {
                guard isPackageName(name), !rBasePackages.contains(name) else { continue }
                project.system(.module(language: "r", name: name), .run, Evidence(path, line: index + 1))
            }
        }
        project.task("install", "Rscript \(path)", .inferred, Evidence(path))
        return true
    }

    private func readApplication(_ project: inout ProjectFindings) {
        let repository = project.repository
        for path in ["app.R", "server.R"] where repository.contains(path) {
            guard path == "app.R" || repository.contains("ui.R"), repository.text(path)?.contains("shiny") == true
            else {
                continue
            }
            let place = Evidence(path)
            project.language("r", place)
            project.task("start", "Rscript -e 'shiny::runApp(host = \"0.0.0.0\", port = 3838)'", .inferred, place)
            project.add(.port(PortFinding(3838, evidence: place)))
            return
        }
        if repository.contains("plumber.R") {
            let place = Evidence("plumber.R")
            project.language("r", place)
            project.task(
                "start", "Rscript -e 'plumber::pr_run(plumber::pr(\"plumber.R\"), host = \"0.0.0.0\", port = 8000)'",
                .inferred, place)
            project.add(.port(PortFinding(8000, evidence: place)))
        }
    }

    /// Packages that scripts load; the first place of each.
    private func readScripts(_ project: inout ProjectFindings) {
        let repository = project.repository
        let scripts = ["R", "Rmd", "qmd"].flatMap { repository.packages(withExtension: $0) }
        guard let first = scripts.first(where: { !$0.name.hasSuffix("md") }) else { return }
        project.language("r", Evidence(first.path))
        var seen = rBasePackages
        for file in scripts.prefix(200) {
            for (index, line) in repository.lines(file.path).enumerated() {
                let text = line.trimmingSpaces
                guard let call = ["library(", "require("].first(where: { text.hasPrefix($0) }) else { continue }
                let name = String(text.dropFirst(call.count).prefix { $0 != ")" && $0 != "," })
                    .filter { $0 != "\"" && $0 != "'" && $0 != " " }
                guard isPackageName(name), seen.insert(name).inserted else { continue }
                let place = Evidence(file.path, line: index + 1)
                project.system(.module(language: "r", name: name), .run, place)
                if let service = rServices[name] { project.service(service, isSuggestion: true, place) }
            }
        }
    }

    private func isPackageName(_ text: String) -> Bool {
        text.count > 1 && text.first?.isLetter == true && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." }
    }
}

private let rNeeds = PackageNeeds("R/system-packages.tsv")
private let rServices = [
    "RPostgres": "postgres", "RPostgreSQL": "postgres", "RMariaDB": "mysql", "RMySQL": "mysql", "redux": "redis",
    "rredis": "redis", "mongolite": "mongodb", "elastic": "elasticsearch",
]
private let rBasePackages: Set<String> = [
    "base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines", "stats",
    "stats4",
    "tcltk", "tools", "translations", "utils",
]
