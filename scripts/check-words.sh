#!/usr/bin/env bash
# Refuses retired words in names and comments, and terms of docs/glossary.md that a search does not find.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 scripts/check_words.py
