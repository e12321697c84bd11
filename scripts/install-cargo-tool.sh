#!/usr/bin/env bash
# Installs a program from crates.io, from the crate of the same name; any version that is already there will do.
#
# usage: install-cargo-tool.sh PROGRAM VERSION [OPTION...]
#   OPTION  more for `cargo install`, such as --features
set -euo pipefail

program=$1 version=$2
shift 2
if PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" command -v "$program" >/dev/null; then exit 0; fi

echo "Installing $program $version from source; this takes some minutes, once."
# A tool that runs for seconds need not be optimized for minutes.
env -u CARGO_TARGET_DIR -u RUSTFLAGS \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=false \
    cargo install --quiet --locked "$program@$version" "$@"
