//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Catalog

@Suite struct ShippedCatalogTests {
    private static let everywhere: [(CatalogKey, String)] = [
        (.header("zlib.h"), "zlib1g-dev"), (.header("jpeglib.h"), "libjpeg*"), (.header("ncurses.h"), "libncurses-dev"),
        (.header("openssl/ssl.h"), "libssl-dev"), (.header("curl/curl.h"), "libcurl4-openssl-dev"),
        (.header("X11/Xlib.h"), "libx11-dev"), (.header("glib.h"), "libglib2.0-dev"),
        (.header("boost/asio/ip/tcp.hpp"), "libboost-dev"), (.header("libxml/parser.h"), "libxml2-dev"),
        (.header("ft2build.h"), "libfreetype*"), (.header("Python.h"), "python3-dev"),
        (.header("gtest/gtest.h"), "libgtest-dev"),
        (.header("Eigen/Dense"), "libeigen3-dev"), (.header("libpq-fe.h"), "libpq-dev"),
        (.header("stdio.h"), "libc6-dev"),
        (.pkgConfig("zlib"), "zlib1g-dev"), (.pkgConfig("libpng"), "libpng-dev"),
        (.pkgConfig("glib-2.0"), "libglib2.0-dev"),
        (.pkgConfig("gtk+-3.0"), "libgtk-3-dev"), (.pkgConfig("libcurl"), "libcurl4-openssl-dev"),
        (.pkgConfig("lua5.3"), "liblua5.3-dev"), (.pkgConfig("openssl"), "libssl-dev"), (.pkgConfig("check"), "check"),
        (.pkgConfig("sdl2"), "libsdl2-dev"), (.pkgConfig("python3"), "python3-dev"),
        (.cmake("ZLIB"), "zlib1g-dev"), (.cmake("OpenSSL"), "libssl-dev"), (.cmake("Boost"), "libboost-dev"),
        (.cmake("boost_filesystem"), "libboost-filesystem-dev"),
        (.cmake("fmt"), "libfmt-dev"), (.cmake("GTest"), "libgtest-dev"), (.cmake("CURL"), "libcurl4-openssl-dev"),
        (.cmake("Threads"), "libc6-dev"), (.cmake("Qt5Widgets"), "qtbase5-dev"),
        (.cmake("nlohmann_json"), "nlohmann-json3-dev"),
        (.library("z"), "zlib1g-dev"), (.library("m"), "libc6-dev"), (.library("ssl"), "libssl-dev"),
        (.library("readline"), "libreadline-dev"), (.library("event"), "libevent-dev"),
        (.program("python3"), "python3"), (.program("gcc"), "gcc"), (.program("cc"), "gcc"), (.program("make"), "make"),
        (.program("flex"), "flex"), (.program("yacc"), "bison"), (.program("ps"), "procps"), (.program("bash"), "bash"),
        (.program("awk"), "mawk"), (.program("xsltproc"), "xsltproc"), (.program("java"), "default-jre-headless"),
        (.program("runtest"), "dejagnu"), (.program("git"), "git"), (.program("dot"), "graphviz"),
        (.program("ld"), "binutils"),
        (.program("clang"), "clang"), (.program("msgfmt"), "gettext"), (.program("valgrind"), "valgrind"),
        (.program("aclocal"), "automake"), (.program("libtoolize"), "libtool"), (.program("timeout"), "coreutils"),
        (.module(language: "perl", name: "JSON::XS"), "libjson-xs-perl"),
        (.module(language: "perl", name: "Test::More"), "perl"),
        (.module(language: "python", name: "yaml"), "python3-yaml"),
        (.module(language: "php", name: "mbstring"), "php-mbstring"),
        (.module(language: "ruby", name: "rspec-core"), "ruby-rspec-core"),
        (.module(language: "r", name: "Rcpp"), "r-cran-rcpp"),
        (.module(language: "ocaml", name: "zarith"), "libzarith-ocaml-dev"),
        (.module(language: "haskell", name: "aeson"), "libghc-aeson-dev"),
        (.module(language: "lua", name: "lpeg"), "lua-lpeg"),
        (.module(language: "java", name: "junit:junit"), "junit4"),
        (.module(language: "node", name: "semver"), "node-semver"),
        (.module(language: "go", name: "github.com/spf13/cobra"), "golang-github-spf13-cobra-dev"),
        (.package("git"), "git"), (.package("libglib2.0-0"), "libglib2.0-0*"),
    ]

    @Test(arguments: ["trixie", "bookworm", "noble", "jammy", "sid", "bullseye"])
    func namesTheSamePackageFirstInEverySuite(suite: String) throws {
        let contents = try Catalog.builtIn().contents(of: suite)
        for (key, expected) in Self.everywhere {
            let found = contents.packages(for: key)
            // A star: the name goes on in another way in each suite.
            let fits = expected.hasSuffix("*") ? found.first?.hasPrefix(expected.dropLast()) : found.first == expected
            #expect(fits == true, "\(key) in \(suite): \(found)")
        }
        for key: CatalogKey in [
            .header("no/such/header.h"), .pkgConfig("nothing-of-this-name"), .program("no-such-program"),
        ] {
            #expect(contents.packages(for: key).isEmpty)
        }
    }

    @Test func tellsPackagesFromProvidedNames() throws {
        let contents = try Catalog.builtIn().contents(of: "trixie")
        #expect(contents.hasPackage("git"))
        #expect(!contents.hasPackage("libglib2.0-0"))
        #expect(!contents.hasPackage("no-such-package"))
        #expect(contents.packages(for: .package("libglib2.0-0")) == ["libglib2.0-0t64"])
    }

    @Test(arguments: [
        "python", "node", "go", "rust", "ruby", "perl", "java", "gcc", "clang", "cmake", "meson", "php", "lua", "ocaml",
        "ghc", "r",
    ])
    func offersTheUsualToolsInEverySuite(tool: String) throws {
        for suite in try Catalog.builtIn().suites {
            let offers = try #require(suite.tools[tool], "\(tool) in \(suite.name)")
            let contents = try Catalog.builtIn().contents(of: suite.name)
            for offer in offers {
                #expect(!offer.packages.isEmpty && offer.packages.allSatisfy(contents.hasPackage), "\(offer)")
            }
        }
    }

    @Test(arguments: [
        ("trixie", "3.13", "2024-10-07"), ("bookworm", "3.11", "2022-10-24"), ("noble", "3.12", "2023-10-02"),
        ("jammy", "3.10", "2021-10-04"), ("bullseye", "3.9", "2020-10-05"),
    ])
    func knowsPythonOfEachSuite(suite: String, line: String, released: String) throws {
        let python = try #require(try Catalog.builtIn()[suite]?.tools["python"]?.first)
        #expect(python.version.hasPrefix(line + "."))
        #expect(python.released == released)
    }

    @Test func refusesAnUnknownSuite() throws {
        let catalog = try Catalog.builtIn()
        #expect(throws: CatalogError.unknownSuite("buster", known: catalog.suites.map(\.name))) {
            try catalog.contents(of: "buster")
        }
    }

    @Test func prefersTrixie() throws {
        #expect(
            try Catalog.builtIn().suites.map(\.name) == ["trixie", "bookworm", "noble", "jammy", "sid", "bullseye"])
        #expect(try Catalog.builtIn().suites.filter { !$0.isStable }.map(\.name) == ["sid"])
    }
}
