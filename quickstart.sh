#!/bin/sh
# quickstart.sh - from an unpacked tree to a run Solar System.
#
#   ./quickstart.sh        install what is missing, build, run scenarios/solar-system.yaml
#   ./quickstart.sh test   the same, and run the tests
#
# Works without git; needs Debian or Ubuntu (or a derivative) to install packages by itself.
set -eu
cd "$(dirname "$0")"

# What the build needs; what windows and plots need (the program runs without); what the tests need.
build_packages="gcc libc6-dev cmake ninja-build pkg-config libhdf5-dev libfyaml-dev libmd-dev libpng-dev libstb-dev"
optional_packages="libsdl2-dev gnuplot-nox fonts-dejavu-core"
test_packages="libcmocka-dev python3 python3-h5py xvfb xdotool x11-utils imagemagick libgl1-mesa-dri"
tests=OFF
case ${1:-run} in
run) ;;
test)
    tests=ON
    build_packages="$build_packages $optional_packages $test_packages"
    optional_packages=""
    ;;
*)
    echo "usage: ./quickstart.sh [test]" >&2
    exit 1
    ;;
esac

mkdir -p build
log=$PWD/build/quickstart.log
: >"$log"
start=$(date +%s)

say() { printf '\n== %s\n' "$*"; }

# logged WHAT COMMAND...: what it prints goes to the log; where it fails, the end of that is shown
logged() {
    what=$1
    shift
    "$@" >>"$log" 2>&1 </dev/null && return
    tail -n 15 "$log" | sed 's/^/    /' >&2
    echo "quickstart: $what failed; all that was printed is in $log" >&2
    return 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# missing PACKAGES: those of them that are not installed
missing() {
    for p in $1; do
        case $(dpkg-query -W -f='${Status}' "$p" 2>/dev/null || true) in
        *"ok installed") ;;
        *) printf ' %s' "$p" ;;
        esac
    done
}

install_missing() {
    needed=$(missing "$build_packages")
    optional=$(missing "$optional_packages")
    [ -n "$needed$optional" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
        if [ -z "$needed" ]; then
            echo "quickstart: there will be no windows or no plots; for them, as root: apt-get install$optional"
            return 0
        fi
        echo "quickstart: these packages are missing:$needed" >&2
        echo "quickstart: there is no sudo here; as root run: apt-get install$needed" >&2
        exit 1
    fi
    say "installing$needed$optional"
    [ "$(id -u)" -eq 0 ] || sudo -v || [ -z "$needed" ] || exit 1 # asks for the password, where it can be seen
    logged "apt-get update" as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || [ -z "$needed" ] || exit 1
    install="as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends"
    # shellcheck disable=SC2086 # words
    if [ -n "$needed" ]; then logged "apt-get install" $install $needed || exit 1; fi
    # shellcheck disable=SC2086
    if [ -n "$optional" ] && ! $install $optional >>"$log" 2>&1 </dev/null; then
        echo "quickstart: could not install$optional: there will be no windows or no plots; the rest works ($log)"
    fi
}

if command -v dpkg-query >/dev/null 2>&1; then
    install_missing
else
    echo "quickstart: this is no Debian; make sure that you have (by their Debian names):"
    echo "  $build_packages"
fi

say "building"
logged "configuring" cmake --preset release -DORRERY_TESTS=$tests -DORRERY_BENCH=$tests || exit 1
logged "building" cmake --build --preset release || exit 1
echo "build/release/orrery is built"

if [ "$tests" = ON ]; then
    say "testing"
    ctest --preset release -j "$(nproc)"
fi

say "running scenarios/solar-system.yaml: a thousand years of the Solar System"
build/release/orrery run scenarios/solar-system.yaml --force -o solar-system.h5
echo "done after $(($(date +%s) - start)) s"

cat <<'TEXT'

Next, type one of these:
  build/release/orrery view solar-system.h5      # watch it
  build/release/orrery info solar-system.h5      # what is in the file
  build/release/orrery new my-system             # write a scenario of your own
  build/release/orrery help
TEXT
