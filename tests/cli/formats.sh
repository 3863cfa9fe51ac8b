#!/bin/sh
# formats.sh ORRERY FORMATS FOUND - files of every earlier format are read by every command, and repeated with the
# same bits; files that broke HDF5 end in an error.  (A new format version: put a small file of the old one there.)
set -eu
orrery=$1 formats=$2 found=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export XDG_STATE_HOME="$folder"
for file in "$formats"/*.h5; do
    cp "$file" a.h5
    "$orrery" info a.h5 >info
    grep -q "finished: complete" info
    "$orrery" info --resolved a.h5 >/dev/null
    "$orrery" diff a.h5 a.h5 >/dev/null
    "$orrery" export --for csv a.h5 -f -q -o a.csv
    "$orrery" export --for yt a.h5 -f -q -o yt.h5
    "$orrery" repair a.h5 -f -q -o b.h5
    "$orrery" diff a.h5 b.h5 -q
    "$orrery" view a.h5 --picture a.png --size 160x120 -f -q
    [ -s a.png ] && [ -s a.csv ] && [ -s yt.h5 ]
    case $file in
    *ensemble*) ;;
    *merger*) # masses after mergers, which these files do not tell, follow from events
        grep -q "^3,A,.*,4e-06,4.58452682" a.csv && ! grep -q "^3,B" a.csv || { echo "$file: masses"; exit 1; }
        "$orrery" export --for scenario a.h5 -f -q -o a.yaml
        "$orrery" run a.yaml -q -f -o c.h5 ;;
    *) "$orrery" rerun a.h5 -q -f ;;
    esac
    echo "$(basename "$file"): read, shown, repeated"
done
for file in "$found"/*.h5; do
    code=0
    "$orrery" info "$file" >out 2>err || code=$?
    [ $code = 4 ] && grep -q error err || { echo "$file: exit $code"; exit 1; }
    echo "$(basename "$file"): $(cut -c1-200 err)"
done
