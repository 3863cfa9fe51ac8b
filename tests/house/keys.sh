#!/bin/sh
# keys.sh SOURCE - every key that the scenario reader asks for stands in scenario_keys.def, and the reader asks for
# every key that stands there.
cd "$1/engine/io" || exit 1
known=$(sed -n 's/^ORR_KEY([A-Z]*, "\([^"]*\)".*/\1/p' scenario_keys.def | grep -vxF '*' | sort -u)
[ "$(echo "$known" | wc -l)" -gt 60 ] || { echo "scenario_keys.def could not be read"; exit 1; }
bad=0
# (reader_elements.c reads options of forces out of output files)
for key in $(grep -ho --exclude=reader_elements.c 'orr_yaml_get([^,()]*\(([^()]*)\)*[^,()]*, *"[^"]*"' ./*.c tables/*.c catalogues/*.c | sed 's/.*"\(.*\)"/\1/' | sort -u); do
    echo "$known" | grep -qxF -e "$key" || { echo "'$key' is read, but does not stand in scenario_keys.def"; bad=1; }
done
for key in $known; do
    grep -qF "\"$key\"" scenario*.c expect.c ensemble.c tables/*.c ||
        { echo "'$key' stands in scenario_keys.def, but nothing reads it"; bad=1; }
done
[ $bad -eq 0 ] && echo "the table of keys is that of the reader"
exit $bad
