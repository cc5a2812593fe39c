//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Checkout
public import JSON
public import TOML
public import YAML

/// A checkout as detectors see it: files by name, each read and parsed once.
///
/// It belongs to one thread; ``newView`` makes others of the same files.
public final class Repository {
    /// The files.
    public let checkout: Checkout
    private(set) var warningList = WarningList()
    private let index: FileIndex
    /// The answers of ``lies(_:below:)`` by the numbers of directories: those for the names asked with last, and those for
    /// others.
    private var lastNames = ObjectIdentifier(FolderNames.self)
    private var lastAnswers: [Bool?] = []
    private var answers: [ObjectIdentifier: [Bool?]] = [:]
    private var contents: [String: [UInt8]?] = [:]
    private var derived: [DerivedKey: Any] = [:]
    private var largeFilesRead: Set<String> = []
    private var tomls: [String: TOMLNode?] = [:]
    private var yamls: [String: [YAMLNode]] = [:]
    private var jsons: [String: JSONNode?] = [:]

    /// A view of `checkout`.
    public convenience init(_ checkout: Checkout) {
        self.init(checkout, index: FileIndex(checkout.files))
    }

    private init(_ checkout: Checkout, index: FileIndex) {
        self.checkout = checkout
        self.index = index
    }

    /// Makes a view of the same files for another thread: it knows nothing of what this one has read and warned of.
    var newView: @Sendable () -> Repository {
        { [checkout, index] in Repository(checkout, index: index) }
    }

    /// Files whose evidence is lost so far, by path and line.
    public var warnings: [DetectionWarning] { warningList.sorted }

    /// The paths that were read so far, sorted.
    public var filesRead: [String] { pathsRead.sorted() }

    /// The paths that were read so far.
    var pathsRead: Set<String> { largeFilesRead.union(contents.filter { $0.value != nil }.keys) }

    /// Whether there is a file at `path`.
    public func contains(_ path: String) -> Bool { checkout[path] != nil }

    /// All files, nearest to the root first, then by path.
    public var files: [CheckoutFile] { index.files }

    /// Files with this name in any folder, nearest to the root first, then by path.
    public func files(named name: String) -> [CheckoutFile] { index.files(named: name) }

    /// Files whose name ends with `.ext` in any folder, nearest to the root first, then by path.
    public func files(withExtension ext: String) -> [CheckoutFile] { index.groups(withExtension: ext).files }

    /// Files whose name ends with `.ext` and that do not lie below one of those folders, nearest to the root first, then
    /// by path.
    public func files(withExtension ext: String, outside names: FolderNames) -> [CheckoutFile] {
        index.groups(withExtension: ext).filter { !lies(in: $0, below: names) }
    }

    /// How many files end with `.ext` and do not lie below one of those folders.
    public func count(withExtension ext: String, outside names: FolderNames) -> Int {
        index.groups(withExtension: ext).count { !lies(in: $0, below: names) }
    }

    /// Files whose name ends with `.ext` by their directory, those nearest to the root first, then by path.
    ///
    /// What holds for a directory need not be asked for each of its files.
    public func groups(withExtension ext: String) -> some Sequence<FileGroup> {
        index.groups(withExtension: ext).groups
    }

    /// Files directly in `directory` (empty for the root), by name.
    public func files(in directory: String) -> ArraySlice<CheckoutFile> { index.files(in: directory) }

    /// Whether there is a file in `directory` (empty for the root) or below it.
    public func hasDirectory(_ directory: String) -> Bool { index.directory(directory) != nil }

    /// Whether `path` lies where the project keeps fixtures, samples, documentation, generated or vendored code, so
    /// that what it says is not about the project itself.
    public func isSecondary(_ path: String) -> Bool { lies(path, below: secondaryFolders) }

    /// As for its path, in less time.
    public func isSecondary(_ file: CheckoutFile) -> Bool { lies(file, below: secondaryFolders) }

    /// How many files that end with `.ext` are about the project itself.
    public func primaryCount(withExtension ext: String) -> Int { count(withExtension: ext, outside: secondaryFolders) }

    /// Whether one of the folders that `path` lies in has one of these names, in any case of letters.
    public func lies(_ path: some StringProtocol, below names: FolderNames) -> Bool {
        let path = Substring(path)
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
        let folder = path[..<slash]
        if let directory = index.directory(String(folder)) { return lies(in: directory, below: names) }
        return folder.split(separator: "/").contains(where: names.contains)
    }

    /// Whether one of the folders that `file` lies in has one of these names, in any case of letters.
    public func lies(_ file: CheckoutFile, below names: FolderNames) -> Bool {
        lies(in: file.parent, below: names)
    }

    /// Whether `directory`, or one of the folders that it lies in, has one of these names, in any case of letters.
    ///
    /// The answer is kept for each folder: asking for every folder of a tree costs little more than one look-up each.
    public func lies(in directory: CheckoutDirectory, below names: FolderNames) -> Bool {
        let key = ObjectIdentifier(names)
        if key != lastNames {
            answers[lastNames] = lastAnswers
            lastNames = key
            lastAnswers = answers.removeValue(forKey: key) ?? []
        }
        var asked: [Int] = []
        var answer = false
        var next: CheckoutDirectory? = directory
        while let folder = next, let parent = folder.parent {
            if folder.number < lastAnswers.count, let known = lastAnswers[folder.number] {
                answer = known
                break
            }
            asked.append(folder.number)
            if names.contains(folder.name) {
                answer = true
                break
            }
            next = parent
        }
        guard let largest = asked.max() else { return answer }
        if largest >= lastAnswers.count {
            lastAnswers += Array(repeating: nil, count: largest - lastAnswers.count + 1)
        }
        for number in asked { lastAnswers[number] = answer }
        return answer
    }

    /// Keeps a warning, once: the evidence of this file, or of this line, is lost. Of many in one file the first are kept.
    public func warn(_ evidence: Evidence, _ problem: String) {
        // What is quoted from a file may be of any length.
        let text = problem.utf8.count > 300 ? "\(problem.prefix(200))…" : problem
        warningList.insert(DetectionWarning(evidence: evidence, problem: text))
    }

    /// The file's bytes; nil where it is not there, and with a warning where it is not readable.
    public func bytes(_ path: String) -> [UInt8]? {
        if let known = contents[path] { return known }
        var result: [UInt8]?
        if contains(path) {
            do throws(CheckoutError) {
                result = try checkout.read(path)
            } catch {
                warn(Evidence(path), "\(error)")
            }
        }
        contents[path] = .some(result)
        return result
    }

    /// The bytes of a file that may be as large as lockfiles grow, which are not kept; nil as for ``bytes(_:)``.
    public func largeBytes(_ path: String) -> [UInt8]? {
        guard contains(path) else { return nil }
        do throws(CheckoutError) {
            let result = try checkout.read(path, limit: 128 << 20)
            largeFilesRead.insert(path)
            return result
        } catch {
            warn(Evidence(path), "\(error)")
            return nil
        }
    }

    /// The file as text without a byte order mark; bytes that are not UTF-8 are repaired.
    public func text(_ path: String) -> String? {
        guard var bytes = bytes(path) else { return nil }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The file's lines without their ends, so that the first has index 0 and number 1.
    public func lines(_ path: String) -> [String] {
        guard let text = text(path) else { return [] }
        // As compilers and editors count: a form feed or U+2028 ends no line.
        let end = text.utf8.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        return text.utf8.split(separator: end, omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }

    /// What is made from the file or folder at `path`, made once.
    public func derived<Value>(_ type: Value.Type, from path: String, _ make: () -> Value) -> Value {
        let key = DerivedKey(type: ObjectIdentifier(type), path: path)
        if let known = derived[key] as? Value { return known }
        let value = make()
        derived[key] = value
        return value
    }

    /// The file parsed as TOML; nil, with a warning that names the line, where it is malformed.
    public func toml(_ path: String) -> TOMLNode? {
        if let known = tomls[path] { return known }
        var result: TOMLNode?
        if let bytes = bytes(path) {
            do throws(TOMLError) {
                result = try parseTOML(bytes)
            } catch {
                warn(Evidence(path, line: error.line), error.problem)
            }
        }
        tomls[path] = .some(result)
        return result
    }

    /// The first document of the file parsed as YAML; nil, with a warning that names the line, where it is malformed.
    public func yaml(_ path: String) -> YAMLNode? { yamlDocuments(path).first }

    /// All documents of the file parsed as YAML; none, with a warning that names the line, where it is malformed.
    public func yamlDocuments(_ path: String) -> [YAMLNode] {
        if let known = yamls[path] { return known }
        var result: [YAMLNode] = []
        if let bytes = bytes(path) {
            do throws(YAMLError) {
                result = try parseYAMLDocuments(bytes)
            } catch {
                warn(Evidence(path, line: error.line), error.problem)
            }
        }
        yamls[path] = result
        return result
    }

    /// The file parsed as JSON, comments and trailing commas allowed; nil, with a warning, where it is malformed.
    public func json(_ path: String) -> JSONNode? {
        if let known = jsons[path] { return known }
        var result: JSONNode?
        if let bytes = bytes(path) {
            do throws(JSONError) {
                result = try parseJSON(bytes, lenient: true)
            } catch {
                warn(Evidence(path, line: error.line), error.problem)
            }
        }
        jsons[path] = .some(result)
        return result
    }
}

private struct DerivedKey: Hashable {
    let type: ObjectIdentifier
    let path: String
}

private let secondaryFolders = FolderNames([
    "test", "tests", "testing", "spec", "specs", "fixtures", "testdata", "test-data", "examples", "example", "samples",
    "sample", "demo", "demos", "docs", "doc", "documentation", "templates", "template", "vendor", "vendored", "_vendor",
    "third_party", "third-party", "thirdparty", "external", "extern", "3rdparty", "deps", "node_modules",
    "bower_components",
    "target", "dist", "build", "_build", ".venv", "venv", "env", "__pycache__", "pods", ".terraform", "site-packages",
    "benchmarks", "benchmark", "contrib", "tutorials", "t", "xt", "test-suite", "testsuite", "unit-tests", "docsrc",
    "doc-src", "doc_src", "rockspec", "rockspecs",
])
