//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import State

/// Scripts that would never end, or would take all memory or the whole stack, end as scripts that cannot be emulated.
@Suite struct HostileScriptTests {
    private static func many(_ text: String, _ count: Int = 20_000) -> String {
        String(repeating: text, count: count)
    }

    /// Runs a script with a sixteenth of the effort that real ones may take.
    private func outcome(_ script: String) -> (status: Int?, problem: ScriptProblem?) {
        var shell = Shell(
            tree: .sample(), packages: PackageTable(architecture: "amd64"), effort: ShellEffort(limit: 16 << 20))
        shell.descriptors = [0: ShellStream(), 1: ShellStream(), 2: ShellStream(discards: true)]
        do throws(ShellSignal) {
            return (try shell.run(script: Array(script.utf8), name: "script", arguments: []), nil)
        } catch {
            if case .unsupported(let problem) = error { return (nil, problem) }
            return (nil, nil)
        }
    }

    @Test(arguments: [
        "while :; do :; done", "until false; do true; done", "f() { f; }; f", "f() { f | f; }; f",
        "a='eval \"$a\"'; eval \"$a\"", "echo '. /tmp/a' > /tmp/a; . /tmp/a",
        "x=abcdefgh; while :; do x=$x$x; done", "x=a; while :; do x=${x:+\"$x$x\"}; done",
        "set -- a; while :; do set -- \"$@\" \"$@\"; done", "set -- '' ''; while :; do set -- \"$@\" \"$@\"; done",
        "x='a b'; while :; do x=$(echo $x $x); done",
        "echo aaaaaaaa > /tmp/a; while :; do cat /tmp/a /tmp/a > /tmp/b; cp /tmp/b /tmp/a; done",
        "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaa >> /tmp/a; done",
        "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E '^(a|aa)+$'",
        "echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | sed -E 's/^((a*)*)*c/x/'",
        "expr aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab : '\\(a*\\)*\\(a*\\)*\\(a*\\)*c'",
        "echo aaaa | sed '\(many("s/.*/&&/;", 60))'", "echo aaaa | awk '{ \(many("gsub(/.*/, \"&&\");", 60)) print }'",
        "echo aaaa | awk '{ x = \"aaaa\"; \(many("x = x x;", 60)) print x }'",
        "\(many("ln -s / /tmp/l$((n=n+1));", 20)) echo /tmp/*/tmp/*/tmp/*/tmp/*/tmp/*/tmp/*",
        "seq -9223372036854775808 1", "seq 1 9999 -9223372036854775808",
        many("(", 20_000), many("$(", 20_000), many("{ ", 20_000), many("if ", 20_000), many("f() ", 20_000),
        "echo \(many("${a:-", 20_000))", "echo \(many("\"$(", 20_000))", many("while ", 20_000),
        "true \(many(" && true", 20_000))", "echo $((\(many("-", 20_000))1))", "echo $((\(many("(", 20_000))",
        "test \(many("! ", 20_000))", "test \(many("( ", 20_000))", "expr \(many("\\( ", 20_000))",
        "echo a | sed '\(many("{", 20_000))'", "echo a | grep -E '\(many("(", 20_000))'",
        "echo a | grep 'a\(many("*", 20_000))'", "echo a | awk '\(many("!", 20_000))a'",
        "echo a | awk '{ print \(many("a ", 20_000)) }'", "echo a | awk '\(many("$", 20_000))1'",
    ])
    func givesUp(script: String) {
        let outcome = outcome(script)
        #expect(outcome.problem != nil, "\(script.prefix(80)): \(outcome)")
    }

    @Test(arguments: [
        (
            "case aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab in *a*a*a*a*a*a*a*a*a*a*a*c) exit 1;; *a*b) exit 0;; esac",
            0
        ),
        ("x=\(many("a", 2000)); test -z \"${x##*b}\"", 1), ("\(many("!", 1)) false", 0),
        ("ln -s a /tmp/b; ln -s b /tmp/a; cat /tmp/a", 1), ("true\(many(" && true", 50))", 0),
        ("echo \(many("ab", 300)) | grep -qE '^(ab)*$'", 0),
        ("\(many("( ", 20))true\(many(" )", 20))", 0),
    ])
    func runsWhatOnlyLooksHostile(script: String, status: Int) {
        let outcome = outcome(script)
        #expect(outcome.status == status, "\(script.prefix(80)): \(outcome)")
    }

    @Test(arguments: [
        "cp -r /tmp /tmp/x", "mv /tmp /tmp/x", "ln -s .. /tmp/up; find /tmp; chown -R 0:0 /tmp", "rm -rf / /tmp/..",
    ])
    func endsWhereATreeHoldsItself(script: String) {
        _ = outcome(script)
    }
}
