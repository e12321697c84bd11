#!/usr/bin/env bash
# Checks the dependencies against deny.toml: bans, licences, sources and, where the advisories can be had,
# known vulnerabilities and yanked versions.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-cargo-tool.sh cargo-deny 0.20.2
cargo deny --locked check --hide-inclusion-graph bans licenses sources

# The advisories are a git repository on GitHub, which not every machine can reach.
if timeout 120 cargo deny --locked fetch db >/dev/null 2>&1; then
    cargo deny --locked check advisories
elif compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/*/crates" >/dev/null; then
    echo "warning: the advisory database cannot be fetched; checking against the copy on this machine"
    cargo deny --locked --offline check advisories
else
    echo "warning: ADVISORIES NOT CHECKED: github.com/RustSec/advisory-db cannot be reached and no copy is here"
fi
