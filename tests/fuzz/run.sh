#!/bin/sh
# run.sh SECONDS - build the libFuzzer targets and run each that long from its seed corpus.
# Findings go to build/fuzz/findings; keep them in tests/fuzz/found and name them in a test.
set -eu
seconds=${1:-60}
cd "$(dirname "$0")/../.."
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzz_scenario fuzz_table
export LSAN_OPTIONS="suppressions=$PWD/tests/fuzz/lsan.supp:print_suppressions=0"
mkdir -p build/fuzz/findings build/fuzz/corpus build/fuzz/corpus_table
common="-max_len=6000 -timeout=25 -rss_limit_mb=4000 -max_total_time=$seconds -print_final_stats=1 -verbosity=0 -artifact_prefix=build/fuzz/findings/"
# shellcheck disable=SC2086
build/fuzz/tests/fuzz_scenario $common build/fuzz/corpus tests/fuzz/corpus tests/fuzz/found
# shellcheck disable=SC2086
build/fuzz/tests/fuzz_table $common build/fuzz/corpus_table tests/fuzz/corpus_table
