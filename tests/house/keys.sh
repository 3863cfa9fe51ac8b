#!/bin/sh
# keys.sh SOURCE - every key that the scenario reader asks for stands in scenario/keys.def, and the reader asks for
# every key that stands there.
cd "$1/engine/io" || exit 1
known=$(sed -n 's/^ORR_KEY([A-Z_]*, "\([^"]*\)".*/\1/p' scenario/keys.def | grep -vxF '*' | sort -u)
[ "$(echo "$known" | wc -l)" -gt 60 ] || { echo "scenario/keys.def could not be read"; exit 1; }
bad=0
# (reader_elements.c reads options of forces out of output files)
for key in $(grep -ho --exclude=reader_elements.c 'orr_yaml_get([^,()]*\(([^()]*)\)*[^,()]*, *"[^"]*"' $(find . -name '*.c') | sed 's/.*"\(.*\)"/\1/' | sort -u); do
    echo "$known" | grep -qxF -e "$key" || { echo "'$key' is read, but does not stand in scenario/keys.def"; bad=1; }
done
for key in $known; do
    grep -qF "\"$key\"" scenario/*.c epochs/*.c tables/*.c catalogues/*.c particles/*.c ||
        { echo "'$key' stands in scenario/keys.def, but nothing reads it"; bad=1; }
done
[ $bad -eq 0 ] && echo "the table of keys is that of the reader"
exit $bad
