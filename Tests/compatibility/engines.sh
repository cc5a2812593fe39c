#!/bin/bash
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Gives images to the engines of this system, which is a chroot that run.sh has made: loads them, compares what the
# engine has unpacked with what the layers say, and runs commands. Writes `engine<TAB>version<TAB>image<TAB>result` lines.
# Usage: engines.sh FOLDER ENGINE...
#   FOLDER holds images/NAME.{zstd,gzip} (layouts), images/NAME.{zstd,gzip}.tar, expected/NAME and tree.py
set -u
folder=$1
shift
work=/var/tmp/fitout-engine
commands='/bin/true && python3 -c "import sys, json" && [ -z "$(dpkg --audit)" ] && echo all ran'

version() { dpkg-query --show --showformat '${Version}' "$1"; }

# report ENGINE PACKAGE IMAGE RESULT
report() { printf '%s\t%s\t%s\t%s\n' "$1" "$(version "$2")" "$3" "$4"; }

# Keeps the output of a step; on failure it is shown, and the step's name becomes the result.
step() {
    local name=$1
    shift
    "$@" >"$work/log" 2>&1 && return
    result="$name fails: $(grep -v '^$' "$work/log" | tail -n 1 | tr '\t|' '  ' | cut -c 1-200)"
    { echo "== $name: $*"; tail -n 5 "$work/log"; } >&2
    return 1
}

# Runs the commands by the words given, as a step of its own.
runs() {
    step running "$@" sh -c "$commands" || return
    tail -n 1 "$work/log" | grep -q 'all ran' && return
    result="running ends with \"$(tail -n 1 "$work/log" | cut -c 1-200)\""
}

# compare KIND PLACE NAME: what an engine has unpacked with what the layers say.
compare() {
    python3 "$folder/tree.py" "$1" "$2" >"$work/found" || return
    diff "$folder/expected/$3" "$work/found" >"$work/differences" && return
    head -n 20 "$work/differences" >&2
    echo "$(grep -c '^[<>]' "$work/differences") paths differ, for example $(sed -n '2s/^[<>] //p' "$work/differences")"
    return 1
}

# Whether the layout has an index of platforms under its own.
isIndex() { [ "$(grep -o 'image\.index\.v1+json' "$layout/index.json" | wc -l)" -gt 1 ]; }

skopeo_check() {
    local form
    for form in "oci:$layout:1" "oci-archive:$archive:1" "docker-archive:$archive"; do
        rm -rf "$work/dir"
        step "copying ${form%%:*}" skopeo copy --insecure-policy -q "$form" "dir:$work/dir" || return
    done
    # A platform that is not this machine's, with the variant that the index leaves out.
    isIndex || return 0
    for form in "--override-arch arm64" "--override-arch arm64 --override-variant v8" "--override-arch amd64"; do
        step "choosing ${form#* }" skopeo $form inspect --format '{{.Architecture}}' "oci:$layout:1" || return
        [[ $form == *" $(cat "$work/log")"* ]] || result="choosing ${form#* } gives $(cat "$work/log")"
    done
}

podman_check() {
    local tool=(podman --root "$work/graph" --runroot "$work/run" --storage-driver overlay --cgroup-manager cgroupfs
        --runtime crun)
    step loading "${tool[@]}" load -q -i "$archive" || return
    step mounting "${tool[@]}" image mount "$tag" || return
    step "the tree" compare folder "$(tail -n 1 "$work/log" | awk '{print $NF}')" "$name" || return
    runs "${tool[@]}" run --rm --network=none --cgroups=disabled --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$tag"
}
podman_end() {
    podman --root "$work/graph" --runroot "$work/run" --storage-driver overlay system reset --force >/dev/null 2>&1
    umount -R "$work/graph/overlay" 2>/dev/null
    true
}

umoci_check() {
    # umoci takes no index of platforms, and before 0.6 no Zstandard.
    if isIndex; then
        result="takes one platform"
        return
    elif [ "$compression" = zstd ] && [ "$(version umoci | cut -c 1-4)" = 0.4. ]; then
        result="takes gzip"
        return
    fi
    step unpacking umoci unpack --image "$layout:1" "$work/bundle" || return
    step "the tree" compare folder "$work/bundle/rootfs" "$name" || return
    runs chroot "$work/bundle/rootfs"
}
umoci_end() { rm -rf "$work/bundle"; }

containerd_begin() {
    containerd --root "$work/containerd" --state "$work/state" --address "$work/c.sock" >"$work/daemon.log" 2>&1 &
    daemon=$!
    wait_for ctr --address "$work/c.sock" version
}
containerd_check() {
    local tool=(ctr --address "$work/c.sock")
    step loading "${tool[@]}" image import "$archive" || return
    local place=$work/mount-$name-$compression
    mkdir -p "$place"
    step mounting "${tool[@]}" image mount "$tag" "$place" || return
    step "the tree" compare folder "$place" "$name" || return
    runs "${tool[@]}" run --rm "$tag" "fitout-$name-$compression"
}

docker_begin() {
    local options=(--storage-driver overlay2 --feature containerd-snapshotter=false)
    [ "$1" = docker ] || options=(--feature containerd-snapshotter=true)
    dockerd --data-root "$work/docker" --exec-root "$work/exec" --pidfile "$work/docker.pid" -H "unix://$work/d.sock" \
        --iptables=false --ip6tables=false --bridge=none "${options[@]}" >"$work/daemon.log" 2>&1 &
    daemon=$!
    wait_for docker -H "unix://$work/d.sock" version
}
docker_check() {
    local tool=(docker -H "unix://$work/d.sock")
    step loading "${tool[@]}" load -q -i "$archive" || return
    step creating "${tool[@]}" create --name "tree-$name-$compression" --network none "$tag" || return
    step exporting "${tool[@]}" export -o "$work/export.tar" "tree-$name-$compression" || return
    step "the tree" compare tar "$work/export.tar" "$name" || return
    runs "${tool[@]}" run --rm --network none "$tag"
}

wait_for() {
    local tries
    for tries in $(seq 150); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.2
    done
    tail -n 5 "$work/daemon.log" >&2
    return 1
}

for engine in "$@"; do
    mkdir -p "$work"
    mount --bind "$work" "$work"
    # Engine, its package, and the name of its functions.
    case $engine in
    docker) package=docker.io kind=docker ;;
    docker-containerd) package=docker.io kind=docker ;;
    *) package=$engine kind=$engine ;;
    esac
    daemon=
    if declare -F "${kind}_begin" >/dev/null; then
        "${kind}_begin" "$engine" || { report "$engine" "$package" all "does not start here"; continue; }
    fi
    for layout in "$folder"/images/*.zstd "$folder"/images/*.gzip; do
        [ -d "$layout" ] || continue
        compression=${layout##*.} name=${layout##*/} archive=$layout.tar
        name=${name%.*}
        tag=fitout.test/$name:1
        result=ok
        "${kind}_check"
        report "$engine" "$package" "$name.$compression" "$result"
        if declare -F "${kind}_end" >/dev/null; then "${kind}_end"; fi
    done
    [ -z "$daemon" ] || { kill "$daemon"; wait "$daemon" 2>/dev/null; }
    umount -R "$work"
    rm -rf "$work"
done
