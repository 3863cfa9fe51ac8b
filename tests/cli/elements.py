"""elements.py ORRERY - osculating elements in CSV and in the output file, against states of the same
file by formulas of this script's own; read again as a table; in segments, ensembles, after a merger."""
import csv, math, os, subprocess, sys, tempfile
import h5py, numpy as np

ORRERY = sys.argv[1]
QUANTITIES = ["a", "e", "i", "Omega", "omega", "pomega", "M", "f", "E", "L", "T", "P", "q", "Q", "n"]

def run(*arguments, code=0):
    p = subprocess.run([ORRERY, *arguments], capture_output=True, text=True)
    assert p.returncode == code, (arguments, p.returncode, p.stdout, p.stderr)
    return p.stdout + p.stderr

def write(name, text):
    with open(name, "w") as f:
        f.write(text)

def table(name):
    """Rows as dictionaries by the name of the column, without its unit; and the header."""
    with open(name, newline="") as f:
        rows = list(csv.reader(line for line in f if not line.startswith("#")))
    return [dict(zip([h.split(" [")[0] for h in rows[0]], r)) for r in rows[1:]], rows[0]

def states(name, member=None):
    with h5py.File(name) as f:
        n = int(f["status/n_frames"][()])
        all_ = f["particles/all"]
        pick = lambda d: d[:n] if member is None else d[:n, member]
        names = [x.decode() for x in all_["name"][()]]
        gm = all_["gm"][()] if member is None else all_["gm"][member]
        return (names, gm, all_["position/time"][:n], pick(all_["position/value"]), pick(all_["velocity/value"]))

def elements(r, v, mu, t):
    """Angles in degrees; eccentric anomalies of ellipses only."""
    h = np.cross(r, v)
    ev = np.cross(v, h) / mu - r / np.linalg.norm(r)
    e = np.linalg.norm(ev)
    a = 1 / (2 / np.linalg.norm(r) - v @ v / mu)
    node = np.array([-h[1], h[0], 0])
    node = node / np.linalg.norm(node) if np.linalg.norm(node) > 0 else np.array([1.0, 0, 0])
    ahead = np.cross(h, node) / np.linalg.norm(h)
    omega = math.atan2(ev @ ahead, ev @ node)
    f = math.atan2(r @ ahead, r @ node) - omega
    f = math.atan2(math.sin(f), math.cos(f))
    E = 2 * math.atan(math.sqrt((1 - e) / (1 + e)) * math.tan(f / 2))
    M, n = E - e * math.sin(E), math.sqrt(mu / a ** 3)
    Omega = math.atan2(node[1], node[0])
    deg = math.degrees
    return {"a": a, "e": e, "i": deg(math.acos(h[2] / np.linalg.norm(h))), "Omega": deg(Omega) % 360, "omega": deg(omega) % 360,
            "pomega": deg(Omega + omega) % 360, "M": deg(M), "f": deg(f), "E": deg(E), "L": deg(Omega + omega + M) % 360,
            "T": t - M / n, "P": 2 * math.pi / n, "q": a * (1 - e), "Q": a * (1 + e), "n": deg(n)}

def near(got, want, quantity, tolerance=1e-9):
    d = got - want
    if quantity in ("Omega", "omega", "pomega", "M", "f", "E", "L"):
        d = (d + 180) % 360 - 180
    assert abs(d) <= tolerance * max(1, abs(want)), (quantity, got, want)

SYSTEM = """
title: "a, b"
epoch: 2000-01-01T12:00 TDB
frame: icrf
units: { length: au, mass: Msun, time: day }
integrator: { method: ias15 }
run: { to: 1000 day }
output: { every: 100 day%s }
bodies:
  - { name: Sun, mass: 1 }
  - { name: "Ju,\\"p", mass: 0.00095, orbit: { around: Sun, a: 5.2, e: 0.048, i: 1.3 deg, Omega: 100 deg, omega: 275 deg, M: 19 deg } }
  - { name: Dust, role: test, orbit: { around: Sun, a: 2.7, e: 0.2, i: 170 deg, Omega: 10 deg, omega: 20 deg, M: 300 deg } }
  - { name: Saturn, mass: 0.00029, orbit: { around: Sun, a: 9.5, e: 0.05, i: 2.5 deg, Omega: 113 deg, omega: 339 deg, M: 317 deg } }
"""

def check_csv():
    write("s.yaml", SYSTEM % "")
    run("run", "s.yaml", "-q")
    names, gm, times, x, v = states("s.h5")
    index = {n: k for k, n in enumerate(names)}
    sun = index["Sun"]
    massive = ["Sun", 'Ju,"p', "Saturn"]

    def centre(kind, name, k):
        """Position, velocity and GM of what `name` is about."""
        of = {"Sun": ["Sun"], 'Sun,Saturn': ["Sun", "Saturn"], "barycentre": massive,
              "jacobi": {'Ju,"p': ["Sun"], "Dust": ["Sun", 'Ju,"p'], "Saturn": ["Sun", 'Ju,"p']}.get(name)}[kind]
        m = np.array([gm[index[o]] for o in of])
        mu = m.sum() + (0 if len(of) > 1 and name in of else gm[index[name]])
        return sum(a * x[k, index[o]] for a, o in zip(m, of)) / m.sum(), sum(a * v[k, index[o]] for a, o in zip(m, of)) / m.sum(), mu

    for kind in ("Sun", "Sun,Saturn", "barycentre", "jacobi"):
        run("export", "s.h5", "--elements=" + ",".join(QUANTITIES), "--around", kind, "-f", "-q")
        rows, header = table("s.elements.csv")
        assert header[:4] == ["time [day]", "name", "a [au]", "e"] and "i [deg]" in header and "n [deg/day]" in header, header
        seen = {(float(r["time"]), r["name"]) for r in rows}
        with_orbit = [n for n in names if not (n == "Sun" and kind in ("Sun", "jacobi"))]
        assert seen == {(t, n) for t in times for n in with_orbit} and len(rows) == len(seen)
        for r in rows:
            if r["name"] == "Sun":
                continue # about a barycentre that it is nearly itself: digits are lost
            k, i = list(times).index(float(r["time"])), index[r["name"]]
            c, cv, mu = centre(kind, r["name"], k)
            want = elements(x[k, i] - c, v[k, i] - cv, mu, times[k])
            for q in QUANTITIES:
                near(float(r[q]), want[q], q)
            near(float(r["T_JD"]), 2451545 + want["T"], "T", 1e-12)
            assert float(r["GM"]) == gm[i]

    # the ecliptic of an ICRF file: the obliquity is between that of the IAU 2006 and of the IAU 1976
    run("export", "s.h5", "--elements", "i,Omega", "--around", "Sun", "--plane", "ecliptic", "--of", "Dust", "-f", "-q")
    row = table("s.elements.csv")[0][0]
    eps = math.radians(84381.43 / 3600)
    turn = np.array([[1, 0, 0], [0, math.cos(eps), math.sin(eps)], [0, -math.sin(eps), math.cos(eps)]])
    want = elements(turn @ (x[0, index["Dust"]] - x[0, sun]), turn @ (v[0, index["Dust"]] - v[0, sun]), gm[sun], 0)
    near(float(row["i"]), want["i"], "i", 1e-6)
    near(float(row["Omega"]), want["Omega"], "Omega", 1e-5)

    # its own about the plane of all: the sum of i-weighted angular momenta vanishes there
    run("export", "s.h5", "--elements", "i", "--around", "barycentre", "--plane", "invariable", "-f", "-q")
    assert max(float(r["i"]) for r in table("s.elements.csv")[0] if r["name"] in massive[1:]) < 1

    for bad, words in ((["a,x"], "there is no element 'x'"), (["a,a"], "named twice"), (["a", "--around", "Mars"], "there is no body 'Mars'"),
                       (["a", "--around", "Dust"], "no mass"), (["a", "--plane", "flat"], "there is no plane"),
                       (["a", "--of", "Sun,Marz"], "there is no body 'Marz'"), (["a", "--gm", "some"], "there is no GM"),
                       (["a", "--for", "yt"], "not as yt"), (["a", "--member", "3"], "no members")):
        assert words in run("export", "s.h5", "-f", "--elements", *bad, code=1), bad
    assert "goes with --elements" in run("export", "s.h5", "--for", "csv", "--around", "Sun", code=1)
    assert "exists already" in run("export", "s.h5", "--elements", code=4)
    assert "no rows" in run("export", "s.h5", "--elements", "-f", "--of", "Sun", "--around", "Sun")
    # names with commas: alone, and in a list of YAML
    run("export", "s.h5", "--elements", "e", "-f", "-q", "--of", 'Ju,"p')
    assert {r["name"] for r in table("s.elements.csv")[0]} == {'Ju,"p'}
    run("export", "s.h5", "--elements", "e", "-f", "-q", "--of", '["Ju,\\"p", Dust]')
    assert {r["name"] for r in table("s.elements.csv")[0]} == {'Ju,"p', "Dust"}

def check_round_trip():
    """CSV of elements, read as a table: the same states."""
    names, gm, times, x, v = states("s.h5")
    for plane in (None, "ecliptic"):
        run("export", "s.h5", "--elements", "--around", "Sun", "--snapshot", "7", "-f", "-q", "-o", "t.csv",
            *(["--plane", plane] if plane else []))
        lines = open("t.csv").read().splitlines(True)
        head, rows = lines[:3], lines[3:]
        assert len(rows) == 3
        write("heavy.csv", "".join(head + [r for r in rows if "Dust" not in r]))
        write("light.csv", "".join(head + [r for r in rows if "Dust" in r]))
        sun = ["[%s]" % ", ".join(repr(float(c)) for c in z[7, names.index("Sun")]) for z in (x, v)]
        common = "around: Sun, ignore: [time]" + (", plane: ecliptic" if plane else "")
        write("t.yaml", """
frame: icrf
units: { length: au, mass: Msun, time: day }
integrator: { method: ias15 }
run: { to: 1 day }
bodies: [ { name: Sun, mass: 1, position: %s, velocity: %s } ]
groups:
  - { table: heavy.csv, %s }
  - { table: light.csv, role: test, %s }
""" % (sun[0], sun[1], common, common))
        run("run", "t.yaml", "-q", "-f")
        back = states("t.h5")
        for i, name in enumerate(back[0]):
            k = names.index(name)
            for z, w in ((x, back[3]), (v, back[4])):
                assert np.linalg.norm(w[0, i] - z[7, k]) <= 1e-12 * np.linalg.norm(z[7, k]), (name, w[0, i] - z[7, k])
            assert back[1][i] == gm[k]

def check_stored():
    """In the file: the same numbers, in segments too; NaN for the centre."""
    write("o.yaml", SYSTEM % ", elements: { quantities: [a, e, T, Q], around: Sun, of: [Sun, Dust, Saturn] }")
    run("run", "o.yaml", "-q")
    run("export", "s.h5", "--elements=a,e,T,Q", "--around", "Sun", "-f", "-q")
    want = {(float(r["time"]), r["name"]): r for r in table("s.elements.csv")[0]}
    with h5py.File("o.h5") as f:
        g, n = f["particles/all/elements"], int(f["status/n_frames"][()])
        assert set(g) == {"id", "a", "e", "T", "Q"} and g.attrs["centre"] == b"Sun" and g.attrs["plane"] == b"reference"
        assert list(g["id"][()]) == [0, 2, 3]
        assert g["a/value"].attrs["units"] == b"au" and g["e/value"].attrs["description"] == b"eccentricity"
        assert g["a/value"].attrs["si_factor"] == 149597870700.0
        assert g["a/time"] == f["particles/all/position/time"]
        for k, t in enumerate(g["a/time"][:n]):
            for q in ("a", "e", "T", "Q"):
                row = g[q + "/value"][k]
                assert np.isnan(row[0])
                for j, name in ((1, "Dust"), (2, "Saturn")):
                    assert row[j] == float(want[(t, name)][q]), (q, name)
    assert "a, e, T, Q about Sun, plane reference" in run("info", "o.h5")
    # the stored choice is the default of export; the scenario in the file gives it again
    run("export", "o.h5", "--elements", "-f", "-q")
    assert table("o.elements.csv")[1][2:7] == ["a [au]", "e", "T [day]", "T_JD [TDB]", "Q [au]"]
    assert {r["name"] for r in table("o.elements.csv")[0]} == {"Dust", "Saturn"}
    write("again.yaml", run("info", "--resolved", "o.h5"))
    run("run", "again.yaml", "-q", "-f", "-o", "again.h5")
    with h5py.File("o.h5") as f, h5py.File("again.h5") as g:
        n = int(f["status/n_frames"][()])
        assert np.array_equal(f["particles/all/elements/e/value"][:n], g["particles/all/elements/e/value"][:n], equal_nan=True)
    # segments
    run("run", "o.yaml", "-q", "-o", "seg.h5", "--set", "output.every=1 day", "--set", "output.segment=100 kB")
    n, n_files = 0, 0
    run("export", "seg.h5", "--elements", "-f", "-q")
    want = {(float(r["time"]), r["name"]): r for r in table("seg.elements.csv")[0]}
    assert len(want) == 2 * 1001
    while os.path.exists("seg.%04d.h5" % n_files if n_files else "seg.h5"):
        with h5py.File("seg.%04d.h5" % n_files if n_files else "seg.h5") as f:
            rows = int(f["status/n_frames"][()])
            for k, t in enumerate(f["particles/all/elements/e/time"][:rows]):
                assert f["particles/all/elements/e/value"][k, 1] == float(want[(t, "Dust")]["e"])
            n += rows
        n_files += 1
    assert n == 1001 and n_files > 1, (n, n_files)

def check_repair():
    """A snapshot that is lost takes its elements with it: rows move up together."""
    run("run", "o.yaml", "-q", "-f", "-o", "r.h5")
    with h5py.File("r.h5", "r+") as f:
        n, before = int(f["status/n_frames"][()]), f["particles/all/elements/e/value"][()]
        f["particles/all/velocity/value"][4] = 0
    run("repair", "r.h5", "-o", "r2.h5")
    with h5py.File("r2.h5") as f:
        assert f["status/n_frames"][()] == n - 1
        after = f["particles/all/elements/e/value"][: n - 1]
        assert np.array_equal(after, np.delete(before[:n], 4, axis=0), equal_nan=True)
    run("export", "r2.h5", "--elements", "e", "-f", "-q")
    for r in table("r2.elements.csv")[0]:
        with h5py.File("r2.h5") as f:
            k = list(f["particles/all/position/time"][: n - 1]).index(float(r["time"]))
            assert float(r["e"]) == f["particles/all/elements/e/value"][k, {"Dust": 1, "Saturn": 2}[r["name"]]]

def check_merger():
    """Who became part of another has NaN, and no line, from then on; its heir counts with both masses."""
    write("m.yaml", """
units: { length: au, mass: Msun, time: day }
integrator: { method: trace, step: 0.02 day }
collisions: merge
run: { to: 3 day }
output: { every: 0.5 day, elements: { quantities: [a, e], around: Sun } }
bodies:
  - { name: Sun, mass: 1, radius: 1 Rsun }
  - { name: Big, mass: 3e-6, radius: 6371 km, orbit: { around: Sun, a: 1 } }
  - { name: Small, mass: 1e-6, radius: 4000 km, relative_to: Big, position: [100000 km, 0, 0], velocity: [-1 km/s, 0.05 km/s, 0] }
  - { name: Test, role: test, orbit: { around: Sun, a: 2 } }
""")
    out = run("run", "m.yaml", "-q")
    names, gm, times, x, v = states("m.h5")
    gone = np.isnan(x[:, :, 0])
    assert gone.any(), "nobody merged"
    run("export", "m.h5", "--elements", "a,e", "--around", "Sun", "-f", "-q")
    rows = table("m.elements.csv")[0]
    for k, t in enumerate(times):
        assert {r["name"] for r in rows if float(r["time"]) == t} == {n for i, n in enumerate(names) if not gone[k, i]} - {"Sun"}
    with h5py.File("m.h5") as f:
        a = f["particles/all/elements/a/value"][:len(times)]
        for r in rows:
            k = list(times).index(float(r["time"]))
            near(float(r["a"]), a[k, names.index(r["name"])], "a", 1e-13)
        assert np.array_equal(np.isnan(a[:, 1:]), gone[:, 1:])
    last = [r for r in rows if float(r["time"]) == times[-1]]
    survivor = next(r for r in last if r["name"] in ("Big", "Small"))
    assert abs(float(survivor["GM"]) / (gm[0] * 4e-6) - 1) < 1e-9, survivor

def check_light():
    """The effective GM, in the scenario and from the file; of each member of an ensemble."""
    write("light.yaml", """
units: { length: au, mass: Msun, time: yr }
integrator: { method: ias15 }
forces: [ { force: radiation, of: Star, on: Grain, beta: 0.1 } ]
run: { to: 1 yr }
output: { file: light.h5, every: 0.1 yr%s }
bodies:
  - { name: Star, mass: 1 }
  - { name: Grain, role: test, orbit: { around: Star, a: 1 } }
%s
""" % ("", """expect:
  - { quantity: e, of: Grain, around: Star, value: 0.1111, within: 0.002 }
  - { quantity: e, of: Grain, around: Star, gm: effective, value: 0.1111, within: 0.002 }
  - { quantity: e, of: Grain, around: Star, at: 0, gm: full, value: 0, within: 1e-12 }"""))
    run("run", "light.yaml", "-q")
    run("export", "light.h5", "--elements", "e", "-f", "-q")
    near(float(table("light.elements.csv")[0][0]["e"]), 1 / 0.9 - 1, "e", 1e-12)
    run("export", "light.h5", "--elements", "e", "--gm", "full", "-f", "-q")
    near(float(table("light.elements.csv")[0][0]["e"]), 0, "e", 1e-12)
    text = open("light.yaml").read()
    text = text[:text.index("expect:")] + "ensemble: { vary: { forces.0.beta: [0.1, 0.2] } }\n"
    write("many.yaml", text.replace("light.h5", "many.h5"))
    run("run", "many.yaml", "-q")
    for member, beta in ((0, 0.1), (1, 0.2)):
        run("export", "many.h5", "--elements", "e", "--member", str(member), "-f", "-q")
        near(float(table("many.elements.csv")[0][0]["e"]), 1 / (1 - beta) - 1, "e", 1e-12)
    stored = text.replace("every: 0.1 yr", "every: 0.1 yr, elements: e")
    write("many2.yaml", stored)
    assert "gm: full" in run("check", "many2.yaml", code=2)
    write("many2.yaml", stored.replace("elements: e", "elements: { quantities: e, gm: full }").replace("light.h5", "many2.h5"))
    run("run", "many2.yaml", "-q")
    with h5py.File("many2.h5") as f:
        e = f["particles/all/elements/e/value"]
        assert e.shape[1:] == (2, 2) and np.isnan(e[0, :, 0]).all() and abs(e[0, 0, 1]) < 1e-12

def check_expectations():
    def scenario(expectation):
        write("x.yaml", (SYSTEM % "") + "expect:\n  - " + expectation + "\n")
        return "x.yaml"
    good = ['{ quantity: q, of: Dust, around: Sun, at: 0, value: 2.16 au, within: 1e-12 }',
            '{ quantity: Q, of: Dust, around: Sun, at: 0, value: 3.24 au, within: 1e-12 }',
            '{ quantity: pomega, of: Dust, around: Sun, at: 0, value: 30 deg, within: 1e-12 rad }',
            '{ quantity: L, of: Dust, around: Sun, at: 0, value: -30 deg, within: 1e-12 rad }',
            '{ quantity: M, of: Dust, around: Sun, at: 0, value: 300 deg, within: 1e-12 rad }',
            '{ quantity: P, of: Dust, around: Sun, at: 0, value: 4.4366365 yr, within: 1e-5 yr }',
            '{ quantity: period, of: Dust, around: Sun, at: 0, value: 4.4366365 yr, within: 1e-5 yr }',
            '{ quantity: n, of: Dust, around: Sun, at: 0, value: 0.2221562 deg/day, within: 1e-6 deg/day }',
            '{ quantity: T, of: Dust, around: Sun, at: 0, value: 2000-09-27, within: 2 day }',
            '{ quantity: e, of: Saturn, around: jacobi, below: 0.2 }',
            '{ quantity: i, of: Saturn, around: [Sun, \'Ju,"p\'], plane: invariable, below: 2 deg }',
            '{ quantity: i, of: Dust, around: barycentre, plane: ecliptic, above: 140 deg }']
    for e in good:
        run("run", scenario(e), "-q", "-f", "-o", "x.h5")
    for e, words in (('{ quantity: ecc, of: Dust, around: Sun, below: 1 }', "there is no quantity 'ecc'"),
                     ('{ quantity: e, of: Dust, below: 1 }', "'around' is missing"),
                     ('{ quantity: e, of: Dust, around: [Sun, Marz], below: 1 }', "there is no body 'Marz'"),
                     ('{ quantity: e, of: Dust, around: [], below: 1 }', "empty"),
                     ('{ quantity: e, of: Dust, around: Dust, below: 1 }', "no mass"),
                     ('{ quantity: e, of: Dust, around: Sun, plane: flat, below: 1 }', "there is no plane 'flat'"),
                     ('{ quantity: e, of: Dust, around: Sun, gm: 1, below: 1 }', "there is no GM '1'"),
                     ('{ quantity: energy_error, gm: full, below: 1 }', "osculating elements only")):
        assert words in run("check", scenario(e), code=2), e
    out = run("run", scenario("{ quantity: e, of: Sun, around: Sun, below: 1 }"), "-q", "-f", "-o", "x.h5", code=5)
    assert "its own centre" in out, out
    for text, words in (("elements: [a, b]", "there is no element 'b'"), ("elements: perhaps", "truth value"),
                        ("elements: { about: Sun }", "unknown key 'about'"), ("elements: { of: [] }", "empty")):
        write("x.yaml", SYSTEM % (", " + text))
        assert words in run("check", "x.yaml", code=2), text

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for check in (check_csv, check_round_trip, check_stored, check_repair, check_merger, check_light, check_expectations):
        check()
print("elements are right")
