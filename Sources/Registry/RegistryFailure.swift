//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import JSON
import NIOHTTP1

/// Why an attempt failed, and whether another one is of use.
struct RegistryFailure: Error {
    let error: RegistryError
    let isTransient: Bool
    /// The pause that the registry asks for.
    let pause: Duration?
    /// The status, where one was answered.
    let status: HTTPResponseStatus?
    /// What the registry says of it.
    let problems: [RegistryProblem]

    /// A failure that no other attempt mends.
    init(_ error: RegistryError) {
        (self.error, isTransient, pause, status, problems) = (error, false, nil, nil, [])
    }

    init(_ error: HTTPError) {
        if case .unreachable(let url, let reason, let isLasting) = error {
            self.error = .http(.unreachable(url: withoutQuery(url), reason: reason, isLasting: isLasting))
            isTransient = !isLasting
        } else if case .redirect(let url, let reason) = error {
            self.error = .http(.redirect(url: withoutQuery(url), reason: reason))
            isTransient = false
        } else {
            self.error = error == .cancelled ? .cancelled : .http(error)
            isTransient = false
        }
        (pause, status, problems) = (nil, nil, [])
    }

    /// A failure that is over the next time.
    init(transient error: RegistryError, after pause: Duration? = nil) {
        (self.error, isTransient, self.pause, status, problems) = (error, true, pause, nil, [])
    }

    /// The failure that a status amounts to.
    ///
    /// - Parameter action: what could not be done, for example `upload sha256:…`.
    init(_ action: String, _ status: HTTPResponseStatus, _ headers: HTTPHeaders, body: [UInt8]) {
        problems = RegistryFailure.problems(body)
        error = .status(action: action, Int(status.code), problems)
        isTransient = HTTP.isTransient(status)
        pause = retryPause(headers)
        self.status = status
    }

    func has(code: String) -> Bool { problems.contains { $0.code == code } }

    /// The errors in a body (OCI distribution specification, "Error Codes"); none where it holds something else.
    private static func problems(_ body: [UInt8]) -> [RegistryProblem] {
        guard let root = try? parseJSON(body) else { return [] }
        return (root["errors"]?.array ?? []).prefix(5).compactMap { node in
            guard let code = node["code"]?.string else { return nil }
            return RegistryProblem(code: code, message: String((node["message"]?.string ?? code).prefix(300)))
        }
    }
}

/// The place of a URL without the query, which may hold a secret.
func withoutQuery(_ url: String) -> String {
    String(url.prefix { $0 != "?" })
}
