//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

internal import CYAML

/// One step of a YAML stream, and where it begins (from 1).
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, plain: Bool)
        case sequenceStart
        case mappingStart
        case collectionEnd
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var line: Int
    var column: Int

    /// The same place with a problem.
    func error(_ problem: String) -> YAMLError {
        YAMLError(line: line, column: column, problem: problem)
    }
}

/// The events of a YAML text, by libyaml. Its parser keeps its state in a heap stack, so depth costs no call stack.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLError) {
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = input.update(fromContentsOf: bytes)
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            input.deallocate()
            throw YAMLError(line: 1, column: 1, problem: "no memory is left to read it")
        }
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
        self.parser = parser
        self.input = UnsafeMutableBufferPointer(rebasing: input.prefix(bytes.count))
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.baseAddress.map { $0.deallocate() }
    }

    /// The next event; `streamEnd` once, at the end.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
            defer { yaml_event_delete(&event) }
            if let step = Self.event(event) { return step }
        }
    }

    private static func event(_ event: yaml_event_t) -> YAMLEvent? {
        var step = YAMLEvent(
            kind: .streamEnd, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
        switch event.type {
        case YAML_STREAM_START_EVENT:
            return nil
        case YAML_DOCUMENT_START_EVENT:
            step.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT:
            step.kind = .documentEnd
        case YAML_ALIAS_EVENT:
            step.kind = .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            step.kind = .scalar(String(decoding: bytes, as: UTF8.self), plain: plain)
            step.anchor = text(scalar.anchor)
            step.tag = text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            step.kind = .sequenceStart
            step.anchor = text(event.data.sequence_start.anchor)
            step.tag = text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            step.kind = .mappingStart
            step.anchor = text(event.data.mapping_start.anchor)
            step.tag = text(event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            step.kind = .collectionEnd
        default:
            // YAML_STREAM_END_EVENT, and YAML_NO_EVENT after it.
            step.kind = .streamEnd
        }
        return step
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// What libyaml says is wrong. Its reader knows an offset only, its scanner and parser a mark.
    private func failure() -> YAMLError {
        let parser = parser.pointee
        var problem = parser.problem.map { String(cString: $0) } ?? "no memory is left to read it"
        guard parser.error == YAML_READER_ERROR else {
            if let context = parser.context { problem = String(cString: context) + ", " + problem }
            let mark = parser.problem_mark
            return YAMLError(line: Int(mark.line) + 1, column: Int(mark.column) + 1, problem: problem)
        }
        let before = input.prefix(Int(parser.problem_offset))
        let newline = UInt8(ascii: "\n")
        let line = before.reduce(into: 1) { if $1 == newline { $0 += 1 } }
        let start = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        if parser.problem_value >= 0 { problem += " (#\(String(parser.problem_value, radix: 16, uppercase: true)))" }
        return YAMLError(line: line, column: before.count - start + 1, problem: problem)
    }
}
