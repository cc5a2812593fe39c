//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

/// What is wrong with files and arguments ends in exit status 2 and a message, and leaves nothing behind.
@Suite struct FaultTests {
    private func trial() async throws -> Trial {
        let trial = try await Trial("greeting")
        return try await Trial("greeting", store: trial.folder.appending("none"))
    }

    @Test(arguments: [
        ("packges: [hello]", "fitout.yaml:3:1: unknown key `packges`\n\nhint: did you mean `packages`?"),
        ("packages: hello", "fitout.yaml:3:11: `packages` is not a list"),
        ("packages: [\"a\"", "fitout.yaml:4:1: "),
        ("dependencies: [{manager: uv, directory: ../..}]", "leaves the repository with `../..`"),
        (
            "dependencies: [{manager: uv, requirements-files: [/etc/shadow]}]",
            "leaves the repository with `/etc/shadow`"
        ),
        ("tasks: {test: [a]}", "fitout.yaml:3:15: `tasks`"),
        ("packages: \(String(repeating: "[", count: 10_000))", "stand within each other"),
    ])
    func namesThePlaceOfAMistakeInTheSpec(line: String, message: String) async throws {
        let trial = try await trial()
        try trial.write("fitout: 1\nbase: debian:trixie\n\(line)\n", to: "fitout.yaml")
        let result = try await trial.fitout(["build", "--offline"])
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("error: fitout.yaml:") && result.errors.contains(message), "\(result.errors)")
        #expect(access(trial.path("project/fitout.lock"), F_OK) != 0)
    }

    @Test(arguments: [
        ["nothing"], ["build", "--nothing"], ["build", "--output", "image.tar"],
        ["build", "--output", "type=zip,dest=a"],
        ["build", "--output", "type=oci,dest=/nonexistent/image.tar"], ["build", "--output", "type=tar,dest=/"],
        ["build", "--mirror", "x"], ["build", "--progress", "x"], ["run"], ["run", "--task", "nothing"],
        ["init", "--format", "xml"], ["cache", "prune", "--to", "x"], ["build", "-C", "/nonexistent"],
        ["init", "-C", "/nonexistent"], ["init", "-C", "/etc/passwd"], ["build", "--store", "/proc/store"],
        ["inspect", "/nonexistent"], ["build", "--offline"],
    ])
    func endsWithStatusTwoWhereItCannotDoWhatIsAsked(arguments: [String]) async throws {
        let trial = try await trial()
        try trial.write("fitout: 1\nbase: debian:trixie\n", to: "fitout.yaml")
        let result = try await trial.fitout(arguments)
        #expect(
            result.status == 2 && result.output.isEmpty && !result.errors.isEmpty, "\(result.output)\(result.errors)")
    }

    @Test(arguments: [
        ("mkfifo fitout.yaml", "no regular file"), ("mkdir fitout.yaml", "irectory"),
        ("truncate -s 3G fitout.yaml", "large"),
    ])
    func readsNoSpecThatIsNoFile(command: String, reason: String) async throws {
        let trial = try await trial()
        _ = try await start("sh", ["-c", command], in: trial.project)
        let result = try await trial.fitout(["build", "--offline"])
        #expect(result.status == 2 && result.errors.contains(reason), "\(result.errors)")
    }

    @Test(arguments: [
        ("pyproject.toml", "[project"), ("Pipfile.lock", "{"), ("environment.yml", "dependencies: {"),
        ("uv.lock", "\0\u{1}"),
    ])
    func losesTheEvidenceOfAMalformedFileOnly(name: String, text: String) async throws {
        let trial = try await trial()
        try trial.write(text, to: name)
        try trial.write("3.12\n", to: ".python-version")
        let result = try await trial.fitout(["init", "--dry-run"])
        #expect(result.status == 0 && result.output.contains("python: \"3.12\""), "\(result.errors)")
        #expect(result.errors.contains("warning: \(name):"), "\(result.errors)")
    }

    @Test func readsTreesWithStrangeNames() async throws {
        let trial = try await trial()
        let script = """
            printf x > "$(printf 'a\\377b')"; printf x > "$(printf 'new\\nline')"; printf x > "$(printf 'esc\\033[31m.toml')"
            printf '[' > "$(printf 'requirements-\\033[31m.txt')"; ln -s loop loop; ln -s . self; mkfifo pipe
            ln -s /dev/zero setup.py; printf x > -rf
            """
        _ = try await start("sh", ["-c", script], in: trial.project)
        let result = try await trial.fitout(["init", "--dry-run"])
        #expect(result.status == 0 && !result.output.isEmpty, "\(result.errors)")
        // What a name or a line holds must not steer the terminal.
        #expect(!result.errors.utf8.contains(0x1B))
    }

    @Test(arguments: ["> /dev/full", ">&-"])
    func noticesThatItsOutputIsLost(redirection: String) async throws {
        let trial = try await trial()
        let result = try await start(
            "sh", ["-c", "\"$0\" init --dry-run \(redirection)", Trial.program.string], in: trial.project)
        #expect(result.status == 2 && result.errors.contains("cannot write to the standard output"), "\(result.errors)")
    }

    @Test func takesAReaderThatGoesAwayAsTheEnd() async throws {
        let trial = try await trial()
        let script = "(\"$0\" init --dry-run; echo $? >&2) | true"
        let result = try await start("sh", ["-c", script, Trial.program.string], in: trial.project)
        #expect(result.errors.hasSuffix("\n0\n"), "\(result.errors)")
    }
}
