#!/usr/bin/env bash
# Installs Debian or Ubuntu packages; elsewhere says what to install and fails.
#
# usage: install-packages.sh HINT PACKAGE...
#   HINT  what to type on a Mac, for the message
set -euo pipefail

hint=$1
shift
echo "Installing system packages: $*"

if ! command -v apt-get >/dev/null; then
    echo "error: apt-get is not here. Install the equivalents of these packages yourself; on a Mac: $hint" >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "error: not root and no sudo. Ask an administrator for: apt-get install $*" >&2
        exit 1
    fi
    as_root=(sudo)
fi

install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

# The package lists of a fresh machine are empty or outdated; those of a used one mostly are not.
install "$@" || {
    echo "Reading the package lists anew."
    "${as_root[@]}" apt-get update -qq </dev/null
    install "$@"
}
