#!/bin/sh
# headers.sh CC INCLUDE... - every public header compiles by itself.
cc=$1
first=$2
shift
flags=
for i; do flags="$flags -I$i"; done
for header in "$first"/orrery/*.h; do
    # shellcheck disable=SC2086
    echo "#include <orrery/$(basename "$header")>" | "$cc" -std=c17 -Wall -Wextra -Werror $flags -fsyntax-only -x c - || exit 1
done
echo "every header stands alone"
