#!/usr/bin/env bash
# Clients of other products, each in an environment of its own: the interfaces that the server has for them are held against them.
#
# usage: compat-clients.sh install
#        compat-clients.sh run docling|tika|openwebui|unstructured|mistral|mcp SERVER [ARGUMENT...]
#        compat-clients.sh node SERVER KEY, or node --stdio PROGRAM [ARGUMENT...]
#   install  does nothing when they are there
#   run      drives the clients of a product against a server; fails when a point of theirs fails
#   node     the same with the SDK of the Model Context Protocol for TypeScript
set -euo pipefail
cd "$(dirname "$0")"

clients=../crates/ilios/tests/clients/compat
node_clients=../crates/ilios/tests/clients/mcp
# Three versions of one client have a probe in common.
products=(docling tika openwebui unstructured mistral mistral2 mistral1 mcp)
open_webui=0.12.4

# One folder for all checkouts, named by what is in it: other versions are another folder.
folder() {
    local versions=("$clients/$1.txt")
    if [ "$1" = mcp ]; then versions+=("$node_clients/package-lock.json"); fi
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/ilios/compat-$1-$(cat "${versions[@]}" | sha256sum | cut -c1-16)"
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
    if [ "$1" = mcp ]; then
        if ! command -v npm >/dev/null; then ./install-packages.sh "brew install node" nodejs npm; fi
        mkdir "$folder/node"
        cp "$node_clients"/package*.json "$folder/node"
        npm ci --silent --ignore-scripts --no-audit --no-fund --prefix "$folder/node"
    fi
    touch "$folder/done"
}

require() {
    if ! is_there "$1"; then
        echo "error: the clients of $1 are not in $(folder "$1"); run scripts/install-test-packages.sh" >&2
        exit 1
    fi
}

run() {
    local product=$1 folder
    folder=$(folder "$product")
    shift
    require "$product"
    local arguments=("$@")
    if [ "$product" = openwebui ]; then
        arguments+=(--wheel "$(echo "$folder"/wheel/open_webui-*.whl)")
    fi
    exec "$folder/bin/python3" "$clients/probe_${product%[0-9]}.py" "${arguments[@]}"
}

# Modules are found beside the program, which is in a folder of its own that goes at the end.
run_node() {
    require mcp
    made=$(mktemp -d)
    trap 'rm -rf "$made"' EXIT
    cp "$node_clients/session.mjs" "$made"
    ln -s "$(folder mcp)/node/node_modules" "$made/node_modules"
    node "$made/session.mjs" "$@"
}

case ${1:-} in
install) for product in "${products[@]}"; do install "$product"; done ;;
run)
    shift
    run "$@"
    ;;
node)
    shift
    run_node "$@"
    ;;
*)
    echo "usage: compat-clients.sh install | run docling|tika|openwebui|unstructured|mistral|mcp SERVER [ARGUMENT...] | node SERVER KEY" >&2
    exit 2
    ;;
esac
