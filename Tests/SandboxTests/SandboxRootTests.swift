//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import Sandbox

@Suite struct SandboxRootTests {
    @Test(arguments: [
        ("/etc/resolv.conf", "/run/stub", SandboxRoot.Finding.file),
        ("/bin/tool", "/usr/bin/tool", .file),
        ("/etc/loop", "/etc/loop", .missing),
        ("/usr/../bin/./tool", "/usr/bin/tool", .file),
        ("/missing/deep", "/missing/deep", .missing),
        ("/", "/", .folder),
        ("/usr/bin/", "/usr/bin", .folder),
    ])
    func followsLinksThroughTheLayers(path: String, leadsTo: String, finding: SandboxRoot.Finding) throws {
        let folder = try TestFolder()
        try folder.write("tool", to: "low/usr/bin/tool", mode: 0o755)
        try folder.link("low/bin", to: "usr/bin")
        try folder.write("old", to: "low/etc/resolv.conf")
        try folder.link("high/etc/resolv.conf", to: "../run/stub")
        try folder.link("high/etc/loop", to: "loop")
        try folder.write("", to: "high/run/stub")
        let root = SandboxRoot(layers: [folder.path.appending("low"), folder.path.appending("high")])
        let place = root.resolve(path)
        #expect(place.finding == finding)
        if finding != .missing || path != "/etc/loop" { #expect(place.path == leadsTo) }
    }
}
