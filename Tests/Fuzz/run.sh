#!/bin/bash
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes a parser with libFuzzer, guided by coverage: Tests/Fuzz/run.sh PARSER SECONDS [ARGUMENT OF LIBFUZZER...]
#
# What it finds stands in .build/fuzz/findings: add a minimised form (`-minimize_crash=1`) to Fixtures/corpus/PARSER.
set -euo pipefail
cd "$(dirname "$0")/../.."

parser=${1:?usage: Tests/Fuzz/run.sh PARSER SECONDS} seconds=${2:?usage: Tests/Fuzz/run.sh PARSER SECONDS}
shift 2
FITOUT_FUZZ=1 swift build --scratch-path .build/fuzz --sanitize fuzzer --product fuzz >&2
folder=.build/fuzz/findings
mkdir -p "$folder/$parser"
.build/fuzz/debug/fuzz "$parser" --corpus "$folder/$parser"
export SWIFT_BACKTRACE=enable=no
exec .build/fuzz/debug/fuzz "$parser" "$folder/$parser" -dict="$folder/$parser.words" -artifact_prefix="$folder/$parser-" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 "$@"
