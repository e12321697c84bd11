#!/usr/bin/env bash
# Runs cargo-fuzz on the properties of fuzz/, one after the other. Needs a nightly toolchain; builds into a folder of
# its own, which also keeps the corpora from run to run. What is found becomes a file of fuzz/findings.
#
# usage: fuzz.sh [TARGET...]
#   FUZZ_SECONDS    for each target; 600 by default
#   FUZZ_TOOLCHAIN  the toolchain; nightly by default
set -euo pipefail
cd "$(dirname "$0")/.."

toolchain=${FUZZ_TOOLCHAIN:-nightly}
if ! cargo "+$toolchain" --version >/dev/null 2>&1; then
    echo "No toolchain $toolchain: rustup toolchain install nightly --profile minimal" >&2
    exit 1
fi
scripts/install-cargo-tool.sh cargo-fuzz 0.13.1
PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

work=$(realpath -m "${CARGO_TARGET_DIR:-target}/fuzz")
unset CARGO_TARGET_DIR
# Not optimized to the last: it builds in a third of the time, and checks for overflows.
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_OPT_LEVEL=1
# A program that a dependency builds to be built itself loses memory, which would end the build.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
fuzz() { cargo "+$toolchain" fuzz "$1" --dev --fuzz-dir fuzz --features libfuzzer --target-dir "$work" "${@:2}"; }

# Files that get somewhere. A file for `readers` has a byte before it which lets its content choose the reader, one for
# `sniff` twelve of a name.
seed() {
    local target=$1 corpus=$2 file name
    cp fuzz/beginnings/* "$corpus"
    if [ -d "fuzz/findings/$target" ]; then cp "fuzz/findings/$target"/* "$corpus"; fi
    if [ "$target" != readers ] && [ "$target" != sniff ]; then return; fi
    for file in samples/*.pdf crates/convert/tests/fixtures/corpus/*; do
        name=$(basename "$file")
        if [ "$target" = readers ]; then printf '\377'; else printf '%12.12s' "$name"; fi |
            cat - "$file" >"$corpus/$name"
    done
}

targets=("$@")
if [ ${#targets[@]} = 0 ]; then mapfile -t targets < <(cargo "+$toolchain" fuzz list --fuzz-dir fuzz); fi
fuzz build
for target in "${targets[@]}"; do
    mkdir -p "$work/corpus/$target" "$work/findings/$target"
    seed "$target" "$work/corpus/$target"
    # Memory that is lost ends with the child that reads a document.
    fuzz run "$target" "$work/corpus/$target" -- -max_total_time="${FUZZ_SECONDS:-600}" -timeout=30 \
        -rss_limit_mb=3072 -max_len=131072 -detect_leaks=0 -print_final_stats=1 \
        -artifact_prefix="$work/findings/$target/"
done
