//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Testing

@testable import State

@Suite struct SystemStateTests {
    private static let script = "#!/bin/sh\nset -e\n"

    @Test func writesStatusInTheFormOfDpkg() throws {
        let package = UnpackedPackage.sample(
            "demo", files: ["etc/demo.conf": "x"],
            control: ["conffiles": "/etc/demo.conf\nremove-on-upgrade /etc/old.conf\n"],
            paragraph: """
                Package: demo
                Version: 1.0
                Architecture: all
                Maintainer: A <a@example.org>
                Depends: a (>= 1),
                 b | c:any
                Homepage: https://example.org
                Description: short\u{20}
                 long

                """)
        let result = try state(of: [package], contents: ["/etc/demo.conf": "x"])
        #expect(
            result.text("/var/lib/dpkg/status") == """
                Package: demo
                Status: install ok installed
                Maintainer: A <a@example.org>
                Architecture: all
                Version: 1.0
                Depends: a (>= 1), b | c:any
                Conffiles:
                 /etc/demo.conf 9dd4e461268c8034f5c8564e155c67a6
                 /etc/old.conf newconffile remove-on-upgrade
                Description: short\u{20}
                 long
                Homepage: https://example.org


                """)
        #expect(result.text("/var/lib/dpkg/info/demo.list") == "/.\n/etc\n/etc/demo.conf\n")
        #expect(result.text("/var/lib/dpkg/info/demo.md5sums") == "")
    }

    @Test func undoesAScriptThatItCannotFinish() throws {
        let good = UnpackedPackage.sample(
            "good", files: ["usr/bin/touch": "", "etc/x": ""], control: ["postinst": Self.script + "touch /etc/good\n"])
        let bad = UnpackedPackage.sample(
            "bad", files: ["usr/bin/compile": "\u{7F}ELF"],
            control: ["postinst": Self.script + "touch /etc/bad\ncompile --all\n"])
        let result = try state(of: [good, bad], contents: ["/usr/bin/compile": "\u{7F}ELF"])
        #expect(
            result.unhandled == [
                UnhandledScript(package: "bad", script: "postinst", line: 4, reason: "the program `compile --all`")
            ])
        #expect(result.text("/etc/good") == "")
        #expect(result.text("/etc/bad") == nil)
        #expect(result.text("/var/lib/dpkg/status")?.contains("Package: bad\nStatus: install ok unpacked\n") == true)
        #expect(result.text("/var/lib/dpkg/status")?.contains("Package: good\nStatus: install ok installed\n") == true)
    }

    @Test func reportsAScriptThatFails() throws {
        let package = UnpackedPackage.sample(
            "p", control: ["preinst": Self.script + "false\n", "postinst": Self.script])
        let result = try state(of: [package])
        #expect(result.unhandled.map(\.script) == ["preinst"])
        #expect(result.text("/var/lib/dpkg/status")?.contains("Status: install ok unpacked") == true)
    }

    @Test func runsTriggersOfWhoeverIsInterested() throws {
        let listener = UnpackedPackage.sample(
            "listener", files: ["usr/bin/touch": ""],
            control: [
                "triggers": "interest-noawait /usr/share/things\ninterest rebuild\n",
                "postinst": Self.script + "if [ \"$1\" = triggered ]; then echo \"$2\" > /etc/ran; fi\n",
            ], essential: true)
        let thing = UnpackedPackage.sample(
            "thing", files: ["usr/share/things/a": "", "etc/x": ""], control: ["triggers": "activate-noawait rebuild\n"]
        )
        let result = try state(of: [listener, thing])
        #expect(result.text("/etc/ran") == "rebuild /usr/share/things\n")
        #expect(result.text("/var/lib/dpkg/triggers/File") == "/usr/share/things listener/noawait\n")
        #expect(result.text("/var/lib/dpkg/triggers/rebuild") == "listener\n")
    }

    @Test func leavesAFailedTriggerPending() throws {
        let listener = UnpackedPackage.sample(
            "listener",
            control: [
                "triggers": "interest /usr/share\n",
                "postinst": Self.script + "if [ \"$1\" = triggered ]; then exit 1; fi\n",
            ], essential: true)
        let data = UnpackedPackage.sample("data", files: ["usr/share/x": ""])
        let status = try state(of: [listener, data]).text("/var/lib/dpkg/status")
        #expect(status?.contains("Status: install ok triggers-pending\n") == true)
        #expect(status?.contains("Triggers-Pending: /usr/share\n") == true)
    }

    @Test func asksDebconfForDefaults() throws {
        let package = UnpackedPackage.sample(
            "asking", files: ["usr/share/debconf/confmodule": "", "etc/x": ""],
            control: [
                "templates": "Template: asking/zone\nType: string\nDefault: Etc/UTC\nDescription: zone\n",
                "config": "#!/bin/sh\n. /usr/share/debconf/confmodule\ndb_input low asking/zone || true\ndb_go\n",
                "postinst": Self.script
                    + ". /usr/share/debconf/confmodule\ndb_get asking/zone\necho $RET > /etc/zone\n",
            ])
        let result = try state(of: [package])
        #expect(result.unhandled.isEmpty)
        #expect(result.text("/etc/zone") == "Etc/UTC\n")
    }

    @Test func namesFilesThatAScriptRemovesOrChanges() throws {
        let package = UnpackedPackage.sample(
            "p", files: ["usr/bin/rm": "", "usr/bin/chmod": "", "etc/a": "a", "etc/b": "b"],
            control: ["postinst": Self.script + "rm /etc/a\nchmod 600 /etc/b\n"])
        let result = try state(of: [package], contents: ["/etc/b": "b"])
        #expect(result.removals.map(\.description) == ["etc/a"])
        #expect(result.text("/etc/b") == "b")
        #expect(result.entries.first { $0.entry.path.description == "etc/b" }?.entry.mode == 0o600)
    }

    @Test func givesTheSameStateTwice() throws {
        let packages = (0..<20).map {
            UnpackedPackage.sample("p\($0)", files: ["etc/\($0)": ""], control: ["triggers": "interest t\($0)\n"])
        }
        #expect(try state(of: packages).entries == state(of: packages).entries)
    }

    /// dpkg notes a trigger only for packages that are configured; others do their work when they are.
    @Test func runsTriggersOfPackagesThatWereConfiguredBefore() throws {
        let log = "#!/bin/sh\necho \"$@\" >>/log\n"
        let base = UnpackedPackage.sample(
            "base", control: ["postinst": log, "triggers": "interest-noawait /srv\n"], essential: true)
        let late = UnpackedPackage.sample(
            "late", control: ["postinst": log, "triggers": "interest-noawait /srv\n"])
        let data = UnpackedPackage.sample("data", files: ["srv/x": ""])
        let result = try state(of: [base, late, data])
        #expect(result.text("/log") == "configure \nconfigure \ntriggered /srv\n")
    }

    @Test func settlesTriggersThatTriggersActivate() throws {
        let first = UnpackedPackage.sample(
            "first", files: ["usr/bin/dpkg-trigger": ""],
            control: [
                "postinst": Self.script + "if [ $1 = triggered ]; then dpkg-trigger two; fi\n",
                "triggers": "interest one\n",
            ])
        let second = UnpackedPackage.sample(
            "second", control: ["postinst": Self.script + "echo $* >>/log\n", "triggers": "interest two\n"])
        let caller = UnpackedPackage.sample("caller", control: ["postinst": Self.script + "dpkg-trigger one\n"])
        let result = try state(of: [second, first, caller])
        #expect(result.text("/log") == "configure\ntriggered two\n")
        #expect(result.text("/var/lib/dpkg/status")?.contains("triggers-pending") == false)
    }

    @Test func namesTheInterpreterOfAScriptThatIsNotForTheShell() throws {
        let package = UnpackedPackage.sample("p", control: ["postinst": "#! /usr/bin/perl -w\nexit(:all);\n"])
        let unhandled = try state(of: [package]).unhandled
        #expect(unhandled.map(\.reason) == ["`p.postinst` is a script for `/usr/bin/perl`"])
    }
}
