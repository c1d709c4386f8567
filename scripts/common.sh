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

# Run ctest; what is skipped is remembered.
# run_tests BUILD ARGUMENT...
run_tests()
{
    log=$1/ctest.log
    shift
    status=0
    ctest "$@" --parallel "$JOBS" --output-log "$log" || status=$?
    for name in $(sed -n 's/^[[:space:]]*[0-9]* - \(.*\) (Skipped)$/\1/p' "$log"); do
        case $name in
        test_corpus | test_inventory) skip "$name" "what it needs isn't here (../shared)" ;;
        *) skip "$name" "a package that it needs isn't here" ;;
        esac
    done
    return $status
}

# Build a preset and run its tests.
build_and_test()
{
    build "$1"
    run_tests "build/$1" --preset "$1"
}

# All files of the tree, one a line, without what is built.
tree()
{
    find . \( -path ./.git -o -path ./build -o -name __pycache__ \) -prune -o -type f -print |
        sed 's,^\./,,' | LC_ALL=C sort
}
