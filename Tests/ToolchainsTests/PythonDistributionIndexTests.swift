//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import Testing

@testable import Toolchains

@Suite struct PythonDistributionIndexTests {
    let hex = String(repeating: "ab", count: 32)

    @Test func readsAProjectPage() throws {
        let page = """
            {"meta": {"api-version": "1.4"}, "name": "uv", "files": [
              {"filename": "uv-1.tar.gz", "url": "../../files/uv-1.tar.gz#sha256=\(hex)", "hashes": {"sha256": "\(hex)"},
               "size": 12, "upload-time": "2025-11-12T18:44:21.532329Z", "requires-python": ">=3.8", "yanked": false},
              {"filename": "uv-2.tar.gz", "url": "https://files.example/uv-2.tar.gz", "hashes": {}, "yanked": "broken"}
            ]}
            """
        let files = try PythonDistributionIndex.parse(Array(page.utf8), at: "https://index.example/simple/uv/")
        #expect(
            files == [
                PythonDistributionFile(
                    name: "uv-1.tar.gz", url: "https://index.example/files/uv-1.tar.gz", digest: Digest(hex: hex),
                    size: 12, uploadTime: "2025-11-12T18:44:21.532329Z", requiresPython: ">=3.8"),
                PythonDistributionFile(
                    name: "uv-2.tar.gz", url: "https://files.example/uv-2.tar.gz", digest: nil, size: nil,
                    isYanked: true),
            ])
    }

    @Test(arguments: [
        ("<!DOCTYPE html>", ""), ("{}", "`meta.api-version` is missing"),
        (#"{"meta": {"api-version": "2.0"}, "files": []}"#, "version 2 of the API is not known"),
        (#"{"meta": {"api-version": "1.0"}}"#, "`files` is missing"),
        (#"{"meta": {"api-version": "1.0"}, "files": [{"url": "x"}]}"#, "`filename`"),
    ])
    func refusesWhatIsNoProjectPage(page: String, problem: String) {
        let error = #expect(throws: ToolchainError.self) {
            try PythonDistributionIndex.parse(Array(page.utf8), at: "https://index.example/simple/uv/")
        }
        #expect(error.map { "\($0)".contains(problem) } == true || problem.isEmpty)
    }

    @Test(arguments: [
        ("https://a.example/x#f", "https://a.example/x"), ("/x/y", "https://i.example:8080/x/y"),
        ("//b.example/x", "https://b.example/x"), ("x", "https://i.example:8080/simple/uv/x"),
        ("../../../../x", "https://i.example:8080/x"),
    ])
    func resolvesLinks(reference: String, expected: String) {
        #expect(
            PythonDistributionIndex.absolute(reference, at: "https://i.example:8080/simple/uv/") == expected)
    }

    @Test func takesTheIndexThatInstallersAreToldToUse() {
        #expect(PythonDistributionIndex(environment: [:]) == .pypi)
        let environment = ["PIP_INDEX_URL": "https://b.example/simple/", "UV_INDEX_URL": ""]
        #expect(PythonDistributionIndex(environment: environment).url == "https://b.example/simple")
    }

    @Test func choosesTheNewestUvThatIsNoPrerelease() throws {
        let files = ["0.9.9", "0.13.9", "0.13.10", "0.14.0a1", "0.13.11"].flatMap { version in
            ["x86_64", "aarch64"].map { machine in
                PythonDistributionFile(
                    name: "uv-\(version)-py3-none-manylinux_2_17_\(machine).manylinux2014_\(machine).whl",
                    url: "https://files.example/\(version)/\(machine)", digest: Digest(hex: hex), size: 1,
                    isYanked: version == "0.13.11")
            }
        }
        #expect(try Uv.choose(version: nil, for: .amd64, among: files).wheel.url.hasSuffix("/0.13.10/x86_64"))
        #expect(try Uv.choose(version: "0.9.9", for: .arm64, among: files).wheel.url.hasSuffix("/0.9.9/aarch64"))
        #expect(throws: ToolchainError.noSuitableFile(name: "uv", version: "7")) {
            try Uv.choose(version: "7", for: .amd64, among: files)
        }
    }
}
