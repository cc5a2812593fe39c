#!/bin/bash
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Measures how `fitout build` scales with packages and cores, beside what the machine's cores can decode, compress and hash.
#
#   Benchmarks/scaling.sh [-f FITOUT] [-n RUNS] [-w FOLDER]
#
#   -f  the program, a release build; `fitout` of PATH by default
#   -n  runs of each measurement, of which the median is printed; 3 by default
#   -w  where the store and results go; a new temporary folder by default. A store that is there is used again
#
# Packages come from the store, converted ones are removed before each run: no network counts. Needs a C compiler, python3,
# GNU time and taskset, some 12 GB of disk, and for the first run the network. Prints a table, tab-separated, and
# writes it to FOLDER/scaling.tsv, and the plot of it to FOLDER/scaling.svg.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/measure.sh"

options 3 "$@"

# The libraries are those that Fitout is built with, so that the limit is that of the same code.
xz=$here/../Sources/CXZ/upstream zstd=$here/../Sources/CZstandard/upstream
[ -x limits ] || cc -O2 -w -DHAVE_CONFIG_H -DZSTD_DISABLE_ASM -I"$xz" -I"$xz/common" -I"$xz/liblzma/api" -I"$zstd" \
    $(printf -- "-I$xz/liblzma/%s " check common delta lz lzma rangecoder simple) -o limits \
    "$here/limits.c" "$xz"/liblzma/*/*.c "$zstd"/*/*.c
sha=$(python3 - << 'END'
import hashlib, time
data = bytes(1 << 26)
start = time.process_time()
for _ in range(8): hashlib.sha256(data)
print(8 * len(data) / 1e6 / (time.process_time() - start))
END
)

# Sets of packages, each with the ones before it, of which none has a script that would run in the sandbox.
sets=(
    "curl"
    "python3 git ca-certificates build-essential"
    "nodejs npm"
    "ruby-full php-cli default-jdk-headless golang rustc cargo"
    "rails python3-pandas python3-sklearn libboost-all-dev clang llvm-dev node-typescript webpack"
)

printf 'packages\tunpacked MB\tcores\twall s\tCPU s\tpeak MB\tlimit CPU s\n' | tee scaling.tsv
chosen=
for packages in "${sets[@]}"; do
    chosen="$chosen $packages"
    mkdir -p repository
    { printf 'fitout: 1\nbase: debian:trixie\nplatforms: [linux/amd64]\npackages:\n'; printf '  - %s\n' $chosen; } \
        > repository/fitout.yaml
    "$fitout" lock -C repository --store store > /dev/null 2>&1
    "$fitout" build -C repository --store store --no-scripts > /dev/null 2>&1
    python3 - << 'END' > debs
import json
for platform in json.load(open("repository/fitout.lock"))["platforms"].values():
    for package in platform["packages"]: print("store/blobs/sha256/" + package["digest"].removeprefix("sha256:"))
END
    read -r unpacked decode compress < <(./limits < debs)
    # Each byte is hashed once as a file's content and once as a layer's.
    limit=$(python3 -c "print(round($decode + $compress + 2 * $unpacked / $sha, 2))")
    for cores in $(seq "$(nproc)"); do
        [ $((cores & (cores - 1))) -eq 0 ] || continue
        row=$(measure "$(wc -l < debs)" 'rm -rf store/records/fragment store/records/layer store/records/layers' \
            "taskset --cpu-list 0-$((cores - 1)) \"$fitout\" build -C repository --store store --no-scripts")
        printf '%s\t%s\t%s\t%s\t%s\n' "${row%%$'\t'*}" "$unpacked" "$cores" "${row#*$'\t'}" "$limit" | tee -a scaling.tsv
    done
done
python3 "$here/plot.py" scaling.tsv > scaling.svg
