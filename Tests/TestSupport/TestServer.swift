//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import NIOCore
public import NIOHTTP1
import NIOPosix
import Synchronization

/// What a ``TestServer`` was asked.
public struct Asked: Sendable {
    /// Which request it is, counted from zero.
    public var number: Int
    /// The method, for example `GET`.
    public var method: String
    /// Path and query.
    public var target: String
    /// The headers.
    public var headers: HTTPHeaders
    /// The body, as far as it was read.
    public var body: [UInt8] = []

    /// The first byte that was asked for.
    public var start: Int { self["Range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0 }

    /// The value of a header.
    public subscript(_ name: String) -> String? { headers.first(name: name) }
}

/// What a ``TestServer`` answers.
public struct Answer: Sendable {
    /// The status.
    public var status: HTTPResponseStatus
    /// The headers; `Content-Length` is added.
    public var headers: HTTPHeaders
    /// The body.
    public var body: [UInt8]
    /// Closes the connection after so many bytes of the body.
    public var breakOffAfter: Int?
    /// Sends no answer at all, and leaves the connection open.
    public var isSilent: Bool

    /// An answer, by default an empty one of status 200.
    public init(
        status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], body: [UInt8] = [], breakOffAfter: Int? = nil,
        isSilent: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.breakOffAfter = breakOffAfter
        self.isSilent = isSilent
    }

    /// An answer without a body.
    public static func status(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:]) -> Answer {
        Answer(status: status, headers: headers)
    }

    /// The part of `body` that is asked for, as servers of files answer.
    public static func file(
        _ body: [UInt8], _ asked: Asked, tag: String = "\"v1\"", breakOffAfter: Int? = nil
    ) -> Answer {
        var answer = Answer(headers: ["ETag": tag], body: body, breakOffAfter: breakOffAfter)
        let start = asked.start
        guard start > 0, asked["If-Range"] == nil || asked["If-Range"] == tag else { return answer }
        guard start < body.count else { return .status(.rangeNotSatisfiable) }
        answer.status = .partialContent
        answer.headers.add(name: "Content-Range", value: "bytes \(start)-\(body.count - 1)/\(body.count)")
        answer.body = Array(body[start...])
        return answer
    }
}

/// A small HTTP server on loopback that answers as a test wants it.
public final class TestServer: Sendable {
    /// The port on 127.0.0.1.
    public let port: Int
    private let channel: any Channel
    private let log: Log

    /// The URL of its root, without a slash.
    public var url: String { "http://127.0.0.1:\(port)" }
    /// What was asked so far.
    public var asked: [Asked] { log.entries }

    /// A server that answers each request when it is whole.
    ///
    /// - Parameter breakOff: after how many bytes of a request's body the connection is closed without an answer; nil
    ///   for not at all. It is asked when the head is there. What was read until then goes to `received`.
    public init(
        breakOff: @escaping @Sendable (Asked) -> Int? = { _ in nil },
        received: @escaping @Sendable (Asked) -> Void = { _ in },
        _ answer: @escaping @Sendable (Asked) -> Answer
    ) async throws {
        let log = Log()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AnsweringHandler(log, breakOff, received, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel = channel
        self.log = log
        port = channel.localAddress?.port ?? 0
    }

    deinit { channel.close(promise: nil) }
}

private final class Log: Sendable {
    private let state = Mutex<[Asked]>([])

    var entries: [Asked] { state.withLock(\.self) }

    func add(_ head: HTTPRequestHead) -> Asked {
        state.withLock { entries in
            let asked = Asked(
                number: entries.count, method: head.method.rawValue, target: head.uri, headers: head.headers)
            entries.append(asked)
            return asked
        }
    }

    func setBody(of asked: Asked) {
        state.withLock { $0[asked.number].body = asked.body }
    }
}

private final class AnsweringHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: Log
    private let breakOff: @Sendable (Asked) -> Int?
    private let received: @Sendable (Asked) -> Void
    private let answer: @Sendable (Asked) -> Answer
    private var asked: Asked?
    private var limit: Int?

    init(
        _ log: Log, _ breakOff: @escaping @Sendable (Asked) -> Int?, _ received: @escaping @Sendable (Asked) -> Void,
        _ answer: @escaping @Sendable (Asked) -> Answer
    ) {
        self.log = log
        self.breakOff = breakOff
        self.received = received
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let asked = log.add(head)
            self.asked = asked
            limit = breakOff(asked)
        case .body(let piece):
            let room = (limit ?? .max) - (asked?.body.count ?? 0)
            asked?.body += piece.readableBytesView.prefix(room)
        case .end:
            guard let asked else { return }
            self.asked = nil
            log.setBody(of: asked)
            return write(answer(asked), isHead: asked.method == "HEAD", context)
        }
        guard let limit, let asked, asked.body.count >= limit else { return }
        self.asked = nil
        log.setBody(of: asked)
        received(asked)
        context.close(promise: nil)
    }

    private func write(_ answer: Answer, isHead: Bool, _ context: ChannelHandlerContext) {
        if answer.isSilent { return }
        var headers = answer.headers
        if !headers.contains(name: "Content-Length") && ![304, 204].contains(answer.status.code) {
            headers.add(name: "Content-Length", value: "\(answer.body.count)")
        }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        let sent = isHead ? [] : answer.body.prefix(answer.breakOffAfter ?? .max)
        if !sent.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: sent)))), promise: nil) }
        if answer.breakOffAfter != nil {
            // The rest was promised in the head, but never comes.
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer())))).whenComplete { _ in
                channel.close(promise: nil)
            }
        } else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
