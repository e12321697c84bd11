#!/usr/bin/env bash
# Clients of other products, each in an environment of its own: the interfaces that the server has for them are held against them.
#
# usage: compat-clients.sh install
#        compat-clients.sh run docling|tika|openwebui|unstructured|mistral SERVER [ARGUMENT...]
#   install  does nothing when they are there
#   run      drives the clients of a product against a server; fails when a point of theirs fails
set -euo pipefail
cd "$(dirname "$0")"

clients=../crates/ilios/tests/clients/compat
# Three versions of one client have a probe in common.
products=(docling tika openwebui unstructured mistral mistral2 mistral1)
open_webui=0.12.4

# One folder for all checkouts, named by what is in it: other versions are another folder.
folder() {
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/ilios/compat-$1-$(sha256sum "$clients/$1.txt" | cut -c1-16)"
}

is_there() { [ -e "$(folder "$1")/done" ]; }

install() {
    local folder
    folder=$(folder "$1")
    if is_there "$1"; then return; fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        ./install-packages.sh "brew install python3" python3-venv
    fi
    echo "Installing clients of $1 into $folder"
    python3 -m venv --clear "$folder"
    local pip=("$folder/bin/python3" -m pip --disable-pip-version-check --quiet)
    "${pip[@]}" install -r "$clients/$1.txt"
    if [ "$1" = openwebui ]; then
        # Its loaders are taken out of it; nothing of it is installed.
        "${pip[@]}" download --no-deps "open-webui==$open_webui" -d "$folder/wheel"
    fi
    touch "$folder/done"
}

run() {
    local product=$1 folder
    folder=$(folder "$product")
    shift
    if ! is_there "$product"; then
        echo "error: the clients of $product are not in $folder; run scripts/install-test-packages.sh" >&2
        exit 1
    fi
    local arguments=("$@")
    if [ "$product" = openwebui ]; then
        arguments+=(--wheel "$(echo "$folder"/wheel/open_webui-*.whl)")
    fi
    exec "$folder/bin/python3" "$clients/probe_${product%[0-9]}.py" "${arguments[@]}"
}

case ${1:-} in
install) for product in "${products[@]}"; do install "$product"; done ;;
run)
    shift
    run "$@"
    ;;
*)
    echo "usage: compat-clients.sh install | run docling|tika|openwebui|unstructured|mistral SERVER [ARGUMENT...]" >&2
    exit 2
    ;;
esac
