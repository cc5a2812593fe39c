//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Catalog
import Detection
import Environment
import Testing

struct ToolchainPackagesTests {
    private func spec(_ suite: String, _ toolchains: (tool: String, version: String)...) -> EnvironmentSpec {
        var spec = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: suite))
        spec.toolchains = toolchains.map { Annotated(ToolchainRequirement(tool: $0.tool, version: $0.version)) }
        return spec
    }

    @Test func namesThePackagesOfEachTool() throws {
        let spec = spec("trixie", ("python", "3.13"), ("node", ""))
        #expect(try spec.toolchainPackages(in: sampleCatalog) == ["nodejs", "npm", "python3", "python3-venv"])
        #expect(try self.spec("sid").toolchainPackages(in: sampleCatalog).isEmpty)
    }

    @Test(arguments: ["3", "3.13", "3.13.5", ""])
    func admitsTheBeginningOfAVersion(version: String) throws {
        #expect(try spec("trixie", ("python", version)).toolchainPackages(in: sampleCatalog).contains("python3"))
    }

    @Test(arguments: [
        ("3.11", "`debian:trixie` has no `python 3.11`, but 3.13.5\n\nhint: `base: debian:bookworm` has it"),
        (
            "3.1",
            "`debian:trixie` has no `python 3.1`, but 3.13.5\n\nhint: no suite has it; remove it from `toolchains`"
        ),
        (
            "3.13.1",
            "`debian:trixie` has no `python 3.13.1`, but 3.13.5\n\nhint: no suite has it; remove it from `toolchains`"
        ),
    ])
    func saysWhichSuiteHasAVersion(version: String, expected: String) {
        #expect(message(spec("trixie", ("python", version))) == expected)
    }

    @Test func saysWhichToolWasMeant() {
        #expect(
            message(spec("trixie", ("pyton", ""))) == "`debian:trixie` has no `pyton`\n\nhint: did you mean `python`?")
        #expect(
            message(spec("sid", ("node", "12"))).hasSuffix("`base: ubuntu:jammy` or `base: debian:bullseye` has it"))
    }

    private func message(_ spec: EnvironmentSpec) -> String {
        do throws(EnvironmentError) {
            return try spec.toolchainPackages(in: sampleCatalog).joined()
        } catch {
            return error.description
        }
    }

    /// What `init` writes is what `lock` takes.
    @Test func findsWhatAPlanAsksFor() throws {
        for suite in sampleCatalog.suites {
            let plan = try planned([python(.range, ">=3"), tool("node", .pin, "18")], suite: suite.name)
            #expect(
                try plan.spec.toolchainPackages(in: sampleCatalog) == ["nodejs", "npm", "python3", "python3-venv"])
        }
    }
}
