#!/bin/sh
# run.sh BUILD SOURCE CC SANITIZE GENERATOR KINDS - install, then build and run the example against what is installed:
# by CMake and by pkg-config, against each of KINDS ("static shared").
set -eu
build=$1 source=$2 cc=$3 sanitize=$4 generator=$5 kinds=$6
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/prefix
cmake --install "$build" --prefix "$prefix" >/dev/null
flags=${sanitize:+-fsanitize=$sanitize}
# example KIND NAME [OPTION...]: the generator that built Orrery, since the default one may not be there
example() {
    kind=$1 name=$2
    shift 2
    cmake -G "$generator" -S "$source" -B "$folder/$name" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_C_FLAGS="$flags" "$@" >/dev/null
    cmake --build "$folder/$name" >/dev/null
    "$folder/$name/example"
    (cd "$folder/$name" && ./example_run)
    case $kind in
    shared) readelf -d "$folder/$name/example" | grep -q 'NEEDED.*liborrery\.so\.[0-9]' ;;
    static) ! readelf -d "$folder/$name/example" | grep -q 'NEEDED.*liborrery' ;;
    esac || { echo "$name: not linked to the $kind library"; exit 1; }
}
for kind in $kinds; do
    example "$kind" "component-$kind" "-DKIND=$kind"
    example "$kind" "build-$kind" "-DBUILD_SHARED_LIBS=$([ "$kind" = shared ] && echo ON || echo OFF)"
done
example "${kinds##* }" default # the shared one, where there is one

# the program finds its gallery where it was installed, and pkg-config knows the library
"$prefix/bin/orrery" list scenarios | grep -qF "$prefix"
PKG_CONFIG_PATH=$(find "$prefix" -name pkgconfig)
export PKG_CONFIG_PATH
library=${PKG_CONFIG_PATH%/pkgconfig}
# shellcheck disable=SC2046,SC2086 # words of flags
for kind in $kinds; do
    case $kind in
    shared) words=$(pkg-config --cflags --libs orrery) ;;
    static) words=$(pkg-config --static --cflags --libs orrery | sed 's/-lorrery/-l:liborrery.a/') ;;
    esac
    "$cc" $flags -o "$folder/by-pkg-config" "$source/example.c" $words
    LD_LIBRARY_PATH=$library "$folder/by-pkg-config"
done

# an output file without a scenario, which every command reads
"$cc" $flags -o "$folder/by-hand" "$source/by_hand.c" $words
cd "$folder"
LD_LIBRARY_PATH=$library ./by-hand by_hand.h5
"$prefix/bin/orrery" info by_hand.h5 | grep -q 'snapshots     25'
"$prefix/bin/orrery" export by_hand.h5 --elements a,e --around Sun -o orbits.csv >/dev/null
grep -q '^2,Comet,17\.7' orbits.csv
"$prefix/bin/orrery" export by_hand.h5 --for csv -o states.csv >/dev/null
"$prefix/bin/orrery" view by_hand.h5 --picture by_hand.png >/dev/null
[ -s by_hand.png ]
! "$prefix/bin/orrery" rerun by_hand.h5 -o again.h5 2>refused
grep -q 'holds no scenario' refused

# names and links as ldconfig and linkers want them
case $kinds in
*shared*)
    [ "$(readlink "$library/liborrery.so")" = "liborrery.so.$(pkg-config --modversion orrery | cut -d. -f1-2)" ]
    [ -f "$library/liborrery.so.$(pkg-config --modversion orrery)" ]
    ! readelf -d "$library/liborrery.so" | grep -E 'R(UN)?PATH' || { echo "liborrery.so names folders of this machine"; exit 1; }
    ;;
esac
echo "package: $kinds"
