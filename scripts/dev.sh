#!/usr/bin/env bash
# Runs the server and restarts it at every save.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v entr >/dev/null; then scripts/install-packages.sh "brew install entr" entr; fi

# With -d, entr ends with status 2 when a file appears; the list is then read again.
while true; do
    status=0
    git ls-files --cached --others --exclude-standard -- crates Cargo.toml Cargo.lock |
        entr -n -d -r cargo run --quiet --locked -- serve || status=$?
    [ "$status" -eq 2 ] || exit "$status"
done
