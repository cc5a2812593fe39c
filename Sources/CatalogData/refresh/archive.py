#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Verified indexes of Debian and Ubuntu archives: signature, then size and SHA-256 of every file."""

import datetime
import hashlib
import io
import lzma
import os
import subprocess
import tarfile
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime

DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
MIRRORS = {
    "debian": "http://deb.debian.org/debian",
    "ubuntu": "http://archive.ubuntu.com/ubuntu",
}


class Folder:
    """Files by SHA-256, so that a second run downloads only what changed."""

    def __init__(self, path, stale=()):
        self.path, self.stale = path, stale
        os.makedirs(path, exist_ok=True)

    def blob(self, urls, size, digest):
        """The file of that digest, from the first of `urls` that has it."""
        path = os.path.join(self.path, digest)
        if os.path.exists(path):
            return path
        for url in urls:
            try:
                content = fetch(url)
            except urllib.error.HTTPError as problem:
                print(f"{url}: {problem}", flush=True)
                continue
            if len(content) == size and hashlib.sha256(content).hexdigest() == digest:
                with open(path + ".part", "wb") as file:
                    file.write(content)
                os.replace(path + ".part", path)
                return path
            if any(url.endswith(suffix) for suffix in self.stale):
                print(f"warning: {url}: not what the signed index promises; taken all the same, as asked", flush=True)
                path = os.path.join(self.path, hashlib.sha256(content).hexdigest())
                with open(path, "wb") as file:
                    file.write(content)
                return path
            print(f"{url}: not what the signed index promises", flush=True)
        raise SystemExit(f"error: no source of {urls[-1]} has the content that the signed index promises")


def fetch(url):
    print("fetching", url, flush=True)
    with urllib.request.urlopen(url) as response:
        return response.read()


class Release:
    """One pocket of a suite, as its signed InRelease describes it."""

    def __init__(self, folder, mirror, pocket, keyring):
        self.folder, self.pocket, self.base = folder, pocket, f"{mirror}/dists/{pocket}"
        signed = fetch(f"{self.base}/InRelease")
        verified = subprocess.run(
            ["gpgv", "--quiet", "--keyring", keyring, "--output", "-"], input=signed, capture_output=True)
        if verified.returncode != 0:
            raise SystemExit(f"error: {self.base}/InRelease: {verified.stderr.decode().strip()}")
        self.files, self.date, hashes = {}, None, False
        for line in verified.stdout.decode().splitlines():
            if line.startswith("Date:"):
                self.date = parsedate_to_datetime(line[5:].strip().replace("UTC", "+0000"))
            if not line.startswith(" "):
                hashes = line.startswith("SHA256:")
            elif hashes:
                digest, size, path = line.split()
                self.files[path] = (digest, int(size))

    @property
    def day(self):
        return self.date.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d")

    def path(self, name):
        """Where the index `name` lies on disk; None where the pocket has none."""
        if name not in self.files:
            return None
        digest, size = self.files[name]
        folder = os.path.dirname(name)
        by_hash = "/".join(part for part in (self.base, folder, "by-hash/SHA256", digest) if part)
        return self.folder.blob([by_hash, f"{self.base}/{name}"], size, digest)


def stanzas(path):
    """The stanzas of a Packages.xz or Sources.xz: fields by name, continuation lines joined."""
    fields, last = {}, None
    with lzma.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line == "\n":
                if fields:
                    yield fields
                fields, last = {}, None
            elif line[0] in " \t":
                fields[last] += " " + line.strip()
            else:
                last, _, value = line.partition(":")
                fields[last] = value.strip()
    if fields:
        yield fields


def ubuntu_keyring(folder, release):
    """Ubuntu's keyring, out of the package that Debian's own signed archive carries."""
    for fields in stanzas(release.path("main/binary-amd64/Packages.xz")):
        if fields["Package"] == "ubuntu-keyring":
            url = f"{MIRRORS['debian']}/{fields['Filename']}"
            deb = folder.blob([url], int(fields["Size"]), fields["SHA256"])
            tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], capture_output=True, check=True).stdout
            with tarfile.open(fileobj=io.BytesIO(tar)) as members:
                key = members.extractfile("./usr/share/keyrings/ubuntu-archive-keyring.gpg").read()
            path = os.path.join(folder.path, "ubuntu-archive-keyring.gpg")
            with open(path, "wb") as file:
                file.write(key)
            return path
    raise SystemExit("error: Debian's archive has no ubuntu-keyring")
