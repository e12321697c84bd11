#!/usr/bin/env bash
# Prints what the build of the shipped program costs, in one line: its crates, the CPU minutes of a cold build, the
# stripped size. Fails when there are more crates than the budget below.
#
# usage: build-budget.sh [--cold PROFILE]
#   --cold  builds in an empty folder and records what that cost in bench/build-costs.txt. Otherwise nothing is built:
#           the crates are counted, CPU minutes are those on record, sizes those of what is there, else those on record.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

# Raised on purpose alone: a change that raises it says what the crates are for.
MAX_CRATES=500

target=${CARGO_TARGET_DIR:-target}
# A line for each profile; its head names the columns.
record=bench/build-costs.txt

# Packages that are compiled for `ilios` on this machine, those of build scripts and macros among them, each once.
count_crates() {
    cargo tree --locked --package ilios --edges normal,build --prefix none --no-dedupe |
        sed 's/ (.*//' | sort -u | wc -l | tr -d ' '
}

# Bytes of a program without symbols.
stripped_size() {
    local copy
    copy=$(mktemp)
    strip -o "$copy" "$1"
    wc -c <"$copy" | tr -d ' '
    rm "$copy"
}

measure() {
    local profile=$1 used
    mkdir -p "$target"
    folder=$(mktemp -d "$target/cold-XXXXXX")
    trap 'rm -rf "$folder"' EXIT
    # User and system time of all that the build runs, compilers of C among it.
    TIMEFORMAT='%U %S'
    used=$({ time CARGO_TARGET_DIR=$folder CARGO_INCREMENTAL=0 \
        cargo build --locked --profile "$profile" --bin ilios 2>&3; } 3>&2 2>&1)
    {
        awk -v profile="$profile" '$1 != profile' "$record"
        awk -v profile="$profile" -v bytes="$(stripped_size "$folder/$profile/ilios")" -v crates="$crates" \
            -v day="$(date +%F)" '{ printf "%s %.0f %s %s %s\n", profile, $1 + $2, bytes, crates, day }' <<<"$used"
    } >"$folder/record"
    cp "$folder/record" "$record"
}

crates=$(count_crates)
case "$#:${1:-}" in
    0:) ;;
    2:--cold) measure "$2" ;;
    *)
        sed -n '/^# usage/,/^set/p' "$0" | grep '^#' >&2
        exit 2
        ;;
esac

line="build: $crates crates of $MAX_CRATES"
for profile in dist release; do
    read -r seconds bytes then day <<<"$(awk -v profile="$profile" '$1 == profile { print $2, $3, $4, $5 }' "$record")" || true
    cold="no cold build on record"
    if [ -n "$seconds" ]; then
        cold=$(awk -v s="$seconds" 'BEGIN { printf "%.1f CPU minutes cold", s / 60 }')
        cold+=" on $day with $then crates"
    fi
    if [ -e "$target/$profile/ilios" ]; then bytes=$(stripped_size "$target/$profile/ilios"); fi
    size=$(awk -v b="${bytes:-0}" 'BEGIN { if (b) printf ", %.1f MB stripped", b / 1e6; else printf ", size not known" }')
    line+="; $profile: $cold$size"
done
echo "$line"

if [ "$crates" -gt "$MAX_CRATES" ]; then
    echo "There are more crates in the build than MAX_CRATES in scripts/build-budget.sh allows." >&2
    exit 1
fi
