//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// A version by PEP 440: `[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`, in any spelling that it normalises.
struct PEP440Version: ParsedVersion {
    enum Stage: UInt8 { case alpha = 0x10, beta, candidate }

    var epoch = 0
    var release: [Int]
    var pre: (stage: Stage, number: Int)?
    var post: Int?
    var dev: Int?
    var local: [ArraySlice<UInt8>] = []

    var isPrerelease: Bool { pre != nil || dev != nil }

    /// The parts of a version in their weight.
    enum Part: Int { case release, pre, post, dev, local }

    var key: SortKey { key(through: .local) }

    /// The key of the leading parts, which all versions share that differ only in the rest.
    func key(through last: Part) -> SortKey {
        var key = SortKey()
        key.append(number: epoch)
        key.append(release: release)
        guard last.rawValue >= Part.pre.rawValue else { return key }
        if let pre {
            key.append(tag: pre.stage.rawValue)
            key.append(number: pre.number)
        } else {
            // A development release of the release itself comes before its alphas.
            key.append(tag: post == nil && dev != nil ? SortKey.Tag.end : SortKey.Tag.none)
        }
        guard last.rawValue >= Part.post.rawValue else { return key }
        key.append(tag: post == nil ? SortKey.Tag.end : SortKey.Tag.number)
        if let post { key.append(number: post) }
        guard last.rawValue >= Part.dev.rawValue else { return key }
        key.append(tag: dev == nil ? SortKey.Tag.none : SortKey.Tag.number)
        if let dev { key.append(number: dev) }
        guard last == .local else { return key }
        for segment in local {
            if segment.allSatisfy(\.isDigit) {
                key.append(tag: SortKey.Tag.number)
                key.append(digits: segment)
            } else {
                key.append(tag: SortKey.Tag.word)
                key.append(word: segment)
            }
        }
        key.append(tag: SortKey.Tag.end)
        return key
    }

    var canonicalText: String {
        var text = epoch == 0 ? "" : "\(epoch)!"
        text += dotted(release)
        if let pre {
            text += (pre.stage == .alpha ? "a" : pre.stage == .beta ? "b" : "rc") + String(pre.number)
        }
        if let post { text += ".post\(post)" }
        if let dev { text += ".dev\(dev)" }
        return text
    }

    init(epoch: Int = 0, release: [Int]) {
        self.epoch = epoch
        self.release = release
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes.map(\.lowercased))
        _ = scanner.scan(UInt8(ascii: "v"))
        guard var numbers = scanner.scanRelease() else { return nil }
        if numbers.count == 1, scanner.scan(UInt8(ascii: "!")) {
            epoch = numbers[0]
            guard let release = scanner.scanRelease() else { return nil }
            numbers = release
        }
        release = numbers
        guard scanner.scanPre(into: &self), scanner.scanPost(into: &self), scanner.scanDev(into: &self),
            scanner.scanLocal(into: &self), scanner.isAtEnd
        else { return nil }
    }
}

/// Each of these answers false when a number is too large, and leaves what it does not know standing.
extension ByteScanner {
    fileprivate mutating func scanPre(into version: inout PEP440Version) -> Bool {
        let start = position
        scanSeparator()
        switch scan(firstOf: ["alpha", "beta", "preview", "pre", "rc", "a", "b", "c"]) {
        case "alpha", "a": version.pre = (.alpha, 0)
        case "beta", "b": version.pre = (.beta, 0)
        case .some: version.pre = (.candidate, 0)
        case nil:
            position = start
            return true
        }
        guard let number = scanImplicitNumber() else { return false }
        version.pre?.number = number
        return true
    }

    fileprivate mutating func scanPost(into version: inout PEP440Version) -> Bool {
        let start = position
        if current == UInt8(ascii: "-"), peek(1)?.isDigit == true {
            position += 1
            version.post = scanInteger()
            return version.post != nil
        }
        scanSeparator()
        guard scan(firstOf: ["post", "rev", "r"]) != nil else {
            position = start
            return true
        }
        version.post = scanImplicitNumber()
        return version.post != nil
    }

    fileprivate mutating func scanDev(into version: inout PEP440Version) -> Bool {
        let start = position
        scanSeparator()
        guard scan("dev") else {
            position = start
            return true
        }
        version.dev = scanImplicitNumber()
        return version.dev != nil
    }

    fileprivate mutating func scanLocal(into version: inout PEP440Version) -> Bool {
        guard scan(UInt8(ascii: "+")) else { return true }
        repeat {
            let segment = scan(while: \.isAlphanumeric)
            guard !segment.isEmpty else { return false }
            version.local.append(segment)
        } while scanSeparator()
        return true
    }

    @discardableResult
    private mutating func scanSeparator() -> Bool {
        scan(UInt8(ascii: ".")) || scan(UInt8(ascii: "-")) || scan(UInt8(ascii: "_"))
    }

    /// The number behind a letter, 0 when there is none, nil when it is too large.
    private mutating func scanImplicitNumber() -> Int? {
        let start = position
        scanSeparator()
        guard let digits = scanDigits() else {
            position = start
            return 0
        }
        return integer(digits)
    }
}
