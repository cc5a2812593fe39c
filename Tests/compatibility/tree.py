#!/usr/bin/env python3
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
"""Lists a root file system, one path on a line: type, mode, owner, size or link, content, attributes, hard links.

    tree.py layout FOLDER ARCHITECTURE   the layers of an OCI image layout, put together as the specification says
    tree.py folder FOLDER                what an engine has unpacked
    tree.py tar FILE                     what an engine has exported
"""
import gzip
import hashlib
import json
import os
import stat
import subprocess
import sys
import tarfile

# What runtimes put into every container.
MADE_BY_ENGINES = {
    b".dockerenv", b"dev", b"etc/hostname", b"etc/hosts", b"etc/mtab", b"etc/resolv.conf", b"proc", b"run/.containerenv",
    b"sys",
}


class Entry:
    def __init__(self, kind, mode, uid, gid, detail, attributes):
        self.kind, self.mode, self.uid, self.gid = kind, mode, uid, gid
        self.detail, self.attributes = detail, attributes

    def line(self, path, first):
        owner = f"{self.uid}:{self.gid}"
        mode = "-" if self.kind == "link" else f"{self.mode:04o}"
        parts = [quoted(path), self.kind, mode, owner, self.detail]
        parts += [f"{name}={value.hex()}" for name, value in sorted(self.attributes.items())]
        if first is not None:
            parts.append("linked with " + quoted(first))
        return " ".join(part for part in parts if part)


def quoted(path):
    return path.decode("utf-8", "backslashreplace").replace(" ", "\\x20").replace("\n", "\\x0a")


def content(stream):
    digest, size = hashlib.sha256(), 0
    while block := stream.read(1 << 20):
        digest.update(block)
        size += len(block)
    return f"{size} {digest.hexdigest()}"


def kept(name):
    return name == "security.capability" or name.startswith("user.") and not name.startswith("user.overlay.")


def apply(archive, tree):
    """Lays a tar over a tree: whiteouts act on what was there before, links share their target's entry."""
    below = set(tree)
    added = {}
    for info in archive:
        path = os.fsencode(info.name).lstrip(b"/")
        while path.startswith(b"./"):
            path = path[2:]
        path = path.rstrip(b"/")
        if path in (b"", b"."):
            continue
        folder, name = os.path.split(path)
        if name == b".wh..wh..opq":
            remove(tree, below, folder, itself=False)
        elif name.startswith(b".wh."):
            remove(tree, below, os.path.join(folder, name[4:]), itself=True)
        elif info.islnk():
            added[path] = added[os.fsencode(info.linkname).lstrip(b"/").removeprefix(b"./")]
        else:
            added[path] = entry(info, archive)
    for path, new in added.items():
        if path in tree and tree[path].kind == "folder" and new.kind != "folder":
            remove(tree, below, path, itself=True)
        tree[path] = new


def entry(info, archive):
    prefix = "SCHILY.xattr."
    attributes = {
        key[len(prefix):]: value.encode("utf-8", "surrogateescape") for key, value in info.pax_headers.items()
        if key.startswith(prefix) and kept(key[len(prefix):])
    }
    if info.isreg():
        kind, detail = "file", content(archive.extractfile(info))
    elif info.isdir():
        kind, detail = "folder", ""
    elif info.issym():
        kind, detail = "link", quoted(os.fsencode(info.linkname))
    else:
        kind, detail = "special", f"{info.type.decode()} {info.devmajor}:{info.devminor}"
    return Entry(kind, info.mode, info.uid, info.gid, detail, attributes)


def remove(tree, below, path, itself):
    gone = [other for other in below if other.startswith(path + b"/") or itself and other == path]
    for other in gone:
        tree.pop(other, None)
        below.discard(other)


def opened(path):
    """A layer or an exported tar, uncompressed."""
    with open(path, "rb") as file:
        magic = file.read(4)
    if magic == b"\x28\xb5\x2f\xfd":
        return subprocess.Popen(["zstd", "-dc", path], stdout=subprocess.PIPE).stdout
    return gzip.open(path) if magic[:2] == b"\x1f\x8b" else open(path, "rb")


def tree_of_tars(paths):
    tree = {}
    for path in paths:
        with opened(path) as stream:
            with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as archive:
                apply(archive, tree)
    return tree


def tree_of_layout(folder, architecture):
    def blob(descriptor):
        return os.path.join(folder, "blobs", *descriptor["digest"].split(":"))

    def document(path):
        with open(path, "rb") as file:
            return json.load(file)

    def images(index):
        for descriptor in index["manifests"]:
            if descriptor["mediaType"].endswith(".index.v1+json"):
                yield from images(document(blob(descriptor)))
            else:
                yield document(blob(descriptor))

    for manifest in images(document(os.path.join(folder, "index.json"))):
        if document(blob(manifest["config"]))["architecture"] == architecture:
            return tree_of_tars([blob(layer) for layer in manifest["layers"]])
    sys.exit(f"{folder} has no image for {architecture}")


def tree_of_folder(folder):
    tree, files = {}, {}
    root = os.fsencode(folder)
    pending = [b""]
    while pending:
        place = pending.pop()
        for item in os.scandir(os.path.join(root, place)):
            path = os.path.join(place, item.name)
            status = item.stat(follow_symlinks=False)
            names = os.listxattr(item.path, follow_symlinks=False)
            attributes = {name: os.getxattr(item.path, name, follow_symlinks=False) for name in names if kept(name)}
            if stat.S_ISREG(status.st_mode):
                key = (status.st_dev, status.st_ino)
                if status.st_nlink > 1 and key in files:
                    tree[path] = files[key]
                    continue
                with open(item.path, "rb") as file:
                    kind, detail = "file", content(file)
            elif stat.S_ISDIR(status.st_mode):
                kind, detail = "folder", ""
                pending.append(path)
            elif stat.S_ISLNK(status.st_mode):
                kind, detail = "link", quoted(os.readlink(item.path))
            else:
                kind, detail = "special", f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
            mode = stat.S_IMODE(status.st_mode)
            tree[path] = Entry(kind, mode, status.st_uid, status.st_gid, detail, attributes)
            if kind == "file":
                files[(status.st_dev, status.st_ino)] = tree[path]
    return tree


def listing(tree):
    groups = {}
    for path in sorted(tree):
        groups.setdefault(id(tree[path]), []).append(path)
    for path in sorted(tree):
        if not any(path == other or path.startswith(other + b"/") for other in MADE_BY_ENGINES):
            group = groups[id(tree[path])]
            yield tree[path].line(path, group[0] if len(group) > 1 else None)


def main():
    kind, *arguments = sys.argv[1:]
    trees = {"layout": tree_of_layout, "folder": tree_of_folder, "tar": lambda path: tree_of_tars([path])}
    for line in listing(trees[kind](*arguments)):
        print(line)


main()
