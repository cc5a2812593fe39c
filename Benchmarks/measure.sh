#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Read by the other scripts.

# options RUNS ARGUMENTS: reads the options that all scripts take, sets $fitout, $runs (RUNS unless given) and $work, and goes
# to the folder $work.
options() {
    fitout=fitout runs=$1 work=
    shift
    while getopts f:n:w: option; do
        case $option in
        f) fitout=$OPTARG ;;
        n) runs=$OPTARG ;;
        w) work=$OPTARG ;;
        *) exit 2 ;;
        esac
    done
    [ -n "$work" ] || work=$(mktemp -d)
    mkdir -p "$work"
    cd "$work"
}

# measure NAME PREPARATION COMMAND: runs the shell's line COMMAND $runs times, each after the line PREPARATION, and
# prints NAME and the medians of wall seconds, CPU seconds (user and system, child processes included) and peak memory
# in MB, tab-separated.
measure() {
    rm -f times
    for _ in $(seq "$runs"); do
        sh -c "$2"
        /usr/bin/time --append --output=times --format='%e %U %S %M' sh -c "exec $3" > log 2>&1 || {
            cat log >&2
            exit 1
        }
    done
    python3 - "$1" << 'EOF'
import statistics, sys
runs = [[float(number) for number in line.split()] for line in open("times")]
wall, cpu, memory = zip(*((wall, user + system, size / 1024) for wall, user, system, size in runs))
print(sys.argv[1], *(f"{statistics.median(x):.{n}f}" for x, n in ((wall, 2), (cpu, 2), (memory, 0))), sep="\t")
EOF
}
