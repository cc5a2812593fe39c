//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOHTTP1

/// What to do after an attempt that failed.
enum FetchFailure: Error {
    /// Try again, after this pause if the server asks for one.
    case again(DownloadError, after: Duration?)
    /// Throw away what there is and try again.
    case anew(DownloadError)
    /// Try the next mirror.
    case next(DownloadError)
    /// Give up.
    case final(DownloadError)

    var error: DownloadError {
        switch self {
        case .again(let error, _), .anew(let error), .next(let error), .final(let error): error
        }
    }

    /// The failure that an error amounts to while a body is read.
    init(_ error: any Error, url: String) {
        switch error {
        case let error as FetchFailure: self = error
        case let error as DownloadError: self = .final(error)
        default: self.init(HTTPError(error, url: url))
        }
    }

    /// The failure that an error of HTTP amounts to.
    init(_ error: HTTPError) {
        self =
            switch error {
            case .cancelled: .final(.cancelled)
            case .invalidProxy(let proxy): .final(.invalidProxy(proxy))
            case .certificates(let path, let reason): .final(.certificates(path: path, reason: reason))
            case .invalidURL(let url): .next(.invalidURL(url))
            case .proxyAuthentication(let url): .next(.status(url: url, 407))
            case .redirect(let url, let reason): .next(.redirect(url: url, reason: reason))
            case .unreachable(let url, let reason, true): .next(.unreachable(url: url, reason: reason))
            case .unreachable(let url, let reason, false): .again(.unreachable(url: url, reason: reason), after: nil)
            }
    }

    /// The failure that an HTTP status amounts to.
    init(status: HTTPResponseStatus, headers: HTTPHeaders, url: String) {
        let error = DownloadError.status(url: url, Int(status.code))
        self = isTransient(status) ? .again(error, after: retryPause(headers)) : .next(error)
    }
}
