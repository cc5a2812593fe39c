//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Testing

@testable import State

@Suite struct CommandTests {
    /// The changed paths as `type mode owner path[ -> target]`.
    private func changes(_ outcome: Outcome, below prefix: String) -> [String] {
        outcome.tree.touched.sorted().compactMap { path in
            guard path.description.hasPrefix(prefix), let node = outcome.tree[path] else { return nil }
            let mode = String(node.mode, radix: 8)
            switch node.content {
            case .directory: return "d \(mode) \(node.uid):\(node.gid) \(path)"
            case .symlink(let target): return "l \(path) -> \(String(decoding: target, as: UTF8.self))"
            default: return "f \(mode) \(node.uid):\(node.gid) \(path)"
            }
        }
    }

    private static let accounts = [
        "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\n_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\n",
        "/etc/group": "root:x:0:\nadm:x:4:\nusers:x:100:\nnogroup:x:65534:\n",
        "/etc/shadow": "root:*:19000:0:99999:7:::\n", "/etc/gshadow": "root:*::\n",
    ]

    @Test(arguments: [
        ("mkdir -p -m 0700 /srv/a/b", ["d 755 0:0 srv", "d 755 0:0 srv/a", "d 700 0:0 srv/a/b"]),
        ("install -d -m 2775 -o root -g adm /srv/x", ["d 755 0:0 srv", "d 2775 0:4 srv/x"]),
        ("mkdir /srv; ln -s ../etc/passwd /srv/p; ln -sfn x /srv/p", ["d 755 0:0 srv", "l srv/p -> x"]),
        ("mkdir /srv; ln -sr /etc/passwd /srv/p", ["d 755 0:0 srv", "l srv/p -> ../etc/passwd"]),
        (
            "mkdir /srv; cp /etc/passwd /srv; chmod 640 /srv/passwd; chgrp adm /srv/passwd",
            ["d 755 0:0 srv", "f 640 0:4 srv/passwd"]
        ),
        ("mkdir /srv; umask 077; touch /srv/t; mv /srv/t /srv/u", ["d 755 0:0 srv", "f 600 0:0 srv/u"]),
        ("mkdir -p /srv/a; echo x >/srv/a/f; rm -rf /srv/a", ["d 755 0:0 srv"]),
        (
            "mkdir /srv; echo x >/srv/f; chmod u+s,go-r /srv/f; chown _apt: /srv/f",
            ["d 755 0:0 srv", "f 600 42:0 srv/f"]
        ),
    ])
    func changesFiles(script: String, expected: [String]) {
        let outcome = run("set -e; " + script, on: .sample(Self.accounts))
        #expect(outcome.problem == nil)
        #expect(outcome.status == 0)
        #expect(changes(outcome, below: "srv") == expected)
    }

    @Test func addsSystemAccountsAsAdduserDoes() {
        let outcome = run(
            "adduser --system --group --home /var/lib/r --quiet redis; addgroup --system _ssh; adduser redis adm; id -u redis",
            on: .sample(Self.accounts))
        #expect(outcome.output == "100\n")
        #expect(outcome.tree.text("/etc/passwd")?.hasSuffix("redis:x:100:101::/var/lib/r:/usr/sbin/nologin\n") == true)
        #expect(outcome.tree.text("/etc/group")?.hasSuffix("redis:x:101:\n_ssh:x:102:\n") == true)
        #expect(outcome.tree.text("/etc/group")?.contains("adm:x:4:redis\n") == true)
        #expect(outcome.tree.text("/etc/shadow")?.hasSuffix("redis:!:19675::::::\n") == true)
        #expect(outcome.tree.text("/etc/gshadow")?.hasSuffix("redis:!::\n_ssh:!::\n") == true)
        #expect(outcome.tree.node(at: "/var/lib/r")?.uid == 100)
    }

    @Test func makesShadowFiles() {
        var tree = FileTree.sample([
            "/etc/passwd": "root:*:0:0:root:/root:/bin/bash\n", "/etc/group": "root:*:0:\nadm:*:4:a,b\n",
            "/etc/login.defs": "PASS_MAX_DAYS\t99999\nPASS_MIN_DAYS 0\nPASS_WARN_AGE 7\n",
        ])
        tree = run("pwconv; grpconv", on: tree).tree
        #expect(tree.text("/etc/shadow") == "root:*:19675:0:99999:7:::\n")
        #expect(tree.text("/etc/passwd") == "root:x:0:0:root:/root:/bin/bash\n")
        #expect(tree.text("/etc/passwd-") == "root:*:0:0:root:/root:/bin/bash\n")
        #expect(tree.text("/etc/gshadow") == "root:*::\nadm:*::a,b\n")
    }

    @Test(arguments: [
        ("1.0 lt 1.0.1", 0), ("1:0.9 gt 1.0", 0), ("1.0~rc1 lt 1.0", 0), ("'' lt 1", 0), ("'' lt-nl 1", 1),
        ("'' ge-nl 1", 0),
        ("2 eq 2", 0), ("2 ne 2", 1), ("1 '<=' 1", 0),
    ])
    func comparesVersions(operands: String, status: Int) {
        #expect(run("dpkg --compare-versions \(operands)").status == status)
    }

    @Test func divertsAndRenames() {
        let tree = FileTree.sample(["/etc/a": "x"])
        let outcome = run(
            "dpkg-divert --package p --divert /etc/a.real --rename --add /etc/a; dpkg-divert --truename /etc/a",
            on: tree)
        #expect(outcome.output == "/etc/a.real\n")
        #expect(outcome.tree.text("/etc/a") == nil)
        #expect(outcome.tree.text("/etc/a.real") == "x")
        #expect(outcome.tree.text("/var/lib/dpkg/diversions") == "/etc/a\n/etc/a.real\np\n")
    }

    @Test func overridesAttributesOnce() {
        let script =
            "dpkg-statoverride --update --add root adm 01770 /srv; dpkg-statoverride --list /srv; dpkg-statoverride --force --add root root 700 /srv"
        var files = Self.accounts
        files["/srv/x"] = ""
        let outcome = run(script, on: .sample(files))
        #expect(outcome.output == "root adm 1770 /srv\n")
        #expect(outcome.tree.node(at: "/srv")?.mode == 0o1770)
        #expect(outcome.tree.text("/var/lib/dpkg/statoverride") == "root root 700 /srv\n")
    }

    @Test func choosesTheAlternativeOfHighestPriority() {
        let tree = FileTree.sample(["/usr/bin/more": "", "/usr/bin/less": "", "/usr/share/man/less.1.gz": ""])
        let outcome = run(
            """
            update-alternatives --install /usr/bin/pager pager /usr/bin/less 77 --slave /usr/share/man/pager.1.gz pager.1.gz /usr/share/man/less.1.gz
            update-alternatives --install /usr/bin/pager pager /usr/bin/more 50 --slave /usr/share/man/pager.1.gz pager.1.gz /usr/share/man/more.1.gz
            """, on: tree)
        #expect(outcome.status == 0)
        #expect(
            outcome.tree.node(at: "/etc/alternatives/pager", followingLast: false)?.content
                == .symlink(Array("/usr/bin/less".utf8)))
        #expect(
            outcome.tree.node(at: "/usr/bin/pager", followingLast: false)?.content
                == .symlink(Array("/etc/alternatives/pager".utf8)))
        #expect(
            outcome.tree.text("/var/lib/dpkg/alternatives/pager") == """
                auto
                /usr/bin/pager
                pager.1.gz
                /usr/share/man/pager.1.gz

                /usr/bin/less
                77
                /usr/share/man/less.1.gz
                /usr/bin/more
                50
                /usr/share/man/more.1.gz


                """)
        let removed = run(
            "update-alternatives --remove pager /usr/bin/less; update-alternatives --set pager /usr/bin/nosuch",
            on: outcome.tree)
        #expect(removed.status == 2)
        #expect(
            removed.tree.node(at: "/etc/alternatives/pager", followingLast: false)?.content
                == .symlink(Array("/usr/bin/more".utf8)))
    }

    @Test func leavesOutServicesAndCaches() {
        let outcome = run("deb-systemd-helper enable x.service; update-rc.d x defaults; py3compile -p x; mandb")
        #expect(outcome.problem == nil)
        #expect(
            outcome.shell.skips.map(\.command).sorted() == ["deb-systemd-helper", "mandb", "py3compile", "update-rc.d"])
    }

    @Test func listsSGMLCatalogsWhoseReferencesExist() {
        let outcome = run(
            "mkdir -p /var/lib/sgml-base; update-catalog --quiet --update-super",
            on: .sample([
                "/etc/sgml/good.cat": "-- CATALOG x --\nCATALOG \"/srv/there\"\n", "/srv/there": "",
                "/etc/sgml/bad.cat": "CATALOG missing\n", "/etc/sgml/other": "",
            ]))
        #expect(
            outcome.tree.text("/var/lib/sgml-base/supercatalog")?.hasSuffix("--\nCATALOG /etc/sgml/good.cat\n") == true)
    }

    /// `ucf` of bookworm makes patterns with Perl.
    @Test func quotesNamesForPatterns() {
        #expect(
            run(#"x=$(echo "/etc/a-b.c" | perl -nle 'print "\Q$_\E\n"'); echo "$x""#).output == #"\/etc\/a\-b\.c"#
                + "\n")
    }

    @Test func losesAnUnsetFieldSeparatorToDebconf() {
        #expect(
            run(
                ". /usr/share/debconf/confmodule; unset IFS; db_go; x='a b'; set -- $x; echo $#",
                on: .sample(["/usr/share/debconf/confmodule": ""])
            ).output == "1\n")
    }

    @Test func delegatesToTheXMLCatalogsOfPackages() {
        let outcome = run(
            """
            set -e
            mkdir -p /etc/xml /var/lib/xml-core
            for id in b a b; do
                update-xmlcatalog --sort --add --type public --id "$id" --package p --local /srv/p.xml
            done
            update-xmlcatalog --add --type uri --id http://x/ --package p --root
            ! update-xmlcatalog --add --type system --id c --package p --local /srv/missing.xml
            """,
            on: .sample([
                "/srv/p.xml": "", "/usr/share/xml-core/catalog.header": "<catalog>\n",
                "/usr/share/xml-core/catalog.footer": "</catalog>\n",
            ]))
        #expect(outcome.status == 0 && outcome.problem == nil)
        #expect(
            outcome.tree.text("/etc/xml/p.xml") == """
                <catalog>
                <delegatePublic publicIdStartString="a" catalog="file:///srv/p.xml"/>
                <delegatePublic publicIdStartString="b" catalog="file:///srv/p.xml"/>
                </catalog>

                """)
        #expect(
            outcome.tree.text("/var/lib/xml-core/catalog")
                == "<delegateURI uriStartString=\"http://x/\"><catalog=\"file:///etc/xml/p.xml\">\n")
    }
}
