#!/bin/sh
# plot, compare and --shadow as a user meets them. usage: reports.sh ORRERY SCENARIOS
orrery=$1
scenarios=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
python=$(command -v /usr/bin/python3 || command -v python3)

fail() {
    echo "FAILED: $*"
    sed 's/^/    | /' out.txt
    failures=$((failures + 1))
}

# expect CODE TEXT COMMAND...: exit code and a piece of what is said
expect() {
    code=$1 text=$2
    shift 2
    "$@" >out.txt 2>&1
    got=$?
    [ $got -eq "$code" ] || fail "exit $got instead of $code: $*"
    [ -z "$text" ] || grep -qF -- "$text" out.txt || fail "no '$text' from: $*"
}

is_png() { [ "$(head -c 4 "$1" | tail -c 3)" = PNG ] || fail "$1 is no PNG"; }
is_svg() { "$python" -c "import sys, xml.dom.minidom as x; x.parse(sys.argv[1])" "$1" 2>/dev/null || fail "$1 is no SVG"; }

# ---- plot ----
"$orrery" run "$scenarios/galilean-moons.yaml" -q -o moons.h5 --until='20 day' --set 'expect=[]'
expect 0 "wrote moons.png" "$orrery" plot moons.h5
is_png moons.png
expect 4 "exists" "$orrery" plot moons.h5
expect 0 "wrote all.svg" "$orrery" plot moons.h5 -o all.svg \
    --show orbits,energy,momentum,a,e,i,Omega,omega,separation,resonance --of Io,Europa,Ganymede \
    --resonance 'Io - 3 Europa + 2 Ganymede' --plane xz --around Jupiter
is_svg all.svg
grep -q 'Ganymede' all.svg || fail "no legend in all.svg"
grep -q '\[km\]' all.svg || fail "no unit in all.svg"
expect 0 "" "$orrery" plot moons.h5 -o barycentre.png --around barycentre --show orbits
expect 1 "did you mean 'Europa'" "$orrery" plot moons.h5 -o x.png --of Euorpa
expect 1 "there is nothing called 'orbit'" "$orrery" plot moons.h5 -o x.png --show orbit
expect 1 "say which resonance" "$orrery" plot moons.h5 -o x.png --show resonance
expect 0 "" "$orrery" plot moons.h5 -o elements.svg --around Jupiter,Io --of Europa,Callisto --plane invariable \
    --show a,e,i,Omega,omega,pomega,M,f,E,L,T,P,q,Q,n,period
is_svg elements.svg
grep -q 'eccentricity, about the barycentre of Jupiter and Io, plane: invariable' elements.svg || fail "elements about what?"
expect 0 "" "$orrery" plot moons.h5 -f -o elements.svg --around barycentre --show e
expect 0 "" "$orrery" plot moons.h5 -f -o elements.svg --around jacobi --show e,orbits
expect 0 "" "$orrery" plot moons.h5 -f -o elements.svg --around primary --show e,orbits
expect 0 "'Io' has no orbit about Io" "$orrery" plot moons.h5 -f -o elements.svg --around Io --of Io --show e
expect 1 "there is no body 'Ganymed'" "$orrery" plot moons.h5 -o x.png --show e --around 'Io,Ganymed'
expect 1 "there is no plane 'eliptic'" "$orrery" plot moons.h5 -o x.png --show e --plane eliptic
expect 1 "there is no GM 'half'" "$orrery" plot moons.h5 -o x.png --show e --gm half
expect 1 "there is nothing called 'ecc'" "$orrery" plot moons.h5 -o x.png --show ecc
expect 4 ".png or .svg" "$orrery" plot moons.h5 -o x.gif
expect 4 "cannot write" "$orrery" plot moons.h5 -o nowhere/x.png
expect 4 "" "$orrery" plot nothing.h5
[ -e x.png ] && fail "a refused plot left a file"
expect 4 "install the package gnuplot-nox" env PATH=/nowhere "$orrery" plot moons.h5 -o y.png

# ---- compare ----
expect 0 "wrote kepler-compared/report.html" "$orrery" compare "$scenarios/kepler.yaml" --until '10 yr' --methods leapfrog,rk4
grep -q "already" out.txt && fail "runs were there before they were made"
expect 0 "10 of 10 runs were in the folder already" "$orrery" compare "$scenarios/kepler.yaml" --until '10 yr' --methods leapfrog,rk4
expect 0 "10 of 15 runs were" "$orrery" compare "$scenarios/kepler.yaml" --until '10 yr' --methods leapfrog,rk4,yoshida4
for f in energy position momentum orbits work-evaluations work-time convergence; do
    is_png kepler-compared/$f.png
    is_svg kepler-compared/$f.svg
done
[ "$(grep -o '<svg' kepler-compared/report.html | wc -l)" -eq 7 ] || fail "not seven drawings in the page"
grep -qE '(src|href)="(http|/|[a-z]+\.)' kepler-compared/report.html && fail "the page needs something from outside"
grep -q "order of leapfrog: 2 by theory, 2.0" kepler-compared/report.md || fail "no order of leapfrog"
grep -qE "order of yoshida4: 4 by theory, (3.9|4.0)" kepler-compared/report.md || fail "no order of yoshida4"

# the drift table of the Kepler problem, e = 0.5, 1000 steps an orbit, 100 orbits: greatest errors
# (looked at every fifth step), of rk4 the last
expect 0 "" "$orrery" compare "$scenarios/kepler.yaml" --steps '0.001 yr' --methods euler,symplectic-euler,leapfrog,rk4 -o table
awk -F, '
    function near(got, want) { if (got < 0) got = -got; if (got < want * 0.995 || got > want * 1.005) { print $1 ": " got " is not " want; bad = 1 } }
    $1 == "euler" { near($8, 8.9348e-1); n++ }
    $1 == "symplectic-euler" { near($8, 9.0782e-3); n++ }
    $1 == "leapfrog" { near($8, 1.0730e-4); if ($11 != "bounded") bad = 1; n++ }
    $1 == "rk4" { near($10, 2.9697e-8); if ($11 != "linear") bad = 1; n++ }
    END { exit bad || n != 4 }' table/results.csv >out.txt || fail "the drift table of the Kepler problem"

# the story of the short and the long run
expect 0 "In the short run rk4 is the better one" "$orrery" compare "$scenarios/kepler.yaml" -o whole
tr -s "\n " " " <out.txt | grep -q "on leapfrog holds the energy better" || fail "no word about the long run"

# methods that cannot, runs that take too long or go wild, things that are not there
expect 0 "wh: " "$orrery" compare "$scenarios/figure-eight.yaml" --methods leapfrog,wh --until 1
grep -q "no body dominates" out.txt || fail "no reason why wh was left out"
expect 0 "took more than the budget" "$orrery" compare "$scenarios/kepler.yaml" --methods leapfrog --steps '0.01 yr,0.0000001 yr' --budget 0.3 -o cut
expect 0 "the energy is off by a factor" "$orrery" compare "$scenarios/close-binary.yaml" --methods rk4,regularized --steps 0.01 --until 20 -o wild
expect 1 "did you mean 'leapfrog'" "$orrery" compare "$scenarios/kepler.yaml" --methods leapfrgo
expect 1 "number of seconds" "$orrery" compare "$scenarios/kepler.yaml" --budget soon
expect 2 "" "$orrery" compare "$scenarios/kepler.yaml" --set integrator.stepp=1
: >file
expect 4 "cannot be made" "$orrery" compare "$scenarios/kepler.yaml" -o file --until '1 yr'

# ---- shadow ----
expect 0 "positions mean nothing from t = " "$orrery" run "$scenarios/kepler.yaml" --shadow step -o shadow.h5
expect 0 "positions mean something to the end" "$orrery" run "$scenarios/pythagorean.yaml" --shadow ulp -o ulp.h5 --until 20 --set 'expect=[]'
"$python" -c "
import h5py, numpy
d = h5py.File('shadow.h5')['observables/shadow_distance/value'][:]
assert d[0] < 1e-15 and numpy.nanmax(d) > 0.05" 2>out.txt || fail "no distances from the shadow in the file"
expect 1 "take '--shadow ulp'" "$orrery" run "$scenarios/pythagorean.yaml" --shadow step -o x.h5
expect 1 "there is: step, ulp" "$orrery" run "$scenarios/kepler.yaml" --shadow half -o x.h5
expect 1 "--member" "$orrery" run "$scenarios/hot-jupiter-ensemble.yaml" --shadow ulp -o x.h5
[ -e x.h5 ] && fail "a refused shadow left a file"
# the run's own bits do not know of the shadow
bits() { "$orrery" run "$scenarios/kepler.yaml" -f -q --json -o bits.h5 --until '10 yr' --set 'expect=[]' "$@" | grep -o 'state_hash[^,}]*'; }
[ "$(bits)" = "$(bits --shadow step)" ] || fail "the shadow changed the run"

[ "$failures" -eq 0 ] && echo "reports are as they should be"
exit "$failures"
