#!/bin/sh
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Measures `fitout init` on trees of 1,000, 10,000 and 100,000 files, and on others that are given, beside `git ls-files`,
# which walks the same tree by the same ignore files.
#
#   Benchmarks/init.sh [-f FITOUT] [-n RUNS] [-w FOLDER] [TREE…]
#
#   -f  the program, a release build; `fitout` of PATH by default
#   -n  runs of each measurement, of which the median is printed; 10 by default
#   -w  where the trees go; a new temporary folder by default. Trees that are there are used again
#
# Needs git, python3, hyperfine and GNU time. Prints a table, tab-separated: measurement, wall and CPU milliseconds, peak
# memory in MB.
set -eu
. "$(dirname "$0")/measure.sh"

here=$(pwd)
options 10 "$@"
shift $((OPTIND - 1))

# compare NAME COMMAND…: the medians of a command.
compare() {
    name=$1
    shift
    hyperfine --shell=none --warmup 2 --runs "$runs" --export-json times.json "$*" > log 2>&1 || { cat log >&2; exit 1; }
    /usr/bin/time --output=memory --format=%M "$@" > /dev/null 2>&1
    python3 - "$name" << 'EOF'
import json, statistics, sys
result = json.load(open("times.json"))["results"][0]
cpu = (result["user"] + result["system"]) * 1000
print(sys.argv[1], f"{result['median'] * 1000:.1f}", f"{cpu:.1f}", int(open("memory").read()) // 1024, sep="\t")
EOF
}

printf 'measurement\twall ms\tCPU ms\tpeak MB\n'
for files in 1000 10000 100000; do
    if [ ! -e "tree$files" ]; then
        python3 - "$files" <<'EOF'
import os, sys
count = int(sys.argv[1])
root = f"tree{count}"
for number in range(count):
    folder = f"{root}/src/part{number // 1000}/module{number // 20 % 50}"
    os.makedirs(folder, exist_ok=True)
    ending = ("py", "py", "py", "txt", "c", "h", "md", "json", "js", "rs")[number % 10]
    with open(f"{folder}/file{number}.{ending}", "w") as file:
        file.write("x = 1\n")
with open(f"{root}/pyproject.toml", "w") as file:
    file.write('[project]\nname = "big"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["requests"]\n')
with open(f"{root}/.gitignore", "w") as file:
    file.write("build/\n*.o\n__pycache__/\n")
EOF
        git -C "tree$files" init --quiet
    fi
    compare "$files files, git ls-files" git -C "tree$files" ls-files --cached --others --exclude-standard
    compare "$files files, fitout init" "$fitout" init -C "tree$files" --dry-run
done
for tree in "$@"; do
    tree=$(cd "$here" && realpath "$tree")
    compare "$tree, git ls-files" git -C "$tree" ls-files --cached --others --exclude-standard
    compare "$tree, fitout init" "$fitout" init -C "$tree" --dry-run
done
