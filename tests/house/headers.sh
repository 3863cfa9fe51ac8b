#!/bin/sh
# headers.sh CC INCLUDE... - every public header compiles by itself.
set -eu
cc=$1
shift
first=$1
n=$#
while [ "$n" -gt 0 ]; do # "-I" in front of each, blanks in paths and all
    folder=$1
    shift
    set -- "$@" "-I$folder"
    n=$((n - 1))
done
for header in "$first"/orrery/*.h; do
    echo "#include <orrery/$(basename "$header")>" | "$cc" -std=c17 -Wall -Wextra -Werror "$@" -fsyntax-only -x c -
done
echo "every header stands alone"
