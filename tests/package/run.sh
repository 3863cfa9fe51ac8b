#!/bin/sh
# run.sh BUILD SOURCE CC SANITIZE GENERATOR - install, then build and run the example against what is installed.
set -eu
build=$1 source=$2 cc=$3 sanitize=$4 generator=$5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build" --prefix "$folder/prefix" >/dev/null
flags=${sanitize:+-fsanitize=$sanitize}
# the generator that built Orrery: the default one may not be there
cmake -G "$generator" -S "$source" -B "$folder/build" -DCMAKE_PREFIX_PATH="$folder/prefix" -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_C_FLAGS="$flags" >/dev/null
cmake --build "$folder/build"
"$folder/build/example"
# the program finds its gallery where it was installed, and pkg-config knows the library
"$folder/prefix/bin/orrery" list scenarios | grep -qF "$folder/prefix"
PKG_CONFIG_PATH=$(find "$folder/prefix" -name pkgconfig)
export PKG_CONFIG_PATH
# shellcheck disable=SC2046,SC2086 # words of flags
"$cc" $flags -o "$folder/by-pkg-config" "$source/example.c" $(pkg-config --cflags --libs orrery)
"$folder/by-pkg-config"
