#!/bin/sh
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Measures `fitout init` on trees of 1,000, 10,000 and 100,000 files beside `git ls-files`, which walks the same tree by
# the same ignore files.
#
#   Benchmarks/init.sh [-f FITOUT] [-n RUNS] [-w FOLDER]
#
#   -f  the program, a release build; `fitout` of PATH by default
#   -n  runs of each measurement, of which the median is printed; 5 by default
#   -w  where the trees go; a new temporary folder by default. Trees that are there are used again
#
# Needs git, python3 and GNU time. Prints a table, tab-separated: measurement, wall seconds, CPU seconds, peak memory
# in MB.
set -eu
. "$(dirname "$0")/measure.sh"

options 5 "$@"

printf 'measurement\twall s\tCPU s\tpeak MB\n'
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
    measure "$files files, git ls-files" : "git -C tree$files ls-files --cached --others --exclude-standard"
    measure "$files files, fitout init" : "\"$fitout\" init -C tree$files --dry-run"
done
