//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// `openssl rehash DIRECTORY`: a link `HASH.N` for each certificate, by which OpenSSL finds it.
func openssl(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    guard arguments.first == "rehash" else { throw shell.unsupported("`openssl \(arguments.first ?? "")`") }
    let options = try Options(Array(arguments.dropFirst()), of: "openssl", in: shell, flags: ["v"])
    for operand in options.operands.isEmpty ? ["/usr/lib/ssl/certs"] : options.operands {
        guard let place = shell.tree.place(of: shell.absolute(operand)), let directory = place.path else {
            return try shell.fail("rehash", "cannot read \(operand)")
        }
        try rehash(&shell, directory.description, shell.tree.entries(of: place).map(\.name))
    }
    return 0
}

private func rehash(_ shell: inout Shell, _ directory: String, _ names: [[UInt8]]) throws(ShellSignal) {
    var links: [String: [[UInt8]]] = [:]
    for bytes in names {
        let name = try shell.text(bytes)
        let path = "/\(directory)/\(name)"
        if ShellPattern.matches(name, String(repeating: "[0-9a-f]", count: 8) + ".*"),
            shell.node(path, followingLast: false)?.isSymlink == true, let entry = shell.entry(path)
        {
            shell.tree.set(entry, nil)
            continue
        }
        guard [".pem", ".crt", ".cer"].contains(where: { name.hasSuffix($0) }), let content = try shell.read(path)
        else {
            continue
        }
        guard let subject = CertificateSubject(pem: content) else { continue }
        var known = links[subject.hash] ?? []
        if known.contains(subject.fingerprint) { continue }
        shell.tree.symlink("/\(directory)/\(subject.hash).\(known.count)", to: name)
        known.append(subject.fingerprint)
        links[subject.hash] = known
    }
}
