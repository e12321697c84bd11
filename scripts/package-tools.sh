#!/usr/bin/env bash
# What makes and installs packages in tests: Python's `wheel` in an environment of its own. `npm` and `dpkg-deb` are of the system.
#
# usage: package-tools.sh install
#        package-tools.sh python
#   install  does nothing when it is there
#   python   prints the Python program of the environment; fails when it is not there
set -euo pipefail
cd "$(dirname "$0")"

version=0.48.0
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/wheel-$version

is_there() {
    [ -x "$folder/bin/python3" ] && "$folder/bin/python3" -c 'import wheel' 2>/dev/null
}

case ${1:-} in
install)
    if is_there; then exit; fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        ./install-packages.sh "brew install python3" python3-venv
    fi
    echo "Installing wheel $version into $folder"
    python3 -m venv --clear "$folder"
    "$folder/bin/python3" -m pip install --quiet --disable-pip-version-check "wheel==$version"
    is_there
    ;;
python)
    if ! is_there; then
        echo "error: wheel $version is not in $folder; run scripts/install-test-packages.sh" >&2
        exit 1
    fi
    echo "$folder/bin/python3"
    ;;
*)
    echo "usage: package-tools.sh install | python" >&2
    exit 2
    ;;
esac
