//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Detection

struct MemberCommandTests {
    private func member(_ workspace: String, _ name: String, _ directory: String) -> MemberFinding {
        MemberFinding(name, directory: directory, workspace: workspace, evidence: Evidence("root"))
    }

    @Test(arguments: [
        ("maven", "core", "libs/core", "mvn -B test", "mvn -B -pl libs/core -am test"),
        ("maven", "core", "libs/core", "mvn -B spring-boot:run", "mvn -B -pl libs/core spring-boot:run"),
        ("gradle", "libs:core", "libs/core", "gradle test", "gradle :libs:core:test"),
        ("cargo", "app-core", "crates/core", "cargo test --workspace", "cargo test -p app-core"),
        ("cargo", "app-core", "crates/core", "cargo build --locked", "cargo build -p app-core --locked"),
        ("go", "example.org/x", "x", "go test ./...", "go test ./x/..."),
        ("go", "example.org/x", "x", "go run .", "go run ./x"),
        ("dotnet", "Tests", "test/Tests", "dotnet test", "dotnet test test/Tests"),
        ("dotnet", "Tests", "test/Tests", "dotnet test Tests.csproj", "dotnet test test/Tests/Tests.csproj"),
        ("npm", "web", "apps/web", "npm test", "npm test -w apps/web"),
        ("npm", "web", "apps/web", "npm run build", "npm run build -w apps/web"),
        ("pnpm", "web", "apps/web", "npm run test", "pnpm --filter ./apps/web run test"),
        ("yarn", "@shop/web", "apps/web", "npm test", "yarn workspace @shop/web run test"),
        ("bun", "web", "apps/web", "bun test", "bun run --filter ./apps/web test"),
    ])
    func selectsAMember(workspace: String, name: String, directory: String, command: String, expected: String) {
        let member = member(workspace, name, directory)
        #expect(member.selecting(command, root: "", wrapper: nil, manager: nil) == expected)
    }

    @Test(arguments: [
        ("npm", "npx jest"), ("npm", "npm exec jest"), ("maven", "make test"), ("cargo", "cargo test && cargo doc"),
        ("go", "go mod download"), ("uv", "pytest"), ("cargo", "cargo fetch"),
    ])
    func leavesOtherCommandsInTheFolder(workspace: String, command: String) {
        #expect(member(workspace, "x", "x").selecting(command, root: "", wrapper: nil, manager: nil) == nil)
    }

    @Test func runsInTheWorkspacesFolderWithItsWrapper() throws {
        let root = "services"
        let whole = Detection(
            findings: [
                .packageManager(
                    PackageManagerFinding("maven", directory: root, evidence: Evidence("services/pom.xml"))),
                .member(member("maven", "api", "services/api")),
                .task(
                    TaskFinding(
                        "build", command: "./mvnw -B package", standing: .inferred,
                        evidence: Evidence("services/pom.xml"))),
            ], warnings: [], filesRead: [])
        let own = Detection(
            findings: [
                .task(TaskFinding("test", command: "mvn -B test", standing: .inferred, evidence: Evidence("pom.xml")))
            ], warnings: [], filesRead: [])
        let narrowed = whole.narrowed(to: "services/api", own: own).findings
        #expect(
            narrowed.first?.description
                == "task test inferred: cd services && ./mvnw -B -pl api -am test @ services/api/pom.xml")
    }
}
