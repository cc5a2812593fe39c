#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""The suites of the catalog, in the order of preference, and their indexes."""

import archive

# codename, distribution, whether it only changes for corrections, pockets, components
SUITES = [
    ("trixie", "debian", True, [""], ["main"]),
    ("bookworm", "debian", True, [""], ["main"]),
    ("noble", "ubuntu", True, ["", "-updates"], ["main", "universe"]),
    ("jammy", "ubuntu", True, ["", "-updates"], ["main", "universe"]),
    ("sid", "debian", False, [""], ["main"]),
    ("bullseye", "debian", True, [""], ["main"]),
]


class Suite:
    """The indexes of one suite on disk."""

    def __init__(self, name, distribution, stable, releases, components):
        self.name, self.distribution, self.stable = name, distribution, stable
        self.day = max(release.day for release in releases)
        self.packages, self.sources, self.contents = [], [], []
        for release in releases:
            for component in components:
                self.packages.append(release.path(f"{component}/binary-amd64/Packages.xz"))
                self.sources.append(release.path(f"{component}/source/Sources.xz"))
            names = [f"{component}/Contents-{arch}.gz" for component in components for arch in ("amd64", "all")]
            if not release.pocket.endswith("-updates"):
                # Ubuntu has one Contents file for all components of a pocket; that of -updates repeats every version
                # ever published and says nothing new about which package holds what.
                self.contents += filter(None, map(release.path, names + ["Contents-amd64.gz"]))


def open_suites(folder):
    """All suites, downloaded and verified."""
    keyrings, result = {"debian": archive.DEBIAN_KEYRING}, []
    for name, distribution, stable, pockets, components in SUITES:
        mirror = archive.MIRRORS[distribution]
        releases = [archive.Release(folder, mirror, name + pocket, keyrings[distribution]) for pocket in pockets]
        if "ubuntu" not in keyrings:
            keyrings["ubuntu"] = archive.ubuntu_keyring(folder, releases[0])
        result.append(Suite(name, distribution, stable, releases, components))
    return result
