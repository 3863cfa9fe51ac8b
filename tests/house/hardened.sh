#!/bin/sh
# hardened.sh ORRERY - the program has stack canaries, checked copies, and tables that cannot be changed.
set -e
symbols=$(readelf --wide --dyn-syms "$1")
for name in __stack_chk_fail __snprintf_chk; do
    echo "$symbols" | grep -q "$name" || { echo "$name is missing in $1"; exit 1; }
done
readelf --wide --dynamic "$1" | grep -q BIND_NOW || { echo "$1 is not linked with -z now"; exit 1; }
readelf --wide --segments "$1" | grep -q GNU_RELRO || { echo "$1 is not linked with -z relro"; exit 1; }
readelf --wide --file-header "$1" | grep -q 'DYN' || { echo "$1 does not move in memory (PIE)"; exit 1; }
