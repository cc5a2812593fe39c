//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import JSON

extension CSurvey {
    /// Reads what Conan and vcpkg would install; the system's packages serve in their place.
    mutating func readPackageManagers() {
        readConanText()
        readConanScript()
        readVcpkg()
        reportManagers()
        readPresets()
    }

    private mutating func reportManagers() {
        let files = [
            ("conan", "conanfile.py", "conan.lock"), ("conan", "conanfile.txt", "conan.lock"),
            ("vcpkg", "vcpkg.json", "vcpkg-lock.json"),
        ]
        var reported: Set<String> = []
        for (name, file, lock) in files where repository.contains(path(file)) && reported.insert(name).inserted {
            let lockfile = repository.contains(path(lock)) ? path(lock) : nil
            packageManager(name, lockfile: lockfile, evidence: Evidence(path(file)))
        }
    }

    /// The version of CMake that its presets need
    /// ([cmake-presets(7)](https://cmake.org/cmake/help/latest/manual/cmake-presets.7.html)).
    private mutating func readPresets() {
        let file = path("CMakePresets.json")
        guard repository.contains(file), let minimum = repository.json(file)?["cmakeMinimumRequired"] else { return }
        let parts = ["major", "minor", "patch"].compactMap { minimum[$0]?.int }
        guard parts.count == 3 || parts.count == 2 else { return }
        toolchain(
            "cmake", ">=" + parts.map(String.init).joined(separator: "."), evidence: Evidence(file, line: minimum.line))
    }

    private mutating func readConanText() {
        let file = path("conanfile.txt")
        guard repository.contains(file) else { return }
        var section = ""
        for (index, line) in repository.lines(file).enumerated() {
            let text = line.prefix { $0 != "#" }.trimmingBlanks
            if text.hasPrefix("[") { section = text }
            guard ["[requires]", "[tool_requires]", "[build_requires]", "[test_requires]"].contains(section),
                text.contains("/")
            else { continue }
            needPackage(
                String(text.prefix { $0 != "/" }), isTool: section != "[requires]",
                evidence: Evidence(file, line: index + 1))
        }
    }

    /// References such as `zlib/1.3.1` in the strings of a conanfile.py.
    private mutating func readConanScript() {
        let file = path("conanfile.py")
        guard repository.contains(file) else { return }
        for (index, line) in repository.lines(file).enumerated() where line.contains("require") || line.contains("/") {
            for piece in line.split(whereSeparator: { $0 == "\"" || $0 == "'" })
            where piece.contains("/") && !piece.contains(" ") {
                let sides = piece.split(separator: "/", omittingEmptySubsequences: false)
                guard sides.count >= 2, let first = sides[0].first, first.isLetter, first.isLowercase || first.isNumber,
                    sides[1].first?.isNumber == true || sides[1].hasPrefix("["),
                    sides[0].allSatisfy({ $0.isLetter || $0.isNumber || "_-+.".contains($0) })
                else { continue }
                needPackage(
                    String(sides[0]), isTool: line.contains("tool_requires"), evidence: Evidence(file, line: index + 1))
            }
        }
    }

    private mutating func readVcpkg() {
        let file = path("vcpkg.json")
        guard repository.contains(file), let json = repository.json(file) else { return }
        for dependency in json["dependencies"]?.array ?? [] {
            guard let name = dependency.string ?? dependency["name"]?.string else { continue }
            needPackage(name, isTool: dependency["host"]?.bool == true, evidence: Evidence(file, line: dependency.line))
        }
    }

    private mutating func needPackage(_ name: String, isTool: Bool, evidence: Evidence) {
        if name.hasPrefix("vcpkg-") { return }
        if isTool,
            ["cmake", "ninja", "meson", "pkgconf", "flex", "bison", "nasm", "protobuf", "swig", "doxygen"].contains(
                name)
        {
            let program = ["protobuf": "protoc", "pkgconf": "pkg-config"][name] ?? name
            return need(.program(program), isOptional: true, evidence: evidence)
        }
        if let component = name.hasPrefix("boost-") ? name.dropFirst(6) : nil {
            need(.cmake("Boost"), evidence: evidence)
            return need(.cmake("boost_" + component), isOptional: true, evidence: evidence)
        }
        let phase: SystemFinding.Phase = testPackages.contains(name) ? .test : .build
        need(requirementsOfPorts[name] ?? .cmake(name), phase: phase, evidence: evidence)
    }
}

/// Conan's and vcpkg's names where the CMake package is called otherwise.
private let requirementsOfPorts: [String: SystemRequirement] = [
    "zlib": .cmake("ZLIB"), "openssl": .cmake("OpenSSL"), "boost": .package("libboost-all-dev"),
    "gtest": .cmake("GTest"), "catch2": .cmake("Catch2"),
    "nlohmann_json": .cmake("nlohmann_json"), "nlohmann-json": .cmake("nlohmann_json"), "libcurl": .cmake("CURL"),
    "curl": .cmake("CURL"),
    "protobuf": .cmake("Protobuf"), "grpc": .cmake("gRPC"), "abseil": .cmake("absl"), "eigen": .cmake("Eigen3"),
    "eigen3": .cmake("Eigen3"),
    "sqlite3": .cmake("SQLite3"), "libpng": .cmake("PNG"), "libjpeg": .cmake("JPEG"), "libjpeg-turbo": .cmake("JPEG"),
    "bzip2": .cmake("BZip2"),
    "xz_utils": .cmake("LibLZMA"), "liblzma": .cmake("LibLZMA"), "zstd": .pkgConfig("libzstd"),
    "lz4": .pkgConfig("liblz4"), "expat": .cmake("EXPAT"),
    "libxml2": .cmake("LibXml2"), "libuv": .pkgConfig("libuv"), "libevent": .pkgConfig("libevent"),
    "sdl": .cmake("SDL2"), "sdl2": .cmake("SDL2"),
    "freetype": .cmake("Freetype"), "glfw": .cmake("glfw3"), "glfw3": .cmake("glfw3"), "glew": .cmake("GLEW"),
    "qt": .cmake("Qt6"), "qtbase": .cmake("Qt6"),
    "libpq": .cmake("PostgreSQL"), "hiredis": .pkgConfig("hiredis"), "range-v3": .cmake("range-v3"),
    "onetbb": .cmake("TBB"), "tbb": .cmake("TBB"),
    "opencv": .cmake("OpenCV"), "opencv4": .cmake("OpenCV"), "ffmpeg": .pkgConfig("libavcodec"),
    "pcre2": .pkgConfig("libpcre2-8"), "icu": .cmake("ICU"),
    "libarchive": .cmake("LibArchive"), "tinyxml2": .cmake("tinyxml2"), "yaml-cpp": .cmake("yaml-cpp"),
    "jsoncpp": .pkgConfig("jsoncpp"),
    "rapidjson": .cmake("RapidJSON"), "flatbuffers": .cmake("FlatBuffers"), "google-benchmark": .cmake("benchmark"),
    "glog": .cmake("glog"),
    "gflags": .cmake("gflags"), "libsodium": .pkgConfig("libsodium"), "libssh2": .pkgConfig("libssh2"),
    "c-ares": .pkgConfig("libcares"),
    "libzip": .pkgConfig("libzip"), "snappy": .cmake("Snappy"), "brotli": .pkgConfig("libbrotlienc"),
    "zeromq": .pkgConfig("libzmq"), "zmqpp": .pkgConfig("libzmqpp"),
    "poco": .cmake("Poco"), "hdf5": .cmake("HDF5"), "gsl": .cmake("GSL"), "mpfr": .pkgConfig("mpfr"),
    "gmp": .library("gmp"), "readline": .library("readline"),
    "ncurses": .pkgConfig("ncurses"), "libffi": .pkgConfig("libffi"), "glib": .pkgConfig("glib-2.0"),
    "vulkan-headers": .cmake("Vulkan"), "vulkan": .cmake("Vulkan"),
]
