//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// What `ld.so.cache` records of an ELF shared object, read when a package is converted.
public struct SharedObject: Hashable, Sendable {
    /// `DT_SONAME`, or nil where the object has none (the linker's cache then uses the file's name).
    public let soname: String?
    /// `e_machine` of the ELF header.
    public let machine: UInt16
    /// Whether it is a 64-bit object.
    public let is64Bit: Bool
    /// `e_flags` of the ELF header, which tells ABIs apart on some machines.
    public let flags: UInt32

    /// A shared object.
    public init(soname: String?, machine: UInt16, is64Bit: Bool, flags: UInt32) {
        self.soname = soname
        self.machine = machine
        self.is64Bit = is64Bit
        self.flags = flags
    }
}
