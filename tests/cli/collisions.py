"""collisions.py ORRERY - `collisions:` from a scenario to the file and its exports: each rule on two equal stars that fall
on each other, whose contact time and speed are known; approaches and removal; old options; what a body was before and after."""
import csv, math, os, subprocess, sys, tempfile
try:
    import h5py, numpy as np
except ImportError:
    h5py = None
orrery = os.path.abspath(sys.argv[1])
FALL = """
units: { G: 1 }
integrator: { method: %s }
run: { to: 2 }
output: { every: 0.1 }
%s
bodies:
  - { name: A, mass: 0.5, radius: 0.05, position: [0.5, 0, 0], velocity: [0, 0, 0] }
  - { name: B, mass: 0.5, radius: 0.05, position: [-0.5, 0, 0], velocity: [0, 0, 0] }
"""
# free fall of two points from rest at distance 1, G (m1 + m2) = 1, to the sum of the radii
TOUCH = 0.1
T = math.sqrt(0.5) * (math.acos(math.sqrt(TOUCH)) + math.sqrt(TOUCH * (1 - TOUCH)))
SPEED = math.sqrt(2 * (1 / TOUCH - 1))


def run(*words, code=0):
    p = subprocess.run([orrery] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    if p.returncode != code:
        sys.exit("%s: exit %d, not %d: %s" % (words, p.returncode, code, p.stderr.decode(errors="replace")))
    return p.stdout.decode() + p.stderr.decode()


def check(condition, *what):
    if not condition:
        sys.exit("wrong: " + " ".join(map(str, what)))


def near(a, b, tolerance, *what):
    check(abs(a - b) <= tolerance, *what, a, b)


def scenario(name, text):
    with open(name, "w") as f:
        f.write(text)


def events(name):
    run("export", "--events", name, "-f", "-q", "-o", "e.csv")
    with open("e.csv") as f:
        rows = list(csv.reader(line for line in f if not line.startswith("#")))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def first_contact(e, kind):
    check(e["type"] == kind and {e["a"], e["b"]} == {"A", "B"}, e)
    near(float(e["time"]), T, 1e-9, "time of contact")
    near(float(e["speed"]), SPEED, 1e-7, "speed")
    near(float(e["angle [rad]"]), 0, 1e-6, "head-on")
    near(float(e["separation"]), TOUCH, 1e-9, "separation")
    for side in "ab":
        near(float(e["mass_" + side]), 0.5, 1e-15, "mass before")
        check(float(e["radius_" + side]) == 0.05, "radius before")
    apart = math.dist([float(e["position_a_" + c]) for c in "xyz"], [float(e["position_b_" + c]) for c in "xyz"])
    near(apart, TOUCH, 1e-9, "positions")


def rules(method):
    for rule, kind in (("merge", "merger"), ("bounce", "collision"), ("log", "collision"), ("remove", "removal"), ("stop", "collision")):
        scenario("fall.yaml", FALL % (method, "collisions: " + rule))
        until = ["--until", "1.1"] if rule == "log" else [] # before the points themselves meet
        text = run("run", "fall.yaml", "-f", "-q", *until, code=130 if rule == "stop" else 0)
        found = events("fall.h5")
        first_contact(found[0], kind)
        after = [float(found[0][k + s]) for k in ("mass_after_", "radius_after_") for s in "ab"]
        if rule == "merge":
            check(len(found) == 1 and after[0] == 0 and after[2] == 0, after)
            near(after[1], 1, 1e-15, "all mass"), near(after[3], 0.05 * 2 ** (1 / 3), 1e-15, "all volume")
        elif rule == "remove":
            check(len(found) == 1 and after == [0, 0.5, 0, 0.05], after)
        else:
            check(after == [0.5, 0.5, 0.05, 0.05], after)
        if rule != "log": # they overlap at the last snapshot
            goes_on(rule)
        info = run("info", "fall.h5")
        check({"merge": "became part of", "remove": "was taken out at"}.get(rule, "hit") in info, info)
        run("export", "--for", "csv", "fall.h5", "-f", "-q", "-o", "s.csv")
        check(("spin_x" in open("s.csv").read()) == (rule in ("merge", "bounce")), rule, "columns of spin")
        if h5py:
            in_file(rule, found[0])
        check(rule != "stop" or "touched" in text, text)


def goes_on(rule):
    run("export", "--for", "scenario", "fall.h5", "-f", "-q", "-o", "on.yaml")
    text = open("on.yaml").read()
    check(text.count("- { name:") == (1 if rule in ("merge", "remove") else 2), rule, text)
    check("collisions: { do: %s" % rule in text, "the key goes on")
    if rule != "stop":
        run("run", "on.yaml", "-f", "-q", "--until", "2.1")


def in_file(rule, e):
    """The same, as h5py reads it."""
    with h5py.File("fall.h5") as f:
        g, n = f["events"], f["status/n_events"][()]
        check(f.attrs["format_version"] in ("1.3", b"1.3") and n >= 1, "format")
        near(g["time"][0], T, 1e-9, "time")
        check(np.isnan(g["time"][n:]).all(), "rows that are not written")
        check(g["position_a"].shape[1] == 3 and g["angle"].attrs["units"] in ("rad", b"rad"), "shapes, units")
        near(g["mass_after_b"][0], float(e["mass_after_b"]), 1e-15, "mass")
        frames, t = f["status/n_frames"][()], f["particles/all/position/time"]
        if rule == "stop":
            near(t[frames - 1], T, 1e-9, "the last snapshot is the contact")
        if rule in ("merge", "remove"):
            gone = np.isnan(f["particles/all/position/value"][frames - 1]).any(axis=1)
            check(gone.sum() == 1, "one is no more")


def who_leaves():
    scenario("leave.yaml", """
units: { G: 1 }
integrator: { method: ias15 }
run: { to: 30 }
output: { every: 1 }
collisions: { within: [0.5, 3 hill], remove_beyond: 10, remove_within_hill: 1 }
bodies:
  - { name: Star, mass: 1 }
  - { name: Planet, mass: 1e-3, orbit: { around: Star, a: 1 } }
  - { name: Flyer, role: test, position: [2, 0, 0], velocity: [3, 0, 0] }
  - { name: Near, role: test, relative_to: Planet, position: [0.15, 0, 0.01], velocity: [-0.03, 0, 0] }
""")
    run("run", "leave.yaml", "-f", "-q")
    found = events("leave.h5")
    escape = [e for e in found if e["type"] == "escape"]
    check(len(escape) == 1 and escape[0]["a"] == "Flyer", found)
    near(float(escape[0]["separation"]), 10, 0.5, "beyond")
    check(any(e["a"] == "Near" and e["b"] == "Planet" for e in found), found)


def old_options():
    scenario("old.yaml", (FALL % ("trace, step: 0.01, collisions: log", "")).replace("mass: 0.5", "mass: 0.9", 1).replace("mass: 0.5", "mass: 1e-3"))
    check("stands at the top level now: collisions: { do: log }" in run("check", "old.yaml"), "note")
    text = run("run", "old.yaml", "-f", "-q", "--set", "collisions.do=stop", code=130)
    check("touched" in text, text)
    scenario("both.yaml", FALL % ("trace, step: 0.01, collisions: log", "collisions: merge"))
    text = run("check", "both.yaml", code=2)
    check("both.yaml:3:" in text and "say different things" in text, text)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ["XDG_STATE_HOME"] = folder
    rules("ias15")
    who_leaves()
    old_options()
print("collisions: from scenario to file")
