//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Store
public import SystemPackage

/// Why a program could not be run in a sandbox.
public enum SandboxError: Error, Equatable, CustomStringConvertible {
    /// The host lacks a program; `package` is the Debian package that has it.
    case toolMissing(String, package: String)
    /// The kernel or its configuration does not let this user make user namespaces.
    case userNamespacesUnavailable(reason: String, hint: String)
    /// The root file system's layers cannot be stacked, or `/proc` cannot be mounted.
    case cannotMount(reason: String, hint: String?)
    /// The user has no subordinate user and group numbers.
    case noSubordinateIDs(user: String)
    /// newuidmap(1), newgidmap(1) or the kernel refused the user and group numbers.
    case cannotMapIDs(reason: String)
    /// More layers than overlayfs stacks.
    case tooManyLayers(Int)
    /// A mount, a working directory, a variable or an argument that cannot be.
    case invalid(String)
    /// There is no such program inside; exit status 127 by convention.
    case programNotFound(String)
    /// The program is there but was not started; `reason` is the engine's message, if it was captured.
    case cannotStart(String, reason: String?)
    /// The system refused an operation; `verb` is what was tried, for example `create`.
    case system(verb: String, FilePath, Errno)
    /// The store failed.
    case store(StoreError)
    /// The task was cancelled; everything inside was ended.
    case cancelled

    /// The message for the person at the terminal.
    public var description: String {
        switch self {
        case .toolMissing(let name, let package):
            "cannot find the program `\(name)`\n\nhint: apt-get install \(package)"
        case .userNamespacesUnavailable(let reason, let hint):
            "cannot make a user namespace: \(reason)\n\nhint: \(hint)"
        case .cannotMount(let reason, let hint):
            "cannot mount the root file system: \(reason)" + (hint.map { "\n\nhint: \($0)" } ?? "")
        case .noSubordinateIDs(let user):
            """
            the user `\(user)` has no subordinate user and group numbers

            hint: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(user)
            """
        case .cannotMapIDs(let reason):
            "cannot map user and group numbers: \(reason)"
        case .tooManyLayers(let count):
            "cannot stack \(count) layers: overlayfs takes \(SandboxRoot.maximumLayerCount)"
        case .invalid(let problem):
            problem
        case .programNotFound(let name):
            "cannot run `\(name)`: there is no such program in the root file system"
        case .cannotStart(let name, let reason):
            "cannot run `\(name)`: \(reason ?? "the sandbox did not start it")"
        case .system(let verb, let path, let errno):
            "cannot \(verb) `\(path)`: \(errno)"
        case .store(let error):
            error.description
        case .cancelled:
            "cancelled"
        }
    }
}
