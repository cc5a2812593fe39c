//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What a ``TestServer`` was asked.
struct Asked: Sendable {
    /// Which request it is, counted from zero.
    var number: Int
    var method: String
    var target: String
    var headers: HTTPHeaders

    /// The first byte that was asked for.
    var start: Int { self["Range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0 }

    subscript(_ name: String) -> String? { headers.first(name: name) }
}

/// What a ``TestServer`` answers.
struct Answer: Sendable {
    var status = HTTPResponseStatus.ok
    var headers: HTTPHeaders = [:]
    var body: [UInt8] = []
    /// Closes the connection after so many bytes of the body.
    var breakOffAfter: Int?
    /// Sends no answer at all, and leaves the connection open.
    var isSilent = false

    static func status(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:]) -> Answer {
        Answer(status: status, headers: headers)
    }

    /// The part of `body` that is asked for, as servers of files answer.
    static func file(_ body: [UInt8], _ asked: Asked, tag: String = "\"v1\"", breakOffAfter: Int? = nil) -> Answer {
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
final class TestServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let log: Log

    var url: String { "http://127.0.0.1:\(port)" }
    /// What was asked so far.
    var asked: [Asked] { log.entries }

    init(_ answer: @escaping @Sendable (Asked) -> Answer) async throws {
        let log = Log()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AnsweringHandler(log, answer))
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
}

private final class AnsweringHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: Log
    private let answer: @Sendable (Asked) -> Answer

    init(_ log: Log, _ answer: @escaping @Sendable (Asked) -> Answer) {
        self.log = log
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let answer = self.answer(log.add(head))
        if answer.isSilent { return }
        var headers = answer.headers
        if !headers.contains(name: "Content-Length") && answer.status != .notModified {
            headers.add(name: "Content-Length", value: "\(answer.body.count)")
        }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
            promise: nil)
        let sent = answer.body.prefix(answer.breakOffAfter ?? .max)
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
