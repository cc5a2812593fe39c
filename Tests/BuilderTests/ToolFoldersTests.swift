//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Builder

@Suite struct ToolFoldersTests {
    @Test func findsTheFoldersOfPackagesOfOneRelease() {
        #expect(toolFolders(ofPackages: ["cargo-1.80", "gcc", "rustc-1.80"]) == ["/usr/lib/rust-1.80/bin"])
        #expect(toolFolders(ofPackages: ["golang-1.23-go", "golang-1.23-src"]) == ["/usr/lib/go-1.23/bin"])
    }

    @Test func searchesTheNewestReleaseFirst() {
        #expect(
            toolFolders(ofPackages: ["golang-1.9-go", "golang-1.23-go"])
                == ["/usr/lib/go-1.23/bin", "/usr/lib/go-1.9/bin"])
    }

    @Test(arguments: ["golang-go", "rustc", "cargo-audit", "golang-1.-go", "golang--go", "golang-1.23-race-detector"])
    func leavesOtherPackagesOut(name: String) {
        #expect(toolFolders(ofPackages: [name]).isEmpty)
    }
}
