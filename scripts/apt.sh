# SPDX-License-Identifier: Apache-2.0
# Installing packages on Debian and Ubuntu, as root or by sudo, without a question. Sourced by run.

as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

can_be_root()
{
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null 2>&1 || return 1
    # A password may be asked for only where there is somebody to type it.
    sudo -n true 2>/dev/null || [ -t 0 ]
}

# libFuzzer's package is named after the version that the package clang stands for.
with_versions()
{
    for package in "$@"; do
        if [ "$package" = libclang-rt-dev ]; then
            major=$(apt-cache depends clang 2>/dev/null |
                sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
            package=libclang-rt-${major:-14}-dev
        fi
        printf ' %s' "$package"
    done
}

# The packages that this release has. The others are told of, and left out: what needs them
# says that it is skipped, or fails with a message of its own.
only_known()
{
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            printf ' %s' "$package"
        else
            echo "run: this release has no package $package; going on without it" >&2
        fi
    done
}

# shellcheck disable=SC2046,SC2086 # lists of words throughout
apt_install()
{
    install="apt-get install -y --no-install-recommends"
    if ! can_be_root; then
        echo "run: this machine lacks packages, and neither root nor sudo is to be had here." >&2
        echo "run: have somebody run this, then try again:" >&2
        echo "    apt-get update && $install$(with_versions "$@")" >&2
        exit 1
    fi

    echo "run: this machine lacks: $*"
    # A fresh machine has no lists of packages, and an old one lists that lead nowhere.
    if ! $install -s $(with_versions "$@") >/dev/null 2>&1; then
        echo "run: apt-get update"
        as_root apt-get update -q || echo "run: apt-get update had trouble; going on" >&2
    fi
    packages=$(only_known $(with_versions "$@"))
    echo "run: $install$packages"
    if ! as_root env DEBIAN_FRONTEND=noninteractive $install -q $packages; then
        echo "run: that failed. Once it can be done, run this, then try again:" >&2
        echo "    apt-get update && $install$packages" >&2
        exit 1
    fi
}
