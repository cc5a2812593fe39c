#!/bin/bash
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Gives images to the container engines of Debian bookworm and sid, each in a chroot of its own, and prints a table in
# Markdown: docs/compatibility.md says what is compared. Needs root, mmdebstrap, the network, and 4 GB.
# Usage: run.sh [-f FITOUT] [-d FOLDER] [-i IMAGE,…] [-e ENGINE,…]
#   -f the program to test; .build/debug/fitout unless given
#   -d where the chroots are kept for the next run; without it they are removed
#   -i images of Tests/compatibility/images to take; all unless given
#   -e engines to take, such as bookworm/podman or sid/docker; all unless given
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fitout=$here/../../.build/debug/fitout folder= images= engines=
while getopts f:d:i:e: option; do
    case $option in
    f) fitout=$OPTARG ;;
    d) folder=$OPTARG ;;
    i) images=${OPTARG//,/ } ;;
    e) engines=${OPTARG//,/ } ;;
    *) sed -n '/^# Usage/,/^set/s/^# //p' "$0" >&2; exit 2 ;;
    esac
done
fitout=$(realpath "$fitout")
[ "$(id -u)" -eq 0 ] || { echo "run.sh: needs root" >&2; exit 2; }
images=${images:-$(cd "$here/images" && printf '%s ' *.yaml)}
images=${images//.yaml/}
engines=${engines:-bookworm/skopeo bookworm/podman bookworm/umoci sid/skopeo sid/podman sid/umoci sid/containerd
    sid/docker sid/docker-containerd}

keeps=$folder
folder=${folder:-$(mktemp -d /tmp/fitout-compatibility.XXXXXX)}
mkdir -p "$folder"
trap 'rm -rf "$folder/results"; [ -n "$keeps" ] || rm -rf "$folder"' EXIT
rm -rf "$folder/results"
mkdir -p "$folder/results/images" "$folder/results/expected"
cp "$here/tree.py" "$here/engines.sh" "$folder/results/"

# Writes the layouts and archives of an image.
build() {
    local name=$1 project=$folder/results/project compression option architecture
    rm -rf "$project"
    cp -r "$here/project" "$project"
    cp "$here/images/$name.yaml" "$project/fitout.yaml"
    # Names that only some tools keep: long ones, deep ones, other scripts, other bytes.
    local long deep
    long=$(printf 'ä%.0s' $(seq 120)) deep=$(printf 'folder-of-a-deep-path/%.0s' $(seq 20))
    mkdir -p "$project/$deep"
    echo deep >"$project/$deep/file"
    echo long >"$project/$long"
    echo space >"$project/with space, = and 世界"
    ln -s "$long" "$project/link"
    for compression in zstd gzip; do
        option=()
        if "$fitout" build --help | grep -q -- --compression; then
            option=(--compression "$compression")
        elif [ $compression != zstd ]; then
            continue
        fi
        local place=$folder/results/images/$name.$compression
        "$fitout" build -C "$project" --progress none -t "fitout.test/$name:1" ${option[@]+"${option[@]}"} \
            -o "type=oci,dest=$place" -o "type=docker,dest=$place.tar" >&2
        "$fitout" inspect --validate "$place" >&2
        "$fitout" inspect --validate "$place.tar" >&2
        python3 "$here/schemas.py" "$place" >&2
        architecture=$(dpkg --print-architecture)
        python3 "$here/tree.py" layout "$place" "$architecture" >"$folder/results/expected/$name.$compression"
    done
    # The layers are the same, however they are compressed.
    cat "$folder/results/expected/$name".* | sort | uniq -c |
        awk -v count="$(ls "$folder/results/expected/$name".* | wc -l)" '$1 % count { exit 1 }' ||
        { echo "run.sh: $name differs with its compression" >&2; exit 1; }
    mv "$folder/results/expected/$name.zstd" "$folder/results/expected/$name"
    rm -f "$folder/results/expected/$name".*
}

# Makes a chroot with the engines of a release.
bootstrap() {
    [ -e "$folder/$1/etc/os-release" ] && return
    local include=podman,skopeo,umoci,crun,runc,python3,zstd,fuse-overlayfs,ca-certificates
    [ "$1" != sid ] || include+=,containerd,docker.io,docker-cli,iptables
    # Mirrors of sid are often past their Valid-Until.
    mmdebstrap --quiet --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$include" "$1" \
        "$folder/$1.unfinished" >&2
    mv "$folder/$1.unfinished" "$folder/$1"
}

# Runs engines.sh in a chroot with mounts and processes of its own.
check() {
    local release=$1 cgroups=$2
    shift 2
    unshare --mount --pid --fork --kill-child bash -euc '
        root=$1 results=$2 cgroups=$3
        shift 3
        mount --make-rprivate /
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs tmpfs "$root/run"
        mkdir -p "$root/results"
        mount --bind "$results" "$root/results"
        # crun takes no hierarchy of control groups of both versions, which other machines may have.
        if [ "$cgroups" = unified ]; then
            umount -R "$root/sys/fs/cgroup"
            mount -t cgroup2 none "$root/sys/fs/cgroup"
        fi
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            /results/engines.sh /results "$@"
        ' bash "$folder/$release" "$folder/results" "$cgroups" "$@"
}

for name in $images; do build "$name"; done
table=$folder/results/table
for item in $engines; do
    release=${item%/*} engine=${item#*/}
    bootstrap "$release"
    cgroups=any
    [ "$engine" != podman ] || cgroups=unified
    check "$release" "$cgroups" "$engine" | sed "s/^/$release\t/" >>"$table"
done

columns=$(cut -f 4 "$table" | grep -v '^all$' | sort -u)
echo "| engine | of | version |$(printf ' %s |' $columns)"
echo "|---|---|---|$(printf -- '---|%.0s' $columns)"
awk -F '\t' -v columns="$(echo $columns)" '
    { key = $2 " | " $1 " | " $3; if (!(key in seen)) { seen[key] = 1; order[++count] = key }; result[key, $4] = $5 }
    END {
        total = split(columns, names, " ")
        for (row = 1; row <= count; row++) {
            line = "| " order[row] " |"
            for (column = 1; column <= total; column++) {
                value = ((order[row], names[column]) in result) ? result[order[row], names[column]] : result[order[row], "all"]
                line = line " " value " |"
            }
            print line
        }
    }' "$table"
! cut -f 5 "$table" | grep -v '^takes ' | grep -qv '^ok$'
