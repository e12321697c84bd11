#!/usr/bin/env bash
# Makes bench/.venv with what requirements.txt lists. Does nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")"

if cmp -s requirements.txt .venv/requirements.txt; then exit 0; fi
echo "Installing the Python packages of the scorer into bench/.venv"
python3 -m venv .venv
.venv/bin/python -m pip install --quiet -r requirements.txt
cp requirements.txt .venv/requirements.txt
