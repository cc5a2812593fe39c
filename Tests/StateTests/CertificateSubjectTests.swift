//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Testing

@testable import State

@Suite struct CertificateSubjectTests {
    /// ISRG Root X2; `openssl x509 -hash` says 0b9bc432.
    private static let pem = """
        -----BEGIN CERTIFICATE-----
        MIICGzCCAaGgAwIBAgIQQdKd0XLq7qeAwSxs6S+HUjAKBggqhkjOPQQDAzBPMQsw
        CQYDVQQGEwJVUzEpMCcGA1UEChMgSW50ZXJuZXQgU2VjdXJpdHkgUmVzZWFyY2gg
        R3JvdXAxFTATBgNVBAMTDElTUkcgUm9vdCBYMjAeFw0yMDA5MDQwMDAwMDBaFw00
        MDA5MTcxNjAwMDBaME8xCzAJBgNVBAYTAlVTMSkwJwYDVQQKEyBJbnRlcm5ldCBT
        ZWN1cml0eSBSZXNlYXJjaCBHcm91cDEVMBMGA1UEAxMMSVNSRyBSb290IFgyMHYw
        EAYHKoZIzj0CAQYFK4EEACIDYgAEzZvVn4CDCuwJSvMWSj5cz3es3mcFDR0HttwW
        +1qLFNvicWDEukWVEYmO6gbf9yoWHKS5xcUy4APgHoIYOIvXRdgKam7mAHf7AlF9
        ItgKbppbd9/w+kHsOdx1ymgHDB/qo0IwQDAOBgNVHQ8BAf8EBAMCAQYwDwYDVR0T
        AQH/BAUwAwEB/zAdBgNVHQ4EFgQUfEKWrt5LSDv6kviejM9ti6lyN5UwCgYIKoZI
        zj0EAwMDaAAwZQIwe3lORlCEwkSHRhtFcP9Ymd70/aTSVaYgLXTWNLxBo1BfASdW
        tL4ndQavEi51mI38AjEAi/V3bNTIZargCyzuFJ0nN6T5U6VR5CmD1/iQMVtCnwr1
        /q4AaOeMSQ+2b1tbFfLn
        -----END CERTIFICATE-----

        """

    @Test func hashesTheSubjectAsOpenSSLDoes() {
        #expect(CertificateSubject(pem: Array(Self.pem.utf8))?.hash == "0b9bc432")
    }

    @Test func refusesOtherContent() {
        #expect(CertificateSubject(pem: []) == nil)
        #expect(CertificateSubject(pem: Array((Self.pem + Self.pem).utf8)) == nil)
        #expect(CertificateSubject(der: [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(CertificateSubject(der: [0x30, 0x02, 0x30, 0x00]) == nil)
    }

    @Test func linksCertificatesByHash() {
        let tree = FileTree.sample([
            "/etc/ssl/certs/a.pem": Self.pem, "/etc/ssl/certs/b.pem": Self.pem,
            "/etc/ssl/certs/all.crt": Self.pem + Self.pem,
        ])
        let outcome = run("cd /etc/ssl/certs && ln -s gone 12345678.0 && openssl rehash .", on: tree)
        #expect(outcome.status == 0)
        let names = outcome.tree.entries(of: outcome.tree.place(of: "/etc/ssl/certs") ?? .root).map {
            String(decoding: $0.name, as: UTF8.self)
        }
        #expect(names == ["0b9bc432.0", "a.pem", "all.crt", "b.pem"])
    }
}
