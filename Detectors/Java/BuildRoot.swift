//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

/// A folder in which a build on the JVM starts.
struct BuildRoot {
    let directory: String
    /// One manifest for each tool that builds there, the one with a wrapper first.
    let manifests: [CheckoutFile]
}

/// A tool that builds for the JVM.
enum JVMBuild {
    case maven, gradle, sbt, mill, leiningen, toolsDeps, ant, scalaCLI
}

/// The tool that reads a file of this name; nil for other files.
func kind(of name: String) -> JVMBuild? {
    switch name {
    case "pom.xml": .maven
    case "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts": .gradle
    case "build.sbt", "Build.scala": .sbt
    case "build.sc", "build.mill", "build.mill.scala": .mill
    case "project.clj": .leiningen
    case "deps.edn": .toolsDeps
    case "build.xml": .ant
    case "project.scala": .scalaCLI
    default: nil
    }
}

private let manifestNames = [
    "pom.xml", "build.gradle.kts", "build.gradle", "settings.gradle.kts", "settings.gradle", "build.sbt", "build.mill",
    "build.mill.scala", "build.sc", "project.clj", "deps.edn", "build.xml", "project.scala",
]

/// Where the builds of a repository start, nearest to its root first: folders with a manifest that lie in no folder
/// with one, and that have sources or are the root.
func buildRoots(in repository: Repository) -> [BuildRoot] {
    let files = manifestNames.flatMap { repository.manifests(named: $0) }.filter { $0.depth <= 3 }
    var byFolder = Dictionary(grouping: files, by: \.directory)
    // The definition in `project/` of an old build by sbt, of which those in folders are parts.
    if !repository.contains("build.sbt"), let definition = repository.checkout["project/Build.scala"] {
        byFolder["", default: []].append(definition)
    }
    let folders = byFolder.keys.sorted { (depth($0), $0) < (depth($1), $1) }
    let sources = sourceFolders(repository)
    var roots: [BuildRoot] = []
    for folder in folders where roots.count < 20 {
        if roots.contains(where: { $0.directory.isEmpty || folder.hasPrefix($0.directory + "/") }) { continue }
        guard let manifests = byFolder[folder], !isShell(folder, repository) else { continue }
        // In the root a manifest speaks for itself; deeper ones may be data.
        let isOwn = folder.isEmpty && manifests.contains { kind(of: $0.name) != .ant }
        guard isOwn || sources.contains(folder) else { continue }
        var kinds: Set<JVMBuild> = []
        let ordered = manifests.sorted { rank($0) < rank($1) }.filter { file in
            kind(of: file.name).map { kinds.insert($0).inserted } ?? false
        }
        // What Ant builds beside another tool is what it built before.
        let current = ordered.filter { kind(of: $0.name) != .ant }
        let used = current.isEmpty ? ordered : current
        let wrapped = used.filter { hasWrapper($0, repository) }
        roots.append(
            BuildRoot(directory: folder, manifests: wrapped + used.filter { !wrapped.contains($0) }))
    }
    return roots
}

private func rank(_ file: CheckoutFile) -> Int { manifestNames.firstIndex(of: file.name) ?? manifestNames.count }

private func depth(_ folder: String) -> Int { folder.isEmpty ? 0 : folder.utf8.count { $0 == 0x2F } + 1 }

private func hasWrapper(_ file: CheckoutFile, _ repository: Repository) -> Bool {
    let name =
        switch kind(of: file.name) {
        case .maven: "mvnw"
        case .gradle: "gradlew"
        default: ""
        }
    return !name.isEmpty && repository.contains(joinPath(file.directory, name))
}

/// The folders that have sources at any depth.
private func sourceFolders(_ repository: Repository) -> Set<String> {
    var folders: Set<String> = []
    for ext in ["java", "kt", "scala", "groovy", "clj", "cljc", "cljs", "sc"] {
        for file in repository.files(withExtension: ext) {
            var folder = file.directory
            while folders.insert(folder).inserted, !folder.isEmpty { folder = parentPath(folder) }
        }
    }
    return folders
}

/// Whether the folder only wraps an application in JavaScript or Dart for Android.
private func isShell(_ folder: String, _ repository: Repository) -> Bool {
    let parent = parentPath(folder)
    return folder.split(separator: "/").last == "android"
        && ["package.json", "pubspec.yaml"].contains { repository.contains(joinPath(parent, $0)) }
}
