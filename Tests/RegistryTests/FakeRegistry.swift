//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOHTTP1
import Store
import Synchronization
import TestSupport

/// A registry in memory that speaks as much of the distribution specification as clients use, and has the faults that a
/// test wants.
final class FakeRegistry: Sendable {
    /// What it can do, and what it does wrong.
    struct Behaviour: Sendable {
        /// Mounts blobs from other repositories.
        var mounts = true
        /// Tells how far an upload is.
        var tellsProgress = true
        /// Keeps what it has read of a request that broke off.
        var keepsPartialRequests = true
        /// Takes blobs in pieces.
        var takesChunks = true
        /// Closes the connection after so many bytes of a request's body.
        var breakOff: @Sendable (Asked) -> Int? = { _ in nil }
        /// Answers in place of the registry.
        var intercept: @Sendable (Asked) -> Answer? = { _ in nil }
        /// Changes the registry's answer, which it has acted upon.
        var change: @Sendable (Asked, Answer) -> Answer = { $1 }
    }

    struct Content: Sendable {
        var blobs: [String: [Digest: [UInt8]]] = [:]
        /// By repository and tag or digest.
        var manifests: [String: (mediaType: String, bytes: [UInt8])] = [:]
        fileprivate var uploads: [Int: [UInt8]] = [:]
        fileprivate var uploadCount = 0
    }

    private let content: State
    let server: TestServer

    init(_ behaviour: Behaviour = Behaviour()) async throws {
        let content = State()
        self.content = content
        server = try await TestServer(
            breakOff: behaviour.breakOff,
            received: { asked in
                if behaviour.keepsPartialRequests { content.value.withLock { $0.keep(asked) } }
            },
            { asked in
                if let answer = behaviour.intercept(asked) { return answer }
                return behaviour.change(asked, content.value.withLock { $0.answer(asked, behaviour) })
            })
    }

    /// `127.0.0.1:<port>`.
    var host: String { "127.0.0.1:\(server.port)" }

    var stored: Content { content.value.withLock(\.self) }

    func change(_ body: (inout Content) throws -> Void) rethrows {
        try content.value.withLock { try body(&$0) }
    }

    /// What was asked so far.
    var asked: [Asked] { server.asked }

    /// What was asked: method and target, with digests and numbers of uploads left out.
    var log: [String] { server.asked.map(\.line) }
}

private final class State: Sendable {
    let value = Mutex(FakeRegistry.Content())
}

extension Asked {
    /// Method and target, without the values of digests.
    var line: String {
        var text = "\(method) \(path)"
        if query.contains("mount=") { text += "?mount" }
        return text.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.contains("sha256:") ? "<digest>" : String($0) }.joined(separator: "/")
    }

    /// The path, without the host that requests to proxies name.
    var path: String {
        var path = target.prefix { $0 != "?" }
        if let scheme = path.firstRange(of: "://") { path = path[scheme.upperBound...].drop { $0 != "/" } }
        return String(path)
    }

    var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

    func value(_ name: String) -> String? { field(name, of: query) }
}

/// A field of a query or a form.
func field(_ name: String, of query: String) -> String? {
    query.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map { percentDecoded($0.dropFirst(name.count + 1)) }
}

extension FakeRegistry.Content {
    /// Where a target leads: the repository, `blobs`, `uploads` or `manifests`, and what in it.
    private func parse(_ path: String) -> (repository: String, kind: String, item: String)? {
        for kind in ["/blobs/uploads/", "/blobs/", "/manifests/"] {
            guard path.hasPrefix("/v2/"), let range = path.firstRange(of: kind) else { continue }
            let start = path.index(path.startIndex, offsetBy: 4)
            return (String(path[start..<range.lowerBound]), kind, String(path[range.upperBound...]))
        }
        return nil
    }

    mutating fileprivate func keep(_ asked: Asked) {
        guard let (_, kind, item) = parse(asked.path), kind == "/blobs/uploads/", let number = Int(item) else { return }
        uploads[number, default: []] += asked.body
    }

    mutating fileprivate func answer(_ asked: Asked, _ behaviour: FakeRegistry.Behaviour) -> Answer {
        if asked.path == "/v2/" { return Answer(body: Array("{}".utf8)) }
        guard let (repository, kind, item) = parse(asked.path) else { return .status(.notFound) }
        switch kind {
        case "/blobs/uploads/": return upload(asked, repository, item, behaviour)
        case "/blobs/": return blob(asked, repository, item)
        default: return manifest(asked, repository, item)
        }
    }

    private func blob(_ asked: Asked, _ repository: String, _ item: String) -> Answer {
        guard let digest = Digest(item), let bytes = blobs[repository]?[digest] else {
            return problem(.notFound, "BLOB_UNKNOWN")
        }
        return .file(bytes, asked)
    }

    private mutating func manifest(_ asked: Asked, _ repository: String, _ item: String) -> Answer {
        let key = "\(repository) \(item)"
        if asked.method == "PUT" {
            let digest = Digest.sha256(asked.body)
            let document = (asked["Content-Type"] ?? "", asked.body)
            manifests[key] = document
            manifests["\(repository) \(digest)"] = document
            return .status(.created, ["Docker-Content-Digest": "\(digest)"])
        }
        guard let manifest = manifests[key] else { return problem(.notFound, "MANIFEST_UNKNOWN") }
        let headers: HTTPHeaders = [
            "Content-Type": manifest.mediaType, "Docker-Content-Digest": "\(Digest.sha256(manifest.bytes))",
        ]
        return Answer(headers: headers, body: manifest.bytes)
    }

    private mutating func upload(
        _ asked: Asked, _ repository: String, _ item: String, _ behaviour: FakeRegistry.Behaviour
    ) -> Answer {
        if asked.method == "POST" {
            if behaviour.mounts, let digest = asked.value("mount").flatMap({ Digest($0) }),
                let bytes = blobs[asked.value("from") ?? ""]?[digest]
            {
                blobs[repository, default: [:]][digest] = bytes
                return .status(.created, ["Location": "/v2/\(repository)/blobs/\(digest)"])
            }
            uploadCount += 1
            uploads[uploadCount] = []
            return .status(.accepted, ["Location": "/v2/\(repository)/blobs/uploads/\(uploadCount)?state=a%3Db"])
        }
        guard let number = Int(item), var bytes = uploads[number], asked.value("state") == "a=b" else {
            return problem(.notFound, "BLOB_UPLOAD_UNKNOWN")
        }
        let place: HTTPHeaders = ["Location": "\(number)?state=a%3Db"]
        switch asked.method {
        case "GET" where behaviour.tellsProgress:
            return .status(.noContent, place.adding("Range", "0-\(max(bytes.count - 1, 0))"))
        case "PATCH" where behaviour.takesChunks:
            let expected = "\(bytes.count)-\(bytes.count + asked.body.count - 1)"
            guard asked["Content-Range"] == expected, asked["Content-Length"] == "\(asked.body.count)" else {
                return .status(.rangeNotSatisfiable, place)
            }
            bytes += asked.body
            uploads[number] = bytes
            return .status(.accepted, place.adding("Range", "0-\(bytes.count - 1)"))
        case "PUT":
            guard asked["Content-Length"] == "\(asked.body.count)" else { return .status(.lengthRequired) }
            bytes += asked.body
            uploads[number] = nil
            guard let digest = asked.value("digest").flatMap({ Digest($0) }), Digest.sha256(bytes) == digest else {
                return problem(.badRequest, "DIGEST_INVALID")
            }
            blobs[repository, default: [:]][digest] = bytes
            return .status(.created, ["Docker-Content-Digest": "\(digest)"])
        default: return problem(.methodNotAllowed, "UNSUPPORTED")
        }
    }
}

/// An answer with an error as registries tell it.
func problem(_ status: HTTPResponseStatus, _ code: String, _ headers: HTTPHeaders = [:]) -> Answer {
    let body = "{\"errors\": [{\"code\": \"\(code)\", \"message\": \"what \(code) means\"}]}"
    return Answer(status: status, headers: headers, body: Array(body.utf8))
}

extension HTTPHeaders {
    func adding(_ name: String, _ value: String) -> HTTPHeaders {
        var headers = self
        headers.add(name: name, value: value)
        return headers
    }
}
