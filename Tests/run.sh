#!/bin/bash
#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Runs all tests, those that need the network included; installs the Debian packages that they need first. Arguments go to
# `swift test`, for example `--filter VersionsTests`.
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/setup
FITOUT_NETWORK_TESTS=1 swift test "$@"
