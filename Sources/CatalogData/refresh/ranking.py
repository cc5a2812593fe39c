#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Which of several packages is the one to name."""

import collections
import re

import known

PRIORITY = {"required": 4, "important": 3, "standard": 2, "optional": 1}

# Packages of languages, whose own modules come before newer ones of the same name.
LANGUAGES = {"perl", "python3", "ruby"}


def alternatives(field):
    """The first names of a dependency field, without versions and architectures."""
    for clause in field.split(","):
        if name := re.split(r"[\s(:\[|<]", clause.strip(), maxsplit=1)[0]:
            yield name


class Ranking:
    """The packages of one suite and how much the archive itself leans on each."""

    def __init__(self, packages, sources):
        self.packages = packages
        self.weight = collections.Counter()
        self.metapackage = {}
        for source in sources:
            for name in set(alternatives(source.get("Build-Depends", ""))):
                self.weight[name] += 10
        for package in packages.values():
            for name in set(alternatives(package.get("Depends", ""))):
                self.weight[name] += 1
        # gcc for gcc-14, libboost-dev for libboost1.83-dev: the name that stays when the version moves on.
        for name, package in packages.items():
            for needed in set(alternatives(package.get("Depends", ""))):
                if needed != name and needed in packages and unversioned(needed) == name:
                    self.metapackage[needed] = name
        # A package that others stand in front of (libjpeg-dev for libjpeg62-turbo-dev) inherits their weight.
        direct = collections.Counter(self.weight)
        inherited = direct
        for _ in range(3):
            passed_on = collections.Counter()
            for name, package in packages.items():
                needs = list(alternatives(package.get("Depends", "")))
                if name.endswith("-dev"):
                    needs = [needed for needed in needs if needed.endswith("-dev")]
                if len(needs) == 1:
                    passed_on[needs[0]] += inherited.get(name, 0) // 2
            self.weight.update(passed_on)
            inherited = passed_on
        # libglib2.0-dev for libgio-2.0-dev, python3-dev for libpython3-dev: of the same source, and what people name.
        self.leader = {}
        for name, package in packages.items():
            for needed in set(alternatives(package.get("Depends", ""))):
                if needed in packages and source_of(packages[needed]) == source_of(package) and (
                        direct[name] > 3 * direct[needed] and self.weight[name] >= self.weight[needed]):
                    current = self.leader.get(needed)
                    if current is None or (-self.weight[name], name) < (-self.weight[current], current):
                        self.leader[needed] = name

    def best(self, kind, key, names, limit):
        """At most `limit` of `names`, best first, metapackages before what they stand for."""
        wanted = key.rpartition(":")[2].lower()

        def order(name):
            package = self.packages[name]
            development = name.endswith("-dev") or package.get("Section", "").endswith("libdevel")
            own = kind == "program" and (name == key or self.leads(key, name))
            return (
                not own,
                name not in known.PREFERRED,
                not development if kind not in ("program", "module") or key.startswith("ocaml:") else False,
                -PRIORITY.get(package.get("Priority"), 0) if kind == "program" else 0,
                kind != "module" or self.leader.get(name) not in LANGUAGES,
                -self.weight[name],
                wanted not in name,
                len(name),
                name,
            )

        result = []
        for name in sorted(names, key=order):
            if kind == "program" and self.leads(key, name):
                result.append(key)
            if name + "-dev" in self.packages and key.startswith("ocaml:"):
                result.append(name + "-dev")
            if kind not in ("package", "program") and name in self.leader and (kind != "module" or wanted not in name):
                result.append(self.leader[name])
            if name in self.metapackage:
                result.append(self.metapackage[name])
            result.append(name)
        return list(dict.fromkeys(result))[:limit]

    def leads(self, name, owner):
        """Whether the package `name` exists to bring `owner`."""
        package = self.packages.get(name)
        if package is None or owner == name:
            return False
        return owner in alternatives(package.get("Depends", "") + "," + package.get("Pre-Depends", ""))


def source_of(package):
    return package.get("Source", package["Package"]).split(" ")[0]


def unversioned(name):
    """`gcc` for `gcc-14`, `libboost-dev` for `libboost1.83-dev`, `python3-dev` for `python3.13-dev`."""
    if match := re.match(r"(.*python3)\.\d+(.*)$", name):
        return match[1] + match[2]
    return re.sub(r"-?\d+(?:\.\d+)*(?=-|$)", "", name, count=1)
