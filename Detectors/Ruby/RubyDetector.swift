//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// Reads Bundler's and RubyGems' manifests
/// ([Gemfile](https://bundler.io/man/gemfile.5.html), [gemspec](https://guides.rubygems.org/specification-reference/)).
struct RubyDetector: Detector {
    let name = "ruby"
    let summary = "Gemfile, Gemfile.lock, *.gemspec, .ruby-version, Rakefile"

    let sources = [
        DetectorSource(".ruby-version", "version of ruby", kind: .pin),
        DetectorSource("Gemfile", "version of ruby, gems", kind: .pin),
        DetectorSource("gems.rb", "version of ruby, gems", kind: .pin),
        DetectorSource("Gemfile.lock", "versions of ruby and bundler, gems", kind: .lock),
        DetectorSource("*.gemspec", "required_ruby_version, gems", kind: .range),
        DetectorSource("Rakefile", "tasks"), DetectorSource("config/puma.rb", "ports"),
        DetectorSource("extconf.rb", "C extensions, their libraries and headers"),
    ]

    func findings(in repository: Repository) -> [Finding] {
        let gemfiles = repository.manifests(named: "Gemfile") + repository.manifests(named: "gems.rb")
        let specifications = repository.files(withExtension: "gemspec").filter { !repository.isSecondary($0.path) }
        guard let first = (gemfiles + specifications).min(by: { $0.isNearer(than: $1) }) else {
            return []
        }
        let directory = first.directory
        var project = ProjectFindings(repository)
        project.language("ruby", Evidence(first.path))
        readVersionFile(joinPath(directory, ".ruby-version"), &project)

        let gemfile = gemfiles.first { $0.directory == directory }
        let paths = [gemfile?.path].compactMap { $0 } + specifications.filter { $0.directory == directory }.map(\.path)
        let manifests = paths.map { ($0, GemManifest($0, repository)) }
        for (path, manifest) in manifests {
            for ruby in manifest.rubies {
                project.toolchain(
                    "ruby", ruby.isPin ? .pin : .range, ruby.constraint, Evidence(path, line: ruby.line))
            }
            if let engine = manifest.engine {
                project.toolchain(engine.name, .pin, engine.version, Evidence(path, line: engine.line))
            }
            if let file = manifest.rubyFile, file != ".ruby-version" {
                readVersionFile(joinPath(directory, file), &project)
            }
        }
        let lockPath = ["Gemfile.lock", "gems.locked"].map { joinPath(directory, $0) }.first(where: repository.contains)
        let lockfile = lockPath.flatMap { repository.largeBytes($0) }.map { GemLockfile($0) }
        readLockedVersions(lockPath, lockfile, &project)
        let names = readGems(manifests, lockPath, lockfile, &project)
        project.packageManager(
            "bundler", version: lockfile?.bundler?.version, lockfile: lockPath, in: directory,
            lockfile?.bundler.flatMap { bundler in lockPath.map { Evidence($0, line: bundler.line) } }
                ?? Evidence(first.path))
        project.rubyTasks(
            in: directory, gems: names, gemfile: gemfile?.path ?? first.path, isLocked: lockfile != nil)
        project.dependency(
            "bundler", .project(backend: nil, isNative: hasExtensions(directory, &project)), in: directory,
            Evidence(first.path))
        return project.findings
    }

    /// `3.2.1`, `ruby-3.2.1`, `ruby-3.2.1@gems`, `jruby-9.4.5.0`.
    private func readVersionFile(_ path: String, _ project: inout ProjectFindings) {
        for (index, line) in project.repository.lines(path).enumerated() {
            let text = line.prefix { $0 != "#" && $0 != "@" }.trimmingSpaces
            guard !text.isEmpty else { continue }
            // `.tool-versions` holds other tools too, and version managers read it anyway.
            if path.hasSuffix(".tool-versions") { return }
            let engine = text.prefix { !$0.isNumber }
            let version = text.dropFirst(engine.count)
            let name = engine.hasSuffix("-") ? String(engine.dropLast()) : String(engine)
            let evidence = Evidence(path, line: index + 1)
            switch name {
            case "", "ruby", "v": project.toolchain("ruby", .pin, rubyRelease(version), evidence)
            case "jruby", "truffleruby", "truffleruby+graalvm", "mruby", "rbx", "rubinius":
                project.toolchain(
                    name == "truffleruby+graalvm" ? "truffleruby" : name, .pin, String(version), evidence)
            default: project.repository.warn(evidence, "`\(text)` is no version of Ruby")
            }
            return
        }
    }

    /// A release without its patch level: `2.7.8-p225` is `2.7.8`.
    private func rubyRelease(_ text: Substring) -> String {
        guard let dash = text.range(ofText: "-p") else { return String(text) }
        return String(text[..<dash])
    }

    private func readLockedVersions(_ path: String?, _ lockfile: GemLockfile?, _ project: inout ProjectFindings) {
        guard let path, let lockfile else { return }
        project.dependency("bundler", .lockfile(path), in: parentPath(path), Evidence(path))
        if let ruby = lockfile.ruby {
            let words = ruby.version.split(separator: " ").map(String.init)
            project.toolchain(
                words.count > 1 ? words[0] : "ruby", .lock, words.last ?? "", Evidence(path, line: ruby.line))
        }
        if let bundler = lockfile.bundler {
            project.toolchain("bundler", .lock, bundler.version, Evidence(path, line: bundler.line))
        }
    }

    /// Gems of the manifests and below them, with what they need of the system; returns the names of all.
    private func readGems(
        _ manifests: [(String, GemManifest)], _ lockPath: String?, _ lockfile: GemLockfile?,
        _ project: inout ProjectFindings
    ) -> Set<String> {
        let locked = Dictionary(
            (lockfile?.gems ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let direct = manifests.flatMap { path, manifest in manifest.gems.map { (path, $0) } }
        let names = Set(direct.map(\.1.name)).union(locked.keys)
        var seen: Set<String> = []
        var compiled: Evidence?
        var bundlesScripts = false
        for (path, gem) in direct where gem.isWanted {
            let evidence = Evidence(path, line: gem.line)
            project.system(.module(language: "ruby", name: gem.name), gem.isForDevelopment ? .test : .run, evidence)
            if scriptBundlers.contains(gem.name), !bundlesScripts {
                bundlesScripts = true
                project.toolchain("node", .hint, "", evidence)
            }
            guard seen.insert(gem.name).inserted else { continue }
            let entry = locked[gem.name]
            let uses = direct.map(\.1).filter { $0.name == gem.name }
            let isBuilt = project.needs(
                of: UsedPackage(
                    name: gem.name, version: entry?.version ?? gem.version,
                    isBuilt: entry.flatMap { lockfile?.isBuilt($0) }, companions: names,
                    isForDevelopment: uses.allSatisfy(\.isForDevelopment), evidence: evidence),
                in: gemNeeds)
            if isBuilt, compiled == nil { compiled = evidence }
        }
        if let lockfile, let lockPath {
            let runtime = direct.map(\.1).filter { !$0.isForDevelopment }.map(\.name)
            let reached = lockfile.names(from: Set(runtime))
            let unwanted = Set(direct.map(\.1).filter { !$0.isWanted }.map(\.name)).subtracting(seen)
            for gem in lockfile.gems where !unwanted.contains(gem.name) && seen.insert(gem.name).inserted {
                let evidence = Evidence(lockPath, line: gem.line)
                let isBuilt = project.needs(
                    of: UsedPackage(
                        name: gem.name, version: gem.version, isBuilt: lockfile.isBuilt(gem), companions: names,
                        isDirect: false, isForDevelopment: !runtime.isEmpty && !reached.contains(gem.name),
                        evidence: evidence),
                    in: gemNeeds)
                if isBuilt, compiled == nil { compiled = evidence }
            }
        }
        if let compiled { addCompiler("gems with C extensions", compiled, &project) }
        return names
    }

    /// Whether the gem has C sources, which are built against Ruby's headers.
    private func hasExtensions(_ directory: String, _ project: inout ProjectFindings) -> Bool {
        let prefix = directory.isEmpty ? "ext/" : directory + "/ext/"
        let scripts = project.repository.files(named: "extconf.rb").filter { $0.path.hasPrefix(prefix) }
        guard let file = scripts.first else { return false }
        addCompiler("C extension", Evidence(file.path), &project)
        for finding in extensionLibraries(of: scripts, project.repository) { project.add(finding) }
        return true
    }

    private func addCompiler(_ reason: String, _ evidence: Evidence, _ project: inout ProjectFindings) {
        for package in ["ruby-dev", "gcc", "g++", "make", "libc6-dev"] {
            project.system(.package(package), reason: reason, evidence)
        }
    }
}

private let gemNeeds = PackageNeeds("Ruby/system-packages.tsv")
/// Gems that bundle an application's scripts with Node.
private let scriptBundlers: Set<String> = [
    "webpacker", "shakapacker", "jsbundling-rails", "cssbundling-rails", "vite_rails", "vite_ruby",
]
