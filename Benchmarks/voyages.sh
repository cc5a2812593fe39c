#!/bin/sh
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Takes the sources of Benchmarks/voyages.txt, source distributions of PyPI and upstream archives of Debian's sources, and
# gives each, unedited, to `fitout init`, `fitout build` and `fitout run --task test`. A voyage succeeds where all three
# end with status 0.
#
#   Benchmarks/voyages.sh [-f FITOUT] [-l LIST] [-w FOLDER] [-j JOBS] [-t SECONDS] [NAME…]
#
#   -f  the program; `fitout` of PATH by default
#   -l  the list; voyages.txt beside this script by default
#   -w  where sources, logs and results go; a new temporary folder by default. Sources that are there are not fetched
#       again, and voyages that succeeded there are not repeated
#   -j  voyages at a time; 2 by default
#   -t  seconds for each voyage; 600 by default
#   NAME…  only these entries of the list
#
# Needs python3 with pip, apt for what comes from Debian, and network access. Prints a table, tab-separated: requirement, result, seconds, reason; the
# same goes to results.tsv. Exits with 1 where a voyage fails that the list does not mark with `fails`.
set -u

here=$(cd "$(dirname "$0")" && pwd)
self=$here/$(basename "$0")
fitout=fitout list=$here/voyages.txt work= jobs=2 limit=600 one=
while getopts f:l:w:j:t:o: option; do
    case $option in
    f) fitout=$OPTARG ;;
    l) list=$OPTARG ;;
    w) work=$OPTARG ;;
    j) jobs=$OPTARG ;;
    t) limit=$OPTARG ;;
    o) one=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
case $fitout in
*/*) fitout=$(cd "$(dirname "$fitout")" && pwd)/$(basename "$fitout") ;;
esac
[ -n "$work" ] || work=$(mktemp -d)
mkdir -p "$work"
work=$(cd "$work" && pwd)

# Prints the result of a voyage and keeps it beside its log.
report() {
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" | tee "$work/$1.result"
}

# The line of a log that says most about a failure.
reason() {
    grep -aE '^(error:|E  +[A-Za-z.]*(Error|Exception)|ERROR |FAILED |[A-Za-z.]*Error:)|^=+ .*(failed|error).* =+$' "$1" |
        grep -aE '^error:|^=+ ' | tail -n 1 | cut -c1-160 | grep . || tail -n 1 "$1" | cut -c1-160
}

# Runs apt-get with folders of its own, so that it needs neither root nor the host's sources.
apt() {
    apt-get -qq -o Dir::State="$work/apt/state" -o Dir::Cache="$work/apt/cache" -o Dir::Etc::sourceparts=- \
        -o Dir::Etc::sourcelist="$work/apt/sources.list" -o APT::Sandbox::User= "$@"
}

# Fetches the upstream archive, without Debian's changes, of a source package of trixie.
fetch_upstream() {
    if [ ! -f "$work/apt/sources.list" ]; then
        mkdir -p "$work/apt/state/lists/partial" "$work/apt/cache/archives/partial"
        echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" \
            >"$work/apt/sources.list"
        apt update || return
    fi
    (cd "$2" && apt source --download-only --tar-only "$1")
}

# Fetches one source and unpacks it to sources/ENTRY.
fetch() {
    [ -d "$work/sources/$1" ] && return
    rm -rf "$work/archives/$1"
    mkdir -p "$work/archives/$1" "$work/sources"
    case $1 in
    debian:*) fetch_upstream "${1#debian:}" "$work/archives/$1" >"$work/$1.fetch.log" 2>&1 || return ;;
    *) fetch_distribution "$1" || return ;;
    esac
    unpack "$1"
}

# Fetches one source distribution of PyPI.
fetch_distribution() {
    python3 -m pip --quiet --disable-pip-version-check download --no-deps --no-binary "${1%%==*}" \
        --dest "$work/archives/$1" "$1" >"$work/$1.fetch.log" 2>&1
}

# Unpacks the only archive of an entry.
unpack() {
    python3 - "$work/archives/$1" "$work/sources/$1" <<'PYTHON'
import os, shutil, sys
folder, target = sys.argv[1:]
[archive] = [name for name in os.listdir(folder) if not name.endswith((".asc", ".sig"))]
shutil.rmtree(target + ".part", ignore_errors=True)
shutil.unpack_archive(os.path.join(folder, archive), target + ".part")
[root] = os.listdir(target + ".part")
os.rename(os.path.join(target + ".part", root), target)
os.rmdir(target + ".part")
PYTHON
}

# One voyage, on a copy of the source.
voyage() {
    grep -q "	pass	" "$work/$1.result" 2>/dev/null && { cat "$work/$1.result"; return; }
    [ -d "$work/sources/$1" ] || { report "$1" fetch 0 "$(tail -n 1 "$work/$1.fetch.log")"; return; }
    rm -rf "$work/trees/$1"
    mkdir -p "$work/trees"
    # Files of an archive may belong to anybody; a checkout belongs to who made it.
    cp -R --preserve=mode,timestamps,links "$work/sources/$1" "$work/trees/$1"
    cd "$work/trees/$1" || return
    start=$(date +%s)
    for stage in init build run; do
        case $stage in
        run) set -- "$1" run --task test ;;
        *) set -- "$1" $stage ;;
        esac
        name=$1
        shift
        timeout "$limit" "$fitout" "$@" >"$work/$name.$stage.log" 2>&1 </dev/null
        status=$?
        set -- "$name"
        if [ $status -ne 0 ]; then
            why=$(reason "$work/$1.$stage.log")
            [ $status -eq 124 ] && why="did not end within $limit s"
            report "$1" "$stage" $(($(date +%s) - start)) "$why"
            return
        fi
    done
    summary=$(grep -aE '[0-9]+ passed|^Ran [0-9]+ test|tests passed|^# PASS:|^Ok: ' "$work/$1.run.log" | tail -n 1 | tr -d '=' | sed 's/^ *//; s/ *$//')
    report "$1" pass $(($(date +%s) - start)) "$summary"
}

if [ -n "$one" ]; then
    voyage "$one"
    exit 0
fi

entries=$(sed 's/#.*//; s/[[:space:]].*//; /^$/d' "$list")
if [ $# -gt 0 ]; then
    all=$entries entries=
    for name in "$@"; do
        entry=$(printf '%s\n' "$all" | grep -E "^$name(==.*)?\$") || { echo "$name is not in $list" >&2; exit 2; }
        entries="$entries$entry
"
    done
fi
# One after another, so that PyPI is not pressed; voyages begin meanwhile.
for entry in $entries; do
    fetch "$entry"
    echo "$entry"
done |
    xargs -P "$jobs" -I {} sh "$self" -f "$fitout" -l "$list" -w "$work" -t "$limit" -o {} |
    tee "$work/results.tsv"
failed=0
while IFS='	' read -r entry result _; do
    [ "$result" = pass ] && continue
    grep -E "^$entry[[:space:]]+fails" "$list" >/dev/null || failed=1
done <"$work/results.tsv"
printf '%s of %s succeeded; logs are in %s\n' "$(grep -c '	pass	' "$work/results.tsv")" \
    "$(grep -c . "$work/results.tsv")" "$work" >&2
exit $failed
