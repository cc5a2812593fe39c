//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Environment
import FoundationEssentials
import Testing

/// What `fitout.yaml` looks like. `FITOUT_RECORD=1` writes `Fixtures/specs` anew, and then fails.
struct SpecRenderingTests {
    static let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/specs/complete.yaml")

    /// A spec with everything in it.
    static var complete: EnvironmentSpec {
        var spec = EnvironmentSpec(
            base: BaseSystem(distribution: "debian", suite: "bookworm", comment: "has python 3.11"),
            platforms: ["linux/amd64", "linux/arm64"])
        spec.allowsExpired = Annotated(true, comment: "its mirror lags")
        spec.toolchains = [
            Annotated(ToolchainRequirement(tool: "node", version: "18"), comment: ".nvmrc:1"),
            Annotated(ToolchainRequirement(tool: "python", version: "3.11"), comment: ">=3.8 (pyproject.toml:5)"),
        ]
        spec.packages = [
            Annotated("git", comment: "on every CI runner"), Annotated("libpq-dev (>= 15)"),
            Annotated("libxmlsec1-dev", comment: "header xmlsec/xmlsec.h\n(setup.py:3)"),
        ]
        var step = DependencyStep(manager: "uv", directory: "backend")
        step.installsProject = Annotated(true, comment: "backend/pyproject.toml")
        step.extras = [Annotated("test", comment: "tox.ini:4")]
        step.groups = [Annotated("dev")]
        step.requirementsFiles = [Annotated("requirements/dev.txt")]
        step.constraintsFiles = [Annotated("constraints.txt")]
        step.requirements = [Annotated("pytest>=8; python_version > \"3.7\""), Annotated("tox")]
        step.lockfile = Annotated("backend/uv.lock", comment: "backend/uv.lock")
        step.excludeNewer = Annotated("2024-05-31", comment: "last worked on 2024-05-31 (CHANGES.md:3)")
        spec.dependencies = [step, DependencyStep(manager: "uv")]
        spec.environment = [
            Annotated(EnvironmentVariable(name: "DATABASE_URL", value: "postgres://db:5432/app")),
            Annotated(EnvironmentVariable(name: "DEBUG", value: "")),
            Annotated(EnvironmentVariable(name: "GREETING", value: #"say "hi" # \now"#)),
            Annotated(EnvironmentVariable(name: "LEVEL", value: "info"), comment: "tox.ini:7"),
        ]
        spec.tasks = [
            Annotated(TaskCommand(name: "lint", command: "ruff check . && ruff format --check")),
            Annotated(TaskCommand(name: "test", command: "pytest -k 'not slow'"), comment: "tox.ini:9"),
        ]
        spec.services = [
            Annotated(Service(name: "postgres", version: "16"), comment: "compose.yaml:4"),
            Annotated(Service(name: "redis", version: "")),
        ]
        return spec
    }

    @Test func writesWhatTheGoldenFileHolds() throws {
        let text = Self.complete.rendered()
        if ProcessInfo.processInfo.environment["FITOUT_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: Self.golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: Self.golden)
            Issue.record("recorded \(Self.golden.path)")
        }
        #expect(try Data(contentsOf: Self.golden) == Data(text.utf8))
    }

    @Test func readsBackWhatItWrites() throws {
        let read = try EnvironmentSpec(yaml: Array(Self.complete.rendered().utf8))
        #expect(read == Self.complete.withoutComments)
        #expect(read.rendered() == Self.complete.withoutComments.rendered())
    }

    @Test func writesWhatTheReferenceShows() throws {
        let reference = Self.golden.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/spec.md")
        let text = String(decoding: try Data(contentsOf: reference), as: UTF8.self)
        let start = try #require(text.firstRange(of: "```yaml\n"))
        let end = try #require(text[start.upperBound...].firstRange(of: "```"))
        let example = text[start.upperBound..<end.lowerBound]
        let spec = try EnvironmentSpec(yaml: Array(example.utf8))
        let lines = example.split(whereSeparator: \.isNewline).map { $0.part(before: "  #") }
        #expect(spec.rendered().split(whereSeparator: \.isNewline).dropFirst().map { $0.part(before: "  #") } == lines)
    }

    @Test func leavesOutWhatIsEmpty() {
        let spec = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "trixie"))
        #expect(
            spec.rendered().split(separator: "\n").dropFirst() == [
                "fitout: 1", "base: debian:trixie", "platforms: [linux/amd64]",
            ])
    }

    @Test func putsCommentsIntoOneColumn() {
        var spec = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "trixie", comment: "why"))
        let long = String(repeating: "x", count: 60)
        spec.packages = [Annotated("git", comment: "why"), Annotated(long, comment: "why"), Annotated("curl")]
        let lines = spec.rendered().split(separator: "\n").dropFirst()
        let columns = lines.map { $0.contains("#") ? $0.prefix { $0 != "#" }.count : 0 }
        // The long line has its comment two columns behind its end, and all others in front of that.
        #expect(columns == [0, 46, 0, 0, 46, 66, 0])
    }

    @Test(arguments: strangeTexts)
    func keepsAStrangeText(_ text: String) throws {
        var spec = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "trixie", comment: text))
        spec.toolchains = [Annotated(ToolchainRequirement(tool: "tool \(text)", version: "3.10"), comment: text)]
        spec.packages = [Annotated("package \(text)", comment: text), Annotated(text + "x")]
        var step = DependencyStep(manager: "uv", directory: "folder\(text)")
        step.requirements = [Annotated("a \(text)", comment: text), Annotated(text + "x")]
        step.lockfile = Annotated("x\(text)", comment: text)
        spec.dependencies = [step]
        spec.environment = [Annotated(EnvironmentVariable(name: "A", value: text), comment: text)]
        spec.tasks = [
            Annotated(TaskCommand(name: "t\(text)", command: "x\(text)"), comment: text),
            Annotated(TaskCommand(name: text, command: text + "x")),
        ]
        spec.services = [Annotated(Service(name: "s\(text)", version: text), comment: text)]
        let read = try EnvironmentSpec(yaml: Array(spec.rendered().utf8))
        #expect(read == spec.withoutComments)
    }

    static let strangeTexts = [
        "3.10", "1e3", "0x10", "1_000", "12:30:45", "2024-01-01", "true", "no", "null", "~", "<<", "=", ".inf", " lead",
        "trail ", "a: b", "a #b", "#", "- a", "-", "?", "? a", ":", "a:", "[a]", "{a}", "a, b", "&a", "*a", "!a", "|",
        ">",
        "%a", "@a", "`a`", "'a'", "\"a\"", "it's", "say \"hi\"", "a\\b", "C:\\temp\\new", "a\nb", "a\r\nb", "a\tb",
        "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "ä", "e\u{301}", "日本", "😀", "---", "...",
        "--- a", "\u{1}", String(repeating: "long ", count: 60),
    ]
}

extension Substring {
    /// What stands in front of `mark` and the blanks before that.
    fileprivate func part(before mark: String) -> Substring {
        var text = firstRange(of: mark).map { self[..<$0.lowerBound] } ?? self
        while text.last == " " { text.removeLast() }
        return text
    }
}
