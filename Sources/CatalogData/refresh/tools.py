#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Which packages make a toolchain, and the upstream version that a suite has of it."""

import re

import ranking

# tool: [(package whose version counts, all packages of the tool)], the suite's default first. A star stands for the
# numbers in the names of parallel versions; those follow, newest first.
TOOLS = {
    "ant": [("ant", "ant default-jdk-headless")],
    "autoconf": [("autoconf", "autoconf")],
    "automake": [("automake", "automake")],
    "bazel": [("bazel-bootstrap", "bazel-bootstrap")],
    "bison": [("bison", "bison")],
    "clang": [("clang", "clang libc6-dev")],
    "clojure": [("clojure", "clojure")],
    "cmake": [("cmake", "cmake")],
    "composer": [("composer", "composer")],
    "crystal": [("crystal", "crystal")],
    "d": [("ldc", "ldc")],
    "dotnet": [("dotnet-sdk-*", "dotnet-sdk-*")],
    "elixir": [("elixir", "elixir erlang-dev")],
    "emacs": [("emacs-nox", "emacs-nox")],
    "erlang": [("erlang-base", "erlang")],
    "flex": [("flex", "flex")],
    "gcc": [("gcc", "g++ gcc libc6-dev")],
    "gfortran": [("gfortran", "gfortran libc6-dev")],
    "ghc": [("ghc", "cabal-install ghc")],
    "gnat": [("gnat", "gnat")],
    "go": [("golang-go", "gcc golang-go libc6-dev"), ("golang-*-go", "gcc golang-*-go libc6-dev")],
    "groovy": [("groovy", "groovy")],
    "guile": [("guile-*", "guile-*")],
    "haxe": [("haxe", "haxe")],
    "java": [("openjdk-*-jdk-headless", "openjdk-*-jdk-headless")],
    "julia": [("julia", "julia")],
    "kotlin": [("kotlin", "kotlin")],
    "libtool": [("libtool", "libtool")],
    "lua": [("lua5.*", "liblua5.*-dev lua5.*")],
    "luajit": [("luajit", "libluajit-5.1-dev luajit")],
    "make": [("make", "make")],
    "maven": [("maven", "maven")],
    "meson": [("meson", "meson ninja-build")],
    "mono": [("mono-devel", "mono-devel")],
    "nim": [("nim", "nim")],
    "ninja": [("ninja-build", "ninja-build")],
    "node": [("nodejs", "nodejs npm")],
    "ocaml": [("ocaml", "ocaml ocaml-findlib")],
    "octave": [("octave", "octave")],
    "opam": [("opam", "opam")],
    "pascal": [("fpc", "fpc")],
    "perl": [("perl", "perl")],
    "php": [("php*-cli", "php-cli")],
    "pkgconf": [("pkgconf", "pkgconf"), ("pkg-config", "pkg-config")],
    "prolog": [("swi-prolog-nox", "swi-prolog-nox")],
    "python": [("python3", "python3 python3-distutils python3-venv")],
    "r": [("r-base-core", "r-base-dev r-base-core")],
    "racket": [("racket", "racket")],
    "ruby": [("ruby", "bundler ruby ruby-dev")],
    "rust": [("rustc", "cargo gcc libc6-dev rustc"), ("rustc-*", "cargo-* gcc libc6-dev rustc-*")],
    "sbcl": [("sbcl", "sbcl")],
    "scala": [("scala", "scala")],
    "stack": [("haskell-stack", "haskell-stack")],
    "swift": [("swiftlang", "libstdc++-14-dev swiftlang")],
    "tcl": [("tcl", "tcl tcl-dev")],
    "vala": [("valac", "valac")],
    "zig": [("zig", "zig")],
}

# The package that depends on the default among parallel versions.
DEFAULTS = {"java": "default-jdk-headless", "php": "php-cli", "lua": "lua5.4", "guile": "guile-3.0", "dotnet": ""}

# The day on which upstream published each release line.
RELEASED = {
    "python": {
        "3.8": "2019-10-14", "3.9": "2020-10-05", "3.10": "2021-10-04", "3.11": "2022-10-24", "3.12": "2023-10-02",
        "3.13": "2024-10-07", "3.14": "2025-10-07",
    },
}


def upstream(version):
    """The upstream version in a Debian version: `21.0.9` for `21.0.9+10-1~deb13u1`."""
    match = re.match(r"(?:\d+:)?([0-9]+(?:\.[0-9]+)*)", version)
    return match[1] if match else version


def offers(tool, packages):
    """(version, packages) of a tool in a suite, the default first; `packages` is name -> stanza."""
    result, default = [], DEFAULTS.get(tool, "")
    standing_for = packages.get(default, {}).get("Depends", "") + " " + default
    for counted, wanted in TOOLS[tool]:
        if "*" not in counted:
            if counted in packages:
                result.append((true_version(counted, packages), present(wanted.split(), packages)))
            continue
        pattern = re.compile(re.escape(counted).replace(r"\*", r"(\d+(?:\.\d+)*)") + "$")
        found = []
        for name in packages:
            if match := pattern.match(name):
                names = present([part.replace("*", match[1]) for part in wanted.split()], packages)
                version = upstream(packages[name]["Version"])
                found.append((name not in standing_for, [-int(n) for n in version.split(".")], version, names))
        result += [(version, names) for _, _, version, names in sorted(found)]
    unique = {}
    for version, names in result:
        unique.setdefault(version, names)
    return list(unique.items())


def true_version(name, packages):
    """The upstream version of `name`, or of the package it stands for where its own is the distribution's."""
    for needed in ranking.alternatives(packages[name].get("Depends", "")):
        if needed != name and needed in packages and ranking.unversioned(needed) == name:
            return upstream(packages[needed]["Version"])
    return upstream(packages[name]["Version"])


def present(names, packages):
    return sorted(name for name in names if name in packages)
