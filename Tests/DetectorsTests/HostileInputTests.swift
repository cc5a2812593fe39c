//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

/// Files of the right name with the wrong contents: nothing stops, and what is left says what it can.
@Suite struct HostileInputTests {
    static let names = [
        "mise.toml", "mise.lock", ".tool-versions", ".sdkmanrc", ".prototools", "devbox.json", "devbox.lock",
        "pixi.toml",
        "environment.yml", "flake.nix", "devenv.nix", ".devcontainer.json", ".devcontainer/devcontainer.json",
        "Dockerfile", "compose.yaml", "docker-compose.yml", ".github/workflows/ci.yml", ".gitlab-ci.yml",
        ".circleci/config.yml", "azure-pipelines.yml", ".travis.yml", ".cirrus.yml", ".drone.yml", ".woodpecker.yml",
        "bitbucket-pipelines.yml", ".buildkite/pipeline.yml", "Jenkinsfile", ".semaphore/semaphore.yml", "appveyor.yml",
        ".build.yml", "buildspec.yml", ".gitpod.yml", "Procfile", "app.json", "heroku.yml", "project.toml", "fly.toml",
        "render.yaml", "railway.json", "railway.toml", "vercel.json", "netlify.toml", "app.yaml", "nixpacks.toml",
        "railpack.json", "serverless.yml", "template.yaml", ".replit", "justfile", "Taskfile.yml", "Makefile",
        "script/test", ".env.example", "config/database.yml", "schema.prisma", "alembic.ini", "knexfile.js",
        "requirements.txt", "package.json", "go.mod", "Cargo.toml", "mix.exs", "pom.xml", "app.spec", "Brewfile",
        "debian/control", "bindep.txt", "snapcraft.yaml", ".readthedocs.yaml", "Earthfile",
    ]

    static let contents: [String: String] = [
        "empty": "", "null": "\0\0\0", "byte order mark": "\u{FEFF}", "returns": "a: 1\r\nb: 2\r\n",
        "brackets": String(repeating: "[", count: 5_000), "braces": String(repeating: "{\"a\":", count: 5_000),
        "nested": (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        "dollars": "FROM $\nRUN ${\nENV A=$ B=${A\nEXPOSE $ / 0 99999999999999999999\nCMD [\nARG\n",
        "colons": ":\n::\n=\n==\n@\n#\n- \n-\n: :\n", "continued": "RUN a \\\n\\\n\\",
        "document": "RUN <<EOF\napt-get install",
        "list": "- 1\n- - 2\n- {}\n", "number": "42", "text": "\"text\"", "list of lists": "[[[]]]",
        "emoji": "🧰: 🧰\n🧰 = \"🧰\"\n",
        "alias": "a: &a [x]\nb: *a\nservices: *a\njobs: *a\nsteps: *a\nblocks: *a\n",
        "wrong types":
            "services: 1\njobs: x\non: push\nsteps: {a: 1}\npipelines: []\nimage: [a]\nversion: {}\ntools: 3\n",
        "wrong tables": "tools = 1\nenv = []\ntasks = \"x\"\n[build]\ncommand = 1\n[phases]\nx = 1\n",
        "wrong members":
            "{\"packages\": 1, \"features\": [], \"image\": {}, \"env\": [1], \"steps\": {\"build\": 1}, \"addons\": {}}",
        "long line": "a" + String(repeating: " b", count: 20_000),
    ]

    @Test(arguments: contents.keys.sorted())
    func isRead(kind: String) throws {
        let text = try #require(Self.contents[kind])
        let files = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, text) })
        let found = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
        let again = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
        #expect(found.findings == again.findings)
    }

    @Test func readsFilesThatIncludeEachOther() {
        let files = [
            "compose.yaml": "include: [compose.yaml, other.yaml]\nservices: {db: {image: 'redis:7'}}\n",
            "other.yaml": "include: [compose.yaml]\n",
            ".gitlab-ci.yml": "include: {local: .gitlab-ci.yml}\na: {extends: a, script: [x]}\n",
            ".circleci/config.yml":
                "version: 2.1\ncommands: {a: {steps: [a]}}\njobs: {a: {docker: [{image: 'node:20'}], steps: [a]}}\n",
        ]
        let found = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
        #expect(
            found.findings.contains(
                .service(ServiceFinding("redis", version: "7", evidence: Evidence("compose.yaml", line: 2)))))
    }
}
