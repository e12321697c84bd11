#!/usr/bin/env bash
# Prints figures of the code: words of comments, sizes of files and functions, repeated code, circles of imports.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 scripts/measure_code.py "$@"
