#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Which of several packages is the one to name."""

import collections
import re

PRIORITY = {"required": 4, "important": 3, "standard": 2, "optional": 1}


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
        direct = dict(self.weight)
        for name, package in packages.items():
            needs = list(alternatives(package.get("Depends", "")))
            if len(needs) == 1:
                self.weight[needs[0]] += direct.get(name, 0) // 2

    def best(self, kind, key, names, limit):
        """At most `limit` of `names`, best first, metapackages before what they stand for."""
        wanted = key.rpartition(":")[2].lower()

        def order(name):
            package = self.packages[name]
            development = name.endswith("-dev") or package.get("Section", "").endswith("libdevel")
            own = kind == "program" and (name == key or self.leads(key, name))
            return (
                not own,
                kind not in ("program", "module") and not development,
                -PRIORITY.get(package.get("Priority"), 0) if kind == "program" else 0,
                -self.weight[name],
                wanted not in name,
                len(name),
                name,
            )

        result = []
        for name in sorted(names, key=order):
            if kind == "program" and self.leads(key, name):
                result.append(key)
            if name in self.metapackage:
                result.append(self.metapackage[name])
            result.append(name)
        return list(dict.fromkeys(result))[:limit]

    def leads(self, name, owner):
        """Whether the package `name` exists to bring `owner`."""
        package = self.packages.get(name)
        return package is not None and owner != name and owner in alternatives(package.get("Depends", ""))


def unversioned(name):
    """`gcc` for `gcc-14`, `libboost-dev` for `libboost1.83-dev`, `python3-dev` for `python3.13-dev`."""
    if match := re.match(r"(.*python3)\.\d+(.*)$", name):
        return match[1] + match[2]
    return re.sub(r"-?\d+(?:\.\d+)*(?=-|$)", "", name, count=1)
