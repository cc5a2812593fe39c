#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0

"""Compresses a sorted table in blocks, so that one look-up decompresses one of them."""

import subprocess

BLOCK = 1 << 14
SKIPPABLE = 0x184D2A50


def packed(text):
    """Frames of zstd with whole lines of `text`, behind a skippable frame with the first key and the start of each.

    One thread and a fixed level: the same text gives the same bytes.
    """
    entries, frames, start, place = [], [], 0, 0
    while start < len(text):
        end = len(text) if start + BLOCK >= len(text) else text.rindex(b"\n", start, start + BLOCK) + 1
        frame = subprocess.run(["zstd", "-q", "-c", "-19", "--single-thread", "--check",
                                f"--stream-size={end - start}"], input=text[start:end],
                               stdout=subprocess.PIPE, check=True).stdout
        key = text[start:text.index(b"\n", start)].split(b"\t")[0]
        entries.append(key + b"\t%d\n" % place)
        place += len(frame)
        frames.append(frame)
        start = end
    index = b"".join(entries)
    return SKIPPABLE.to_bytes(4, "little") + len(index).to_bytes(4, "little") + index + b"".join(frames)
