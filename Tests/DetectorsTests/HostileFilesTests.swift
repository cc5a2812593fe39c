//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Detectors
import FoundationEssentials
import Testing

/// Every kind of file that a fixture has, in forms that no person writes: detection goes on, and what another file says is
/// still found.
@Suite struct HostileFilesTests {
    /// Files by their paths in a repository, the first fixture's that has one there.
    private static let samples: [String: String] = {
        var samples: [String: String] = [:]
        let root = RepositoriesTests.folder
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
        for name in names where !name.contains(".") {
            guard let checkout = try? Checkout(root: "\(root)/\(name)") else { continue }
            for file in checkout.files where samples[file.path] == nil {
                samples[file.path] = (try? checkout.read(file.path)).map { String(decoding: $0, as: UTF8.self) }
            }
        }
        for name in otherNames where samples[name] == nil { samples[name] = "a: 1\n" }
        return samples
    }()

    /// Names of files that detectors read, whether a fixture has them or not.
    private static let otherNames = [
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

    static let forms: [(name: String, change: @Sendable (String) -> String)] = [
        ("empty", { _ in "" }),
        ("mark alone", { _ in "\u{FEFF}" }),
        ("zero bytes", { _ in String(repeating: "\0", count: 1_000) }),
        ("byte order mark", { "\u{FEFF}" + $0 }),
        ("carriage returns", { $0.replacing("\n", with: "\r\n") }),
        ("merge conflict", { "<<<<<<< ours\n\($0)=======\n\($0)>>>>>>> theirs\n" }),
        ("cut", { String($0.prefix($0.count / 2)) }),
        ("deep brackets", { _ in String(repeating: "[", count: 20_000) }),
        ("deep braces", { _ in String(repeating: "{\"a\":", count: 20_000) }),
        ("deep parentheses", { _ in "x = " + String(repeating: "(", count: 20_000) }),
        (
            "long chains",
            { _ in "x = a" + String(repeating: "[0].b()", count: 20_000) + String(repeating: " + 1", count: 20_000) }
        ),
        (
            "deep operators",
            { _ in "x = " + String(repeating: "not ", count: 20_000) + String(repeating: "!-", count: 20_000) }
        ),
        ("deep elements", { _ in String(repeating: "<a>", count: 10_000) }),
        ("deep indentation", { _ in (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined() }),
        ("one long line", { _ in String(repeating: "abc ", count: 20_000) }),
        ("many lines", { _ in String(repeating: "a = [\"b\"]\n", count: 5_000) }),
        (
            "aliases",
            { _ in
                "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
                    + (1..<12).map {
                        "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]\n"
                    }
                    .joined()
            }
        ),
        (
            "entities",
            { _ in
                "<!DOCTYPE a [<!ENTITY b0 \"x\">"
                    + (1..<20).map { "<!ENTITY b\($0) \"&b\($0 - 1);&b\($0 - 1);&b\($0 - 1);\">" }.joined()
                    + "]><a>&b19;</a>"
            }
        ),
    ]

    /// Small ones, for all files at once.
    static let smallForms: [(name: String, change: @Sendable (String) -> String)] = [
        ("dollars", { _ in "FROM $\nRUN ${\nENV A=$ B=${A\nEXPOSE $ / 0 99999999999999999999\nCMD [\nARG\n" }),
        ("colons", { _ in ":\n::\n=\n==\n@\n#\n- \n-\n: :\n" }),
        ("continued", { _ in "RUN a \\\n\\\n\\" }), ("document", { _ in "RUN <<EOF\napt-get install" }),
        ("list", { _ in "- 1\n- - 2\n- {}\n" }), ("number", { _ in "42" }), ("text", { _ in "\"text\"" }),
        ("list of lists", { _ in "[[[]]]" }), ("emoji", { _ in "🧰: 🧰\n🧰 = \"🧰\"\n" }),
        (
            "expressions",
            { _ in
                "parameters: {a: [1, 2]}\njobs:\n"
                    + (0..<40).map { String(repeating: "  ", count: $0) + "- ${{ each a in parameters.a }}:\n" }
                    .joined()
                    + "stages: [{template: azure-pipelines.yml, parameters: {a: '${{ parameters.a }}'}}]\n"
            }
        ),
        (
            "wrong types",
            { _ in
                "services: 1\njobs: x\non: push\nsteps: {a: 1}\npipelines: []\nimage: [a]\nversion: {}\ntools: 3\n"
                    + "include: {local: [{}]}\nrules: 3\nparameters: 3\nextends: [[]]\nworkflows: [1]\n"
            }
        ),
        (
            "wrong tables",
            { _ in "tools = 1\nenv = []\ntasks = \"x\"\n[build]\ncommand = 1\n[phases]\nx = 1\n" }
        ),
        (
            "wrong members",
            { _ in
                "{\"packages\": 1, \"features\": [], \"image\": {}, \"env\": [1], \"steps\": {\"build\": 1}}"
            }
        ),
    ]

    @Test(arguments: forms.indices)
    func goesOnBehindFilesThatNobodyWrites(form: Int) throws {
        try #require(Self.samples.count > 100)
        // All files at once would hide one behind another: each alone, beside one that is sound.
        for (path, text) in Self.samples.sorted(by: { $0.key < $1.key }) where path != ".crystal-version" {
            let files = [path: Self.forms[form].change(text), ".crystal-version": "1.2.3\n"]
            let found = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
            let lines = found.findings.map { "\($0)" }
            #expect(
                lines.contains { $0.hasPrefix("toolchain crystal pin `1.2.3`") }, "\(Self.forms[form].name): \(path)")
            for warning in found.warnings {
                #expect(files[warning.evidence.path] != nil, "\(warning)")
                #expect(warning.problem.utf8.count < 1_000, "\(Self.forms[form].name): \(path)")
            }
        }
    }

    @Test(arguments: smallForms.indices)
    func readsFilesThatAreAllAlike(form: Int) {
        let files = Self.samples.mapValues(Self.smallForms[form].change)
        let found = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
        let again = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
        #expect(found.findings == again.findings)
    }

    @Test func readsFilesThatIncludeEachOther() {
        let files = [
            "compose.yaml": "include: [compose.yaml, other.yaml]\nservices: {db: {image: 'redis:7'}}\n",
            "other.yaml": "include: [compose.yaml]\n",
            ".gitlab-ci.yml":
                "include: {local: .gitlab-ci.yml}\na: {extends: [a, a, b], script: [x], rules: !reference [a, rules]}\n"
                + "b: {extends: [a, b], trigger: {include: .gitlab-ci.yml}}\n",
            "azure-pipelines.yml":
                "extends: {template: azure-pipelines.yml}\njobs: [{template: azure-pipelines.yml}]\n",
            ".github/workflows/ci.yml":
                "on: push\njobs:\n  a: {uses: ./.github/workflows/ci.yml, needs: [a, b]}\n  b: {needs: [a, b], outputs: {x: y}}\n",
            ".circleci/config.yml":
                "version: 2.1\ncommands: {a: {steps: [a]}}\njobs: {a: {docker: [{image: 'node:20'}], steps: [a]}}\n",
        ]
        let found = detect(in: Repository(Checkout(files: files)), using: builtInDetectors)
        #expect(
            found.findings.contains(
                .service(ServiceFinding("redis", version: "7", evidence: Evidence("compose.yaml", line: 2)))))
    }

    /// All fixtures' files in one repository: whatever they say together, they say it each time.
    @Test func saysTheSameAgain() throws {
        let first = detect(in: Repository(Checkout(files: Self.samples)), using: builtInDetectors)
        let again = detect(in: Repository(Checkout(files: Self.samples)), using: builtInDetectors)
        #expect(first.findings == again.findings)
    }
}
