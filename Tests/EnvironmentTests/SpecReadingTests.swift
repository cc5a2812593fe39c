//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Environment
import Testing

struct SpecReadingTests {
    private func read(_ text: String) throws(EnvironmentError) -> EnvironmentSpec {
        try EnvironmentSpec(yaml: Array(text.utf8))
    }

    private func message(_ text: String) -> String {
        do throws(EnvironmentError) {
            return "read \(try read(text))"
        } catch {
            return error.description
        }
    }

    @Test func readsEveryKey() throws {
        let spec = try read(
            """
            fitout: 1
            base: ubuntu:noble
            platforms: [linux/amd64, linux/arm64]
            toolchains:
              python: 3.10
              node:
            packages:
              - libpq-dev
              - libfoo-dev (>= 1.2)
            dependencies:
              - manager: uv
                directory: backend
                project: true
                extras: [test]
                groups: [dev]
                requirements-files: [requirements/dev.txt]
                constraints-files: [constraints.txt]
                requirements: ["pytest>=8"]
                lockfile: backend/uv.lock
                exclude-newer: 2024-05-31
              - manager: uv
            environment:
              PORT: 8080
              EMPTY: ""
            tasks:
              test: pytest -q
            services:
              postgres: 16
            """)
        #expect(spec.base == BaseSystem(distribution: "ubuntu", suite: "noble"))
        #expect(spec.platforms == ["linux/amd64", "linux/arm64"])
        #expect(spec.toolchains.map { "\($0.value.tool) \($0.value.version)" } == ["python 3.10", "node "])
        #expect(spec.packages.map(\.value) == ["libpq-dev", "libfoo-dev (>= 1.2)"])
        var step = DependencyStep(manager: "uv", directory: "backend")
        step.installsProject = Annotated(true)
        step.extras = [Annotated("test")]
        step.groups = [Annotated("dev")]
        step.requirementsFiles = [Annotated("requirements/dev.txt")]
        step.constraintsFiles = [Annotated("constraints.txt")]
        step.requirements = [Annotated("pytest>=8")]
        step.lockfile = Annotated("backend/uv.lock")
        step.excludeNewer = Annotated("2024-05-31")
        #expect(spec.dependencies == [step, DependencyStep(manager: "uv")])
        #expect(spec.environment.map { "\($0.value.name)=\($0.value.value)" } == ["PORT=8080", "EMPTY="])
        #expect(spec.task("test") == "pytest -q")
        #expect(spec.task("build") == nil)
        #expect(spec.services.map(\.value) == [Service(name: "postgres", version: "16")])
    }

    @Test(arguments: [
        "fitout: 1\r\nbase: debian:trixie\r\npackages:\r\n  - git\r\n",
        "\u{FEFF}fitout: 1\nbase: debian:trixie\npackages: [git]",
        "---\nbase: 'debian:trixie'\nfitout: 1\npackages:\n- git\n...\n",
        "fitout: 1\nbase: debian:trixie\ntoolchains:\npackages: [git]\ndependencies:\nenvironment: ~\ntasks: null\nservices:\n",
        "{fitout: 1, base: \"debian:trixie\", packages: [git]}",
    ])
    func readsWhateverFormTheFileHas(text: String) throws {
        var expected = EnvironmentSpec(base: BaseSystem(distribution: "debian", suite: "trixie"))
        expected.packages = [Annotated("git")]
        #expect(try read(text) == expected)
    }

    @Test(arguments: [
        (".", "."), ("./", "."), ("~", "."), ("./backend/", "backend"), ("a//b", "a/b"), ("..a/b..", "..a/b.."),
    ])
    func spellsAPathInOneWay(text: String, path: String) throws {
        let spec = try read(step("directory: \(text)"))
        #expect(spec.dependencies.map(\.directory) == [path])
    }

    @Test(arguments: [
        ("", "1: `fitout` is missing"),
        ("# nothing\n", "1: `fitout` is missing"),
        ("base: debian:trixie", "1: `fitout` is missing"),
        ("\n\nfitout: 1", "3: `base` is missing"),
        ("- fitout", "1:1: the file holds no keys"),
        ("fitout: 2\nbase: debian:trixie", "1:9: `fitout` is not a version that this program reads"),
        ("fitout:\nbase: debian:trixie", "`fitout` is not a version that this program reads"),
        ("fitout: 1\nfitout: 1\nbase: debian:trixie", "2:1: "),
        ("fitout: 1\nbase: debian:trixie\n---\nbase: debian:sid", "4:1: a second document begins"),
        ("fitout: 1\nbase: debian:trixie\n\tpackages: []", "3:1: "),
        ("fitout: 1\nbase: [debian:trixie]", "2:7: `base` is not a distribution and a suite"),
    ])
    func refusesAFileThatIsNoSpec(text: String, expected: String) {
        #expect(message(text).contains(expected), "\(message(text))")
        #expect(message(text).hasPrefix("fitout.yaml:"))
    }

    @Test(arguments: [
        "trixie", "debian", "'debian:'", "fedora:40", "debian:trixie:x", "debian:../etc", "debian:Trixie", "':'", "''",
    ])
    func refusesABaseThatIsNone(base: String) {
        #expect(
            message("fitout: 1\nbase: \(base)").hasPrefix("fitout.yaml:2:7: `base` is not a distribution and a suite"))
    }

    @Test(arguments: [
        ("package: [git]", "3:1: unknown key `package`\n\nhint: did you mean `packages`?"),
        ("env: {A: b}", "3:1: unknown key `env`\n\nhint: did you mean `environment`?"),
        ("toolchain: {}", "3:1: unknown key `toolchain`\n\nhint: did you mean `toolchains`?"),
        ("volumes: []", "3:1: unknown key `volumes`"),
        (
            "dependencies:\n  - manager: uv\n    exclude_newer: 2024-01-01",
            "5:5: unknown key `exclude_newer`\n\nhint: did you mean `exclude-newer`?"
        ),
        (
            "dependencies:\n  - manager: uv\n    group: [dev]",
            "5:5: unknown key `group`\n\nhint: did you mean `groups`?"
        ),
    ])
    func namesTheNearestKey(line: String, expected: String) {
        #expect(message("fitout: 1\nbase: debian:trixie\n\(line)") == "fitout.yaml:\(expected)")
    }

    @Test(arguments: [
        ("platforms: []", "3:12: `platforms` is empty"),
        ("platforms:", "`platforms` is empty"),
        ("platforms: amd64", "3:12: `platforms` names `amd64`"),
        ("platforms: [linux/amd64, linux/mips]", "3:26: `platforms` names `linux/mips`"),
        ("platforms: [linux/amd64, linux/amd64]", "3:26: `platforms` names `linux/amd64` twice"),
        ("platforms: [linux/amd64, [linux/arm64]]", "3:26: `platforms` holds more than a text"),
        ("platforms: {linux/amd64: yes}", "3:12: `platforms` is not a list"),
        ("packages: git", "3:11: `packages` is not a list"),
        ("packages: {git: 1}", "3:11: `packages` is not a list"),
        ("packages:\n  - git: 1", "4:5: `packages` holds more than a text"),
        ("packages:\n  - git\n  -", "`packages` holds an empty text"),
        ("packages:\n  - git\n  - ''", "5:5: `packages` holds an empty text"),
        ("toolchains: [python]", "3:13: `toolchains` is not a mapping"),
        ("toolchains:\n  python: [3.11]", "4:11: `toolchains` holds more than a text for `python`"),
        ("toolchains:\n  python: {version: 3.11}", "4:11: `toolchains` holds more than a text for `python`"),
        ("toolchains:\n  ? [a]\n  : b", "4:5: `toolchains` holds more than a text"),
        ("toolchains:\n  python: 3.11\n  python: 3.12", "5:3: "),
        ("toolchains:\n  python: '>=3.11'", "4:11: `toolchains` holds `>=3.11`, which is not a version"),
        ("toolchains:\n  python: 3.11.*", "4:11: `toolchains` holds `3.11.*`, which is not a version"),
        ("environment:\n  - A=b", "4:3: `environment` is not a mapping"),
        ("environment:\n  A=b: c", "4:3: `environment` names `A=b`, which is not a variable"),
        ("environment:\n  '': c", "4:3: `environment` holds an empty text"),
        ("environment:\n  A: \"b\\0c\"", "4:6: `environment` holds a zero byte"),
        ("tasks:\n  test:", "`tasks` has no command for `test`"),
        ("tasks:\n  test: ' '", "4:3: `tasks` has no command for `test`"),
        ("tasks:\n  test: [pytest, -q]", "4:9: `tasks` holds more than a text for `test`"),
        ("dependencies: uv", "3:15: `dependencies` is not a list"),
        ("dependencies: {manager: uv}", "3:15: `dependencies` is not a list"),
        ("dependencies: [uv]", "3:16: `dependencies` holds a step without keys"),
        ("dependencies:\n  - project: true", "4: `manager` is missing"),
        ("dependencies:\n  - manager: npm", "4:14: `manager` names `npm`"),
        ("dependencies:\n  - manager: [uv]", "4:14: `manager` holds more than a text"),
    ])
    func refusesAWrongValueAtItsPlace(line: String, expected: String) {
        let message = message("fitout: 1\nbase: debian:trixie\n\(line)")
        #expect(message.hasPrefix("fitout.yaml:"), "\(message)")
        #expect(message.contains(expected), "\(message)")
    }

    @Test(arguments: [
        ("directory: [a]", "5:16: `directory` holds more than a text"),
        ("directory: /srv", "5:16: `directory` leaves the repository with `/srv`"),
        ("directory: a/../..", "5:16: `directory` leaves the repository with `a/../..`"),
        ("project: 1", "5:14: `project` is neither true nor false"),
        ("project: yes", "5:14: `project` is neither true nor false"),
        ("extras: test", "5:13: `extras` is not a list"),
        ("requirements-files: [a.txt, ../b.txt]", "5:33: `requirements-files` leaves the repository with `../b.txt`"),
        ("requirements-files: [.]", "5:26: `requirements-files` names no file"),
        ("constraints-files: [/c.txt]", "5:25: `constraints-files` leaves the repository with `/c.txt`"),
        ("lockfile: ../uv.lock", "5:15: `lockfile` leaves the repository with `../uv.lock`"),
        ("lockfile: [uv.lock]", "5:15: `lockfile` holds more than a text"),
        ("exclude-newer: yesterday", "5:20: `exclude-newer` is not a day"),
        ("exclude-newer: 2023-02-29", "5:20: `exclude-newer` is not a day"),
        ("exclude-newer: 2024-01-01T00:00:00Z", "5:20: `exclude-newer` is not a day"),
    ])
    func refusesAWrongStepAtItsPlace(line: String, expected: String) {
        #expect(message(step(line)).contains(expected), "\(message(step(line)))")
    }

    @Test func saysWhatToDoInEachMessage() {
        for text in ["", "fitout: 3", "fitout: 1\nbase: x", "fitout: 1\nbase: debian:sid\npackages: git"] {
            #expect(message(text).contains("\n\nhint: "), "\(message(text))")
        }
    }

    private func step(_ line: String) -> String {
        "fitout: 1\nbase: debian:trixie\ndependencies:\n  - manager: uv\n    \(line)\n"
    }
}
