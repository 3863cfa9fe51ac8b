#!/bin/sh
# make.sh [ORRERY] - the plots of the lessons, made anew: half a minute.
set -eu
orrery=${1:-orrery}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$orrery" run -q -f "$here/1-kepler.yaml"
"$orrery" plot -q -f 1-kepler.h5 --show orbits,separation --around Star --of Star,Circle,Ellipse,Comet -o "$here/1-kepler.png"
"$orrery" compare -q "$here/2-euler.yaml" --methods euler,symplectic-euler,leapfrog,rk4 -o two
cp two/orbits.png "$here/2-orbits.png"
cp two/energy.png "$here/2-energy.png"
"$orrery" compare -q "$here/3-long-run.yaml" --methods leapfrog,rk4,yoshida4 -o three
cp three/energy.png "$here/3-energy.png"
cp three/work-evaluations.png "$here/3-work.png"
"$orrery" run -q -f "$here/4-chaos.yaml" --shadow ulp
"$orrery" plot -q -f 4-chaos.h5 --show orbits,shadow --of Three,Four,Five -o "$here/4-chaos.png"
"$orrery" run -q -f "$here/5-kozai.yaml"
"$orrery" plot -q -f 5-kozai.h5 --show e,i --of Planet --around Star -o "$here/5-kozai.png"
