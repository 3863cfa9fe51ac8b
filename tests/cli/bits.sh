#!/bin/sh
# bits.sh ORRERY SCENARIOS [--make] - the bits of every scenario of the gallery: the same for each instruction set, for 1, 2, 3 and 8
# threads, with many outputs or few, with checkpoints or without, and (since the hashes stand in bits.txt) for every
# compiler and build. --make writes bits.txt anew, for a change that the changelog lists under Numerics.
set -u
orrery=$1
scenarios=$2
table=$(dirname "$0")/bits.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# hash SCENARIO UNTIL OPTIONS...: of the state at the end
hash() {
    scenario=$1
    until=$2
    shift 2
    "$orrery" run "$scenarios/$scenario.yaml" --until="$until" --set 'expect=[]' -f -q --json -o "$work/a.h5" "$@" 2>"$work/err" |
        sed -n 's/.*"state_hash":"\([0-9a-f]*\)".*/\1/p' | tail -1
}

if [ "${3:-}" = --make ]; then
    while read -r _ scenario until; do
        echo "$(hash "$scenario" "$until" -t 1) $scenario $until"
    done <"$table" >"$work/new"
    cat "$work/new" >"$table"
    exit
fi

isas=
for isa in portable avx2 avx512; do
    ORR_ISA=$isa "$orrery" --version 2>/dev/null | grep -q "kernels: $isa" && isas="$isas $isa"
done
count=0
while read -r want scenario until; do
    threads=1
    for isa in $isas default; do
        [ $isa = default ] && unset ORR_ISA || export ORR_ISA=$isa
        case $threads in
        1) set -- ;;
        2) set -- --checkpoint-every 0 --set output.diagnostics="$until" ;;
        3) set -- --checkpoint-every 0.01 ;;
        *) set -- --set output.every="$until" --checkpoint-every 0.005 ;;
        esac
        got=$(hash "$scenario" "$until" -t $threads "$@")
        count=$((count + 1))
        if [ "$got" != "$want" ]; then
            echo "$scenario to $until: $got, not $want, with $threads threads, kernels $isa, $*: $(cat "$work/err")"
            failed=1
        fi
        case $threads in 1) threads=2 ;; 2) threads=3 ;; *) threads=8 ;; esac
    done
done <"$table"
echo "$count runs on:$isas"
exit $failed
