//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store

/// The fragment kept under `key`, if its record and its frame are there.
public func storedFragment(_ key: Digest, in store: Store) -> Fragment? {
    guard let bytes = store.record("fragment", key) else { return nil }
    var reader = RecordReader(bytes)
    guard let fragment = Fragment(&reader, key: key), reader.isAtEnd, store.contains(fragment.frame) else { return nil }
    return fragment
}

/// Keeps the record of a fragment whose frame is in the store.
func keep(_ fragment: Fragment, in store: Store) throws(LayerError) {
    var writer = RecordWriter()
    fragment.write(to: &writer)
    do throws(StoreError) {
        try store.setRecord("fragment", fragment.key, writer.bytes)
    } catch {
        throw .store(error)
    }
}

extension Fragment {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.digest(frame)
        writer.number(frameSize)
        writer.number(uncompressedSize)
        writer.list(members) { writer, member in
            writer.entry(member.entry)
            writer.number(member.headerOffset)
            writer.number(member.contentOffset)
            writer.optional(member.sharedObject) { writer, object in
                writer.optional(object.soname) { $0.bytes(Array($1.utf8)) }
                writer.number(Int64(object.machine))
                writer.number(object.is64Bit ? 1 : 0)
                writer.number(Int64(object.flags))
            }
        }
        writer.list(directories) { $0.entry($1) }
        writer.list(control) { writer, file in
            writer.bytes(Array(file.name.utf8))
            writer.number(file.isExecutable ? 1 : 0)
            writer.bytes(file.content)
        }
        writer.list(listing) { $0.number(Int64($1.index) << 1 | ($1.isMoved ? 1 : 0)) }
    }

    fileprivate init?(_ reader: inout RecordReader, key: Digest) {
        guard let frame = reader.digest(), let frameSize = reader.number(), let size = reader.number(),
            let members = reader.list({ Member(&$0) }), let directories = reader.list({ $0.entry() }),
            let control = reader.list({ ControlFile(&$0) }), let listing = reader.list({ Listed(&$0) }),
            listing.allSatisfy({ $0.index < directories.count + members.count })
        else { return nil }
        self.init(
            key: key, frame: frame, frameSize: frameSize, uncompressedSize: size, members: members,
            directories: directories, control: control, listing: listing)
    }
}

extension Fragment.Listed {
    fileprivate init?(_ reader: inout RecordReader) {
        guard let number = reader.number(), number >= 0 else { return nil }
        self.init(index: Int(number >> 1), isMoved: number & 1 == 1)
    }
}

extension Fragment.Member {
    fileprivate init?(_ reader: inout RecordReader) {
        guard let entry = reader.entry(), let header = reader.number(), let content = reader.number(),
            let object = reader.optional({ SharedObject(&$0) })
        else { return nil }
        self.init(entry: entry, headerOffset: header, contentOffset: content, sharedObject: object)
    }
}

extension Fragment.ControlFile {
    fileprivate init?(_ reader: inout RecordReader) {
        guard let name = reader.bytes(), let isExecutable = reader.number(), let content = reader.bytes() else {
            return nil
        }
        self.init(name: String(decoding: name, as: UTF8.self), isExecutable: isExecutable != 0, content: content)
    }
}

extension SharedObject {
    fileprivate init?(_ reader: inout RecordReader) {
        guard let soname = reader.optional({ $0.bytes() }), let machine = reader.number(),
            let is64Bit = reader.number(), let flags = reader.number()
        else { return nil }
        self.init(
            soname: soname.map { String(decoding: $0, as: UTF8.self) }, machine: UInt16(truncatingIfNeeded: machine),
            is64Bit: is64Bit != 0, flags: UInt32(truncatingIfNeeded: flags))
    }
}
