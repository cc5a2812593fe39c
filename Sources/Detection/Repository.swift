//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Checkout
public import JSON
public import TOML
public import YAML

/// A checkout as detectors see it: files by name, each read and parsed once.
public final class Repository {
    /// The files.
    public let checkout: Checkout
    /// Files whose evidence is lost so far.
    public private(set) var warnings: [DetectionWarning] = []
    private var warned: Set<DetectionWarning> = []

    private var warningCounts: [String: Int] = [:]
    private let index: FileIndex
    private var judged: [ObjectIdentifier: [Substring: Bool]] = [:]
    /// The answers of ``lies(_:below:)`` by the numbers of directories: those for the names asked with last, and those for
    /// others.
    private var lastNames = ObjectIdentifier(FolderNames.self)
    private var lastAnswers: [Bool?] = []
    private var answers: [ObjectIdentifier: [Bool?]] = [:]
    /// The last answer of ``lies(_:below:)``: one folder is asked for many times on end.
    private var lastJudged: (names: ObjectIdentifier, directory: Substring, answer: Bool)?
    private var contents: [String: [UInt8]?] = [:]
    private var largeFilesRead: Set<String> = []
    private var tomls: [String: TOMLNode?] = [:]
    private var yamls: [String: [YAMLNode]] = [:]
    private var jsons: [String: JSONNode?] = [:]

    /// A view of `checkout`.
    public init(_ checkout: Checkout) {
        self.checkout = checkout
        index = FileIndex(checkout.files)
    }

    /// The paths that were read so far, sorted.
    public var filesRead: [String] { largeFilesRead.union(contents.filter { $0.value != nil }.keys).sorted() }

    /// Whether there is a file at `path`.
    public func contains(_ path: String) -> Bool { checkout[path] != nil }

    /// All files, nearest to the root first, then by path.
    public var files: [CheckoutFile] { index.files }

    /// Files with this name in any folder, nearest to the root first, then by path.
    public func files(named name: String) -> [CheckoutFile] { index.files(named: name) }

    /// Files whose name ends with `.ext` in any folder, nearest to the root first, then by path.
    public func files(withExtension ext: String) -> [CheckoutFile] { index.files(withExtension: ext) }

    /// Files directly in `directory` (empty for the root), by name.
    public func files(in directory: String) -> [CheckoutFile] { index.files(in: directory) }

    /// Whether there is a file in `directory` (empty for the root) or below it.
    public func hasDirectory(_ directory: String) -> Bool { index.hasDirectory(directory) }

    /// Whether `path` lies where the project keeps fixtures, samples, documentation, generated or vendored code, so
    /// that what it says is not about the project itself.
    public func isSecondary(_ path: String) -> Bool { lies(path, below: secondaryFolders) }

    /// Whether one of the folders that `path` lies in has one of these names, in any case of letters.
    ///
    /// The answer is kept for each folder: asking for every file of a tree costs little more than one look-up each.
    public func lies(_ path: some StringProtocol, below names: FolderNames) -> Bool {
        lies(Substring(path), below: names)
    }

    /// Whether one of the folders that `file` lies in has one of these names, in any case of letters.
    public func lies(_ file: CheckoutFile, below names: FolderNames) -> Bool {
        guard !file.directory.isEmpty else { return false }
        let key = ObjectIdentifier(names)
        if key != lastNames {
            answers[lastNames] = lastAnswers
            lastNames = key
            lastAnswers = answers.removeValue(forKey: key) ?? []
        }
        let number = file.directoryNumber
        if number < lastAnswers.count, let known = lastAnswers[number] { return known }
        if number >= lastAnswers.count {
            lastAnswers += Array(repeating: nil, count: number - lastAnswers.count + 1)
        }
        let answer = judge(file.directory[...], names)
        lastAnswers[number] = answer
        return answer
    }

    private func lies(_ path: Substring, below names: FolderNames) -> Bool {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
        return judge(path[..<slash], names)
    }

    private func judge(_ directory: Substring, _ names: FolderNames) -> Bool {
        let key = ObjectIdentifier(names)
        if let last = lastJudged, last.names == key, last.directory == directory { return last.answer }
        let answer: Bool
        if let known = judged[key]?[directory] {
            answer = known
        } else {
            answer = directory.split(separator: "/").contains(where: names.contains)
            judged[key, default: [:]][directory] = answer
        }
        lastJudged = (key, directory, answer)
        return answer
    }

    /// Keeps a warning, once: the evidence of this file, or of this line, is lost. Of many in one file the first are kept.
    public func warn(_ evidence: Evidence, _ problem: String) {
        // What is quoted from a file may be of any length.
        let text = problem.utf8.count > 300 ? "\(problem.prefix(200))…" : problem
        let warning = DetectionWarning(evidence: evidence, problem: text)
        let count = warningCounts[evidence.path, default: 0]
        guard count <= Self.warningLimit, warned.insert(warning).inserted else { return }
        warningCounts[evidence.path] = count + 1
        warnings.append(
            count < Self.warningLimit
                ? warning : DetectionWarning(evidence: Evidence(evidence.path), problem: "has more problems like these")
        )
    }

    private static let warningLimit = 20

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

private let secondaryFolders = FolderNames([
    "test", "tests", "testing", "spec", "specs", "fixtures", "testdata", "test-data", "examples", "example", "samples",
    "sample", "demo", "demos", "docs", "doc", "documentation", "templates", "template", "vendor", "vendored", "_vendor",
    "third_party", "third-party", "thirdparty", "external", "extern", "3rdparty", "deps", "node_modules",
    "bower_components",
    "target", "dist", "build", "_build", ".venv", "venv", "env", "__pycache__", "pods", ".terraform", "site-packages",
    "benchmarks", "benchmark", "contrib", "tutorials",
])
