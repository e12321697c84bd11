#!/usr/bin/env bash
# Mistral's own Python client, in an environment of its own: the stand-in of the tests is held against it.
#
# usage: mistral-sdk.sh install
#        mistral-sdk.sh run FILE [ARGUMENT...]
#   install  does nothing when it is there
#   run      runs a Python program that uses the client; fails when the client is not there
set -euo pipefail
cd "$(dirname "$0")"

version=3.7.0
# One folder for all checkouts, with the version in its name: another version is another environment.
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/mistralai-$version

is_there() {
    [ -x "$folder/bin/python3" ] && "$folder/bin/python3" -c 'import mistralai.client' 2>/dev/null
}

install() {
    if is_there; then return; fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        ./install-packages.sh "brew install python3" python3-venv
    fi
    echo "Installing mistralai $version into $folder"
    python3 -m venv --clear "$folder"
    "$folder/bin/python3" -m pip install --quiet --disable-pip-version-check "mistralai==$version"
    is_there
}

case ${1:-} in
install) install ;;
run)
    shift
    if ! is_there; then
        echo "error: mistralai $version is not in $folder; run scripts/install-test-packages.sh" >&2
        exit 1
    fi
    exec "$folder/bin/python3" "$@"
    ;;
*)
    echo "usage: mistral-sdk.sh install | run FILE [ARGUMENT...]" >&2
    exit 2
    ;;
esac
