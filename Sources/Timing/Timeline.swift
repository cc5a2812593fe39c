//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Records when parts of a program's work began and ended, and which part belongs to which.
///
/// ```swift
/// let timeline = Timeline(clock: nanoseconds)
/// await timeline.recording {
///     await measured("build") { … measured("convert git") { … } … }
/// }
/// ```
public final class Timeline: Sendable {
    /// A part of the work.
    public struct Span: Hashable, Sendable {
        /// Its number, in the order of beginning.
        public let number: Int
        /// The number of the part that it belongs to.
        public let parent: Int?
        /// What was done.
        public let name: String
        /// When it began, in nanoseconds of the clock.
        public let start: UInt64
        /// When it ended; nil while it goes on.
        public var end: UInt64?
    }

    /// Where in which timeline the present task or thread is.
    struct Position: Sendable {
        let timeline: Timeline
        let span: Int?
    }

    @TaskLocal static var position: Position?

    private let clock: @Sendable () -> UInt64
    private let state = Mutex<[Span]>([])

    /// A timeline without spans.
    ///
    /// - Parameter clock: gives nanoseconds that never go back.
    public init(clock: @escaping @Sendable () -> UInt64) {
        self.clock = clock
    }

    /// What was recorded so far, in the order of beginning.
    public var spans: [Span] { state.withLock { $0 } }

    /// Runs `body`, in which ``measured(_:_:)`` records here.
    public func recording<Output, Failure: Error>(
        _ body: () async throws(Failure) -> Output
    ) async throws(Failure) -> Output {
        try await Self.$position.withValue(Position(timeline: self, span: nil)) {
            await Result.catching(body)
        }.get()
    }

    func begin(_ name: String, parent: Int?) -> Int {
        let now = clock()
        return state.withLock { spans in
            spans.append(Span(number: spans.count, parent: parent, name: name, start: now))
            return spans.count - 1
        }
    }

    func end(_ number: Int) {
        let now = clock()
        state.withLock { $0[number].end = now }
    }
}

/// Runs `body`, as a span named `name` if somebody records.
public func measured<Output, Failure: Error>(
    _ name: @autoclosure () -> String, _ body: () throws(Failure) -> Output
) throws(Failure) -> Output {
    guard let position = Timeline.position else { return try body() }
    let number = position.timeline.begin(name(), parent: position.span)
    defer { position.timeline.end(number) }
    return try Timeline.$position.withValue(Timeline.Position(timeline: position.timeline, span: number)) {
        Result(catching: body)
    }.get()
}

/// Runs `body`, as a span named `name` if somebody records.
public func measured<Output, Failure: Error>(
    _ name: @autoclosure () -> String, _ body: () async throws(Failure) -> Output
) async throws(Failure) -> Output {
    guard let position = Timeline.position else { return try await body() }
    let number = position.timeline.begin(name(), parent: position.span)
    defer { position.timeline.end(number) }
    return try await Timeline.$position.withValue(Timeline.Position(timeline: position.timeline, span: number)) {
        await Result.catching(body)
    }.get()
}

/// A function that runs work on a thread of its own as part of the span that is under way here.
public func keepingSpan() -> @Sendable (_ work: () -> Void) -> Void {
    guard let position = Timeline.position else { return { $0() } }
    return { work in Timeline.$position.withValue(position, operation: work) }
}

extension Result {
    fileprivate static func catching(_ body: () async throws(Failure) -> Success) async -> Result {
        do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
    }
}
