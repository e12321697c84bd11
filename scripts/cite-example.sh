#!/usr/bin/env bash
# The example that cites, with its packages in a Python environment of its own.
#
# usage: cite-example.sh install
#        cite-example.sh run [ARGUMENT...]
#   install  does nothing when they are there
#   run      runs the example; fails when they are not there
set -euo pipefail
start=$PWD
cd "$(dirname "$0")"

requirements=../examples/cite/requirements.txt
# One folder for all checkouts, with the versions in its name: other versions are another environment.
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/cite-$(tr -cs 'a-z0-9.' - <$requirements)

is_there() {
    [ -x "$folder/bin/python3" ] && "$folder/bin/python3" -c 'import bm25s, PIL' 2>/dev/null
}

install() {
    if is_there; then return; fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        ./install-packages.sh "brew install python3" python3-venv
    fi
    echo "Installing the packages of examples/cite into $folder"
    python3 -m venv --clear "$folder"
    "$folder/bin/python3" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    is_there
}

case ${1:-} in
install) install ;;
run)
    shift
    if ! is_there; then
        echo "error: the packages of examples/cite are not in $folder; run scripts/install-test-packages.sh" >&2
        exit 1
    fi
    example=$(realpath ../examples/cite/cite.py)
    cd "$start"
    exec "$folder/bin/python3" "$example" "$@"
    ;;
*)
    echo "usage: cite-example.sh install | run [ARGUMENT...]" >&2
    exit 2
    ;;
esac
