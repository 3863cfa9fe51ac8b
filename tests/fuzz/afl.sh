#!/bin/sh
# afl.sh SECONDS - AFL++ on whole output files (package afl++), from small files of every format.  Findings are in
# build/afl/out; keep them in tests/fuzz/found_files, where cli/formats reads them.
set -eu
seconds=${1:-60}
cd "$(dirname "$0")/../.."
cmake --preset afl >/dev/null
cmake --build --preset afl --target fuzz_file fuzz_snapshot
mkdir -p build/afl/seeds_snapshot
/usr/bin/python3 tests/cli/snapshots.py - "$PWD/build/afl/seeds_snapshot"
export AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_AUTORESUME=1
export ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0:allocator_may_return_null=1
export UBSAN_OPTIONS=abort_on_error=1:symbolize=0
unset LSAN_OPTIONS
afl-fuzz -i tests/cli/formats -o build/afl/out -m none -t 20000 -V "$seconds" -- build/afl/tests/fuzz_file
afl-fuzz -i build/afl/seeds_snapshot -o build/afl/out_snapshot -m none -t 20000 -V "$seconds" -- build/afl/tests/fuzz_snapshot
