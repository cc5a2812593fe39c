//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The virtual machine, as `ca-certificates-java` starts it: to ask whether it works, and to fill Java's keystore with
/// the certificates that standard input lists (`+PATH` adds one, `-NAME` removes one).
func java(_ shell: inout Shell, _ arguments: [String]) throws(ShellSignal) -> Int {
    if arguments == ["-version"] { return 0 }
    let jar = "/usr/share/ca-certificates-java/ca-certificates-java.jar"
    let operands = arguments.filter { !$0.hasPrefix("-Xm") }
    guard operands.count == 4, operands[0] == "-jar", operands[1] == jar, operands[2] == "-storepass" else {
        throw shell.unsupported("the program `java \(arguments.joined(separator: " "))`")
    }
    let path = "/etc/ssl/certs/java/cacerts"
    guard shell.node(path) == nil else { throw shell.unsupported("a change of the keystore \(path)") }
    var keystore = JavaKeystore(time: shell.tree.time * 1000)
    for line in lines(shell.readInput()) {
        let operand = try shell.text(line.dropFirst())
        let name = "debian:" + (operand.split(separator: "/").last.map(String.init) ?? "")
        switch line.first {
        case UInt8(ascii: "+"):
            guard let content = try shell.read(operand), let der = decodePEM(content) else {
                throw shell.unsupported("the certificate \(operand)")
            }
            keystore.add(der, named: name)
        case UInt8(ascii: "-"): keystore.remove(name)
        default: throw shell.unsupported("a line of the keystore's list")
        }
    }
    shell.tree.makeDirectories("/etc/ssl/certs/java")
    shell.tree.write(path, keystore.encoded(password: operands[3]))
    return 0
}
