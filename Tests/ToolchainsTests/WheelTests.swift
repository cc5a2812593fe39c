//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Store
import Testing

@testable import Toolchains

@Suite struct WheelTests {
    @Test(arguments: [
        ("Friendly-Bard", "friendly-bard"), ("FRIENDLY.-_bard", "friendly-bard"), ("a_b-", "a-b-"), ("x", "x"),
    ])
    func normalisesNames(name: String, expected: String) {
        #expect(normalizedPythonName(name) == expected)
    }

    @Test(arguments: ["a-1.whl", "a-1-py3-none-any.zip", "a-1-x-py3-none-any.whl", "a--py3-none-any.whl", ".whl"])
    func refusesWhatIsNoWheelName(name: String) {
        #expect(WheelName(name) == nil)
    }

    @Test(arguments: [(36, "2_36"), (41, "2_40"), (30, "2_28"), (17, "2_17")])
    func isCalledByTheNewestGlibcThatUvKnows(glibc: Int, version: String) {
        let platform = PythonPlatform(minor: 13, architecture: .arm64, glibc: glibc)
        #expect(platform.uvName == "aarch64-manylinux_\(version)")
    }

    @Test func readsCompressedTagSets() {
        let wheel = WheelName("charset_normalizer-3.4.7-2b-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl")
        #expect(wheel?.distribution == "charset_normalizer")
        #expect(wheel?.build == "2b")
        #expect(
            wheel?.tags == [
                WheelTag(python: "cp313", abi: "cp313", platform: "manylinux2014_x86_64"),
                WheelTag(python: "cp313", abi: "cp313", platform: "manylinux_2_17_x86_64"),
            ])
    }

    @Test(
        arguments: [
            // The most specific tag wins, whatever the order.
            (["a-1-py3-none-any.whl", "a-1-cp313-cp313-manylinux_2_17_x86_64.whl"], 1),
            // A newer glibc is better while the system has it.
            (["a-1-cp313-cp313-manylinux_2_17_x86_64.whl", "a-1-cp313-cp313-manylinux_2_28_x86_64.whl"], 1),
            (["a-1-cp313-cp313-manylinux_2_17_x86_64.whl", "a-1-cp313-cp313-manylinux_2_42_x86_64.whl"], 0),
            // The stable interface of an older Python comes before pure Python.
            (["a-1-py3-none-any.whl", "a-1-cp37-abi3-manylinux2014_x86_64.whl"], 1),
            (["a-1-cp39-abi3-linux_x86_64.whl", "a-1-cp37-abi3-manylinux2014_x86_64.whl"], 0),
            // Another build of the same wheel.
            (["a-1-2-py3-none-any.whl", "a-1-10-py3-none-any.whl", "a-1-py3-none-any.whl"], 1),
            (["a-1-py2.py3-none-any.whl", "a-1-py3-none-win32.whl"], 0),
            (
                [
                    "a-1-cp312-cp312-linux_x86_64.whl", "a-1-cp314-abi3-linux_x86_64.whl",
                    "a-1-cp313-cp313t-linux_x86_64.whl",
                ], nil
            ),
            (
                [
                    "a-1-cp313-cp313-musllinux_1_2_x86_64.whl", "a-1-cp313-cp313-manylinux2014_aarch64.whl",
                    "a-1.tar.gz",
                ], nil
            ),
        ] as [([String], Int?)])
    func choosesTheWheelThatSuitsBest(names: [String], expected: Int?) {
        let platform = PythonPlatform(minor: 13, architecture: .amd64, glibc: 41)
        #expect(platform.bestWheel(among: names, named: \.self) == expected.map { names[$0] })
    }

    @Test func takesNoStableInterfaceWithoutTheGlobalLock() {
        let platform = PythonPlatform(minor: 13, architecture: .arm64, glibc: 41, isFreeThreaded: true)
        let names = ["a-1-cp313-abi3-manylinux2014_aarch64.whl", "a-1-cp313-cp313t-manylinux2014_aarch64.whl"]
        #expect(platform.bestWheel(among: names, named: \.self) == names[1])
        #expect(platform.bestWheel(among: [names[0]], named: \.self) == nil)
    }
}
