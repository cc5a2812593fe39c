//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Detectors

/// The formats of Haskell, OCaml and R, with input that is cut off, nested or otherwise awkward.
@Suite struct SmallFormatsTests {
    @Test(arguments: [
        (">=4.16 && <4.20", ">=9.2, <9.10"), ("^>=4.18", ">=9.6, <9.8"), ("== 4.14.*", ">=8.10, <9.0"),
        (">=4.7 && <5", ">=7.8"), ("^>=4.14 || ^>=4.15", ">=8.10"), (">= 4.8.0.0 && < 4.18.1", ">=7.10, <9.8"),
        ("", nil), (">=", nil), ("<5", nil), (">=4", nil), (">=99999999999999999999.1", nil),
    ])
    func readsGHCFromTheBoundsOfBase(bounds: String, expected: String?) {
        #expect(GHCReleases.constraint(ofBase: bounds) == expected)
    }

    @Test(arguments: [
        ("lts-21.25", "9.4"), ("ghc-9.4.7", "9.4.7"), ("nightly-2024-01-01", nil), ("lts-", nil), ("", nil),
    ])
    func readsGHCFromASnapshot(name: String, expected: String?) {
        #expect(GHCReleases.release(ofSnapshot: name) == expected)
    }

    @Test func cutsFieldsAtCommas() {
        let cabal = CabalFile([
            "library", "  build-depends: a >=1", "      && <2, b", "      , c {d, e}", "  -- , no", "  if os(windows)",
            "    build-depends: w", "  else", "    build-depends: l", "  build-depends: z",
        ])
        #expect(cabal.values("build-depends").map(\.text) == ["a >=1 && <2", "b", "c {d, e}", "l", "z"])
        #expect(cabal.values("build-depends").map(\.line) == [2, 3, 4, 9, 10])
    }

    @Test func readsFiltersOfOpam() {
        let opam = OpamFile(
            """
            (* a
               comment *)
            depends: [ "a" {>= "1.0~rc" & < "2" & with-test} "b" {!(>= "3")} "c" {= version} ] # end
            x-text: \"\"\"one
            "two\"\"\"
            depends: [ "no" ]
            """)
        let items = opam["depends"]?.items ?? []
        #expect(items.map(\.string) == ["a", "b", "c"])
        #expect(items.map(\.line) == [3, 3, 3])
        #expect(items.first?.constraint == ">=1.0, <2")
        #expect(items.first?.names("with-test") == true)
        #expect(items.last?.constraint == "")
        #expect(opam["x-text"]?.string == "one\n\"two")
    }

    @Test(arguments: [
        "depends: [", "depends: [ \"a\" {", "a: \"", "{{{", ":", "depends: " + String(repeating: "[", count: 9_000),
        "(*",
    ])
    func readsBrokenOpam(text: String) {
        #expect(OpamFile(text)["nothing"] == nil)
    }

    @Test func readsFieldsOverSeveralLines() {
        let fields = ControlFields(["Imports: a (>=", "    1.0),", "  b, c", " d", "Imports: twice", "", "After: x"])
        #expect(fields.list("Imports").map(\.text) == ["a (>= 1.0)", "b", "c d"])
        #expect(fields.list("Imports").map(\.number) == [1, 3, 3])
        #expect(!fields.contains("After"))
    }

    @Test(arguments: [
        ("libcurl: libcurl-devel (rpm) or libcurl4-openssl-dev (deb)", ["libcurl4-openssl-dev"]),
        ("GNU make", ["make"]), ("GDAL (>= 2.0.1)", ["libgdal-dev", "gdal-bin"]), ("C++17", []), ("", []),
        ("zlib.", ["zlib1g-dev"]),
    ])
    func readsSystemRequirements(text: String, packages: [String]) {
        #expect(SystemRequirementText.packages(in: text) == packages)
    }
}
