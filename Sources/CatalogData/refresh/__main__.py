#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Regenerates the catalog's data from the archives of Debian and Ubuntu; docs/catalog.md says how and when."""

import argparse
import os
import re
import sys

sys.dont_write_bytecode = True

import archive
import blocks
import contents
import known
import ranking
import suites
import tables
import tools

# What a package needs at least, for headers that only -I makes known by their bare names: three that build with it.
MINIMUM_WEIGHT = 30
FINDERS = {"p": "pkgconfig", "h": "header", "x": "program", "l": "library"}
# Provided names that nobody writes by hand: ABI hashes and the parts of Rust crates.
INTERNAL_NAME = re.compile(r"librust-|libghc-.*-[0-9a-f]{5}$|.*-dev-[\d.]+-[0-9a-z]{5}$|.*-abi-|perlapi-|ocaml-base-.*-[a-z0-9]{5}$")


def contents_of(suite):
    """(offers by tool, {table: {key: packages}}) of one suite."""
    packages = {}
    for path in suite.packages:
        for stanza in archive.stanzas(path):
            packages[stanza["Package"]] = stanza  # the last pocket is the newest
    sources = [stanza for path in suite.sources for stanza in archive.stanzas(path)]
    rank = ranking.Ranking(packages, sources)
    found = contents.read(suite.contents, packages)
    for key in found.pop("derived", {}):
        # Names such as `utils.h` in folders of libraries that hardly anybody uses say nothing.
        names = found["header"].get(key, set())
        found["header"][key] = {n for n in names if rank.weight[n] >= MINIMUM_WEIGHT or contents.stem(key) in n}
    found["header"] = {key: names for key, names in found["header"].items() if names}
    best = {
        kind: {key: rank.best(kind, key, names, tables.LIMIT) for key, names in keyed.items()}
        for kind, keyed in found.items()
    }
    complete(best, packages)
    offers = {tool: tools.offers(tool, packages) for tool in tools.TOOLS}
    development = {}
    for letter, kind in (("c", "cmake"), ("l", "library"), ("p", "pkgconfig")):
        development.update({f"{letter}:{key}": names for key, names in best[kind].items()})
    return offers, {
        "development": development,
        "headers": tables.folded(best["header"]),
        "modules": best["module"],
        "names": names_of(packages, rank),
        "programs": best["program"],
    }


def complete(best, packages):
    """Adds what paths do not tell."""
    def present(names):
        return [name for name in names.split() if name in packages]

    for table, kind in ((known.PROGRAMS, "program"), (known.LIBRARIES, "library"), (known.HEADERS, "header")):
        for key, names in table.items():
            if candidates := present(names):
                best[kind][key] = list(dict.fromkeys(candidates + best[kind].get(key, [])))[: tables.LIMIT]
    own = {key[4:] for key in best["cmake"] if key.startswith("Find")}
    best["cmake"] = {key: names for key, names in best["cmake"].items() if not key.startswith("Find")}
    for module in sorted(own & known.CMAKE_MODULES.keys()):
        candidates = []
        for finder in known.CMAKE_MODULES[module].split():
            letter, colon, key = finder.partition(":")
            candidates += best[FINDERS[letter]].get(key, []) if colon else present(finder)
        if candidates:
            candidates += best["cmake"].get(module, [])
            best["cmake"][module] = list(dict.fromkeys(candidates))[: tables.LIMIT]


def names_of(packages, rank):
    """Names of packages, without packages behind them, and names that packages provide."""
    provided = {}
    for name, package in packages.items():
        for virtual in ranking.alternatives(package.get("Provides", "")):
            if virtual not in packages and not INTERNAL_NAME.match(virtual):
                provided.setdefault(virtual, set()).add(name)
    result = {virtual: rank.best("package", virtual, names, tables.LIMIT) for virtual, names in provided.items()}
    result.update({name: [] for name in packages})
    return result


def offer_lines(all_suites, offers):
    yield "day\t" + max(suite.day for suite in all_suites)
    for suite, by_tool in zip(all_suites, offers):
        yield "\t".join(["suite", suite.name, suite.distribution, "stable" if suite.stable else "unstable"])
        for tool in sorted(by_tool):
            for version, names in by_tool[tool]:
                line = ".".join(version.split(".")[:2])
                released = tools.RELEASED.get(tool, {}).get(line, "-")
                yield "\t".join(["tool", tool, version, released, " ".join(names)])


def main():
    parser = argparse.ArgumentParser(prog="refresh", description=__doc__)
    parser.add_argument("--cache", required=True, help="a folder for downloaded indexes, by digest")
    parser.add_argument("--accept-stale", action="append", default=[], metavar="PATH",
                        help="take the index whose address ends so even where the mirror's copy lags its signature")
    arguments = parser.parse_args()
    target = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")

    opened = suites.open_suites(archive.Folder(arguments.cache, arguments.accept_stale))
    results = []
    for suite in opened:
        print("reading", suite.name, flush=True)
        results.append(contents_of(suite))
    with open(os.path.join(target, "offers.tsv"), "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in offer_lines(opened, [offers for offers, _ in results]))
    for table in sorted(results[0][1]):
        text = tables.merged([found[table] for _, found in results]).encode()
        path = os.path.join(target, f"{table}.zst")
        with open(path, "wb") as file:
            file.write(blocks.packed(text))
        print(f"{table}: {len(text)} bytes, {os.path.getsize(path)} compressed", flush=True)


main()
