"""words.py ORRERY SCENARIOS - mistakes that people make, and the words that each must be answered with.

Each line of the list: the exit code, words that must stand in the answer (all of them), words that must not (behind
'!'), and the command line, in which @name is a file made here.  What is tested is the kind, so each kind has several."""
import os, re, shlex, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

orrery, scenarios = (os.path.abspath(p) for p in sys.argv[1:3])

TWO = """units: { length: au, mass: Msun, time: day }
integrator: { method: leapfrog, step: 1 day }
run: { to: 10 day }
output: { file: %s.h5, every: 5 day }
bodies:
  - { name: Sun, mass: 1 }
  - { name: Planet, mass: 1 Mearth, orbit: { around: Sun, a: 1 au, e: 0.1, i: 5 deg } }
"""
FILES = {
    "two.yaml": TWO % "two",
    "overlap.yaml": TWO % "o" + "  - { name: Third, mass: 1, position: [1, 0, 0], velocity: [0, 0, 0] }\n"
                              + "  - { name: Fourth, mass: 1, position: [1, 0, 0], velocity: [0, 0, 0] }\n",
    "part.yaml": "# a part\n\nexpect:\n  - { quantity: distance, of: [Sun, Planet], below: 1 km }\n",
    "whole.yaml": "include: part.yaml\n" + TWO % "whole",
    "twins.yaml": "include: two.yaml\nbodies:\n  - { name: Again, mass: 1, position: [0, 0, 0], velocity: [0, 0, 0] }\n",
    "rest.yaml": TWO % "rest" + "  - { name: Third, mass: 1e-6, position: [3, 0, 0] }\n",
    "vary.yaml": TWO % "vary" + "ensemble: { vary: { bodies.Plant.orbit.a: [1 au, 2 au] } }\n",
    "vary2.yaml": TWO % "vary2" + "ensemble: { vary: { bodies.Planet.orbit.a: [1 au, 2 au] } }\n",
    "wild.yaml": (TWO % "wild").replace("leapfrog, step: 1 day", "euler, step: 60 day").replace("10 day", "20 yr"),
    "tests.yaml": (TWO % "tests").replace("mass: 1 Mearth", "role: test"),
    "fall.yaml": """units: { length: au, mass: Msun, time: day }
integrator: { method: hermite4 }
run: { to: 1 yr }
output: { file: fall.h5, every: 5 day }
bodies:
  - { name: Sun, mass: 1 }
  - { name: Jup, mass: 1 Mjup, orbit: { around: Sun, a: 5.2, f: 180 deg } }
  - { name: stone, role: test, position: [2, 0, 0], velocity: [-10 km/s, 0, 0] }
""",
    "galaxy.yaml": """units: { G: 1 }
integrator: { method: leapfrog, step: 0.01 }
run: { to: 1 }
gravity: { solver: direct, softening: 0.1 }
bodies:
""" + "".join("  - { name: s%d, mass: 1, position: [%d, %d, %d], velocity: [%d, 9, 0] }\n" %
              (k, k % 5, k // 5 % 3, k % 2, 5 - k) for k in range(30)),
    "mas.yaml": TWO % "mas" + "  - { name: Third, mas: 1, position: [3, 0, 0], velocity: [0, 0, 0] }\n",
    "odd.yaml": "include: out.h5\n" + TWO % "odd",
    "still.csv": "name, x [au], y, z\nP, 2, 0, 0\nQ, 3, 0, 0\n",
    "still.yaml": TWO % "still" + "groups: [ { table: still.csv, role: test } ]\n",
    "table.csv": "name, a [au]\nX, 2\n",
    "note.txt": "hello world\n",
    "empty.yaml": "",
    "zero.h5": "",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "page.html": "<!doctype html><html></html>\n",
}

# code | words; words; !not these | command line
CASES = r"""
# keys: unknown ones before missing ones, in every part
2 | unknown key 'mas'; did you mean 'mass' ! missing, neither | check mas.yaml
2 | unknown key 'Ma'; did you mean 'M' | check two.yaml --set bodies.Planet.orbit.Ma=3
2 | did you mean 'Omega' | check two.yaml --set bodies.Planet.orbit.node='3 deg'
2 | did you mean 'omega' | check two.yaml --set 'bodies.Planet.orbit.argument of pericenter=3 deg'
2 | did you mean 'e'? | check two.yaml --set bodies.Planet.orbit.eccentricity=0.1
2 | did you mean 'i'? | check two.yaml --set bodies.Planet.orbit.inclination='1 deg'
2 | did you mean 'a'? | check two.yaml --set 'bodies.Planet.orbit.semimajor axis=3'
2 | did you mean 'P'? | check two.yaml --set bodies.Planet.orbit.period=3
2 | did you mean 'velocity' | check two.yaml --set bodies.Sun.vel=3
2 | did you mean 'position' | check two.yaml --set bodies.Sun.pos=3
2 | did you mean 'GM' | check two.yaml --set bodies.Sun.Gm=3
2 | unknown key 'metod'; did you mean 'method' ! is missing | check two.yaml --set 'integrator={ metod: leapfrog }'
2 | unknown key 'dt'; did you mean 'step' | check two.yaml --set integrator.dt=1
2 | unknown key 'until'; did you mean 'to' | check two.yaml --set 'run={ until: 3 }'
2 | did you mean 'every' | check two.yaml --set output.interval=3
2 | did you mean 'units' | check two.yaml --set 'unit={ G: 1 }'
2 | unknown key 'quantiy' | check two.yaml --set 'expect=[{ quantiy: e }]'
2 | unknown key 'seeed' | check two.yaml --set 'groups=[{ generate: ring, seeed: 3 }]'
2 | has no effect here | check two.yaml --set 'ensemble={ members: 2, vary: { bodies.Planet.orbit.e: { mean: 0.1, sigma: 0.01, from: 0 } } }'
2 | unknown key 'corrector'; it is an option of wh | check two.yaml --set integrator.corrector=3
2 | unknown key 'beta'; it is an option of radiation | check two.yaml --set 'forces=[{ force: drag, beta: 3 }]'
# units
2 | no unit 'parsec'; did you mean 'pc' | check two.yaml --set bodies.Planet.orbit.a='3 parsec'
2 | did you mean 'ly' | check two.yaml --set bodies.Planet.orbit.a='3 light years'
2 | did you mean 'Myr' | check two.yaml --set run.to='3 Ma'
2 | did you mean 'Msun' | check two.yaml --set bodies.Sun.mass='3 M_sun'
2 | did you mean 'Msun' | check two.yaml --set bodies.Sun.mass='3 solar masses'
2 | did you mean 'Mearth' | check two.yaml --set bodies.Sun.mass='3 earthmass'
2 | did you mean 'deg' | check two.yaml --set bodies.Planet.orbit.i=3°
2 | did you mean 'deg' | check two.yaml --set bodies.Planet.orbit.i='3 degr'
2 | did you mean 'au' | check two.yaml --set bodies.Planet.orbit.a='3 a.u.'
2 | did you mean 's'? | check two.yaml --set integrator.step='3 seconds'
2 | did you mean 'km'? | check two.yaml --set bodies.Planet.orbit.a='3 kilometers'
2 | there is: m, mm, cm, km | check two.yaml --set bodies.Planet.orbit.a='3 bananas'
2 | unit of length 'parsec'; did you mean 'pc' | check two.yaml --set units.length=parsec
# values
2 | did you mean 'leapfrog' | check two.yaml --set integrator.method=verlet
2 | did you mean 'rk4' | check two.yaml --set integrator.method=rk5
2 | did you mean 'icrf' | check two.yaml --set frame=J2000
2 | did you mean 'test' | check two.yaml --set bodies.Planet.role=massless
2 | did you mean 'Sun' | check two.yaml --set bodies.Planet.orbit.around=Son
2 | did you mean 'double' | check two.yaml --set output.precision=float64
# the wrong shape
2 | must be a map; for example: integrator: { method: leapfrog, step: 0.5 day } | check two.yaml --set integrator=leapfrog
2 | must be a map; for example: run: { to: 100 yr } | check two.yaml --set run='10 yr'
2 | must be a map; for example: units: { length: au | check two.yaml --set units=SI
2 | must be a list; for example: bodies:; - { name: Sun ! unknown key | check two.yaml --set 'bodies={ Sun: { mass: 1 } }'
2 | 'solver' is missing; for example: gravity: | check two.yaml --set 'gravity={ softening: 0.1 }'
2 | written with a point | check two.yaml --set 'bodies=[{ name: X, mass: 1,5 }]'
2 | written with a point | check two.yaml --set bodies.Sun.mass='1,5'
# --set, vary, --until
2 | there is no 'Plannet' in 'bodies'; did you mean 'Planet' | check two.yaml --set bodies.Plannet.mass=1
2 | there is no '7' in 'bodies'; 2 items | check two.yaml --set bodies.7.mass=1
2 | single value | check two.yaml --set title=x --set title.y=1
2 | vary.yaml:8:; 'Plant'; did you mean 'Planet' | check vary.yaml
2 | --until yesterday ! run.to | run two.yaml --until yesterday
2 | --until 3 yrs; did you mean 'yr' ! run.to | run two.yaml --until '3 yrs'
# the wrong kind of file: what it is, and which command takes it
4 | an output file; orrery info out.h5; not a scenario | run out.h5
4 | an output file | compare out.h5
4 | an output file | check out.h5
4 | a checkpoint; orrery resume kept.h5 | run kept.h5.checkpoint
4 | a checkpoint; orrery resume kept.h5 | info kept.h5.checkpoint
4 | a table; groups: | run table.csv
4 | a table | view table.csv --picture p.png
4 | a picture | run picture.png
4 | a picture | plot picture.png
4 | a web page | info page.html
4 | a folder | run folder
4 | a folder | info folder
4 | an empty file | info zero.h5
2 | empty; orrery new | run empty.yaml
4 | a text | run note.txt
4 | a scenario; did you mean 'two.h5' | info two.yaml
4 | a scenario; orrery run rest.yaml | plot rest.yaml
4 | a scenario | resume two.yaml
4 | a scenario | export --for csv two.yaml
4 | a scenario | diff two.yaml out.h5
4 | no such file; did you mean 'out.h5' | info ut.h5
4 | did you mean 'lessons/1-kepler' | run 1-kepler
4 | did you mean 'two.yaml' | run tow.yaml
2 | this is an output file | check odd.yaml
# options, commands, topics
1 | did you mean 'run' | simulate two.yaml
1 | orrery run two.yaml | two.yaml
1 | did you mean 'output' | run two.yaml --output-file x
1 | did you mean 'until' | run two.yaml --end 3
1 | --split; did you mean 'rk4' | view two.yaml --split rk5 --picture p.png
1 | did you mean 'co-rotating' | view two.yaml --picture p.png --frame rotating
1 | did you mean 'paper' | view two.yaml --picture p.png --theme papper
1 | did you mean 'trails' | view two.yaml --picture p.png --show trail
1 | did you mean 'Sun' | view two.yaml --picture p.png --select Snu
1 | --steps; did you mean 'yr' | compare two.yaml --steps '0.1 yrs'
1 | did you mean 'leapfrog' | compare two.yaml --methods leap
1 | did you mean 'kepler' | new --from keplr y
1 | did you mean 'units' | help uints
1 | did you mean 'bodies' | help scenario bodis
# what is wise
0 | Third; position; velocity: [0, 0, 0] | check rest.yaml
0 | P has a position and no velocity; like others | check still.yaml
0 | longer than the whole run | check two.yaml --set integrator.step='20 day'
0 | longer than the whole run; its two ends | check two.yaml --set output.every='20 day'
0 | One body holds all the mass ! inf times | check tests.yaml
0 | ! not bound | check galaxy.yaml
0 | wh with a step; registers | check vary2.yaml
0 | an energy error of; another method | run wild.yaml
0 | energy error  - ! 0.00e+00 | run tests.yaml
0 | "energy_error":null | run tests.yaml -f --json
3 | step fell below; day; Sun and stone; au apart ! at t = 0 | run fall.yaml
# a method that the file's step is not for
0 | note: 'integrator.step: 1 day' is left out | run two.yaml -f --set integrator.method=taylor
2 | chooses its own steps | run two.yaml -f --set integrator.method=taylor --set integrator.step='1 day'
2 | 'step' is missing; --set integrator.step= | check two.yaml --set 'integrator={ method: rk4 }'
0 | 'integrator.form: half-step' is left out | check two.yaml --set 'integrator.method=rk4' -c
# where it stands
2 | overlap.yaml:9:; 'Fourth' and 'Third'; line 8 | check overlap.yaml
2 | twins.yaml:3:; line 6 of; two.yaml | check twins.yaml
5 | part.yaml:4:; expectation missed | run whole.yaml
0 | steps of 1 day | run two.yaml -f
# help
0 | required; kick-drift-kick; ecc | help scenario
0 | parsec; also written AU; radian | help units
0 | 130; an expectation missed | help exit-codes
0 | topics; scenario | help help
0 | TDB; UTC; JD; Leap seconds are known | help dates
0 | ecliptic; 84381.448 arcsec | help planes
0 | catalogue; where; separator; angle | help scenario
0 | HDF5; libfyaml; threads; kernels | version
"""


def cases():
    for line in CASES.strip().splitlines():
        if line.startswith("#"):
            continue
        code, words, command = (part.strip() for part in line.split("|", 2))
        wanted, _, unwanted = words.partition("!")
        yield (int(code), [w.strip() for w in wanted.split(";") if w.strip()],
               [w.strip() for w in unwanted.split(",") if w.strip()], shlex.split(command))


def try_one(case):
    code, wanted, unwanted, command = case
    if command[-1] == "-c":  # a scenario with an option that the new method lacks
        command = [command[0], "formed.yaml"] + command[2:-1]
    done = subprocess.run([orrery] + command, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "OMP_NUM_THREADS": "1", "NO_COLOR": "1"})
    answer = " ".join((done.stdout + done.stderr).split())
    squeeze = lambda w: " ".join(w.split())
    wrong = [f"exit {done.returncode}, not {code}"] if done.returncode != code else []
    wrong += [f"no '{w}'" for w in wanted if squeeze(w) not in answer]
    wrong += [f"'{w}' is said" for w in unwanted if squeeze(w) in answer]
    return f"{' '.join(command)}: {'; '.join(wrong)}\n    {answer[:700]}" if wrong else None


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for name, text in FILES.items():
        with open(name, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
    with open("formed.yaml", "w") as f:
        f.write((TWO % "formed").replace("step: 1 day", "step: 1 day, form: half-step"))
    os.mkdir("folder")
    for name, more in (("out.h5", []), ("two.h5", []), ("kept.h5", ["--keep-checkpoint"])):
        subprocess.run([orrery, "run", "two.yaml", "-q", "-o", name] + more, check=True)
    all_cases = list(cases())
    assert len(all_cases) >= 60
    with ThreadPoolExecutor(2) as pool:
        failures = [f for f in pool.map(try_one, all_cases) if f]
    # the snapshots before the collision are in the file
    info = subprocess.run([orrery, "info", "fall.h5"], capture_output=True, text=True).stdout
    last = re.search(r"t = 0 to ([0-9.]+) day", info)
    fell = subprocess.run([orrery, "run", "fall.yaml", "-f"], capture_output=True, text=True).stderr
    when = re.search(r"at t = ([0-9.]+) day", fell)
    if not last or not when or not float(when[1]) - 5 < float(last[1]) < float(when[1]):
        failures.append(f"snapshots to {last and last[1]} of a run that fails at {when and when[1]}")
    # the first example of `help scenario` is a whole scenario
    text = subprocess.run([orrery, "help", "scenario"], capture_output=True, text=True).stdout
    if max(len(line) for line in text.splitlines()) > 100:
        failures.append("help scenario is wider than 100 columns")
    example = re.search(r"  example:\n((?:    .*\n)+)", text)
    with open("example.yaml", "w") as f:
        f.write(re.sub(r"^    ", "", example[1], flags=re.M))
    if subprocess.run([orrery, "check", "-q", "example.yaml"]).returncode != 0:
        failures.append("the example of help scenario is not valid")
    # every line of `help exit-codes` stands in the README, too
    readme = " ".join(open(scenarios + "/../README.md").read().split())
    codes = subprocess.run([orrery, "help", "exit-codes"], capture_output=True, text=True).stdout
    for code, words in re.findall(r"^  (\d+) +(\S+(?: \S+)*)", codes, re.M):
        if f"{code} {words}" not in readme:
            failures.append(f"exit code '{code} {words}' is not in the README")

for failure in failures:
    print("FAILED:", failure)
print(f"{len(all_cases) - len(failures)} of {len(all_cases)} mistakes are answered in the right words")
sys.exit(len(failures) > 0)
