#!/bin/sh
# headers.sh CC CXX INCLUDE... - every public header compiles by itself, as C17 and as C++17, is part of orrery.h, and
# names all that another language must name: its functions are extern "C", no struct or enum is without a name.
# CXX may be empty: C++ is left out.
set -eu
cc=$1 cxx=$2
shift 2
n=$#
while [ "$n" -gt 0 ]; do # "-I" in front of each, blanks in paths and all
    folder=$1
    shift
    set -- "$@" "-I$folder"
    n=$((n - 1))
done
bad() {
    echo "$*"
    exit 1
}
for flag; do
    for header in "${flag#-I}"/orrery/*.h; do
        name=orrery/$(basename "$header")
        line="#include <$name>"
        echo "$line" | "$cc" -std=c17 -Wall -Wextra -Wpedantic -Werror "$@" -fsyntax-only -x c - || bad "$name as C17"
        [ -z "$cxx" ] || echo "$line" | "$cxx" -std=c++17 -Wall -Wextra -Wpedantic -Werror "$@" -fsyntax-only -x c++ - ||
            bad "$name as C++17"
        grep -Eq 'ORR_API.*\(' "$header" && ! grep -q '^extern "C" {' "$header" && bad "$name lacks extern \"C\""
        grep -nE '(^|typedef )(enum|struct|union) *\{' "$header" && bad "$name has a type without a name"
        [ "$name" = orrery/orrery.h ] || grep -q "^$line" "${1#-I}/orrery/orrery.h" || bad "orrery.h leaves out $name"
    done
done
if [ -n "$cxx" ]; then # what the macros of the headers become
    printf '%s\n' '#include <orrery/orrery.h>' 'orr_dimension d = ORR_SPEED;' 'char why[200];' \
        'int main() { return orr_check_abi(why, sizeof why); }' |
        "$cxx" -std=c++17 -Wall -Wextra -Wpedantic -Werror "$@" -fsyntax-only -x c++ -
else
    echo "no C++ compiler: C alone"
fi
echo "every header stands alone"
