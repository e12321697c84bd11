#!/usr/bin/env bash
# What the tests try the API's description and the web console with: a generator of Python clients, one of TypeScript
# types, and a browser.
#
# usage: api-clients.sh install
#        api-clients.sh python|typescript|swagger SERVER DESCRIPTION [FILE]
#        api-clients.sh mistral SERVER KEY FILE
#        api-clients.sh console SERVER FILE TASK...
#   install     does nothing when they are there
#   python      generates a client from the description (a file), checks its types, and uses the server with it
#   typescript  the same with types for TypeScript
#   swagger     sends FILE by the forms of the page at /docs, as they are prefilled
#   mistral     uses the server through Mistral's client for TypeScript, with FILE (a PDF)
#   console     plays tasks in the web console, with FILE (a PDF) as the document
set -euo pipefail
start=$PWD
cd "$(dirname "$0")"

clients=../crates/ilios/tests/clients
# One folder for all checkouts, named by what is in it: other versions are another folder.
version=$(cat $clients/python/requirements.txt $clients/node/package-lock.json | sha256sum | cut -c1-16)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/api-clients-$version

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

is_there() { [ -e "$folder/done" ] && browser >/dev/null; }

install() {
    if is_there; then return; fi
    local packages=()
    if ! browser >/dev/null; then packages+=(chromium); fi
    if ! command -v npm >/dev/null; then packages+=(nodejs npm); fi
    if ! python3 -c 'import ensurepip' 2>/dev/null; then packages+=(python3-venv); fi
    if [ "${#packages[@]}" -gt 0 ]; then
        ./install-packages.sh "brew install node python3; brew install --cask chromium" "${packages[@]}"
    fi
    echo "Installing generators of API clients into $folder"
    python3 -m venv --clear "$folder/python"
    "$folder/python/bin/python3" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --only-binary :all: -r $clients/python/requirements.txt
    mkdir -p "$folder/node"
    cp $clients/node/package.json $clients/node/package-lock.json "$folder/node"
    npm ci --silent --ignore-scripts --no-audit --no-fund --prefix "$folder/node"
    touch "$folder/done"
}

# A path as the caller has said it.
absolute() { (cd "$start" && realpath "$1"); }

# Programs and generated code side by side, in a folder of their own that goes at the end.
begin() {
    made=$(mktemp -d)
    trap 'rm -rf "$made"' EXIT
    cp "$clients/$1"/* "$made"
}

python() {
    begin python
    local bin=$folder/python/bin
    "$bin/openapi-python-client" generate --path "$(absolute "$2")" --config "$made/generator.yaml" --meta none \
        --output-path "$made/ilios_client" | tee "$made/generated"
    # The generator knows no answer that is lines of JSON alone, and says so; it may say nothing else.
    if grep '^WARNING' "$made/generated" | grep -v 'GET /api/documents/{id}/places'; then return 1; fi
    touch "$made/ilios_client/py.typed"
    cd "$made"
    "$bin/python3" -m mypy --strict --python-executable "$bin/python3" --no-incremental flow.py ilios_client
    "$bin/python3" flow.py "$1"
}

node_folder() {
    begin node
    ln -s "$folder/node/node_modules" "$made/node_modules"
    cd "$made"
}

typescript() {
    local description
    description=$(absolute "$2")
    node_folder
    node node_modules/openapi-typescript/bin/cli.js "$description" --output schema.d.ts
    node node_modules/typescript/bin/tsc
    cp schema.d.ts out/
    node out/flow.js "$1"
}

swagger() {
    local file
    file=$(absolute "$3")
    node_folder
    node swagger.mjs "$1" "$(browser)" "$file" convert submit_document
}

mistral() {
    local file
    file=$(absolute "$3")
    node_folder
    node mistral.mjs "$1" "$2" "$file"
}

console() {
    local server=$1 file
    file=$(absolute "$2")
    shift 2
    begin console
    "$folder/python/bin/python3" "$made/console.py" "$server" "$(browser)" "$file" \
        "$folder/node/node_modules/axe-core/axe.min.js" "$@"
}

case ${1:-} in
install) install ;;
python | typescript | swagger | mistral | console)
    if ! is_there; then
        echo "error: the generators are not in $folder, or there is no chromium; run scripts/install-test-packages.sh" >&2
        exit 1
    fi
    run=$1; shift; "$run" "$@"
    ;;
*)
    echo "usage: api-clients.sh install | python|typescript|swagger SERVER DESCRIPTION [FILE] | mistral SERVER KEY FILE | console SERVER FILE TASK..." >&2
    exit 2
    ;;
esac
