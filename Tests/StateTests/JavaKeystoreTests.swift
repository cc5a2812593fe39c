//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Testing

@testable import State

@Suite struct JavaKeystoreTests {
    /// The order that OpenJDK 21 gives for the same names.
    @Test func keepsTheOrderOfJava() {
        var table = JavaHashtable()
        for number in 0..<12 { table["debian:authority_\(number).pem"] = [] }
        let numbers = table.entries.map { $0.key.filter(\.isNumber) }
        #expect(numbers.joined(separator: " ") == "6 5 4 3 2 1 0 11 10 9 8 7")
    }

    @Test func replacesAndRemovesByName() {
        var keystore = JavaKeystore(time: 0)
        keystore.add([1], named: "debian:A.pem")
        keystore.add([2], named: "debian:a.pem")
        keystore.add([3], named: "debian:b.pem")
        keystore.remove("debian:B.pem")
        #expect(keystore.certificates.entries.map(\.key) == ["debian:a.pem"])
        #expect(keystore.certificates.entries.map(\.value) == [[2]])
    }

    @Test func fillsTheKeystoreFromTheListedCertificates() {
        let pem = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n"
        let jar = "/usr/share/ca-certificates-java/ca-certificates-java.jar"
        let outcome = run(
            "echo +/etc/ssl/certs/X.pem | java -Xmx64m -jar \(jar) -storepass changeit",
            on: .sample(["/etc/ssl/certs/X.pem": pem]))
        #expect(outcome.problem == nil)
        guard let bytes = try? outcome.tree.read("/etc/ssl/certs/java/cacerts") else { return }
        let head: [UInt8] = [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 12]
        #expect(bytes.starts(with: head + Array("debian:x.pem".utf8)))
        #expect(bytes.dropLast(20).suffix(7) == [0, 0, 0, 3, 1, 2, 3])
    }

    @Test func refusesOtherProgramsForJava() {
        #expect(run("java -jar /opt/app.jar").problem != nil)
    }
}
