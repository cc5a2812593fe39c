#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""What the files of a suite's packages offer, read from their paths."""

import gzip
import re

KINDS = ["pkgconfig", "cmake", "library", "program", "header", "module"]

TRIPLET = "x86_64-linux-gnu"
PKGCONFIG = re.compile(rf"usr/(?:lib|share)(?:/{TRIPLET})?/pkgconfig/([^/]+)\.pc$")
CMAKE = re.compile(rf"usr/(?:lib|share)/(?:.*/)?(?:([^/]+)Config|([a-z0-9][^/A-Z]*)-config)\.cmake$")
CMAKE_OWN = re.compile(r"usr/share/cmake-[\d.]+/Modules/Find([^/]+)\.cmake$")
LIBRARY = re.compile(rf"usr/lib/(?:{TRIPLET}/)?lib([^/]+)\.(?:so|a)$")
PROGRAM = re.compile(r"(?:usr/)?(?:s?bin|games)/([^/]+)$")
HEADER = re.compile(rf"usr/include/(?:{TRIPLET}/)?((?:[^/]+/)*(?:[^/]+\.(?:h|hh|hpp|hxx|h\+\+|H)|[A-Z]\w*))$")
# A first folder that only tells versions or implementations apart, and that -I names: glib-2.0, libxml2, qt6, mariadb.
FOLDER_OF_ONE_PACKAGE = re.compile(r"(?:[^/]*\d|mariadb|postgresql)/")
QT_HEADER = re.compile(r"Qt\w+/[^/]+$")

PERL = re.compile(
    rf"usr/(?:share/perl5|lib/{TRIPLET}/perl5/[\d.]+|(?:share|lib/{TRIPLET})/perl/[\d.]+|lib/{TRIPLET}/perl-base)/(.+)\.pm$")
LUA = re.compile(rf"usr/(?:share|lib/{TRIPLET})/lua/5\.\d/(.+?)(?:/init)?\.(?:lua|so)$")
PYTHON = re.compile(r"usr/lib/python3/dist-packages/([A-Za-z]\w*)(?:/__init__\.py|\.py|\.[^/]*\.so)$")
OTHER_MODULES = [
    ("go", re.compile(r"usr/share/gocode/src/((?:github\.com|gitlab\.com|golang\.org/x|[^/]+)/[^/]+(?:/[^/]+)?)/[^/]+\.go$")),
    ("haskell", re.compile(r"(?:var|usr)/lib/ghc/(?:lib/)?package\.conf\.d/(.+?)-[\d.]+(?:-[^/]*)?\.conf$")),
    ("java", re.compile(r"usr/share/maven-repo/(.+)/([^/]+)/[^/]+/[^/]+\.pom$")),
    ("node", re.compile(rf"usr/(?:share|lib(?:/{TRIPLET})?)/(?:nodejs|node_modules)/((?:@[^/]+/)?[^/]+)/package\.json$")),
    ("ocaml", re.compile(rf"usr/lib/(?:{TRIPLET}/)?ocaml/(?:[\d.]+/)?(?:([^/]+)/META|METAS/META\.([^/]+))$")),
    ("php", re.compile(r"usr/lib/php/\d+/([^/]+)\.so$")),
    ("r", re.compile(r"usr/lib/R/(?:site-)?library/([^/]+)/DESCRIPTION$")),
    ("ruby", re.compile(r"usr/(?:share/rubygems-integration/[^/]+|lib/ruby/gems/[^/]+)/specifications/(?:default/)?(.+?)-\d[^/]*\.gemspec$")),
    ("rust", re.compile(r"usr/share/cargo/registry/(.+?)-\d[^/]*/Cargo\.toml$")),
]
MODULE_ROOTS = {
    "usr/share/gocode/": "go", "var/lib/ghc/": "haskell", "usr/lib/ghc/": "haskell", "usr/share/maven-repo/": "java",
    "usr/share/nodejs/": "node", "usr/lib/nodejs/": "node", "usr/share/node_modules/": "node",
    f"usr/lib/{TRIPLET}/nodejs/": "node", "usr/lib/ocaml/": "ocaml", f"usr/lib/{TRIPLET}/ocaml/": "ocaml", "usr/lib/php/": "php", "usr/lib/R/": "r",
    "usr/share/rubygems-integration/": "ruby", "usr/lib/ruby/gems/": "ruby", "usr/share/cargo/": "rust",
}
BY_LANGUAGE = dict(OTHER_MODULES)
INTERESTING = re.compile(
    r"(?:usr/)?s?bin/|usr/(?:games|include)/|.*(?:\.(?:pc|cmake|so|a|pm|lua|py)\s|"
    r"/META|/META\.[^/]+\s|\.(?:gemspec|conf|pom|go)\s|/(?:package\.json|DESCRIPTION|Cargo\.toml)\s)")


def read(paths, packages):
    """{kind: {key: set of packages}} from Contents files, for packages in `packages` (name -> stanza)."""
    found = {kind: {} for kind in KINDS + ["stripped"]}
    for contents in paths:
        with gzip.open(contents, "rt", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if not INTERESTING.match(line):
                    continue
                path, _, owners = line.rstrip("\n").rpartition(" ")
                names = [name for name in (owner.rpartition("/")[2] for owner in owners.split(",")) if name in packages]
                if names:
                    for kind, key in keys(path.rstrip()):
                        holders = found[kind].setdefault(key, set())
                        holders.update(name for name in names if fits(kind, key, packages[name]))
    unfold_headers(found)
    return {kind: {key: names for key, names in keyed.items() if names} for kind, keyed in found.items()}


def unfold_headers(found):
    """Adds `hb.h` for `harfbuzz/hb.h`, where a module of pkg-config names the folder to -I, and `fuse.h` for
    `fuse3/fuse.h`, where the folder only tells versions apart. Keys without a folder that were added, and lie in none else,
    are the kind `derived`."""
    modules = {}
    for key, names in found["pkgconfig"].items():
        for name in names:
            modules.setdefault(name, set()).update((key, key.removeprefix("lib")))
    added = {}
    for key, names in found["header"].items():
        folder, slash, rest = key.partition("/")
        if not slash or rest in found["header"]:
            continue
        for name in names:
            own = set(modules.get(name, ()))
            if "/" not in rest:
                # hidapi/hidapi.h of hidapi-libusb, sasl/sasl.h of libsasl2, node/v8.h of libnode-dev.
                own |= {module.partition("-")[0] for module in own} | {module.rstrip("0123456789") for module in own}
                if not own:
                    own = {name.removeprefix("lib").removesuffix("-dev")}
            if folder in own:
                added.setdefault(rest, set()).add(name)
    for key, names in found.pop("stripped").items():
        (found["header"] if key in found["header"] else added).setdefault(key, set()).update(names)
    for key, names in added.items():
        # sasl.h is that of libsasl2-dev, whoever else has one.
        found["header"][key] = {name for name in names if stem(key) in name} or names
    found["derived"] = {key: names for key, names in added.items() if "/" not in key}


def stem(header):
    """`sasl` for `sasl.h`."""
    return header.rpartition("/")[2].partition(".")[0].lower()


def keys(path):
    """The (kind, key) pairs that a path offers."""
    if " " in path or "\t" in path:
        return
    if match := PROGRAM.match(path):
        yield "program", match[1]
    elif match := HEADER.match(path):
        yield "header", match[1]
        rest = match[1]
        while stripped := FOLDER_OF_ONE_PACKAGE.match(rest):
            rest = rest[stripped.end():]
            yield "stripped", rest
        if QT_HEADER.match(rest):
            yield "stripped", rest.rpartition("/")[2]
    elif match := PKGCONFIG.match(path):
        yield "pkgconfig", match[1]
    elif match := CMAKE_OWN.match(path):
        yield "cmake", "Find" + match[1]
    elif match := CMAKE.match(path):
        yield "cmake", match[1] or match[2]
    elif match := LIBRARY.match(path):
        yield "library", match[1]
    elif match := PERL.match(path):
        yield "module", "perl:" + match[1].replace("/", "::")
    elif match := PYTHON.match(path):
        yield "module", "python:" + match[1]
    elif match := LUA.match(path):
        yield "module", "lua:" + match[1].replace("/", ".")
    else:
        for root, language in MODULE_ROOTS.items():
            if path.startswith(root):
                if match := BY_LANGUAGE[language].match(path):
                    name = match[1].replace("/", ".") + ":" + match[2] if language == "java" else match[match.lastindex]
                    yield "module", f"{language}:{name}"
                return


def fits(kind, key, package):
    """Whether this package is one to install for such a key on the machine itself."""
    name = package["Package"]
    if re.search(r"-cross|-mingw-w64|^lib(?:32|64|n32|x32)|-udeb$|^klibc|^dietlibc|-dbgsym$|^musl|-avr$", name):
        return False
    section = package.get("Section", "").rpartition("/")[2]
    if kind in ("header", "stripped"):
        return section in ("libdevel", "devel", "libs") or "-dev" in name
    if kind == "library":
        return section == "libdevel" or name.endswith("-dev") or "-dev" in name
    if kind == "module" and key.startswith("haskell:"):
        return not name.endswith("-prof")
    return True
