//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Download
import JSON
import Store

/// A package index with the simple API in JSON: PEP 503, 691, 700.
public struct PythonDistributionIndex: Hashable, Sendable {
    /// The base, without a trailing slash.
    public let url: String

    /// The Python Package Index.
    public static let pypi = PythonDistributionIndex("https://pypi.org/simple")

    /// The index at `url`.
    public init(_ url: String) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
    }

    /// The index that installers are told to use by these environment variables: `UV_DEFAULT_INDEX`, `UV_INDEX_URL`,
    /// `PIP_INDEX_URL`, the first that is set; else PyPI.
    public init(environment: [String: String]) {
        let names = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"]
        let value = names.compactMap { environment[$0] }.first { !$0.isEmpty }
        self = value.map { PythonDistributionIndex($0) } ?? .pypi
    }

    /// The files of a distribution, in the index's order.
    ///
    /// - Throws: ``ToolchainError``: `download` for the network, `malformedIndex` for an answer that is no list of files.
    public func files(
        of distribution: String, with downloader: Downloader
    ) async throws(ToolchainError) -> [PythonDistributionFile] {
        let address = url + "/" + normalizedPythonName(distribution) + "/"
        let body: [UInt8]
        do throws(DownloadError) {
            body = try await downloader.document(
                address, maximumSize: 64 << 20, headers: [("Accept", "application/vnd.pypi.simple.v1+json")])
        } catch {
            throw .download(error)
        }
        return try Self.parse(body, at: address)
    }

    /// The files in a project page in JSON (PEP 691) which was found at `address`.
    static func parse(_ body: [UInt8], at address: String) throws(ToolchainError) -> [PythonDistributionFile] {
        let document: JSONNode
        do throws(JSONError) { document = try parseJSON(body) } catch {
            throw .malformedIndex(url: address, problem: "\(error)")
        }
        guard let major = document["meta"]?["api-version"]?.string?.split(separator: ".").first else {
            throw .malformedIndex(url: address, problem: "`meta.api-version` is missing")
        }
        guard major == "1" else {
            throw .malformedIndex(url: address, problem: "version \(major) of the API is not known")
        }
        guard let files = document["files"]?.array else {
            throw .malformedIndex(url: address, problem: "`files` is missing")
        }
        var result: [PythonDistributionFile] = []
        for file in files {
            guard let name = file["filename"]?.string, let url = file["url"]?.string else {
                throw .malformedIndex(url: address, problem: "line \(file.line): a file without `filename` or `url`")
            }
            let yanked = file["yanked"]?.value
            result.append(
                PythonDistributionFile(
                    name: name, url: absolute(url, at: address),
                    digest: file["hashes"]?["sha256"]?.string.flatMap { Digest(hex: $0) },
                    size: file["size"]?.int.map(Int64.init), uploadTime: file["upload-time"]?.string,
                    requiresPython: file["requires-python"]?.string,
                    // PEP 592: `false`, or `true`, or the reason.
                    isYanked: yanked != nil && yanked != .boolean(false) && yanked != .null))
        }
        return result
    }

    /// `reference`, resolved as a link on the page at `base`; its fragment is dropped.
    static func absolute(_ reference: String, at base: String) -> String {
        let target = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        if target.contains("://") { return String(target) }
        guard let scheme = base.firstRange(of: "://") else { return String(target) }
        let afterScheme = base[scheme.upperBound...]
        let host = afterScheme.prefix { $0 != "/" }
        if target.hasPrefix("//") { return base[..<scheme.lowerBound] + ":" + target }
        let origin = base[..<scheme.upperBound] + host
        var segments: [Substring] =
            target.hasPrefix("/") ? [] : Array(afterScheme.dropFirst(host.count).split(separator: "/"))
        for segment in target.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        return origin + "/" + segments.joined(separator: "/")
    }
}
