#!/usr/bin/env bash
# Runs the tests again and again, every second time beside loops that keep all processors busy: a test that decides by
# the clock what it can decide by an event fails sooner or later. Ends with the first failure.
#
# usage: repeat-suite.sh RUNS [FILTER]
#   FILTER  tests to run, as nextest names them; all by default
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$#" -lt 1 ] || [ "$#" -gt 2 ] || ! [[ $1 =~ ^[1-9][0-9]*$ ]]; then
    sed -n '/^# usage/,/^set/p' "$0" | grep '^#' >&2
    exit 2
fi
runs=$1
filter=${2:-all()}
processors=$(getconf _NPROCESSORS_ONLN)

loops=()
rest() {
    if [ "${#loops[@]}" -gt 0 ]; then kill "${loops[@]}" 2>/dev/null || true; fi
    loops=()
}
trap rest EXIT

for run in $(seq "$runs"); do
    state=quiet
    if [ $((run % 2)) = 0 ]; then
        state=busy
        for _ in $(seq "$processors"); do
            (while :; do :; done) &
            loops+=("$!")
        done
    fi
    began=$SECONDS
    status=0
    said=$(cargo nextest run --workspace --locked --features crash-points -E "$filter" --test-threads $((2 * processors)) --status-level fail \
        --final-status-level fail --hide-progress-bar 2>&1) || status=$?
    rest
    echo "run $run of $runs, $state: $((SECONDS - began)) s"
    grep -E 'Summary' <<<"$said" || true
    if [ "$status" != 0 ]; then
        echo "$said"
        exit "$status"
    fi
done
