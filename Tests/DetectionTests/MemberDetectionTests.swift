//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing
import Versions

@Suite struct MemberDetectionTests {
    /// Reports what it is given.
    private struct Reporter: Detector {
        let name = "reporter"
        let summary = "what it is given"
        let reported: [Finding]

        func findings(in repository: Repository) -> [Finding] { reported }
    }

    private func detection(_ findings: [Finding]) -> Detection {
        detect(in: Repository(Checkout(files: [:])), using: [Reporter(reported: findings)])
    }

    private func node(_ version: String, _ path: String) -> Finding {
        .toolchain(
            ToolchainFinding(tool: "node", kind: .pin, constraint: version, dialect: .npm, evidence: Evidence(path)))
    }

    private func task(_ name: String, _ command: String, _ path: String) -> Finding {
        .task(TaskFinding(name, command: command, standing: .declared, evidence: Evidence(path, line: 2)))
    }

    private var whole: Detection {
        detection([
            .language(LanguageFinding("node", evidence: Evidence("package.json"))),
            .member(MemberFinding("@shop/web", directory: "apps/web", workspace: "pnpm", evidence: Evidence("w.yaml"))),
            .member(MemberFinding("lib", directory: "lib", workspace: "pnpm", evidence: Evidence("w.yaml"))),
            node("22", ".nvmrc"), node("18", "lib/.nvmrc"), node("20", "apps/web/.nvmrc"),
            task("install", "pnpm install", "package.json"), task("lint", "pnpm lint", "package.json"),
            task("test", "pnpm -r test", "package.json"),
        ])
    }

    @Test(arguments: [("@shop/web", "apps/web"), ("apps/web", "apps/web"), ("apps/web/", "apps/web"), ("web", nil)])
    func findsAMemberByNameOrFolder(name: String, folder: String?) {
        #expect(whole.memberFolder(name) == folder)
    }

    @Test func keepsWhatIsTheMembersOwnOrHoldsForAll() {
        let own = detection([
            .language(LanguageFinding("node", evidence: Evidence("package.json"))), node("20", ".nvmrc"),
            task("test", "npm run test", "package.json"), task("install", "npm install", "package.json"),
            .packageManager(PackageManagerFinding("npm", evidence: Evidence("package.json"))),
            .port(PortFinding(3000, evidence: Evidence("a.js"))),
        ])
        let narrowed = whole.narrowed(to: "apps/web", own: own).findings.map(\.description)
        #expect(
            narrowed == [
                "language node @ apps/web/package.json", "toolchain node pin `20` npm @ apps/web/.nvmrc",
                "task test declared: cd apps/web && pnpm run test @ apps/web/package.json:2",
                "port 3000 @ apps/web/a.js", "toolchain node pin `22` npm @ .nvmrc",
                "task install declared: pnpm install @ package.json:2",
                "task lint declared: pnpm lint @ package.json:2",
            ])
    }

    @Test func movesPathsAndQuotesFolders() {
        let found: [Finding] = [
            .dependency(
                DependencyFinding(
                    manager: "uv", directory: "", .lockfile("uv.lock"), role: .runtime, evidence: Evidence("uv.lock"))),
            .dependency(
                DependencyFinding(
                    manager: "uv", directory: "x", .extra("test"), role: .test, evidence: Evidence("x/p", line: 3))),
            task("test", "make", "Makefile"),
        ]
        #expect(
            found.map { $0.moved(below: "a b/it's").description } == [
                "dependency [a b/it's] lockfile a b/it's/uv.lock runtime () @ a b/it's/uv.lock",
                "dependency [a b/it's/x] extra test test () @ a b/it's/x/p:3",
                "task test declared: cd 'a b/it'\\''s' && make @ a b/it's/Makefile:2",
            ])
    }
}
