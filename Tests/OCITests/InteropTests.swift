//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Glibc
import OCI
import Store
import SystemPackage
import Testing

/// What other people's tools make of our images. A tool that is not installed skips its test, which the report shows.
@Suite(.serialized) struct InteropTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    func image() throws -> Image {
        let named = entry("usr/größe", size: 3)
        return try workplace.image([
            try workplace.layer(tar(ValidatorTests.good + [named])), try workplace.layer(tar([entry("x")]), .gzip),
        ])
    }

    @Test(.enabled(if: isInstalled("tar"), "`tar` is not installed"), arguments: Compression.allCases)
    func tarListsARootFileSystem(compression: Compression) throws {
        let file = workplace.path.appending("root.tar")
        try writeRootFileSystem(of: try image(), compression: compression, to: file, from: workplace.store)
        let option = [Compression.none: "", .gzip: "-z", .zstd: "--zstd"][compression] ?? ""
        let (status, output) = run("LC_ALL=C.UTF-8 tar \(option) -tf '\(file)'")
        #expect(status == 0)
        #expect(
            output == "usr/\nusr/bin/\nusr/bin/a\nusr/bin/b\nbin\nusr/größe\nx\n", "\(output)")
    }

    @Test(.enabled(if: hasSchemas, "`python3-jsonschema` is not installed"))
    func meetsTheSchemasOfTheSpecification() throws {
        let folder = workplace.path.appending("layout")
        var other = ImageConfig(platform: Platform(architecture: "arm64"), created: "2026-01-31T00:00:00Z")
        other.config = ImageConfig.Execution()
        let images = [try image(), try Image(config: other, layers: try image().layers)]
        try writeLayout(images, tag: "sample:1", to: folder, from: workplace.store)
        // Two documents of the layout, the nested index, and a manifest and a configuration of each platform.
        #expect(run("\(schemas) '\(folder)'").output == "7 documents are right\n")
        #expect(run("sed -i 's/\"size\":[0-9]*/\"size\":\"1\"/' '\(folder)/index.json'").status == 0)
        let (status, output) = run("\(schemas) '\(folder)'")
        #expect(
            status != 0 && output.contains("index.json: manifests/0/size: '1' is not of type 'integer'"), "\(output)")
    }

    @Test(.enabled(if: isInstalled("skopeo"), "`skopeo` is not installed"))
    func skopeoReadsALayout() throws {
        let image = try image()
        let folder = workplace.path.appending("layout")
        try writeLayout([image], tag: "sample:1", to: folder, from: workplace.store)
        let (status, output) = run(
            "skopeo inspect --format '{{.Digest}} {{.Architecture}} {{len .Layers}}' 'oci:\(folder):1'")
        #expect(status == 0)
        #expect(output == "\(image.descriptor.digest) amd64 2\n")
    }

    @Test(.enabled(if: isInstalled("skopeo"), "`skopeo` is not installed"))
    func skopeoReadsAnArchiveInBothOfItsForms() throws {
        let image = try image()
        let file = workplace.path.appending("image.tar")
        try writeArchive([image], tag: "sample:1", to: file, from: workplace.store)
        for transport in ["oci-archive:\(file):1", "docker-archive:\(file):sample:1"] {
            let (status, output) = run("skopeo inspect --config '\(transport)'")
            #expect(status == 0 && output.contains("packages: sample"), "\(transport): \(output)")
        }
    }

    @Test(.enabled(if: isInstalled("umoci"), "`umoci` is not installed"))
    func umociUnpacksGzipLayers() throws {
        // umoci before 0.6 knows no Zstandard.
        let image = try workplace.image([try workplace.layer(tar(ValidatorTests.good), .gzip)])
        let folder = workplace.path.appending("layout"), bundle = workplace.path.appending("bundle")
        try writeLayout([image], tag: "sample:1", to: folder, from: workplace.store)
        let (status, output) = run("umoci unpack --rootless --image '\(folder):1' '\(bundle)' 2>&1")
        #expect(status == 0, "\(output)")
        #expect(run("cat '\(bundle)/rootfs/bin/b'").output == "xxx")
    }

    @Test(.enabled(if: isInstalled("podman"), "`podman` is not installed"))
    func podmanLoadsAnArchive() throws {
        let file = workplace.path.appending("image.tar")
        try writeArchive([try image()], tag: "fitout.test/sample:1", to: file, from: workplace.store)
        // podman takes a path of at most 50 characters for what it keeps while it runs.
        let runRoot = FilePath("/tmp/fitout-podman-\(getpid())")
        defer { try? removeTree(runRoot) }
        let podman = "podman --root '\(workplace.path)/graph' --runroot '\(runRoot)' --storage-driver vfs"
        let (status, output) = run("\(podman) load -q -i '\(file)' 2>&1")
        #expect(status == 0 && output.contains("sample:1"), "\(output)")
        let (mounted, folder) = run("\(podman) image mount fitout.test/sample:1")
        #expect(mounted == 0)
        let base = folder.split(separator: "\n").first.map(String.init) ?? ""
        #expect(run("stat -c '%F %h' '\(base)/usr/bin/a'").output == "regular file 2\n")
        #expect(run("readlink '\(base)/bin'").output == "usr/bin\n")
        #expect(run("\(podman) rmi -af 2>&1").status == 0)
    }
}

private let schemas = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("compatibility/schemas.py")

private let hasSchemas = run("python3 -c 'import jsonschema' 2>/dev/null").status == 0

private func isInstalled(_ tool: String) -> Bool {
    run("command -v \(tool)").status == 0
}

/// Runs a command line of the shell: its status and what it wrote.
private func run(_ command: String) -> (status: Int32, output: String) {
    guard let pipe = popen(command, "r") else { return (-1, "") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = fread(&buffer, 1, buffer.count, pipe)
        if count == 0 { break }
        bytes += buffer.prefix(count)
    }
    return (pclose(pipe), String(decoding: bytes, as: UTF8.self))
}
