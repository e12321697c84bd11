#!/usr/bin/env bash
# Other readers of PDFs, whose words ours are compared with: PDFium in a Python environment of its own, and Poppler.
#
# usage: pdf-readers.sh install
#        pdf-readers.sh run FILE [ARGUMENT...]
#   install  does nothing when they are there
#   run      runs a Python program that uses them; fails when they are not there
set -euo pipefail
start=$PWD
cd "$(dirname "$0")"

version=5.15.2
# One folder for all checkouts, with the version in its name: another version is another environment.
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/pypdfium2-$version

# Without them Poppler sees no word in a font of a predefined CMap. On a Mac they come with it.
has_cmaps() {
    [ "$(uname)" != Linux ] || [ -d /usr/share/poppler/cMap ]
}

is_there() {
    command -v pdftotext >/dev/null && has_cmaps && [ -x "$folder/bin/python3" ] && "$folder/bin/python3" -c 'import pypdfium2' 2>/dev/null
}

install() {
    if is_there; then return; fi
    local packages=()
    if ! command -v pdftotext >/dev/null; then packages+=(poppler-utils); fi
    if ! has_cmaps; then packages+=(poppler-data); fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then packages+=(python3-venv); fi
    if [ "${#packages[@]}" -gt 0 ]; then
        ./install-packages.sh "brew install poppler python3" "${packages[@]}"
    fi
    echo "Installing pypdfium2 $version into $folder"
    python3 -m venv --clear "$folder"
    "$folder/bin/python3" -m pip install --quiet --disable-pip-version-check "pypdfium2==$version"
    is_there
}

case ${1:-} in
install) install ;;
run)
    shift
    if ! is_there; then
        echo "error: pdftotext or poppler-data is missing, or pypdfium2 $version is not in $folder; run scripts/install-test-packages.sh" >&2
        exit 1
    fi
    cd "$start"
    exec "$folder/bin/python3" "$@"
    ;;
*)
    echo "usage: pdf-readers.sh install | run FILE [ARGUMENT...]" >&2
    exit 2
    ;;
esac
