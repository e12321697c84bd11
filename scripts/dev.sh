#!/usr/bin/env bash
# Runs the server and restarts it at every save.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v entr >/dev/null; then scripts/install-packages.sh "brew install entr" entr; fi

# entr ends with status 1 or 2 when a file goes or appears; the list is then read again.
while true; do
    status=0
    find crates Cargo.toml Cargo.lock -type f | entr -n -d -r cargo run --quiet --locked -- serve || status=$?
    case $status in 1 | 2) sleep 0.2 ;; *) exit "$status" ;; esac
done
