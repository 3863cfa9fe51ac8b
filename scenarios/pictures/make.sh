#!/bin/sh
# make.sh [ORRERY [NAME]] - the pictures of the gallery, made anew by the viewer: half a minute.
# NAME: that one alone; `opening` is the one that README.md begins with.
set -eu
orrery=${1:-orrery}
only=${2:-}
here=$(cd "$(dirname "$0")" && pwd)

# picture NAME TIME OPTIONS...
picture() {
    name=$1
    time=$2
    shift 2
    [ -z "$only" ] || [ "$only" = "$name" ] || return 0
    "$orrery" view -q -f "$name" --picture "$here/$name.png" --at "$time" --size 640x360 --scale 0.8 --hide graphs "$@"
}

picture kepler '2.6 yr' --camera 0,90,3.9
picture feynman-1963 2.1 --camera 0,90,3.6 --trails 3
picture figure-eight 5.1 --camera 0,90,3.2 --trails 5
picture pythagorean 9.4 --camera 0,90,14 --trails 8
picture pleiades 2.9 --camera 0,90,22 --trails 3
picture arenstorf 13.5 --camera 0,90,5 --trails 13
picture outer-planets '60000 day' --camera 20,35,105
picture solar-system '12 yr' --camera 30,28,26 --show plane
picture solar-system-jpl '3 yr' --camera 20,35,7 --show plane
picture solar-system-de440 '10 yr' --camera 60,25,36
picture mercury-precession '0.2 yr' --camera 0,90,1.5
picture inner-moons '0.8 yr' --select Mars --frame body --hide details,graphs --camera 20,30,0.0006 --trails 0.9
picture jupiter-moons '40 day' --camera 25,22,5.5e6
picture saturn-moons '30 day' --camera 25,25,4e6
picture galilean-moons '5.5 day' --camera 0,60,6.5e6
picture trappist-1 '30 day' --camera 30,30,0.18
picture two-suns '30 yr' --camera 10,35,36
picture planets '5 yr' --camera 10,30,40
picture asteroid-belt '300 yr' --camera 20,32,18
picture small-bodies '34 day' --camera 20,35,5
picture trojans '150 yr' --select Jupiter --frame co-rotating --hide details,graphs --camera 90,90,28 --trails 0.7
picture kozai-lidov '45000 yr' --select Star --frame body --hide details,graphs --camera 30,20,7 --trails 0.95
picture planet-scattering '1000 yr' --camera 20,40,26
picture planetesimals '20 yr' --camera 0,35,3.6 --hide names,graphs
picture hot-jupiter-ensemble '1 yr' --camera 0,35,0.36
picture plummer-1k 2 --camera 0,20,7 --trails 0.4
picture star-cluster 1 --camera 0,20,7 --trails 0.2
picture dense-cluster 0.5 --camera 0,20,3.2 --trails 0.2
picture close-binary 624 --camera 0,90,4 --trails 5
picture saturn-ring '104000 s' --camera 0,90,270 --show true-sizes --hide graphs,trails
picture cold-collapse 1.38 --camera 0,20,2.6 --trails 0.4
[ -n "$only" ] && [ "$only" != opening ] ||
    "$orrery" view -q -f asteroid-belt --picture "$here/opening.png" --at '20 yr' --size 1280x640 --camera 20,38,15 \
        --select Jupiter --show plane
