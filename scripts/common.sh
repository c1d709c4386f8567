# SPDX-License-Identifier: Apache-2.0
# What the scripts share. Sourced from the root of the tree.

set -eu
: "${JOBS:=2}"
: "${CHECK_SKIPS:=/dev/null}"
mkdir -p build/check

have()
{
    command -v "$1" >/dev/null 2>&1
}

# A part of the gate that can't be run here: remembered, told at the end.
# skip WHAT WHY
skip()
{
    echo "skipped: $1: $2"
    echo "$1: $2" >>"$CHECK_SKIPS"
}

fail()
{
    echo "FAILED: $*" >&2
    exit 1
}

# Configure and build a preset.
build()
{
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" --parallel "$JOBS"
}

# Build a preset and run its tests; what they skipped is remembered.
build_and_test()
{
    build "$1"
    status=0
    ctest --preset "$1" --parallel "$JOBS" --output-log "build/$1/ctest.log" || status=$?
    for name in $(sed -n 's/^[[:space:]]*[0-9]* - \(.*\) (Skipped)$/\1/p' "build/$1/ctest.log"); do
        skip "$name" "its data is outside of the tree (../shared)"
    done
    return $status
}

# All files of the tree, one a line, without what is built.
tree()
{
    find . \( -path ./.git -o -path ./build -o -name __pycache__ \) -prune -o -type f -print |
        sed 's,^\./,,' | LC_ALL=C sort
}
