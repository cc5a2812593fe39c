//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing
import YAML

@testable import Detectors

@Suite struct ActionsExpressionTests {
    private let context = ActionsContext([
        "matrix.os": .text("ubuntu-22.04"), "matrix.full": .boolean(true), "env.NAME": .text("x"),
        "inputs.version": .text(""),
    ])

    @Test(arguments: [
        ("runner.os == 'Linux'", true), ("runner.os != 'Linux'", false), ("matrix.os == 'UBUNTU-22.04'", true),
        ("startsWith(matrix.os, 'ubuntu') && !cancelled()", true), ("contains(matrix.os, 'windows')", false),
        ("github.event_name == 'release'", false), ("github.ref == 'refs/heads/main' || secrets.X", true),
        ("secrets.X == 'a'", nil), ("secrets.X == 'a' && false", false), ("${{ matrix.full }}", true),
        ("!matrix.full", false), ("matrix.missing", false), ("(matrix.os == 'a' || matrix.full) && always()", true),
        ("inputs.version", false), ("env.NAME == 'x'", true), ("github.repository == 'a/b'", nil),
        ("'it''s' == 'it''s'", true),
        ("((((", nil), ("", nil),
    ])
    func decidesConditions(condition: String, expected: Bool?) {
        #expect(context.holds(condition) == expected)
    }

    @Test(arguments: [
        ("a ${{ matrix.os }} b", "a ubuntu-22.04 b"), ("${{ inputs.version || '3.12' }}", "3.12"), ("plain", "plain"),
        ("${{ secrets.X }}!", "${{ secrets.X }}!"), ("${{ format('{0}-{1}', env.NAME, 'y') }}", "x-y"),
        ("${{ open", "${{ open"),
    ])
    func expandsTexts(text: String, expected: String) {
        #expect(context.expand(text) == expected)
    }

    @Test(arguments: [
        ("os: [a, b]\nv: ['1', '2']\n", 4), ("os: [a, b]\nexclude: [{ os: b }]\n", 1),
        ("os: [a]\ninclude: [{ os: a, x: '1' }, { os: c }]\n", 2), ("include: [{ os: a }, { os: b }]\n", 2),
        ("v: ${{ fromJSON('[\"3.8\", \"3.9\"]') }}\n", 2), ("v: ${{ needs.x.outputs.y }}\n", 1),
    ])
    func multipliesMatrices(matrix: String, count: Int) throws {
        let node = try parseYAML(Array(matrix.utf8))
        #expect(matrixEntries(node, context: context).count == count)
    }
}
