#!/usr/bin/env bash
# Installs what the tests need beside the build: OCR in English and German, and the test runner.
# Does nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")"

./install-build-packages.sh

packages=()
if ! command -v tesseract >/dev/null; then packages+=(tesseract-ocr); fi
languages=$(tesseract --list-langs 2>/dev/null || true)
for language in eng deu; do
    if ! grep -qx "$language" <<<"$languages"; then packages+=("tesseract-ocr-$language"); fi
done

if [ "${#packages[@]}" -gt 0 ]; then
    ./install-packages.sh "brew install tesseract tesseract-lang" "${packages[@]}"
fi

./install-cargo-tool.sh nextest 0.9.151
