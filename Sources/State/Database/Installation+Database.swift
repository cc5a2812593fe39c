//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Debian
import Layers
import Versions

extension Installation {
    private static let administration = "/var/lib/dpkg"

    /// Writes dpkg's database and apt's list of automatically installed packages.
    mutating func writeDatabase() throws(StateError) {
        let root = Self.administration
        for directory in ["info", "parts", "triggers", "updates", "alternatives"] {
            shell.tree.makeDirectories("\(root)/\(directory)")
        }
        put("\(root)/arch", input.architecture + "\n")
        if try recordsNativeArchitecture() { put("\(root)/arch-native", input.architecture + "\n") }
        put("\(root)/info/format", "1\n")
        put("\(root)/lock", "", mode: 0o640)
        put("\(root)/lock-frontend", "", mode: 0o640)
        try writeStatus()
        writeTriggers()
        writeAutomaticMarks()
    }

    private mutating func put(_ path: String, _ text: String, mode: UInt16 = 0o644) {
        shell.tree.write(path, Array(text.utf8), mode: mode)
    }

    /// dpkg keeps the architecture it was installed with in a file of its own since 1.22.12.
    private func recordsNativeArchitecture() throws(StateError) -> Bool {
        guard let dpkg = input.packages.first(where: { $0.name == "dpkg" }) else { return false }
        do {
            return try Version(dpkg.version, dialect: .debian) >= Version("1.22.12", dialect: .debian)
        } catch {
            throw .malformedControl(package: "dpkg", problem: "`\(dpkg.version)` is not a version")
        }
    }

    // MARK: Status

    private mutating func writeStatus() throws(StateError) {
        var text = ""
        let records = shell.packages.records.enumerated().sorted { left, right in
            let (one, other) = (left.element.package, right.element.package)
            return (one.name, one.architecture) < (other.name, other.architecture)
        }
        for (index, record) in records {
            let package = record.package
            do {
                guard let control = ControlFields(package.controlParagraph) else {
                    throw StateError.malformedControl(package: package.name, problem: "a line belongs to no field")
                }
                var paragraph = StatusParagraph(control: control, status: record.status)
                paragraph.pendingTriggers = pendingTriggers[index] ?? []
                if !paragraph.pendingTriggers.isEmpty { paragraph.status = "triggers-pending" }
                paragraph.conffiles = try conffiles(of: record)
                text += try paragraph.text() + "\n"
            } catch let error as StateError {
                throw error
            } catch {
                throw .malformedControl(package: package.name, problem: String(describing: error))
            }
        }
        put("\(Self.administration)/status", text)
    }

    /// The conffiles with the digests of what the package ships.
    ///
    /// Before a package is configured dpkg writes `newconffile` in place of a digest, and replaces it when it moves the
    /// file to its place; here it is in its place, so that the digest is written at once.
    private func conffiles(of record: PackageTable.Record) throws(StateError) -> [String] {
        var result: [String] = []
        for line in lines(record.control("conffiles") ?? []) {
            let path = String(decoding: line, as: UTF8.self)
            guard path.hasPrefix("/") else {
                // A flag such as `remove-on-upgrade`, and a file that is not shipped.
                let words = path.split(separator: " ")
                if words.count == 2 { result.append("\(words[1]) newconffile \(words[0])") }
                continue
            }
            guard let place = shell.tree.place(of: path)?.path else { continue }
            do { result.append("\(path) \(md5(try input.contents(place)))") } catch {
                throw .unreadableFile(place, cause: String(describing: error))
            }
        }
        return result
    }

    // MARK: Info

    /// Writes the package's files below `info`, as dpkg does while it unpacks.
    mutating func writeInfo(of record: PackageTable.Record) throws(StateError) {
        shell.tree.makeDirectories("\(Self.administration)/info")
        let stem = "\(Self.administration)/info/\(record.stem)"
        shell.tree.write(stem + ".list", joined(PackageTable.listing(of: record.package)))
        for file in record.package.fragment.control where file.name != "control" {
            shell.tree.write("\(stem).\(file.name)", file.content, mode: file.isExecutable ? 0o755 : 0o644)
        }
        if record.control("md5sums") == nil { shell.tree.write(stem + ".md5sums", try digests(of: record)) }
    }

    /// The digests that dpkg computes for a package that ships none: regular files that are no conffiles.
    private func digests(of record: PackageTable.Record) throws(StateError) -> [UInt8] {
        let conffiles = Set(lines(record.control("conffiles") ?? []).map(Array.init))
        var text: [[UInt8]] = []
        for path in record.package.paths where !conffiles.contains([UInt8(ascii: "/")] + path.bytes) {
            guard let place = shell.tree.place(of: "/" + path.description, followingLast: false)?.path,
                let node = packaged[place], node.isFile
            else { continue }
            text.append(Array(md5(try shell.tree.content(of: node)).utf8) + [0x20, 0x20] + path.bytes)
        }
        return joined(text)
    }

    // MARK: Triggers

    private mutating func writeTriggers() {
        let directory = "\(Self.administration)/triggers"
        let interests = interests.interests
        func line(_ interest: TriggerInterests.Interest) -> String {
            interest.package + (interest.awaits ? "" : "/noawait") + "\n"
        }
        let paths = interests.filter(\.isPath)
        put("\(directory)/File", paths.map { "\($0.name) \(line($0))" }.joined())
        for name in Set(interests.filter { !$0.isPath }.map(\.name)).sorted() {
            put("\(directory)/\(name)", interests.filter { $0.name == name }.map(line).joined())
        }
        put("\(directory)/Unincorp", "")
        put("\(directory)/Lock", "", mode: 0o600)
    }

    // MARK: apt

    private mutating func writeAutomaticMarks() {
        guard shell.tree.node(at: "/var/lib/apt") != nil else { return }
        let automatic = input.packages.filter { !$0.requested && !$0.essential }
            .sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) }
        let marks = automatic.map { package in
            let architecture = package.architecture == "all" ? input.architecture : package.architecture
            return "Package: \(package.name)\nArchitecture: \(architecture)\nAuto-Installed: 1\n\n"
        }
        put("/var/lib/apt/extended_states", marks.joined())
    }
}
