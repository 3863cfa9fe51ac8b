#!/bin/sh
# run.sh SECONDS - build the libFuzzer targets and run each that long from its seed corpus.
# Findings go to build/fuzz/findings; keep them in tests/fuzz/found and name them in a test.
set -eu
seconds=${1:-60}
cd "$(dirname "$0")/../.."
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzz_scenario fuzz_table fuzz_dates fuzz_arguments fuzz_checkpoint fuzz_origin fuzz_snapshot
export LSAN_OPTIONS="suppressions=$PWD/tests/fuzz/lsan.supp:print_suppressions=0"
export UBSAN_OPTIONS=print_stacktrace=1
mkdir -p build/fuzz/findings
common="-timeout=25 -rss_limit_mb=4000 -max_total_time=$seconds -print_final_stats=1 -verbosity=0 -artifact_prefix=$PWD/build/fuzz/findings/"

# run TARGET LENGTH SEEDS ...
run() {
    target=$1 length=$2
    shift 2
    mkdir -p "$PWD/build/fuzz/corpus_$target"
    # shellcheck disable=SC2086
    "build/fuzz/tests/fuzz_$target" $common -max_len="$length" "$PWD/build/fuzz/corpus_$target" "$@"
}
run scenario 6000 tests/fuzz/corpus tests/fuzz/found
run table 6000 tests/fuzz/corpus_table tests/engine/io/data
mkdir -p build/fuzz/seeds_snapshot
/usr/bin/python3 tests/cli/snapshots.py - "$PWD/build/fuzz/seeds_snapshot"
run snapshot 30000 build/fuzz/seeds_snapshot tests/engine/io/data
run dates 100 tests/fuzz/corpus_dates
run checkpoint 300
run origin 600 tests/fuzz/corpus_origin
common="$common -close_fd_mask=3" # it prints a lot
run arguments 500 "$PWD/tests/fuzz/corpus_arguments"
