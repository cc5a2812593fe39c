//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import State

@Suite struct ShellTests {
    @Test(arguments: [
        ("echo a  'b  c' \"d $((1 + 2 * 3))\"", "a b  c d 7\n"),
        ("x=1; y=${x:+set}; z=${w:-none}; echo $y $z ${#y}", "set none 3\n"),
        (
            "f=/usr/lib/a.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#*/}",
            "a.tar.gz /usr/lib/a.tar /usr/lib/a usr/lib/a.tar.gz\n"
        ),
        (
            "set -- 'a b' c; for i in \"$@\"; do echo \"<$i>\"; done; for i in $*; do echo \"[$i]\"; done",
            "<a b>\n<c>\n[a]\n[b]\n[c]\n"
        ),
        ("if ! { false; } then echo a; fi; if (true) then echo b; fi", "a\nb\n"),
        ("set --; for i in \"$@\"; do echo no; done; echo $#", "0\n"),
        ("case configure in abort-*|triggered) echo no;; conf*) echo yes;; esac", "yes\n"),
        ("f() { local x=2; echo $x; return 3; }; x=1; f || echo $? $x", "2\n3 1\n"),
        ("cat <<EOF\n$((2))\\$x `echo y`\nEOF\n", "2$x y\n"),
        ("cat <<-'EOF'\n\ta $b\n\tEOF\n", "a $b\n"),
        ("echo one two | { read a b; echo $b; }", "two\n"),
        ("printf '%s=%03d\\n' a 7 b 8", "a=007\nb=008\n"),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
        ("if ! false && true; then echo ok; elif true; then echo no; fi", "ok\n"),
        ("echo $(echo a; echo b) \"$(echo c\necho d)\"", "a b c\nd\n"),
        ("IFS=:; set -- $(echo a:b:c); echo $2", "b\n"),
        ("trap 'echo bye' EXIT; exit 0", "bye\n"),
        ("(cd /usr; pwd); pwd; x=1; (x=2); echo $x", "/usr\n/\n1\n"),
        ("echo a >/tmp/f; echo b >>/tmp/f; cat </tmp/f; echo x >&2", "a\nb\n"),
        (
            "set -- -ab -c x rest; while getopts abc: o; do echo $o${OPTARG:+=$OPTARG}; done; shift $((OPTIND-1)); echo $1",
            "a\nb\nc=x\nrest\n"
        ),
        ("set -C; echo a >/tmp/f; echo b >/tmp/f || cat /tmp/f", "a\n"),
        ("false && { echo x & }; [ -n \"\" ] && echo ${x/a/b}; echo ok", "ok\n"),
        ("eval 'x=5; echo $x'", "5\n"),
        ("x='*'; echo \"$x\" /usr/bi*", "* /usr/bin\n"),
    ])
    func runsWhatTheShellRuns(script: String, output: String) {
        let outcome = run(script)
        #expect(outcome.problem == nil)
        #expect(outcome.output == output)
    }

    @Test(arguments: [
        ("set -e; false; echo no", 1), ("set -e; false || true; exit 4", 4), ("set -e; if false; then :; fi", 0),
        ("set -u; echo $unset", 2), ("nosuchprogram", 127), ("set -e; x=$(false); echo no", 1), ("exit 7", 7),
        ("set -e; f() { false; true; }; f && echo ok", 0), ("! true", 1), ("[ -x \"$(command -v nosuch)\" ]", 1),
    ])
    func endsWithTheStatusOfTheShell(script: String, status: Int) {
        let outcome = run(script)
        #expect(outcome.problem == nil)
        #expect(outcome.status == status)
    }

    @Test(arguments: [
        "echo a & wait", "if true; then", "echo 'open", "[[ a == b ]]", "x=(1 2)", "cat <<EOF\nno end", "echo ${x/a/b}",
        "while true; do :; done", "f() { f; }; f", "sed -n 'w /etc/x'", "mkdir --no-such-option x",
        "select x in a; do :; done",
    ])
    func refusesWhatItDoesNotUnderstand(script: String) {
        #expect(run(script).problem != nil)
    }

    @Test func keepsUnexportedVariablesFromOtherScripts() {
        var tree = FileTree.sample()
        tree.write("/usr/bin/child", Array("#!/bin/sh\necho \"${a:-none} ${b:-none}\"\n".utf8), mode: 0o755)
        #expect(run("a=1; export b=2; child; a=3 child", on: tree).output == "none 2\n3 2\n")
    }

    @Test(arguments: [
        ("sed 's/b\\(.\\)/<\\1>/g'", "a<c>d<e>\n"), ("sed -n '/x/p'", ""), ("sed '1d'", ""),
        ("grep -q bc && echo y", "y\n"),
        ("cut -c1,3", "ac\n"), ("tr a-c A-C", "ABCdBe\n"), ("awk '{ print $1 $1 }'", "abcdbeabcdbe\n"),
        ("wc -c", "7\n"),
        ("grep -E -o '(c|d)+'", "cd\n"), ("sed -e '$a\\'", "abcdbe\n"), ("sed '0,/a/ s/a/z/'", "zbcdbe\n"),
    ])
    func filtersText(command: String, output: String) {
        #expect(run("echo abcdbe | \(command)").output == output)
    }
}
