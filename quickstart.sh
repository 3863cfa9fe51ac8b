#!/bin/sh
# quickstart.sh - from an unpacked tree to a run Solar System.
#
#   ./quickstart.sh        install what is missing, build, run scenarios/solar-system.yaml
#   ./quickstart.sh test   the same, and run the tests
#
# Works without git; needs Debian or Ubuntu (or a derivative) to install packages by itself.
set -eu
cd "$(dirname "$0")"

build_packages="gcc cmake ninja-build pkg-config libhdf5-dev libfyaml-dev libmd-dev gnuplot-nox fonts-dejavu-core libsdl2-dev libpng-dev libstb-dev"
test_packages="libcmocka-dev python3 python3-h5py xvfb xdotool x11-utils imagemagick libgl1-mesa-dri"
mode=${1:-run}
case $mode in
run) packages=$build_packages ;;
test) packages="$build_packages $test_packages" ;;
*)
    echo "usage: ./quickstart.sh [test]" >&2
    exit 1
    ;;
esac

say() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "quickstart: these packages are missing:$missing" >&2
        echo "quickstart: there is no sudo here; as root run: apt-get install$missing" >&2
        exit 1
    fi
}

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for p in $packages; do
        case $(dpkg-query -W -f='${Status}' "$p" 2>/dev/null || true) in
        *"ok installed") ;;
        *) missing="$missing $p" ;;
        esac
    done
    if [ -n "$missing" ]; then
        say "installing:$missing"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
        # shellcheck disable=SC2086
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    fi
else
    echo "quickstart: this is no Debian; make sure that you have (by their Debian names):"
    echo "  $packages"
fi

say "building"
tests=OFF
[ "$mode" = test ] && tests=ON
cmake --preset release -DORRERY_TESTS=$tests -DORRERY_BENCH=$tests >/dev/null
cmake --build --preset release

if [ "$mode" = test ]; then
    say "testing"
    ctest --preset release
fi

say "running scenarios/solar-system.yaml: a thousand years of the Solar System"
build/release/orrery run scenarios/solar-system.yaml --force -o solar-system.h5

cat <<'TEXT'

Next, type one of these:
  build/release/orrery view solar-system.h5      # watch it
  build/release/orrery info solar-system.h5      # what is in the file
  build/release/orrery new my-system             # write a scenario of your own
  build/release/orrery help
TEXT
