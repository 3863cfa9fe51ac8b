#!/bin/sh
# commands.sh ORRERY SCENARIOS - every command as a user types it: outputs, messages, exit codes.
set -u
orrery=$1 scenarios=$2
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    sed 's/^/    | /' out.txt | head -20
    failures=$((failures + 1))
}

# expect CODE TEXT COMMAND...: exit code, and TEXT somewhere in the output
expect() {
    code=$1 text=$2
    shift 2
    "$@" >out.txt 2>&1 </dev/null
    got=$?
    [ "$got" -eq "$code" ] || fail "exit $got instead of $code: $*"
    [ -z "$text" ] || grep -qF -- "$text" out.txt || fail "no '$text' from: $*"
}

cat >two.yaml <<'Y'
units: { length: au, mass: Msun, time: day }
integrator: { method: leapfrog, step: 1 day }
run: { to: 1 yr }
output: { every: 10 day }
bodies:
  - { name: Sun, mass: 1 }
  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1 au } }
expect:
  - { quantity: energy_error, below: 1e-6 }
Y

# the program itself
expect 1 "usage: orrery COMMAND" "$orrery"
expect 0 "start here" "$orrery" help
expect 0 "orrery 0." "$orrery" --version
expect 1 "did you mean 'run'" "$orrery" rnu
expect 0 "--force" "$orrery" help run
expect 1 "did you mean 'force'" "$orrery" run --forse two.yaml
expect 1 "something is missing" "$orrery" run
expect 1 "is too much" "$orrery" run a b
expect 1 "needs a value" "$orrery" run two.yaml -o

# run
expect 0 "as expected" "$orrery" run two.yaml
[ -s two.h5 ] || fail "no two.h5"
cp two.h5 kept.h5
expect 4 "exists already" "$orrery" run two.yaml
cmp -s two.h5 kept.h5 || fail "a refused run touched the old file"
expect 4 "is the scenario itself" "$orrery" run two.yaml --force -o ./two.yaml
expect 0 "" "$orrery" run two.yaml --force --quiet
[ -s out.txt ] && fail "--quiet is not quiet"
expect 0 '"event":"finished"' "$orrery" run two.yaml -f --json
expect 0 "-365.25 day" "$orrery" run two.yaml -f -o back.h5 --until '-1 yr'
expect 0 "would run 2 bodies" "$orrery" run two.yaml --dry-run -o dry.h5
[ -e dry.h5 ] && fail "--dry-run wrote a file"
expect 5 "expectation missed" "$orrery" run two.yaml -f --set expect.0.below=1e-30
expect 2 "did you mean 'mass'" "$orrery" run two.yaml --set bodies.0.mas=1
sed 's/method: leapfrog/method: leapfrgo/' two.yaml >typo.yaml
expect 2 "typo.yaml:2:23: error: there is no integrator 'leapfrgo'" "$orrery" run typo.yaml
expect 1 "whole number" "$orrery" run two.yaml --threads many
expect 4 "No such file" "$orrery" run two.yaml -o nowhere/x.h5
expect 4 "did you mean 'kepler', from the gallery?" "$orrery" run keplr
expect 4 "folder" "$orrery" run .
printf '' >empty.yaml
expect 2 "empty" "$orrery" run empty.yaml
head -c 3000 /dev/urandom >junk.yaml
expect 2 "error:" "$orrery" run junk.yaml
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod a-w locked
    expect 4 "Permission denied" "$orrery" run two.yaml -o locked/x.h5
    cp two.yaml secret.yaml && chmod a-r secret.yaml
    expect 4 "Permission denied" "$orrery" run secret.yaml
fi
# a disk that is full when the run begins
(ulimit -f 4; expect 4 "no room for" "$orrery" run two.yaml -o full.h5; [ "$failures" -eq 0 ]) || failures=$((failures + 1))
[ -e full.h5 ] && fail "a file is left where there was no room"
ls | grep -q part && fail "a partial file is left"
# point masses on one spot after a while
sed 's/a: 1 au/a: 1 au, e: 0.9999999, M: 180 deg/; s/below: 1e-6/below: 1e9/' two.yaml >plunge.yaml
"$orrery" run plunge.yaml -q -f >out.txt 2>&1
[ $? -le 3 ] || fail "a plunging orbit"

cat >fall.yaml <<'YAML'
units: { G: 1 }
integrator: { method: ias15 }
run: { to: 10 }
output: { file: fall.h5, every: 1 }
bodies:
  - { name: A, mass: 1, position: [1, 0, 0] }
  - { name: B, mass: 1, position: [-1, 0, 0] }
YAML
expect 3 "fell below its minimum; closest are" "$orrery" run fall.yaml
expect 0 "t = 0 to 2.22144" "$orrery" info fall.h5 # with the state before the collision
expect 0 "by regularized" "$orrery" run fall.yaml -f --set integrator.method=regularized
expect 2 "'tolerance' must lie between 1e-13" "$orrery" run fall.yaml --set integrator.tolerance=0
expect 2 "ias15 chooses its own steps" "$orrery" run fall.yaml --set integrator.step=0.1
expect 2 "'step' is missing" "$orrery" run fall.yaml --set integrator.method=gauss12
expect 2 "leave out 'softening'" "$orrery" run fall.yaml -o soft.h5 --set integrator.method=regularized --set 'gravity={ solver: direct, softening: 0.1 }'

# check, list, info, new, export
expect 0 "taylor, which chooses its own steps" "$orrery" check two.yaml
expect 0 "blanes-moan6 with a step of 9.1 day" "$orrery" check two.yaml
expect 0 "regularized, which" "$orrery" check "$scenarios/pythagorean.yaml"
expect 0 "hermite6, which" "$orrery" check "$scenarios/plummer-1k.yaml" --set gravity.softening=0
expect 0 "wh with a step" "$orrery" check "$scenarios/asteroid-belt.yaml"
expect 0 "is not symplectic" "$orrery" check two.yaml --until '20 kyr' --set integrator.method=rk4
expect 0 "the step is too long" "$orrery" check two.yaml --set 'integrator.step=50 day'
expect 0 "symplectic-euler" "$orrery" list
expect 0 "default kick-drift-kick" "$orrery" list leapfrog
expect 0 "scale radius" "$orrery" list plummer
expect 0 "solar-system" "$orrery" list scenarios
expect 0 "astronomical unit" "$orrery" list units
expect 1 "did you mean 'leapfrog'" "$orrery" list leepfrog
expect 0 "packed epochs" "$orrery" list catalogues
expect 0 "host: NAME" "$orrery" list exoplanets
expect 0 "finished: complete" "$orrery" info two.h5
expect 0 "quantity: energy_error" "$orrery" info --scenario two.h5
expect 0 "compensated: true" "$orrery" info --resolved two.h5
expect 0 '"snapshots":38' "$orrery" info --json two.h5
expect 4 "this is a scenario, not" "$orrery" info two.yaml
expect 4 "there is no such file" "$orrery" info nothing.h5
expect 0 "wrote mine.yaml" "$orrery" new mine
expect 4 "exists already" "$orrery" new mine
expect 0 "as expected" "$orrery" run mine.yaml
expect 0 "wrote copy.yaml" "$orrery" new --from asteroid-belt copy
[ -s asteroid-belt.csv ] || fail "the table was not copied"
expect 0 "wrote mpc.yaml" "$orrery" new --from small-bodies mpc
expect 0 "as expected" "$orrery" run mpc.yaml # with its catalogues beside it
printf 'name,a,e,omega [deg]\nA,3,,\nB,2,,\n' >blank.csv
expect 0 "note: 'blank.csv': 2 of 2 rows have no e and no omega" "$orrery" check two.yaml \
    --set 'groups=[{ table: blank.csv, around: Sun, role: test }]'
expect 1 "no scenario 'nonsense'" "$orrery" new --from nonsense other
expect 0 "wrote two.csv" "$orrery" export --for csv two.h5
[ "$(wc -l <two.csv)" -eq 78 ] || fail "two.csv has $(wc -l <two.csv) lines"
expect 4 "exists already" "$orrery" export --for csv two.h5
expect 0 "wrote two.yt.h5" "$orrery" export --for yt two.h5
expect 0 "wrote two.gadget.hdf5" "$orrery" export --for gadget --snapshot 3 two.h5
expect 0 "wrote two.xmf" "$orrery" export --for paraview two.h5
expect 1 "did you mean 'csv'" "$orrery" export --for cvs two.h5
expect 1 "no such snapshot" "$orrery" export --for yt --snapshot 99 -f two.h5

# the same bits for every compiler, optimisation, instruction set and number of threads: the hashes
# of the final states are written here (a change of them is a change under "Numerics")
golden() {
    want=$1
    shift
    for isa in portable avx2 avx512; do
        for threads in 1 2 3; do
            got=$(ORR_ISA=$isa "$orrery" run "$@" --set 'expect=[]' -f -q --json -o bits.h5 --threads $threads |
                sed -n 's/.*"state_hash":"\([0-9a-f]*\)".*/\1/p')
            [ "$got" = "$want" ] || fail "state $got instead of $want with $isa, $threads threads: $*"
        done
    done
}

golden 6cf42c05da6f0c16 "$scenarios/solar-system.yaml" --until=300day --set 'integrator={ method: leapfrog, step: 0.05 day }'
golden 947207a0f64e9857 "$scenarios/solar-system.yaml" --until=300day
golden 27ced846fe11013a "$scenarios/plummer-1k.yaml" --until=0.02 --set groups.0.count=2200
golden 942f55174720c140 "$scenarios/asteroid-belt.yaml" --until=50day
golden 93b70d118a63f6a1 "$scenarios/pleiades.yaml" --until=0.1 --set 'integrator={ method: rk4, step: 0.00002 }'
golden 54ce9626487518db "$scenarios/pleiades.yaml" --until=0.5
golden 5768dbd46c68b381 "$scenarios/pythagorean.yaml" --until=2
golden 97949dbb21d52a61 "$scenarios/star-cluster.yaml" --until=0.07
golden c900ebdc659f45cb "$scenarios/star-cluster.yaml" --until=0.07 --set integrator.method=hermite4
golden 0a68d97d54e91077 "$scenarios/arenstorf.yaml" --until=1
golden a8aaf383d200d698 "$scenarios/outer-planets.yaml" --until=20000day --set 'integrator={ method: bulirsch-stoer }'
golden d81ff3d7d59a0364 "$scenarios/outer-planets.yaml" --until=20000day --set 'integrator={ method: gauss12, step: 200 day }'
golden f6d94e4f2cb1c47d "$scenarios/outer-planets.yaml" --until=20000day --set 'integrator={ method: janus, step: 20 day }'
golden 2275ea009fdf6ca3 "$scenarios/kepler.yaml" --until=3yr --set 'integrator={ method: adaptive-leapfrog }'
golden 118f514da0d08bb8 "$scenarios/kepler.yaml" --until=3yr --set 'integrator={ method: chin4, step: 0.01 yr }'
golden 4f91b210a45689c5 "$scenarios/kepler.yaml" --until=3yr --set 'integrator={ method: dopri5 }'
golden 1392a487b8067982 "$scenarios/outer-planets.yaml" --until=20000day --set 'integrator={ method: rkn12 }'
golden 3f6ffa7938b20fcb "$scenarios/arenstorf.yaml" --until=1 --set 'integrator={ method: verner9 }'

golden ba29a7248d844582 "$scenarios/planets.yaml" --until=1000yr
golden 1f87f0148f0070c3 "$scenarios/planets.yaml" --until=1000yr --set 'integrator={ method: wh, step: 5 day, coordinates: democratic-heliocentric }'
golden 8bf53fcdda296761 "$scenarios/hot-jupiter-ensemble.yaml" --until='2 yr' --set 'output.every=1 yr'

golden eacc326be051e57b "$scenarios/two-suns.yaml" --until=100yr
golden 545a4605844f371d "$scenarios/planet-scattering.yaml" --until=300yr

"$orrery" run "$scenarios/asteroid-belt.yaml" -f -q --until '100 yr' -o belt.h5 >out.txt 2>&1 || fail "the asteroid belt"

# ensembles: each member has the bits that it has alone; bad ones are refused, failing ones left behind
hot="$scenarios/hot-jupiter-ensemble.yaml"
expect 0 "110 members of 3 bodies, 0 failed" "$orrery" run "$hot" --until '2 yr' --set 'output.every=1 yr' -o hot.h5
expect 0 "ensemble      110 members" "$orrery" info hot.h5
expect 0 '"event":"expectation","member":109,' "$orrery" run "$hot" --until '2 yr' --set 'output.every=1 yr' -f -o hot-json.h5 --json
expect 0 "" "$orrery" export --for csv --member 37 -o hot37.csv hot.h5
expect 0 "3 (3 active" "$orrery" run "$hot" --member 37 --until '2 yr' --set 'output.every=1 yr' -o alone.h5 --set 'expect=[]'
expect 0 "" "$orrery" export --for csv -o alone.csv alone.h5
sed -i 1d hot37.csv alone.csv # the names of the files
cmp -s hot37.csv alone.csv || fail "member 37 is not what it is alone"
expect 1 "numbered from 0; not 110" "$orrery" info --member 110 hot.h5
expect 1 "not an ensemble" "$orrery" info --member 1 two.h5
expect 1 "not an ensemble" "$orrery" run two.yaml --member 1
ensemble() {
    code=$1 text=$2
    shift 2
    sed '/^ensemble:/,/^$/d' "$hot" >bad.yaml
    printf '%s\n' "$@" >>bad.yaml
    expect "$code" "$text" "$orrery" run bad.yaml -f -o bad.h5 --until '1 yr' --set 'output.every=1 yr'
}
ensemble 2 "at least one member" "ensemble:" "  members: 0" "  vary: { bodies.Giant.mass: { from: 1 Mjup, to: 2 Mjup } }"
ensemble 2 "how many random copies" "ensemble: { vary: { bodies.Giant.mass: { from: 1 Mjup, to: 2 Mjup } } }"
ensemble 2 "leave out 'members'" "ensemble: { members: 3, vary: { bodies.Giant.mass: [1 Mjup] } }"
ensemble 2 "'vary' is missing" "ensemble: { members: 3 }"
ensemble 2 "counts days: 2451545.0 JD" "ensemble: { members: 2, vary: { bodies.Giant.orbit.T: { from: 2000-01-01, to: 2010-01-01 } } }"
ensemble 2 "in the same unit" "ensemble: { vary: { bodies.Giant.mass: { from: 1 Mjup, to: 2 Msun, count: 3 } } }"
ensemble 2 "did you mean 'Giant'" "ensemble: { vary: { bodies.Gaint.mass: [1 Mjup] } }"
ensemble 2 "other bodies, times or units" "ensemble: { vary: { output.diagnostics: [1 yr, 2 yr] } }"
ensemble 0 "2 members of 3 bodies, 1 failed" "ensemble: { vary: { bodies.Giant.mass: [1 Mjup, 0.5 Msun], integrator.coordinates: [whds] } }"
grep -q "no body dominates" out.txt || fail "no word about why the member failed"
ensemble 3 "every member failed" "ensemble: { vary: { bodies.Giant.mass: [0.4 Msun, 0.5 Msun], integrator.coordinates: [whds] } }"

# a method that does not take the bodies: said by check, and before anything is written
sed 's/mass: 1 Mearth/mass: 0.5/; s/method: leapfrog/method: wh, coordinates: whds/' two.yaml >binary.yaml
expect 2 "no body dominates" "$orrery" check binary.yaml
expect 2 "no body dominates" "$orrery" run binary.yaml -o binary.h5
[ -e binary.h5 ] && fail "a refused run left a file"
expect 0 "ensemble of 110 members" "$orrery" check "$hot"
expect 0 "Uranus, 0.24" "$orrery" info belt.h5

# forces: what they need, and whom they are of
forced() {
    code=$1 text=$2
    shift 2
    expect "$code" "$text" "$orrery" run two.yaml -f -o forced.h5 --set 'integrator={ method: ias15 }' --set "forces=$1"
}
forced 0 "" '[{ force: relativity }, { force: harmonics, of: Sun, J2: 2e-7, radius: 700000 km }]'
forced 2 "did you mean 'Earth'" '[{ force: harmonics, of: Eart, J2: 1e-3, radius: 6378 km }]'
forced 2 "needs a radius" '[{ force: harmonics, of: Earth, J2: 1e-3 }]'
forced 2 "did you mean 'relativity'" '[{ force: relativty }]'
forced 2 "'beta' is missing" '[{ force: radiation }]'
forced 2 "must lie between" '[{ force: harmonics, of: Earth, J2: 2, radius: 6378 km }]'
expect 2 "which depends on velocity" "$orrery" run two.yaml -f -o forced.h5 --set 'forces=[{ force: relativity }]'
expect 2 "cannot take" "$orrery" run two.yaml -f -o forced.h5 --set 'integrator={ method: wh, step: 1 day }' --set 'forces=[{ force: relativity-potential }]'
expect 0 "Burns, Lamy" "$orrery" list radiation
expect 0 "harmonics" "$orrery" list forces

# forces from outside: off by default, and what is no force is said to be none
expect 2 "say --allow-plugins" "$orrery" check two.yaml --set 'forces=[{ plugin: ./no.so }]'
expect 2 "does not load" "$orrery" check two.yaml --allow-plugins --set 'forces=[{ plugin: ./no.so }]'
library=$(ls /lib/*/libm.so.6 /usr/lib/*/libm.so.6 2>/dev/null | head -1)
[ -n "$library" ] && expect 2 "lacks the symbol 'orrery_force_version'" "$orrery" check two.yaml --allow-plugins --set "forces=[{ plugin: $library }]"

# ephemeris: Mars of DE405 in 2010, and the Sun of the almanac of 1990
jpl="$scenarios/solar-system-jpl.yaml"
expect 0 ",Mars,-0.72967128" "$orrery" ephemeris "$jpl" --at 'JD 2455197.5' --center Sun --of Mars
expect 0 "2010-01-01T00:00:00" "$orrery" ephemeris "$jpl" --at 2010-01-01 --center Sun --of Mars --axes ecliptic
expect 0 ",18 44 49.99" "$orrery" ephemeris "$jpl" --at 1990-01-01 --apparent --equinox date --of Sun
expect 0 "1999-12-31T12:00:00" "$orrery" ephemeris "$jpl" --from 1999-12-31T12:00 --to 2000-01-02T12:00 --every '1 day' --of Moon
expect 0 "" "$orrery" ephemeris "$jpl" --at '10 day' --apparent -o eph.csv
grep -q "equator and equinox of ICRF" eph.csv || fail "no word about the equinox"
expect 4 "--force" "$orrery" ephemeris "$jpl" --at '10 day' -o eph.csv
expect 1 "say when" "$orrery" ephemeris "$jpl"
expect 1 "neither a time" "$orrery" ephemeris "$jpl" --at soon
expect 1 "did you mean 'Mars'" "$orrery" ephemeris "$jpl" --at 2010-01-01 --of Mras
expect 1 "not said to be ICRF" "$orrery" ephemeris two.yaml --at '10 day' --axes ecliptic
expect 0 "to t = " "$orrery" run "$jpl" --until today --dry-run --set 'expect=[]'

# dates in four scales, angles with their unit, ecliptics by name
cat >dates.yaml <<'Y'
units: { length: au, mass: Msun, time: s }
frame: icrf
epoch: 2016-12-31T12:00 UTC
integrator: { method: taylor }
run: { to: 2017-01-01T12:00 UTC }
output: { every: 43200 s }
bodies:
  - { name: Sun, mass: 1 }
  - { name: P, role: test, position: [0, 1, 0] }
Y
expect 0 "to t = 86401 s" "$orrery" run dates.yaml --dry-run
expect 0 "to t = 86400 s" "$orrery" run dates.yaml --dry-run --until '2016-12-31T23:59:60Z' --set epoch='2016-12-31 UTC'
expect 0 "to t = 42.184 s" "$orrery" run dates.yaml --dry-run --until 'MJD 57754 UTC' --set epoch='MJD 57754.000312499999999 TT'
expect 0 "leap seconds that may come" "$orrery" check dates.yaml --until '2040-01-01'
expect 2 "February of that year has 28 days" "$orrery" check dates.yaml --until 2017-02-30
expect 2 "there is no leap second" "$orrery" check dates.yaml --until 2017-12-31T23:59:60
expect 2 "no 'epoch:'" "$orrery" check two.yaml --until 2017-02-28
expect 1 "no 'epoch:'" "$orrery" ephemeris two.yaml --at 2017-02-28
expect 0 "2016-12-31T23:59:60,P,0,0.91744" "$orrery" ephemeris dates.yaml --at 2016-12-31T23:59:60 --axes ecliptic
expect 0 "P,0,0.917482143065242,-0.3977769691126" "$orrery" ephemeris dates.yaml --at '0 s' --axes ecliptic-iau2006
expect 0 "P,0,0.917482062069182,-0.3977771559319" "$orrery" ephemeris dates.yaml --at '0 s' --axes ecliptic
expect 1 "did you mean 'ecliptic'" "$orrery" ephemeris dates.yaml --at '0 s' --axes ecliptik
expect 2 "write '3 deg'" "$orrery" check two.yaml --set bodies.Earth.orbit.i=3
expect 0 "valid scenario" "$orrery" check two.yaml --set bodies.Earth.orbit.i=3 --set units.angle=deg
expect 0 "" "$orrery" run dates.yaml -q -o dates.h5
expect 0 "2016-12-31T12:00:00 UTC (JD 2457754)" "$orrery" info dates.h5
expect 0 "" "$orrery" export dates.h5 --for scenario -o later.yaml
expect 0 "run: { from: 86401 s" cat later.yaml

# Ctrl-C: the last state is written, exit 130
"$orrery" run "$scenarios/solar-system.yaml" -q -o int.h5 --until='1000000 yr' --set 'output.every=1000 yr' --set 'expect=[]' 2>out.txt &
pid=$!
sleep 1
kill -INT $pid
wait $pid
[ $? -eq 130 ] || fail "not 130 after an interrupt"
grep -q "interrupted; the state at t = " out.txt || fail "no word about the interrupt"
expect 0 "stopped: interrupted" "$orrery" info int.h5
expect 0 "goes on from it" "$orrery" info int.h5

# resume: from the interrupted run above; what cannot be resumed is said
[ -s int.h5.checkpoint ] || fail "no checkpoint after an interrupt"
cp int.h5.checkpoint broken
"$orrery" resume int.h5 -q 2>out.txt &
pid=$!
sleep 1
kill -USR1 $pid
sleep 0.5
kill -TERM $pid
wait $pid
[ $? -eq 130 ] || fail "not 130 after a resumed run was terminated"
cmp -s int.h5.checkpoint broken && fail "a resumed run wrote no checkpoint of its own"
printf 'x' | dd of=broken bs=1 seek=2000 conv=notrunc 2>/dev/null
expect 4 "is damaged" "$orrery" resume int.h5 --checkpoint broken
expect 4 "is no checkpoint" "$orrery" resume int.h5 --checkpoint two.yaml
expect 0 "is finished" "$orrery" resume two.h5
expect 4 "there is no checkpoint" "$orrery" resume two.h5 --until '900 yr'
expect 4 "there is no such file" "$orrery" resume nowhere.h5
expect 4 "this is a scenario" "$orrery" resume two.yaml
expect 1 "number of seconds" "$orrery" run two.yaml -f -o r.h5 --checkpoint-every soon
expect 0 "checkpoint: 300 s" "$orrery" check two.yaml --set 'output.checkpoint=5 min'
expect 2 "by the clock on the wall" "$orrery" check two.yaml --set 'output.checkpoint=5 km'
expect 0 "" "$orrery" run two.yaml -f -o r.h5
[ -e r.h5.checkpoint ] && fail "a run that has ended left a checkpoint"

# diff and rerun
"$orrery" run "$scenarios/kepler.yaml" -f -q -o ka.h5 --until '2 yr' --set 'expect=[]'
"$orrery" run "$scenarios/kepler.yaml" -f -q -o kb.h5 --until '2 yr' --set 'expect=[]' --threads 2
"$orrery" run "$scenarios/kepler.yaml" -f -q -o kc.h5 --until '3 yr' --set 'expect=[]'
"$orrery" run "$scenarios/kepler.yaml" -f -q -o kd.h5 --until '2 yr' --set 'expect=[]' --set integrator.step='0.0005 yr'
expect 0 "the same to the last bit: 101 snapshots" "$orrery" diff ka.h5 kb.h5
expect 5 "101 snapshots and 151" "$orrery" diff ka.h5 kc.h5
expect 5 "first difference: Sun: x at t = 0.02 is" "$orrery" diff ka.h5 kd.h5
expect 4 "" "$orrery" diff ka.h5 nothing.h5
expect 0 "the same to the last bit" "$orrery" rerun ka.h5
[ -e ka.h5.rerun ] && fail "rerun left a file that is the same"
expect 4 "one of its members is not enough" "$orrery" rerun hot.h5

[ "$failures" -eq 0 ] && echo "all commands behave"
exit "$failures"
