#!/usr/bin/env bash
# Installs what `cargo build` needs beside the Rust toolchain, and fetches the weights of OCR. Does nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")"

packages=()
# A C compiler and linker, and make; SQLite is compiled from source, its encryption with cmake.
if ! { command -v cc && command -v c++ && command -v make; } >/dev/null; then packages+=(build-essential); fi
if ! command -v cmake >/dev/null; then packages+=(cmake); fi

if [ "${#packages[@]}" -gt 0 ]; then
    ./install-packages.sh "xcode-select --install; brew install cmake" "${packages[@]}"
fi

./fetch-ocr-models.sh
