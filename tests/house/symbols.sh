#!/bin/sh
# symbols.sh CC STATIC SHARED INCLUDE... - every global symbol of the static library begins with orr_; the shared one
# exports what the public headers declare (ORR_API), all of it and nothing else.  STATIC or SHARED may be empty.
set -eu
cc=$1 static=$2 shared=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if [ -n "$static" ]; then
    stray=$(nm -g --defined-only "$static" 2>/dev/null | awk 'NF==3 {print $3}' | grep -Ev '^(orr_|__asan|__ubsan|__odr_asan|__start_|__stop_|___asan|__tsan|asan\.|__sancov|_ZTS|llvm)' | sort -u || true)
    if [ -n "$stray" ]; then
        echo "$static has global names without orr_:"
        echo "$stray"
        exit 1
    fi
    if nm -u "$static" 2>/dev/null | grep -Ew '__executable_start|end|_end|edata|etext'; then
        echo "$static wants to know where the program lies: a saved state holds no addresses"
        exit 1
    fi
fi

if [ -n "$shared" ]; then
    # ORR_API is an attribute when all is preprocessed; the name stands before the parenthesis of the arguments
    echo '#include <orrery/orrery.h>' >"$folder/all.c" # all of them: see headers.sh
    n=$#
    while [ "$n" -gt 0 ]; do # "-I" in front of each, blanks in paths and all
        include=$1
        shift
        set -- "$@" "-I$include"
        n=$((n - 1))
    done
    "$cc" -E -P "$@" "$folder/all.c" | tr '\n' ' ' |
        sed 's/__attribute__((visibility("default")))/\nORR_API/g; s/__attribute__ *((warn_unused_result))//g' |
        sed -n 's/^ORR_API[^(;]*[ *]\(orr_[A-Za-z0-9_]*\)(.*/\1/p' | sort -u >"$folder/declared"
    nm -D --defined-only "$shared" | awk '{print $NF}' |
        grep -Ev '^(__asan|__ubsan|__odr_asan|___asan|__tsan|asan\.|_ZTS)' | sort -u >"$folder/exported"
    [ "$(wc -l <"$folder/declared")" -gt 100 ] || { echo "the headers declare next to nothing?"; exit 1; }
    private=$(comm -13 "$folder/declared" "$folder/exported")
    missing=$(comm -23 "$folder/declared" "$folder/exported") # not yet there
    if [ -n "$private" ]; then
        echo "$shared exports what no public header declares (ORR_API stands in public headers only):"
        echo "$private"
        exit 1
    fi
    if [ -n "$missing" ]; then
        echo "public headers declare what $shared lacks:"
        echo "$missing"
        exit 1
    fi
    readelf -d "$shared" >"$folder/dynamic"
    grep -q 'SONAME.*liborrery\.so\.[0-9]' "$folder/dynamic" || { echo "$shared has no version in its name"; exit 1; }
    grep -q 'RELRO' <<END || { echo "$shared: relocations stay writable"; exit 1; }
$(readelf -lW "$shared")
END
    echo "$(wc -l <"$folder/exported") functions, all declared"
fi
