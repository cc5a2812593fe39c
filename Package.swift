// swift-tools-version: 6.2
//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A module of ours, in `Sources/<name>` unless it says otherwise.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil, exclude: [String] = [])
    -> Target
{
    .target(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings)
}

/// The tests of the module `name`, in `Tests/<name>Tests`.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: settings)
}

/// A library in C, in `Sources/<name>/upstream`, optimised in every configuration. Its symbols are hidden, so that they
/// do not stand in for those of the system's copy, which other libraries use.
func library(_ name: String, _ settings: [CSetting], searching folders: [String]) -> Target {
    .target(
        name: name, exclude: ["LICENSE", "refresh"], sources: ["upstream"], publicHeadersPath: "include",
        cSettings: settings + folders.map { .headerSearchPath("upstream/\($0)") }
            + [.unsafeFlags(["-O2", "-fvisibility=hidden"])])
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let http = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPOSIX = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "fitout",
    products: [.executable(name: "fitout", targets: ["fitout"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // Ground: one library each, and nothing of the domain.
        module("Calendar"),
        module("JSON"),
        module("Timing", ["JSON"]),
        module("Concurrency", ["Timing"]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        library(
            "CXZ", [.define("HAVE_CONFIG_H")],
            searching: ["", "common", "liblzma/api"]
                + ["check", "common", "delta", "lz", "lzma", "rangecoder", "simple"].map { "liblzma/\($0)" }),
        library(
            "CZstandard",
            [
                .define("ZSTD_DISABLE_ASM", to: "1"), .define("ZSTDLIB_VISIBLE", to: ""),
                .define("ZSTDERRORLIB_VISIBLE", to: ""), .define("XXH_NAMESPACE", to: "ZSTD_"),
            ], searching: []),
        library("CDeflate", [], searching: []),
        module("Archive", ["CArchive", "CDeflate", "CXZ", "CZstandard"]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        module("YAML", ["CYAML"]),
        module("TOML"),
        module("Store", [crypto, system]),
        module("HTTP", [http, logging, nio, nioHTTP, nioPOSIX, nioSSL, system]),
        module("Download", ["Concurrency", "HTTP", "Store", http, nio, nioHTTP, system]),

        // Repository to findings.
        module("Checkout"),
        module("History", ["Calendar", subprocess, system]),
        module("Versions"),
        module("Detection", ["Checkout", "JSON", "TOML", "Versions", "YAML"]),
        .target(
            name: "DetectorData", path: "Detectors", exclude: ["README.md"], sources: ["Data/embedded.c"],
            publicHeadersPath: "Data/include", cSettings: [.unsafeFlags(["-std=c23"])]),
        module(
            "Detectors", ["Checkout", "Detection", "DetectorData", "JSON", "TOML", "Versions", "YAML"],
            path: "Detectors", exclude: ["Data", "README.md"]),

        // Findings to spec, spec to lock.
        .target(
            name: "CatalogData", exclude: ["data", "refresh"], publicHeadersPath: "include",
            cSettings: [.unsafeFlags(["-std=c23"])]),
        module("Catalog", ["Archive", "CatalogData"]),
        module("Environment", ["Calendar", "Catalog", "Detection", "Versions", "YAML"]),
        .target(
            name: "DebianKeyrings", exclude: ["README.md", "keyrings"], publicHeadersPath: "include",
            cSettings: [.unsafeFlags(["-std=c23"])]),
        module(
            "Debian", ["Archive", "Concurrency", "DebianKeyrings", "Download", "Store", "Versions", subprocess, system]),
        module("Toolchains", ["Archive", "Download", "JSON", "Store", "TOML", "Versions", system]),
        module("Lock", ["JSON", "Store", "Toolchains"]),

        // Lock to image.
        module("Layers", ["Archive", "Concurrency", "Store", "Timing", system]),
        module("State", ["Debian", "Layers", "Store", "Versions", crypto]),
        module("OCI", ["Archive", "Store", system]),
        module(
            "Registry",
            ["Archive", "Concurrency", "HTTP", "JSON", "OCI", "Store", http, nio, nioHTTP, subprocess, system]),
        module("Inspection", ["Debian", "OCI"]),
        module("Sandbox", ["Store", "Timing", subprocess, system]),
        module("PythonStep", ["Sandbox", "Store", "TOML", "Toolchains", "Versions", system]),

        module(
            "Builder",
            [
                "Archive", "Calendar", "Catalog", "Checkout", "Concurrency", "Debian", "Download", "Environment",
                "JSON", "Layers",
                "Lock", "OCI", "PythonStep",
                "Sandbox", "State", "Store", "TOML", "Toolchains", "Timing", system,
            ]),

        // The program.
        .executableTarget(
            name: "fitout",
            dependencies: [
                arguments, "Archive", "Builder", "Catalog", "Checkout", "Detection", "Detectors", "Download",
                "Environment",
                "History", "Inspection", "JSON",
                "Lock", "OCI", "PythonStep", "Registry", "Sandbox", "Store", "Toolchains", "Timing", system,
            ],
            swiftSettings: settings),

        tests(of: "Archive"), tests(of: "YAML"), tests(of: "TOML"), tests(of: "JSON"), tests(of: "Store", [system]),
        tests(of: "HTTP", [nioHTTP, system]),
        tests(of: "Download", ["HTTP", "TestSupport", nio, nioHTTP, "Store", system]), tests(of: "Calendar"),
        tests(of: "Concurrency"), tests(of: "Timing", ["JSON"]), tests(of: "History", [system]),
        tests(of: "Checkout"), tests(of: "Versions"), tests(of: "Detection", ["Checkout"]),
        tests(of: "Detectors", ["Checkout", "Detection"]), tests(of: "Catalog"),
        tests(of: "Environment", ["Catalog", "Checkout", "Detection", "TestSupport", "Versions"]),
        tests(of: "Debian", ["Download", "Store", subprocess, system]), tests(of: "Toolchains", ["Store"]),
        tests(of: "Lock", ["Store", "TestSupport", "Toolchains"]),
        tests(of: "Layers", ["Archive", "Debian", "Store", system]),
        tests(of: "State", ["Archive", "Concurrency", "Debian", "Layers", "Store", subprocess, system]),
        tests(of: "OCI", ["Store", system]), tests(of: "Inspection", ["Archive", "OCI"]),
        tests(of: "Registry", ["Archive", "HTTP", "OCI", "TestSupport", nioHTTP, "Store", system]),
        tests(of: "Sandbox", ["Store", subprocess, system]),
        tests(of: "Builder", ["Debian", "Layers", "Lock", "Store"]),
        tests(of: "PythonStep", ["Download", "Sandbox", "Store", "Toolchains", system]),

        // The built program on real input.
        .target(
            name: "TestSupport", dependencies: [nio, nioHTTP, nioPOSIX, subprocess, system], path: "Tests/TestSupport",
            swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["fitout", "TestSupport", system], swiftSettings: settings),
        .testTarget(name: "InteropTests", dependencies: ["fitout", "TestSupport", system], swiftSettings: settings),

        // Every parser on damaged input.
        .target(
            name: "Fuzzing",
            dependencies: [
                "Archive", "Catalog", "Checkout", "Debian", "Detection", "Detectors", "Environment", "JSON", "Layers",
                "Lock", "OCI", "State", "Store", "TestSupport", "TOML", "Toolchains", "Versions", "YAML", system,
            ], path: "Tests/Fuzzing", swiftSettings: settings),
        tests(of: "Fuzzing", ["TestSupport"]),
    ]
)

// Coverage-guided fuzzing (`Tests/Fuzz/run.sh`) needs the compiler's instrumentation everywhere.
if Context.environment["FITOUT_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Fuzzing"], path: "Tests/Fuzz", exclude: ["run.sh"], swiftSettings: settings))
}
