#!/bin/sh
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Measures `fitout lock` and `fitout build` beside mmdebstrap, with the same packages from the same mirror, which
# this script serves on loopback.
#
#   Benchmarks/build.sh [-f FITOUT] [-n RUNS] [-w FOLDER]
#
#   -f  the program, a release build; `fitout` of PATH by default
#   -n  runs of each measurement, of which the median is printed; 5 by default
#   -w  where the mirror and results go; a new temporary folder by default. A mirror that is there is used again
#
# Needs mmdebstrap, python3, curl, GNU time, and for the first run the network. Prints a table,
# tab-separated: measurement, wall seconds, CPU seconds (user and system, child processes included), peak memory in MB.
set -eu
. "$(dirname "$0")/measure.sh"

options 5 "$@"
mkdir -p repository
case $fitout in */*) [ -x "$fitout" ] || { echo "no program $fitout: name it with -f and an absolute path" >&2; exit 2; } ;; esac

suite=trixie packages='python3 git curl ca-certificates build-essential' more=jq
main=http://deb.debian.org/debian
security=http://deb.debian.org/debian-security
local=http://127.0.0.1:18931
mirrors="--mirror $main=$local/debian --mirror $security=$local/debian-security"
# spec PACKAGES: a spec with these packages.
spec() {
    printf 'fitout: 1\nbase: debian:%s\nplatforms: [linux/amd64]\npackages:\n' $suite
    printf '  - %s\n' $1
}
mkdir -p larger
spec "$packages" > repository/fitout.yaml
spec "$packages $more" > larger/fitout.yaml

# The release files and indexes of three suites, and the packages of the lock.
if [ ! -e mirror/complete ]; then
    "$fitout" lock -C repository --store first --upgrade
    "$fitout" lock -C larger --store first --upgrade
    python3 - larger/fitout.lock $suite > wanted <<'EOF'
import json, sys
lock, suite = json.load(open(sys.argv[1])), sys.argv[2]
for uri, name in ("debian", suite), ("debian", suite + "-updates"), ("debian-security", suite + "-security"):
    print(uri, f"dists/{name}/InRelease")
    print(uri, f"dists/{name}/main/binary-amd64/Packages.xz")
for platform in lock["platforms"].values():
    for package in platform["packages"]:
        print(lock["archives"][package["archive"]]["uri"].rstrip("/").split("/")[-1], package["path"])
EOF
    while read -r archive path; do
        curl --silent --show-error --fail --create-dirs --output "mirror/$archive/$path" "http://deb.debian.org/$archive/$path"
    done < wanted
    touch mirror/complete
fi

printf 'measurement\twall s\tCPU s\tpeak MB\n'
python3 -m http.server --directory mirror --bind 127.0.0.1 18931 > server.log 2>&1 &
trap "kill $!" EXIT
sleep 1
lines="'deb $local/debian $suite main' 'deb $local/debian $suite-updates main' \
    'deb $local/debian-security $suite-security main'"
include=$(echo $packages | tr ' ' ,)
build="\"$fitout\" build -C repository --store store $mirrors"
measure 'mmdebstrap to a tar' 'rm -f root.tar' \
    "mmdebstrap --variant=apt --include=$include $suite root.tar $lines"
measure 'fitout build to an image, empty store' 'rm -rf store image.tar' "$build -o type=oci,dest=image.tar"
measure 'fitout build to an image, packages converted' \
    'rm -rf store/records/layer store/records/layers image.tar' "$build -o type=oci,dest=image.tar"
measure 'fitout build, nothing changed' : "$build"
# With the indexes that a first lock has read, and without the layers of the larger one, which the run before has made.
rm -f repository/fitout.lock
"$fitout" lock -C repository --store store $mirrors > log 2>&1
larger="\"$fitout\" build -C larger --store store $mirrors -o type=oci,dest=larger.tar"
cp -a store before
measure "fitout build, $more added" 'rm -rf store larger.tar larger/fitout.lock && cp -a before store' "$larger"
rm -rf before
measure 'fitout lock, indexes not yet read' 'rm -rf repository/fitout.lock store/records/debian-index-*' \
    "\"$fitout\" lock -C repository --store store $mirrors"
measure 'fitout lock, indexes in the store' 'rm -f repository/fitout.lock' \
    "\"$fitout\" lock -C repository --store store $mirrors"
