//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Layers
import Store
import SystemPackage
import Testing

/// Packages that expand without end, that end early, or in which a bit has changed.
@Suite struct DamagedPackageTests {
    let workplace: Workplace

    init() throws { workplace = try Workplace() }

    private func converted(_ content: [UInt8], _ conversion: Conversion = Conversion()) throws -> Result<
        Fragment, LayerError
    > {
        let input = DebInput(package: "evil", path: try workplace.file("evil.deb", content), digest: .sha256([]))
        let result = Result { () throws(LayerError) in try convert(deb: input, by: conversion, in: workplace.store) }
        if case .failure(let error) = result { #expect("\(error)".contains("`evil`"), "\(error)") }
        return result
    }

    private func isClean() throws -> Bool {
        try workplace.store.usage().isEmpty && names(in: workplace.path.appending("store/temporary")).isEmpty
    }

    /// A package with a file of zeros whose header says how many there are.
    private func bomb(_ suffix: String, mebibytes count: Int, _ zeros: ([UInt8]) throws -> [UInt8]) throws -> [UInt8] {
        var tar = RawTar()
        tar.add(Array("./zeros".utf8), size: RawTar.octal(count << 20, 11))
        return ar([
            ("debian-binary", Array("2.0\n".utf8)), ("control.tar", plainControl()),
            ("data.tar\(suffix)", try zeros(tar.bytes)),
        ])
    }

    @Test func refusesAPackageThatExpandsBeyondMeasure() throws {
        // Two gibibytes in 64 KiB of zstd.
        let package = try bomb(".zst", mebibytes: 2048) { try compress($0, .zstd) + zstdZeros(mebibytes: 2048) }
        #expect(package.count < 100 << 10)
        guard case .failure(.malformedPackage("evil", let reason)) = try converted(package) else {
            Issue.record("nobody refused it")
            return
        }
        #expect(reason.contains("holds more than"), "\(reason)")
        #expect(try isClean())
    }

    @Test func refusesAGzipThatExpandsBeyondMeasure() throws {
        let mebibyte = try compress([UInt8](repeating: 0, count: 1 << 20), .gzip)
        let package = try bomb(".gz", mebibytes: 200) { tar in
            (0..<200).reduce(into: try compress(tar, .gzip)) { bytes, _ in bytes += mebibyte }
        }
        let limit = Conversion(sizeLimit: 50 << 20)
        guard case .failure(.malformedPackage("evil", let reason)) = try converted(package, limit) else {
            Issue.record("nobody refused it")
            return
        }
        #expect(reason.contains("holds more than"), "\(reason)")
        #expect(try isClean())
    }

    @Test func refusesAWindowThatTakesAllMemory() throws {
        let package = try bomb(".zst", mebibytes: 1) {
            try compress($0, .zstd) + zstdZeros(mebibytes: 1, windowLog: 31)
        }
        guard case .failure(.malformedPackage("evil", _)) = try converted(package) else {
            Issue.record("nobody refused it")
            return
        }
        #expect(try isClean())
    }

    @Test func refusesAControlArchiveThatExpandsBeyondMeasure() throws {
        var tar = RawTar()
        tar.add(Array("./control".utf8), size: RawTar.octal(1 << 30, 11))
        let package = ar([
            ("debian-binary", Array("2.0\n".utf8)),
            ("control.tar.zst", try compress(tar.bytes, .zstd) + zstdZeros(mebibytes: 1024)),
            ("data.tar", RawTar().ended),
        ])
        guard case .failure(.malformedPackage("evil", _)) = try converted(package) else {
            Issue.record("nobody refused it")
            return
        }
        #expect(try isClean())
    }

    private func sample() -> [UInt8] {
        var tar = RawTar()
        tar.add(Array("./usr/".utf8), type: "5", mode: "0000755\0")
        tar.add(Array("./usr/a".utf8), content: Array("content".utf8))
        tar.add(Array("./usr/b".utf8), type: "2", link: Array("a".utf8))
        // Without the zeros at the end of each archive, which readers can do without.
        return rawDeb(control: Array(plainControl().dropLast(1024)), data: tar.bytes)
    }

    @Test func refusesAPackageCutAtAnyByte() throws {
        let whole = sample()
        for length in 0..<whole.count {
            guard case .failure(.malformedPackage("evil", _)) = try converted(Array(whole[..<length])) else {
                Issue.record("cut after \(length) bytes")
                return
            }
        }
        #expect(try isClean())
        #expect(throws: Never.self) { try converted(whole).get() }
    }

    @Test func refusesOrUnderstandsAPackageWithOneBitChanged() throws {
        let whole = sample()
        let shape = { (fragment: Fragment) in
            fragment.members.map { "\($0.entry.path) \($0.entry.mode) \($0.entry.uid)" }
        }
        let expected = shape(try converted(whole).get())
        _ = try workplace.store.prune(keeping: [])
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 1 << UInt8(index % 8)
            switch try converted(changed) {
            case .success(let fragment):
                // The change was in a file's content or in what nobody reads.
                #expect(shape(fragment) == expected, "byte \(index)")
                _ = try workplace.store.prune(keeping: [])
            case .failure: break
            }
        }
        #expect(try isClean())
    }
}
