//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing
import Toolchains

@testable import PythonStep

@Suite struct StepHostTests {
    @Test func handsOnProxiesAndIndexesOnly() {
        let host = StepHost(
            environment: [
                "https_proxy": "http://p:3128", "NO_PROXY": "localhost", "PIP_INDEX_URL": "https://i.example/simple",
                "UV_INDEX_PRIVATE_PASSWORD": "secret", "HOME": "/home/me", "AWS_SECRET_ACCESS_KEY": "x",
                "HTTP_PROXY": "",
                "SSL_CERT_FILE": "/company.pem",
            ], exists: { $0 == "/company.pem" || $0 == "/etc/hosts" })
        #expect(
            host.variables == [
                "https_proxy": "http://p:3128", "NO_PROXY": "localhost", "PIP_INDEX_URL": "https://i.example/simple",
                "UV_DEFAULT_INDEX": "https://i.example/simple", "UV_INDEX_PRIVATE_PASSWORD": "secret",
            ])
        #expect(host.certificateBundle == "/company.pem")
        #expect(host.resolverFiles == ["/etc/hosts"])
    }

    @Test func takesTheUsualBundleIfNoneIsNamed() {
        let host = StepHost(environment: ["SSL_CERT_FILE": "/gone.pem"], exists: { $0 == "/etc/ssl/cert.pem" })
        #expect(host.certificateBundle == "/etc/ssl/cert.pem")
    }
}
