//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Reads one parsed `Packages` file.
///
/// Every access is checked against the bytes there are: a damaged file gives wrong answers at worst, never a trap.
struct IndexPart: Sendable {
    private typealias Layout = IndexLayout

    /// Where the packages come from.
    let origin: IndexOrigin
    let packageCount: Int
    let nameCount: Int
    private let storage: IndexStorage
    private let slotMask: Int
    private let relationCount: Int
    private let packages: Int
    private let names: Int
    private let slots: Int
    private let relations: Int
    private let provides: Int
    private let providesCount: Int
    private let text: Int

    /// A reader of `storage`; nil if that is not an index of this layout, or is cut short.
    init?(_ storage: IndexStorage, origin: IndexOrigin) {
        let header = (0..<Layout.Header.size).map { Int(storage.word(at: $0 * 4)) }
        guard header[Layout.Header.magic] == Int(Layout.magic),
            header[Layout.Header.version] == Int(Layout.version),
            header[Layout.Header.slots].nonzeroBitCount == 1
        else { return nil }
        self.storage = storage
        self.origin = origin
        packageCount = header[Layout.Header.packages]
        nameCount = header[Layout.Header.names]
        relationCount = header[Layout.Header.relations]
        providesCount = header[Layout.Header.provides]
        slotMask = header[Layout.Header.slots] - 1
        packages = Layout.Header.size * 4
        names = packages + packageCount * Layout.Package.size * 4
        slots = names + nameCount * Layout.Name.size * 4
        relations = slots + header[Layout.Header.slots] * 4
        provides = relations + relationCount * Layout.Relation.size * 4
        text = provides + providesCount * Layout.Provides.size * 4
        guard text + header[Layout.Header.textLength] == storage.bytes.count else { return nil }
    }

    /// The number of a name, real or virtual.
    func number(of name: UnsafeRawBufferPointer) -> Int? {
        var slot = Int(Layout.hash(name)) & slotMask
        for _ in 0...slotMask {
            let number = Int(storage.word(at: slots + slot * 4)) - 1
            guard number >= 0 else { return nil }
            if self.name(number).elementsEqual(name) { return number }
            slot = (slot + 1) & slotMask
        }
        return nil
    }

    /// The bytes of the name with this number.
    func name(_ number: Int) -> UnsafeRawBufferPointer {
        text(nameWord(number, Layout.Name.offset), nameWord(number, Layout.Name.length))
    }

    /// The first package of a name; the others follow with `next(after:)`.
    func firstPackage(ofName number: Int) -> Int? {
        let package = nameWord(number, Layout.Name.package) - 1
        return package >= 0 && package < packageCount ? package : nil
    }

    /// The next package of the same name, which stands later in the file.
    func next(after package: Int) -> Int? {
        let next = packageWord(package, Layout.Package.next) - 1
        return next > package && next < packageCount ? next : nil
    }

    /// The number of a package's name.
    func nameNumber(ofPackage package: Int) -> Int {
        packageWord(package, Layout.Package.name)
    }

    /// A package's version.
    func version(ofPackage package: Int) -> UnsafeRawBufferPointer {
        text(
            packageWord(package, Layout.Package.versionOffset), packageWord(package, Layout.Package.versionLength))
    }

    /// A package's flags, as `IndexLayout.Flag` names them.
    func flags(ofPackage package: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: packageWord(package, Layout.Package.flags))
    }

    /// A package's stanza in the `Packages` file.
    func stanza(ofPackage package: Int) -> UnsafeRawBufferPointer {
        text(packageWord(package, Layout.Package.textOffset), packageWord(package, Layout.Package.textLength))
    }

    /// The numbers of the alternatives in a package's `Pre-Depends` and `Depends`.
    func dependencies(ofPackage package: Int) -> Range<Int> {
        let start = packageWord(package, Layout.Package.relations)
        let count =
            packageWord(package, Layout.Package.preDepends) + packageWord(package, Layout.Package.depends)
        return (start..<start + count).clamped(to: 0..<relationCount)
    }

    /// The numbers of the entries of a package's `Conflicts` and `Breaks`.
    func exclusions(ofPackage package: Int) -> Range<Int> {
        let start =
            packageWord(package, Layout.Package.relations) + packageWord(package, Layout.Package.preDepends)
            + packageWord(package, Layout.Package.depends)
        let count = packageWord(package, Layout.Package.conflicts) + packageWord(package, Layout.Package.breaks)
        return (start..<start + count).clamped(to: 0..<relationCount)
    }

    /// One alternative of a relation.
    func relation(_ number: Int) -> IndexRelation {
        let base = relations + number * Layout.Relation.size * 4
        let flags = storage.word(at: base + Layout.Relation.flags * 4)
        return IndexRelation(
            name: Int(storage.word(at: base + Layout.Relation.name * 4)),
            comparison: Layout.comparison(code: flags & Layout.RelationFlag.comparisonMask),
            version: text(
                Int(storage.word(at: base + Layout.Relation.versionOffset * 4)),
                Int(storage.word(at: base + Layout.Relation.versionLength * 4))),
            hasAlternative: flags & Layout.RelationFlag.hasAlternative != 0,
            isAnyArchitecture: flags & Layout.RelationFlag.anyArchitecture != 0,
            isOtherArchitecture: flags & Layout.RelationFlag.otherArchitecture != 0)
    }

    /// The packages that provide a name, in the order of the file, with the version they provide, empty for none.
    func providers(ofName number: Int) -> [(package: Int, version: UnsafeRawBufferPointer)] {
        let start = nameWord(number, Layout.Name.provides)
        let range = (start..<start + nameWord(number, Layout.Name.providesCount)).clamped(to: 0..<providesCount)
        return range.compactMap { entry in
            let base = provides + entry * Layout.Provides.size * 4
            let package = Int(storage.word(at: base + Layout.Provides.package * 4))
            guard package < packageCount else { return nil }
            let version = text(
                Int(storage.word(at: base + Layout.Provides.versionOffset * 4)),
                Int(storage.word(at: base + Layout.Provides.versionLength * 4)))
            return (package, version)
        }
    }

    private func packageWord(_ package: Int, _ word: Int) -> Int {
        Int(storage.word(at: packages + (package * Layout.Package.size + word) * 4))
    }

    private func nameWord(_ name: Int, _ word: Int) -> Int {
        Int(storage.word(at: names + (name * Layout.Name.size + word) * 4))
    }

    private func text(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer {
        let start = text + offset
        guard start + length <= storage.bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: storage.bytes[start..<start + length])
    }
}

/// One alternative of a relation in an index.
struct IndexRelation {
    /// The number of the name in the relation's own index.
    var name: Int
    var comparison: PackageRelation.Comparison?
    var version: UnsafeRawBufferPointer
    var hasAlternative: Bool
    var isAnyArchitecture: Bool
    var isOtherArchitecture: Bool
}

extension IndexStorage {
    /// The word at a byte offset; 0 outside the file.
    fileprivate func word(at offset: Int) -> UInt32 {
        guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
        return bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }
}
