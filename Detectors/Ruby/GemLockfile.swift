//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What Bundler recorded ([Gemfile.lock](https://bundler.io/man/bundle-lock.1.html)).
struct GemLockfile {
    /// A gem.
    struct LockedGem {
        let name: String
        let version: String
        let line: Int
        /// Whether a compiled form for Linux is locked.
        var isCompiled = false
    }

    private(set) var gems: [LockedGem] = []
    private(set) var graph = DependencyGraph()
    /// Ruby's version, or that of another implementation with its name in front: `jruby 9.4.5.0`.
    private(set) var ruby: (version: String, line: Int)?
    private(set) var bundler: (version: String, line: Int)?
    /// The systems for which it was resolved.
    private(set) var platforms: Set<String> = []

    private var places: [String: Int] = [:]

    init(_ bytes: [UInt8]) {
        var section = ""
        for line in ByteLines(bytes) where !line.bytes.isEmpty {
            let text = line.text
            if line.indent == 0 {
                section = text
                continue
            }
            switch section {
            case "GEM", "GIT", "PATH", "PLUGIN SOURCE": readGem(text, line)
            case "PLATFORMS": platforms.insert(text)
            case "RUBY VERSION": ruby = rubyVersion(text).map { ($0, line.number) }
            case "BUNDLED WITH": bundler = (text, line.number)
            default: break
            }
        }
    }

    private mutating func readGem(_ text: String, _ line: ByteLines.Line) {
        let words = text.split(separator: " ")
        guard let name = words.first.map(String.init) else { return }
        if line.indent == 6 { return graph.use(name) }
        guard line.indent == 4, words.count > 1 else { return }
        // `(1.16.0-x86_64-linux-gnu)`
        let parts = words[1].filter { $0 != "(" && $0 != ")" }.split(separator: "-", maxSplits: 1)
        let isForLinux = parts.count > 1 && parts[1].contains("linux")
        if let place = places[name] {
            if isForLinux { gems[place].isCompiled = true }
            // What the forms of a gem depend on is nearly the same.
            return graph.add([name])
        }
        places[name] = gems.count
        gems.append(
            LockedGem(
                name: name, version: parts.first.map(String.init) ?? "", line: line.number, isCompiled: isForLinux))
        graph.add([name])
    }

    /// Whether installing a gem compiles it; nil where a form for the system may be found that is not locked.
    func isBuilt(_ gem: LockedGem) -> Bool? {
        if gem.isCompiled { return false }
        return platforms.contains { $0.contains("linux") } ? true : nil
    }

    /// The names that `roots` lead to.
    func names(from roots: Set<String>) -> Set<String> {
        // Each gem is known under its name alone.
        var result = roots
        var open = Array(roots)
        while let name = open.popLast() {
            for place in graph.packages(named: name) {
                for next in graph.dependencies(of: place) where result.insert(next).inserted { open.append(next) }
            }
        }
        return result
    }
}

/// `ruby 3.1.2p20` as `3.1.2`, `ruby 3.1.4p0 (jruby 9.4.5.0)` as `jruby 9.4.5.0`.
private func rubyVersion(_ text: String) -> String? {
    if let open = text.firstIndex(of: "("), let close = text[open...].firstIndex(of: ")") {
        return String(text[text.index(after: open)..<close])
    }
    let words = text.split(separator: " ")
    guard words.count > 1 else { return nil }
    let version = words[1].prefix { $0.isNumber || $0 == "." }
    return version.isEmpty ? nil : String(version)
}
