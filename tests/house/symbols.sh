#!/bin/sh
# symbols.sh LIBRARY... - every global symbol of the libraries begins with orr_.
for library; do
    stray=$(nm -g --defined-only "$library" 2>/dev/null | awk 'NF==3 {print $3}' | grep -Ev '^(orr_|__asan|__ubsan|__odr_asan|__start_|__stop_|___asan|__tsan|asan\.|__sancov|_ZTS|llvm)' | sort -u)
    if [ -n "$stray" ]; then
        echo "$library exports names without orr_:"
        echo "$stray"
        exit 1
    fi
done
echo "all global names begin with orr_"
