//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import Store
import SystemPackage
import Testing

@testable import Registry

@Suite struct CredentialTests {
    private let test: RegistryCase

    init() throws { test = try RegistryCase() }

    private func password(_ user: String, _ password: String = "secret") -> RegistryCredential {
        .password(Credentials(user: user, password: password))
    }

    private func file(_ json: String) throws -> AuthFile { try AuthFile(Array(json.utf8), name: "config.json") }

    private func credential(
        _ environment: [String: String], for name: String = "h.example/a", timeout: Duration = .seconds(30)
    ) async throws -> (credential: RegistryCredential?, notes: [String]) {
        var source = CredentialSource(environment: environment)
        source.helperTimeout = timeout
        return await source.credential(for: try ImageReference(name))
    }

    @Test(arguments: [
        (
            #"Bearer realm="https://a/t",service="s, x",scope="a:b:pull""#,
            [Challenge(scheme: "bearer", parameters: ["realm": "https://a/t", "service": "s, x", "scope": "a:b:pull"])]
        ),
        (
            #"BEARER Realm = "a\"b\\c" , service=s"#,
            [Challenge(scheme: "bearer", parameters: ["realm": "a\"b\\c", "service": "s"])]
        ),
        (
            #"Basic realm="x", Bearer realm=https://a/t"#,
            [
                Challenge(scheme: "basic", parameters: ["realm": "x"]),
                Challenge(scheme: "bearer", parameters: ["realm": "https://a/t"]),
            ]
        ),
        ("Negotiate, Basic", [Challenge(scheme: "negotiate"), Challenge(scheme: "basic")]),
        (#"Basic realm="open"#, [Challenge(scheme: "basic", parameters: ["realm": "open"])]),
        (#""" = ,,"#, []), ("", []),
    ])
    func readsChallenges(text: String, expected: [Challenge]) {
        #expect(Challenge.all(in: [text]) == expected)
    }

    @Test(arguments: [
        ("h.example/a/b/c", "narrow"), ("h.example/a/b", "narrow"), ("h.example/a/x", "wide"), ("h.example/z", "host"),
        ("k.example/a", "url"), ("l.example/a", "slash"), ("debian", "hub"), ("localhost:5000/x", "port"),
    ])
    func takesTheNarrowestEntry(name: String, user: String) throws {
        let entries = [
            "h.example/a/b": "narrow", "h.example/a": "wide", "h.example": "host", "https://k.example/v2/": "url",
            "https://l.example/": "slash", "https://index.docker.io/v1/": "hub", "localhost:5000": "port",
        ]
        let json = entries.map { #""\#($0.key)": {"username": "\#($0.value)", "password": "secret"}"# }
        let file = try file(#"{"auths": {\#(json.joined(separator: ","))}}"#)
        #expect(file.places(for: try ImageReference(name)) == [.here(password(user))])
    }

    @Test(
        arguments: [
            (#"{"auth": "bWU6c2VjcmV0"}"#, .password(Credentials(user: "me", password: "secret"))),
            (#"{"auth": "bWU6YTpiAAA="}"#, .password(Credentials(user: "me", password: "a:b"))),
            (#"{"auth": "bWU6eA==", "identitytoken": "id"}"#, .identityToken("id")),
            (#"{"registrytoken": "reg"}"#, .registryToken("reg")), (#"{"auth": "!"}"#, nil),
            (#"{"auth": "bWU="}"#, nil),
            ("{}", nil), (#"{"auth": 1}"#, nil),
        ] as [(String, RegistryCredential?)])
    func readsAnEntry(entry: String, credential: RegistryCredential?) throws {
        let places = try file(#"{"auths": {"h.example": \#(entry)}}"#).places(for: ImageReference("h.example/a"))
        #expect(places == (credential.map { [.here($0)] } ?? []))
    }

    @Test func prefersHelpersToEntries() throws {
        let entry = #""auths": {"h.example": {"auth": "bWU6c2VjcmV0"}, "k.example": {"auth": "bWU6c2VjcmV0"}}"#
        let file = try file(#"{\#(entry), "credHelpers": {"h.example": "one"}, "credsStore": "all"}"#)
        #expect(file.places(for: try ImageReference("h.example/a")) == [.helper(name: "one")])
        #expect(file.places(for: try ImageReference("k.example/a")) == [.helper(name: "all"), .here(password("me"))])
    }

    @Test func looksWhereDockerAndPodmanPutCredentials() {
        let environment = [
            "HOME": "/h", "REGISTRY_AUTH_FILE": "/r", "DOCKER_CONFIG": "/d", "XDG_RUNTIME_DIR": "/x",
            "XDG_CONFIG_HOME": "/c",
        ]
        #expect(
            CredentialSource(environment: environment).files
                == ["/r", "/d/config.json", "/x/containers/auth.json", "/c/containers/auth.json"])
        #expect(
            CredentialSource(environment: ["HOME": "/h", "DOCKER_CONFIG": ""]).files
                == ["/h/.docker/config.json", "/h/.config/containers/auth.json"])
    }

    @Test func tellsOfAFileThatCannotBeRead() async throws {
        let environment = try test.credentials(#"{"auths": {"h.example": {"auth": "c2VjcmV0"}}"#)
        let (credential, notes) = try await credential(environment)
        #expect(credential == nil && notes.count == 1 && notes.first?.contains("line 1") == true, "\(notes)")
    }

    @Test func asksAHelper() async throws {
        let script = #"read -r server; printf '{"ServerURL":"x","Username":"%s","Secret":"%s"}' "$1" "$server""#
        let bin = try test.helper("it", script)
        var environment = try test.credentials(#"{"credHelpers": {"h.example": "it"}, "credsStore": "it"}"#)
        environment["PATH"] = "relative:\(bin):/usr/bin:/bin"
        #expect(try await credential(environment).credential == password("get", "h.example"))
        #expect(
            try await credential(environment, for: "debian").credential
                == password("get", "https://index.docker.io/v1/"))
    }

    @Test(
        arguments: [
            (#"echo '{"Username":"<token>","Secret":"id"}'"#, RegistryCredential.identityToken("id"), nil),
            ("echo 'credentials not found in native keychain'; exit 1", nil, nil),
            (#"echo '{"Username":"","Secret":""}'"#, nil, nil),
            ("echo locked; exit 1", nil, "ended with an error: locked"),
            (#"echo '{"Secret":"hidden"'; exit 1"#, nil, "ended with an error"),
            ("echo hidden", nil, "wrote no credentials in JSON"), ("kill -9 $$", nil, "ended with an error"),
            ("sleep 100 & sleep 100", nil, "gave no answer within 0 seconds"),
        ] as [(String, RegistryCredential?, String?)])
    func understandsWhatAHelperSays(script: String, expected: RegistryCredential?, note: String?) async throws {
        let bin = try test.helper("it", script)
        var environment = try test.credentials(#"{"credsStore": "it"}"#)
        environment["PATH"] = "\(bin):/usr/bin:/bin"
        let timeout: Duration = script.contains("sleep") ? .milliseconds(300) : .seconds(30)
        let (credential, notes) = try await credential(environment, timeout: timeout)
        #expect(credential == expected)
        #expect(
            notes.map { $0.hasSuffix("`docker-credential-it` \(note ?? "")") } == (note == nil ? [] : [true]),
            "\(notes)")
        #expect(!notes.contains { $0.contains("hidden") })
    }

    @Test(arguments: ["absent", "../it", ""])
    func runsOnlyHelpersOnThePath(name: String) async throws {
        _ = try test.helper("it", "echo")
        var environment = try test.credentials(#"{"credsStore": "\#(name)"}"#)
        environment["PATH"] = "/nowhere"
        let (credential, notes) = try await credential(environment)
        #expect(credential == nil && notes.count == (name.isEmpty ? 0 : 1))
    }

    @Test(arguments: [
        RegistryCredential.password(Credentials(user: "me", password: "hidden")), .identityToken("hidden"),
        .registryToken("hidden"),
    ])
    func printsNoSecret(credential: RegistryCredential) {
        var dumped = ""
        dump(credential, to: &dumped)
        #expect(!"\(credential) \(String(reflecting: [credential])) \(dumped)".contains("hidden"))
    }
}
