#!/usr/bin/env python3
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Measures how often `fitout init` names the right system packages. The repositories are the upstream tarballs of Debian's
# source packages; the labels are the Build-Depends that Debian's maintainers wrote for them. Neither side has seen the
# other, and the seed decides which of eight parts of the archive is looked at, so that what was tuned on one seed can be
# measured on another.
#
#   Benchmarks/packages.py --fitout .build/debug/fitout --seed 2 --number 150 --cache ~/.cache/fitout-labels
#
# A label counts as found if it is in the closure of the found packages, what they depend on; a found package counts as right
# if it is in the closure of all Build-Depends. What is not judged is listed below, with the reason.

import argparse
import collections
import concurrent.futures
import hashlib
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request


def any_of(patterns):
    """A pattern for one of these, which stand between blanks."""
    return re.compile("|".join(patterns.split()))


# Debian's own tools for packaging, and what its chroots lack: upstream's build knows nothing of them.
PACKAGING = any_of(r"""
    debhelper.* dh-.* dpkg-.* cdbs quilt dpatch devscripts debconf.* po-debconf lsb-release lintian fakeroot gem2deb.*
    .*-pkg-tools pkg-.*-tools pkgkde-.* javahelper maven-(debian|repo)-helper .*-debian-helpers? haskell-devscripts.*
    haskell-debian-.* d-shlibs chrpath patchelf config-package-dev autotools-dev hardening-.* kde-.*-tools symlinks dos2unix
    rename hostname license-reconcile cargo-auditable tex-common sgml-base xml-core emacsen-common emacs emacs-nox systemd-dev
    libcrypt-dev bash-completion gir-rust-code-generator xmlstarlet faketime libfaketime architecture-.* libstd-rust.* locales.*
    kpartx""")

# Makers of documentation, pictures and fonts: not built by default, or shipped ready-made.
DOCUMENTATION = any_of(r"""
    doxygen.* .*sphinx.* .*docbook.* docutils.* xmlto asciidoc.* gtk-doc-tools texlive.* texi2html texinfo help2man pandoc.*
    ronn xsltproc graphviz ghostscript lynx w3m links html2text groff.* man-db gi-docgen valadoc txt2man txt2tags hevea
    .*latex.* tex4ht .*-docs? go-md2man scdoc mkdocs.* naturaldocs dblatex fop linuxdoc-tools.* lmodern yelp-tools transfig
    fig2dev imagemagick.* graphicsmagick inkscape librsvg2-bin gimp.* icoutils png2ico dia gnuplot.* discount markdown
    libmarkdown.* cmark.* lowdown pod2pdf libpod-.* rst2pdf halibut opensp openjade sgmltools.* sgmlspl jade debiandoc.* po4a
    doc-base tidy ps2eps mandoc bsdmainutils aspell.* hunspell.* qdoc.* qttools5-doc.* qhelpgenerator.* qt6-documentation-tools
    fonts-.* xfonts-.* ttf-.* tex-gyre netpbm optipng pngquant povray.* ldraw.* plantuml yui-compressor closure-compiler uglifyjs.*
    cleancss sassc""")

# Packages of a language's own registry, which its package manager installs from there; those of the sections below too.
REGISTRY = any_of(r"""
    python3?-(?!dev$|all).* cython3?(-legacy)? pypy.* pybuild-plugin-.* ruby-(?!dev$|all-dev$).* node-.*
    golang-(?!any$|go$|[0-9.]+$).* librust-.* libghc-.* lib.*-perl r-(cran|bioc|other|omegahat)-.* lib.*-java
    lib.*-ocaml(-dev|-bin)? lua-(?!any$).* php-(?!dev$|cli$|all-dev$).* pkg-php-tools phpunit phpab elpa-.*
    erlang-(?!dev$|base|nox$).* cl-.* libjs-.* .*-maven-plugin lib.*-clojure gradle-.* ant-.* junit[0-9]? testng lib.*-cil-dev
    lib.*-guile.* ocaml-dune dune ocamlbuild camlp4.* camlp5 ocaml-findlib menhir luarocks happy alex cpphs c2hs
    gtk2hs-buildtools tclx.* tcl-(?!dev$).* tcllib haskell-.* hscolour""")
REGISTRY_SECTIONS = {"gnu-r", "golang", "haskell", "java", "javascript", "lisp", "ocaml", "perl", "php", "python", "ruby", "rust"}

# What a runner of tests has for running them, not for building: Fitout adds its own, Debian's chroots others. And Ninja,
# with which Fitout runs CMake and Debian does not.
RUNNER = set("""ninja-build ca-certificates curl git less media-types netbase procps tzdata build-essential openssh-client xvfb xauth dbus
    dbus-x11 dbus-daemon at-spi2-core iproute2 net-tools iputils-ping gdb valgrind strace file time bash dash bsdextrautils
    """.split())

# One package stands for the other: names of one thing in the archive and, for a toolchain, in Fitout.
SAME = {"golang-any": "golang-go", "php-all-dev": "php-dev", "python3-all-dev": "python3-dev", "python3-all": "python3",
        "libpython3-all-dev": "python3-dev", "libpython3-dev": "python3-dev", "python3-all-venv": "python3-venv",
        "ruby-all-dev": "ruby-dev", "perl-xs-dev": "libperl-dev", "default-jdk": "openjdk-21-jdk-headless",
        "default-jdk-headless": "openjdk-21-jdk-headless", "ghc-prof": "ghc", "lua-any": "lua5.4", "pkg-config": "pkgconf",
        "postgresql-server-dev-all": "postgresql-server-dev-17", "samurai": "ninja-build"}

# A stratum: its weight, whether only packages with a library as label are taken, and the build-dependency that shows it. The
# first that holds is taken.
STRATA = [
    ("fortran", 1, False, r"gfortran.*|dh-fortran-mod"),
    ("vala", 1, False, r"valac"),
    ("cmake", 3, False, r"cmake"),
    ("meson", 2, False, r"meson"),
    ("qmake", 1, False, r"qt5-qmake|qt6-base-dev|qtbase5-dev"),
    ("haskell", 1, True, r"ghc|haskell-devscripts.*"),
    ("ocaml", 1, True, r"dh-ocaml|ocaml(-nox)?"),
    ("r", 2, True, r"dh-r|r-base-dev"),
    ("ruby", 2, True, r"gem2deb"),
    ("perl", 2, True, r"perl-xs-dev|libperl-dev|libextutils-pkgconfig-perl|libextutils-depends-perl"),
    ("rust", 2, True, r"dh-cargo|dh-rust|dh-sequence-rust|cargo|rustc"),
    ("go", 1, True, r"dh-golang|dh-sequence-golang|golang-any|golang-go"),
    ("lua", 1, True, r"dh-lua|dh-sequence-lua"),
    ("php", 1, True, r"dh-php|php-all-dev"),
    ("python", 2, True, r"dh-python|dh-sequence-python3"),
    ("java", 1, True, r"javahelper|maven-debian-helper|gradle-debian-helper|default-jdk|ant"),
    ("autotools", 3, False, r"dh-autoreconf|autoconf|automake|libtool|autotools-dev|autoconf-archive"),
    ("c", 4, False, r".*-dev|bison|flex"),
]

MIRROR = "http://deb.debian.org/debian"
SUITE = "trixie"
PARTS = 8


def fetch(path, target, sha256=None):
    """Downloads a file of the mirror once."""
    if not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with urllib.request.urlopen(f"{MIRROR}/{path}", timeout=60) as response:
            data = response.read()
        if sha256 and hashlib.sha256(data).hexdigest() != sha256:
            raise OSError(f"{path}: content is not what the index says")
        with open(target + ".part", "wb") as file:
            file.write(data)
        os.rename(target + ".part", target)
    return target


def stanzas(path):
    """The stanzas of an index as dictionaries."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        fields, key = {}, None
        for line in file:
            line = line.rstrip("\n")
            if not line:
                if fields:
                    yield fields
                fields, key = {}, None
            elif line[0] in " \t":
                fields[key] += "\n" + line
            else:
                key, _, value = line.partition(":")
                fields[key] = value.strip()
        if fields:
            yield fields


def relations(text, restricted=True):
    """The groups of alternatives of a relation field, as far as they hold for a default build on amd64."""
    groups = []
    for group in text.replace("\n", " ").split(","):
        names = []
        for alternative in group.split("|"):
            match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9+.-]*)", alternative)
            if not match:
                continue
            systems = re.search(r"\[([^]]*)\]", alternative)
            if systems:
                words = systems[1].split()
                wanted = {"amd64", "any-amd64", "linux-any", "any", "linux-amd64"}
                if words[0].startswith("!") and wanted & {w[1:] for w in words}:
                    continue
                if not words[0].startswith("!") and not wanted & set(words):
                    continue
            profiles = re.findall(r"<([^>]*)>", alternative)
            if restricted and profiles and not any(all(w.startswith("!") and w != "!nodoc" for w in p.split()) for p in profiles):
                continue
            names.append(match[1])
        if names:
            groups.append(names)
    return groups


class Archive:
    """The binary packages of the suite: what they depend on and what they provide."""

    def __init__(self, path):
        self.depends, self.providers, self.provides, self.section = {}, collections.defaultdict(list), {}, {}
        self.empty = set()
        for fields in stanzas(path):
            name = fields["Package"]
            self.depends[name] = relations(fields.get("Pre-Depends", "") + "," + fields.get("Depends", ""))
            self.provides[name] = {names[0] for names in relations(fields.get("Provides", ""))}
            self.section[name] = fields.get("Section", "")
            if int(fields.get("Installed-Size", "0")) <= 32 or self.section[name].endswith(("oldlibs", "metapackages")):
                self.empty.add(name)
            for virtual in self.provides[name]:
                self.providers[virtual].append(name)

    def closure(self, groups):
        """What an installation of the groups of alternatives brings, first alternatives first."""
        seen, todo = set(), list(groups)
        while todo:
            names = todo.pop()
            if any(name in seen for name in names):
                continue
            name = next((n for n in names if n in self.depends), None)
            if name is None:
                real = [p for n in names for p in self.providers[n]]
                if any(p in seen for p in real) or not real:
                    continue
                name = real[0]
            seen.add(name)
            seen |= self.provides[name]
            todo += self.depends[name]
        return seen

    def stands_for(self, name):
        """All names for what `name` is: itself, what it provides or who provides it."""
        virtual = {v for v in self.provides.get(name, ()) if v.endswith(("-dev", ".so"))}
        names = {name, SAME.get(name, name)} | virtual | set(self.providers[name])
        for other in virtual:
            names |= set(self.providers[other])
        return names

    def is_found(self, label, closure):
        """Whether one of a label's alternatives is installed, under whatever name."""
        for name in label:
            if closure & self.stands_for(name):
                return True
            # A package without files of its own stands for what it depends on.
            depends = self.depends.get(name, [])
            if name in self.empty and depends and all(closure & set(g) for g in depends):
                return True
            # A metapackage for all parts of one source, such as libboost-all-dev.
            if name.endswith("-all-dev") and any(g[0].endswith("-dev") and closure & set(g) for g in depends):
                return True
        return False


def kind(name, archive):
    """`library` or `tool` for what is judged, else why it is not."""
    for pattern, reason in ((PACKAGING, "packaging"), (DOCUMENTATION, "documentation"), (REGISTRY, "registry")):
        if pattern.fullmatch(name):
            return reason
    if archive.section.get(name) in REGISTRY_SECTIONS and name not in LANGUAGES:
        return "registry"
    if name in RUNNER:
        return "runner"
    return "library" if name.endswith("-dev") or archive.section.get(name) == "libdevel" else "tool"


class Source:
    """A source package with its label."""

    def __init__(self, fields, archive, size):
        self.name, self.version, self.tarball = fields["Package"], fields["Version"], None
        files = [line.split() for line in fields.get("Checksums-Sha256", "").split("\n") if line.strip()]
        tarballs = [f for f in files if re.search(r"\.orig(-[^.]+)?\.tar\.(gz|bz2|xz)$", f[2])]
        if len(tarballs) == 1 and int(tarballs[0][1]) <= size and fields.get("Extra-Source-Only") != "yes":
            self.tarball, self.directory = tarballs[0], fields["Directory"]
        text = ",".join(fields.get(f"Build-Depends{x}", "") for x in ("", "-Arch", "-Indep"))
        self.groups = relations(text)
        self.all_groups = relations(text, restricted=False)
        self.labels = []
        for names in self.groups:
            kinds = {kind(n, archive) for n in names}
            if kinds <= {"library", "tool"} and names not in self.labels:
                self.labels.append(names)
        self.is_binary = fields.get("Architecture", "all") != "all"
        self.stratum = None
        names = {n for g in self.all_groups for n in g}
        for stratum, weight, needs_label, pattern in STRATA:
            if any(re.fullmatch(pattern, n) for n in names):
                if self.libraries(archive) if needs_label else self.is_binary:
                    self.stratum = stratum
                break

    def libraries(self, archive):
        """The labels that are development libraries, without the language itself."""
        return [g for g in self.labels if kind(g[0], archive) == "library" and not LANGUAGES & set(g)]


# The languages themselves: judged where they are found or missed, but no reason to take a package into the sample.
LANGUAGES = set("""ghc ocaml ocaml-nox r-base-dev golang-any golang-go cargo rustc default-jdk default-jdk-headless ant ruby ruby-dev
    ruby-all-dev perl perl-xs-dev libperl-dev php-dev php-all-dev php-cli python3 python3-dev python3-all-dev python3-all libpython3-dev
    libpython3-all-dev lua5.1 lua5.3 lua5.4 liblua5.1-dev liblua5.2-dev liblua5.3-dev liblua5.4-dev lua5.2 g++ gcc pkgconf pkg-config rustc
    liblua5.1-0-dev liblua5.3-0-dev liblua50-dev lua-any""".split())


def queue(sources, seed, languages):
    """Packages in the order in which they are taken, the strata mixed by their weights: the same for the same seed, and of
    different parts of the archive for seeds that differ modulo PARTS."""
    order = {}
    for source in sources:
        part = hashlib.sha256(source.name.encode()).digest()[0] % PARTS
        if source.tarball and source.stratum and part == seed % PARTS and (not languages or source.stratum in languages):
            order.setdefault(source.stratum, []).append(source)
    places = []
    for stratum, weight, _, _ in STRATA:
        members = sorted(order.get(stratum, []), key=lambda s: hashlib.sha256(f"{seed}:{s.name}".encode()).digest())
        places += [((index + 1) / weight, source.name, source) for index, source in enumerate(members)]
    return [source for _, _, source in sorted(places, key=lambda p: p[:2])]


def take(waiting, number, cache):
    """The first `number` packages whose tarballs the mirror has, unpacked."""
    taken = []

    def unpacked(source):
        try:
            return source, unpack(source, cache)
        except (OSError, EOFError, tarfile.TarError, lzma.LZMAError) as error:
            print(f"{source.name}: {error}", file=sys.stderr)
            return None

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        while len(taken) < number and waiting:
            size = number - len(taken)
            taken += [pair for pair in pool.map(unpacked, waiting[:size]) if pair]
            waiting = waiting[size:]
    return sorted(taken, key=lambda pair: pair[0].name)


def unpack(source, cache):
    """The upstream tree of a source package, without debian/."""
    digest, _, name = source.tarball
    tree = os.path.join(cache, "trees", f"{source.name}_{source.version.replace(':', '_')}")
    if os.path.isdir(tree):
        return tree
    path = fetch(f"{source.directory}/{name}", os.path.join(cache, "tarballs", name), digest)
    part = tree + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    with tarfile.open(path) as archive:
        for member in archive:
            parts = [p for p in member.name.split("/") if p not in ("", ".")]
            if ".." in parts or not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
                continue
            member.mode |= 0o700 if member.isdir() else 0o600
            try:
                archive.extract(member, part, filter="tar") if hasattr(tarfile, "tar_filter") else archive.extract(member, part)
            except (OSError, tarfile.TarError):
                continue
    entries = os.listdir(part)
    root = os.path.join(part, entries[0]) if len(entries) == 1 and os.path.isdir(os.path.join(part, entries[0])) else part
    shutil.rmtree(os.path.join(root, "debian"), ignore_errors=True)
    os.rename(root, tree)
    shutil.rmtree(part, ignore_errors=True)
    return tree


def detect(fitout, tree):
    """What Fitout found, as its JSON."""
    command = [fitout, "init", "--dry-run", "--format", "json", "--suite", SUITE, "-C", tree]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        raise OSError(run.stderr.strip().split("\n")[0])
    return json.loads(run.stdout)


class Result:
    """The comparison of one package."""

    def __init__(self, source, found, archive):
        self.source = source
        self.rejected = {p["name"]: p for p in found["rejectedPackages"]}
        packages = {p["name"]: p for p in found["packages"]}
        closure = archive.closure([["build-essential"]] + [[name] for name in packages])
        self.hits = [g for g in source.labels if archive.is_found(g, closure)]
        self.misses = [g for g in source.labels if g not in self.hits]
        wanted = archive.closure([["build-essential"]] + source.all_groups)
        # Every alternative is as good as the first.
        wanted |= archive.closure([[n] for g in source.labels for n in g if n in archive.depends])
        self.right, self.surplus = [], []
        for name, package in packages.items():
            if kind(name, archive) not in ("library", "tool"):
                continue
            depends = archive.depends.get(name, [])
            is_right = bool(wanted & archive.stands_for(name)) or (
                name in archive.empty and depends and all(wanted & set(g) for g in depends))
            (self.right if is_right else self.surplus).append(package)


def share(part, whole):
    """A proportion with three digits."""
    return f"{part / whole:.3f}" if whole else "-"


def report(results, archive, verbose):
    """Prints misses and surplus, and the table."""
    if verbose:
        for result in results:
            if not result.misses and not result.surplus:
                continue
            print(f"{result.source.name} {result.source.version} ({result.source.stratum})")
            for names in result.misses:
                print(f"  - {' | '.join(names)}")
            for package in result.surplus:
                print(f"  + {package['name']} ({package['phase']}) {package['reason']}: {' '.join(package['evidence'][:3])}")
            for package in result.rejected.values():
                print(f"    ? {package['name']} ({package['phase']}) {package['reason']}: {package['evidence']}")
        print()
        for title, counter in (("missed", collections.Counter(" | ".join(g) for r in results for g in r.misses)),
                               ("surplus", collections.Counter(p["name"] for r in results for p in r.surplus))):
            print(title + ":", ", ".join(f"{name} {count}" for name, count in counter.most_common(60)))
        print()
    print("| ecosystem | packages | labels | recall | of libraries | of tools | found | precision |")
    print("|---" * 8 + "|")
    names = [name for name, _, _, _ in STRATA if any(r.source.stratum == name for r in results)]
    for name in names + ["all"]:
        chosen = [r for r in results if name in (r.source.stratum, "all")]
        counts = {}
        for what in ("library", "tool"):
            hits = sum(kind(g[0], archive) == what for r in chosen for g in r.hits)
            counts[what] = hits, hits + sum(kind(g[0], archive) == what for r in chosen for g in r.misses)
        hits, labels = (counts["library"][i] + counts["tool"][i] for i in (0, 1))
        right, surplus = sum(len(r.right) for r in chosen), sum(len(r.surplus) for r in chosen)
        print(f"| {name} | {len(chosen)} | {labels} | {share(hits, labels)} | {share(*counts['library'])} "
              f"| {share(*counts['tool'])} | {right + surplus} | {share(right, right + surplus)} |")


def main():
    parser = argparse.ArgumentParser(description="Measures which system packages `fitout init` finds, by Debian's Build-Depends.")
    parser.add_argument("--fitout", default=".build/release/fitout", help="the program (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which part of the archive, and which packages of it (default: 1)")
    parser.add_argument("--number", type=int, default=150, help="how many source packages (default: 150)")
    parser.add_argument("--language", action="append", default=[], help="only these ecosystems: " + ", ".join(s[0] for s in STRATA))
    parser.add_argument("--cache", default=os.path.expanduser("~/.cache/fitout-labels"), help="folder for downloads and trees")
    parser.add_argument("--size", type=float, default=8, help="largest tarball in MB (default: 8)")
    parser.add_argument("--verbose", "-v", action="store_true", help="print what is missed and what is too much")
    arguments = parser.parse_args()

    indexes = {name: fetch(f"dists/{SUITE}/main/{path}", os.path.join(arguments.cache, f"{name}.xz"))
               for name, path in (("Sources", "source/Sources.xz"), ("Packages", "binary-amd64/Packages.xz"))}
    archive = Archive(indexes["Packages"])
    sources = [Source(fields, archive, int(arguments.size * 1_000_000)) for fields in stanzas(indexes["Sources"])]
    chosen = take(queue(sources, arguments.seed, arguments.language), arguments.number, arguments.cache)

    def measure(pair):
        source, tree = pair
        try:
            return Result(source, detect(os.path.abspath(arguments.fitout), tree), archive)
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            print(f"{source.name}: {error}", file=sys.stderr)
            return None

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = [r for r in pool.map(measure, chosen) if r]
    report(results, archive, arguments.verbose)


if __name__ == "__main__":
    main()
