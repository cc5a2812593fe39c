//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

extension Finding: CustomStringConvertible {
    /// One line that says all of it, for golden files and for authors of detectors.
    public var description: String {
        switch self {
        case .language(let item): "language \(item.name) @ \(item.evidence)"
        case .source(let item): "source \(item.language) \(item.bytes) @ \(item.evidence)"
        case .toolchain(let item):
            "toolchain \(item.tool) \(item.kind.rawValue) `\(item.constraint)` \(item.dialect) @ \(item.evidence)"
        case .system(let item):
            "system \(item.requirement) \(item.phase.rawValue)\(item.isOptional ? " optional" : "") (\(item.reason)) @ \(item.evidence)"
        case .dependency(let item):
            "dependency [\(item.directory)] \(text(of: item.item)) \(item.role.rawValue) (\(item.reason)) @ \(item.evidence)"
        case .packageManager(let item):
            "package manager \(item.name) \(item.version ?? "-") [\(item.directory)] \(item.lockfile ?? "-") @ \(item.evidence)"
        case .member(let item): "member \(item.name) [\(item.directory)] of \(item.workspace) @ \(item.evidence)"
        case .port(let item): "port \(item.port) @ \(item.evidence)"
        case .task(let item): "task \(item.name) \(item.standing): \(item.command) @ \(item.evidence)"
        case .service(let item):
            "service \(item.name) \(item.version ?? "-") \(item.port.map(String.init) ?? "-")\(item.isSuggestion ? " suggested" : "") @ \(item.evidence)"
        case .variable(let item): "variable \(item.name)=\(item.value ?? "-") @ \(item.evidence)"
        case .base(let item): "base \(item.suite) \(item.kind.rawValue) @ \(item.evidence)"
        case .date(let item): "date \(item.day) @ \(item.evidence)"
        }
    }
}

private func text(of item: DependencyFinding.Item) -> String {
    switch item {
    case .project(let backend, let isNative): "project \(backend ?? "-")\(isNative ? " native" : "")"
    case .extra(let name): "extra \(name)"
    case .group(let name): "group \(name)"
    case .requirementsFile(let path): "requirements file \(path)"
    case .constraintsFile(let path): "constraints file \(path)"
    case .requirement(let text): "requirement \(text)"
    case .lockfile(let path): "lockfile \(path)"
    }
}
