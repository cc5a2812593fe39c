//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Builds nodes from events, with a stack of its own instead of the call stack.
struct YAMLComposer: ~Copyable {
    /// Collections within each other, aliases followed. Deeper trees are refused, since whoever walks, compares or
    /// frees a tree does so recursively.
    static let maximumDepth = 200
    /// Nodes that aliases may add to a stream, as in a tree without sharing. What a merge key adds is among them.
    static let maximumAliasedNodes = 1_000_000

    private var events: YAMLEvents
    private let allowsDuplicateKeys: Bool
    private var frames: [YAMLFrame] = []
    private var anchors: [String: Anchor] = [:]
    private var collections = 0
    private var aliasedNodes = 0
    private var root: YAMLNode?

    private enum Anchor {
        /// Its collection, by number, is still being read.
        case open(Int)
        case closed(YAMLSubtree)
    }

    init(_ bytes: [UInt8], allowsDuplicateKeys: Bool) throws(YAMLError) {
        self.events = try YAMLEvents(bytes)
        self.allowsDuplicateKeys = allowsDuplicateKeys
    }

    /// The next document, or `nil` behind the last.
    mutating func next() throws(YAMLError) -> YAMLNode? {
        anchors = [:]
        root = nil
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return nil
            case .documentStart: break
            case .documentEnd: return root
            case .alias(let name): place(try target(of: name, at: event))
            case .scalar(let text, let plain):
                let node = YAMLNode(.scalar(text, plain: plain), tag: event.tag, line: event.line, column: event.column)
                let subtree = YAMLSubtree(node: node, size: 1, height: 0)
                if let name = event.anchor { anchors[name] = .closed(subtree) }
                place(subtree)
            case .sequenceStart: try open(event, isMapping: false)
            case .mappingStart: try open(event, isMapping: true)
            case .collectionEnd: try close(at: event)
            }
        }
    }

    private mutating func open(_ event: YAMLEvent, isMapping: Bool) throws(YAMLError) {
        guard frames.count < Self.maximumDepth else { throw tooDeep(at: event) }
        collections += 1
        if let name = event.anchor { anchors[name] = .open(collections) }
        frames.append(YAMLFrame(start: event, number: collections, isMapping: isMapping))
    }

    private mutating func close(at event: YAMLEvent) throws(YAMLError) {
        guard let frame = frames.popLast() else { throw event.error("a collection ends that did not begin") }
        let subtree = try frame.finish(allowsDuplicateKeys: allowsDuplicateKeys)
        // Within the collection the name may have been given to another node, which comes later and so wins.
        if let name = frame.start.anchor, case .open(frame.number) = anchors[name] { anchors[name] = .closed(subtree) }
        place(subtree)
    }

    private mutating func target(of name: String, at event: YAMLEvent) throws(YAMLError) -> YAMLSubtree {
        switch anchors[name] {
        case nil:
            throw event.error("there is no anchor `\(name)` before this alias")
        case .open:
            throw event.error("the alias `\(name)` stands inside the node it refers to")
        case .closed(let subtree):
            guard frames.count + subtree.height <= Self.maximumDepth else { throw tooDeep(at: event) }
            aliasedNodes += subtree.size
            guard aliasedNodes <= Self.maximumAliasedNodes else {
                throw event.error("aliases make more than \(Self.maximumAliasedNodes) nodes of it")
            }
            return subtree
        }
    }

    private mutating func place(_ subtree: YAMLSubtree) {
        if frames.isEmpty {
            root = subtree.node
        } else {
            frames[frames.count - 1].add(subtree)
        }
    }

    private func tooDeep(at event: YAMLEvent) -> YAMLError {
        event.error("more than \(Self.maximumDepth) collections stand within each other")
    }
}
