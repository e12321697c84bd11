#!/usr/bin/env bash
# Installs the cargo subcommand NAME from crates.io; any version that is already there will do.
#
# usage: install-cargo-tool.sh NAME VERSION
set -euo pipefail

name=$1 version=$2
if cargo "$name" --version >/dev/null 2>&1; then exit 0; fi

echo "Installing cargo-$name $version from source; this takes some minutes, once."
# A tool that runs for seconds need not be optimized for minutes.
env -u CARGO_TARGET_DIR -u RUSTFLAGS \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=false \
    cargo install --quiet --locked "cargo-$name@$version"
