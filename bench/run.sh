#!/usr/bin/env bash
# Runs the measurements one after the other; nothing else should run on the machine meanwhile.
#
# usage: run.sh ILIOS [CORPUS_DIR]
set -euo pipefail

ilios=$(realpath "$1")
corpus=${2:+$(realpath "$2")}
cd "$(dirname "$0")"

# The S3 server is one of the tests' programs.
../scripts/install-test-packages.sh
packages=()
if ! command -v wrk >/dev/null; then packages+=(wrk); fi
if ! command -v sqlite3 >/dev/null; then packages+=(sqlite3); fi
if ! command -v pdftotext >/dev/null; then packages+=(poppler-utils); fi
if [ "${#packages[@]}" -gt 0 ]; then
    ../scripts/install-packages.sh "brew install ${packages[*]/poppler-utils/poppler}" "${packages[@]}"
fi

headline() { printf '\n== %s\n' "$1"; }

headline "Start"
./startup.py --ilios "$ilios"
headline "POST /v1/convert"
./http_convert.py --ilios "$ilios"
headline "Memory during a large upload"
./upload_memory.py --ilios "$ilios"
headline "Memory while a large document goes through the queue and S3"
./submit_memory.py --ilios "$ilios"
headline "Status of a document while all workers are busy"
./status_latency.py --ilios "$ilios"
headline "Other clients beside 10,000 slow connections"
./slow_connections.py --ilios "$ilios"
headline "Queue with an engine that answers at once"
for workers in 2 8; do "$(dirname "$ilios")/examples/queue_speed" 20 1000000 "$workers"; done
if [ -z "$corpus" ]; then
    echo "No corpus given: pages a CPU second and the scores are left out."
    exit 0
fi
headline "Pages a CPU second"
./pages_per_cpu_second.py "$corpus" --ilios "$ilios"
headline "Scores"
./score_corpus.py "$corpus" --ilios "$ilios"
