//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

/// Lockfiles and patterns of Ruby, Rust, PHP and workspaces.
@Suite struct LanguageLockfilesTests {
    @Test func tellsCompiledGemsFromThoseThatAreBuilt() throws {
        let text = """
            GEM\r
              specs:\r
                bcrypt (3.1.20)\r
                nokogiri (1.16.0)\r
                nokogiri (1.16.0-x86_64-linux-gnu)\r
            \r
            PLATFORMS\r
              x86_64-linux\r
            """
        let lockfile = GemLockfile(Array(text.utf8))
        #expect(lockfile.gems.map(\.name) == ["bcrypt", "nokogiri"])
        #expect(lockfile.gems.map { lockfile.isBuilt($0) } == [true, false])
    }

    @Test func knowsNothingOfGemsForAnotherSystem() {
        let lockfile = GemLockfile(Array("GEM\n  specs:\n    pg (1.5.4)\n\nPLATFORMS\n  arm64-darwin-22\n".utf8))
        #expect(lockfile.gems.map { lockfile.isBuilt($0) } == [nil])
    }

    @Test(arguments: ["", "[[package]]", "[[package]]\nname = ", "dependencies = [\n \"a\"", "]\n]\n", "\u{0}\u{1}"])
    func readsCargoLockfilesThatAreCutOff(text: String) {
        #expect(CargoLockfile(Array(text.utf8)).packages.count <= 1)
    }

    @Test(arguments: [
        ("cfg(windows)", false), ("cfg(unix)", true), ("cfg(not(target_os = \"macos\"))", true),
        ("cfg(any(target_os = \"linux\", windows))", true), ("cfg(all(unix, target_arch = \"wasm32\"))", false),
        ("x86_64-unknown-linux-gnu", true), ("aarch64-apple-darwin", false), ("cfg(", false), ("cfg(all())", true),
        ("cfg(any(,,))", false), ("cfg(target_os = )", false),
    ])
    func knowsWhichTargetsAreLinux(target: String, expected: Bool) {
        #expect(holdsOnLinux(target) == expected)
    }

    @Test func survivesConditionsThatNestDeeply() {
        let depth = 10_000
        let text = "cfg(" + String(repeating: "not(", count: depth) + "unix" + String(repeating: ")", count: depth + 1)
        _ = holdsOnLinux(text)
    }

    @Test(arguments: [
        ("packages/*", "packages/a", true), ("packages/*", "packages/a/b", false),
        ("packages/**", "packages/a/b", true),
        ("./libs/{x,y}", "libs/y", true), ("**/web", "apps/site/web", true), ("apps/*/web/", "apps/site/web", true),
        ("a-?", "a-1", true), ("a", "b", false),
    ])
    func matchesMembersOfWorkspaces(pattern: String, directory: String, expected: Bool) {
        var patterns = WorkspacePatterns()
        patterns.add(pattern, line: 3)
        #expect((patterns.line(naming: directory) == 3) == expected)
        patterns.add("!" + pattern, line: 4)
        #expect(patterns.line(naming: directory) == nil)
    }

    @Test func matchesPatternsWithManyStarsInReasonableTime() {
        var patterns = WorkspacePatterns()
        patterns.add(String(repeating: "**/*/", count: 40) + "x", line: 1)
        #expect(patterns.line(naming: String(repeating: "a/", count: 100) + "b") == nil)
    }

    @Test(arguments: [
        ("1.10.9", true), ("1.11.0", false), ("~> 1.7", false), ("~> 1.10.2", true), (">= 1.0", false), ("", false),
        ("^1.2.3", false), ("^0.9.1", true), ("~1.2", true), ("*", false), ("1.2 || 3", false),
    ])
    func takesTheNewestVersionThatAConstraintAdmits(version: String, isBelow: Bool) {
        // Before 1.11 there were no compiled forms of it.
        let package = UsedPackage(name: "nokogiri", version: version, isBuilt: false, evidence: Evidence("Gemfile"))
        #expect(PackageNeeds("Ruby/system-packages.tsv").needs(of: package).isEmpty == !isBelow)
    }

    @Test func knowsTheLockfileOfSwiftPackages() {
        let checkout = Checkout(files: [
            "Package.swift": "// swift-tools-version: 6.0\nlet package = Package(name: \"a\")\n",
            "Package.resolved": "{\"pins\": [], \"version\": 3}\n",
        ])
        let found = detect(in: Repository(checkout), using: builtInDetectors).findings.map { text(of: $0) }
        #expect(found.contains("package manager swift - [] Package.resolved @ Package.resolved"))
    }
}
