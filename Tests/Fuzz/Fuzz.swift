//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Glibc

/// The parser that is fuzzed.
nonisolated(unsafe) private var target: FuzzTarget?

/// Takes the first argument, the parser's name, away from libFuzzer, which has the rest.
///
/// `fuzz PARSER --corpus FOLDER` only writes the inputs to start from.
@_cdecl("LLVMFuzzerInitialize")
func initialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    let texts = CommandLine.arguments
    guard texts.count > 1, let found = FuzzTarget.all.first(where: { $0.name == texts[1] }) else {
        print("usage: fuzz PARSER ARGUMENTS, where PARSER is one of \(FuzzTarget.all)")
        exit(2)
    }
    if texts.count == 4, texts[2] == "--corpus" {
        writeCorpus(of: found, to: texts[3])
        exit(0)
    }
    target = found
    for index in 1..<Int(count.pointee) { arguments.pointee[index] = arguments.pointee[index + 1] }
    count.pointee -= 1
    return 0
}

/// One input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    do { try target?.check(Array(UnsafeBufferPointer(start: bytes, count: size))) } catch {
        "\(error)\n".withCString { _ = write(2, $0, strlen($0)) }
        abort()
    }
    return 0
}

/// Writes the inputs to start from into `folder`, and the words beside it, as libFuzzer reads them.
private func writeCorpus(of target: FuzzTarget, to folder: String) {
    for (number, input) in target.corpus.enumerated() { write(input, to: "\(folder)/sample-\(number)") }
    let words = target.words.map { word in
        "\"" + word.utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"\n"
    }
    write(Array(words.joined().utf8), to: "\(folder).words")
}

private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "we") else {
        print("cannot write \(path)")
        exit(2)
    }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
}
