"""after.py ORRERY SCENARIOS - output files after things happened: masses at every snapshot, exports, scenarios that go on
from any of them, runs in several files, names with every character, counters with a sign."""
import csv, json, os, subprocess, sys, tempfile, time
import h5py, numpy as np

MERGER = """
units: { length: au, mass: Msun, time: day }
integrator: { method: trace, step: 0.02 day }
collisions: merge
run: { to: 3 day }
output: { every: 0.5 day }
bodies:
  - { name: Sun, mass: 1, radius: 1 Rsun }
  - { name: A, mass: 3e-6, radius: 6371 km, orbit: { around: Sun, a: 1 } }
  - { name: B, mass: 1e-6, radius: 4000 km, relative_to: A, position: [100000 km, 0, 0], velocity: [-1 km/s, 0.05 km/s, 0] }
"""
KEPLER = """
title: Kepler
units: { length: au, mass: Msun, time: day }
integrator: { method: leapfrog, step: 1 day, compensated: false }
run: { to: 700 day }
output: { every: 7 day, diagnostics: 3.5 day }
bodies:
  - { name: Sun, mass: 1 }
  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1, e: 0.1, M: 30 deg } }
  - { name: Dust, role: test, position: [2, 0, 0.5], velocity: [0, 0.01, 0] }
"""
NAMES = ['plain', 'comma, in it', '"quoted"', "it's", 'back\\slash', 'a # b', 'semi; colon', ' blanks ', '{curly}', '_^@&<b>',
         '\u00e9 \u4e2d \U0001f30d', '%s%d', '- dash: colon', '#first', 'null', '$HOME `id`']
orrery, scenarios = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


def run(*words, code=0):
    p = subprocess.run([orrery] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    if p.returncode != code:
        sys.exit("%s: exit %d, not %d: %s" % (words, p.returncode, code, p.stderr.decode(errors="replace")))
    return p.stdout.decode(), p.stderr.decode()


def write(name, text):
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)


def check(condition, *what):
    if not condition:
        sys.exit("wrong: " + " ".join(map(str, what)))


def near(a, b, tolerance, what):
    check(np.all(np.abs(np.asarray(a) - np.asarray(b)) <= tolerance), what, a, b)


def masses(f, member=()):
    """As README.md and hdf5/changes.h say."""
    n = f["status/n_frames"][()]
    t, c = f["particles/all/position/time"][:n], f["particles/all/changes"]
    gm = np.tile(f["particles/all/gm"], (n,) + (1,) * f["particles/all/gm"].ndim)
    for at, k, body, new in zip(c["time"], c["member"], c["body"], c["gm"]):
        if gm.ndim == 3:
            gm[t >= at, k, body] = new
        else:
            gm[t >= at, body] = new
    return gm / f.attrs["G"]


def table(path):
    with open(path, newline="", encoding="utf-8") as f:
        f.readline()
        return list(csv.reader(f))


def mergers():
    write("mg.yaml", MERGER)
    for options in ([], ["--set", "output.precision=float"], ["--set", "output.compression=gzip"], ["--set", "output.segment=10 kB"]):
        run("run", "mg.yaml", "-q", "-f", "-o", "mg.h5", *options)
        if "segment" not in str(options):
            with h5py.File("mg.h5") as f:
                check(f.attrs["format_version"] in ("1.3", b"1.3"), "version")
                m = masses(f)
                near(m[0], [1, 3e-6, 1e-6], 1e-20, "masses before")
                near(m[1:], [[1, 4e-6, 0]] * 6, 1e-20, "masses after")
                check(np.isnan(f["particles/all/position/value"][1:7, 2]).all(), "who is gone has no position")
        run("export", "--for", "csv", "mg.h5", "-q", "-f")
        rows = table("mg.csv")
        check([r[1] for r in rows[1:]] == ["Sun", "A", "B"] + ["Sun", "A"] * 6, "rows of the CSV", rows)
        check([float(r[8]) for r in rows[1:4]] == [1, 3e-6, 1e-6] and float(rows[-1][8]) == 4e-6, "masses in the CSV")
        near(float(rows[-1][9]) * 149597870.7, (6371 ** 3 + 4000 ** 3) ** (1 / 3), 1e-6, "volumes add")
        run("repair", "mg.h5", "-o", "fixed.h5", "-q", "-f")
        run("export", "--for", "gadget", "mg.h5", "-q", "-f", "-o", "mg.hdf5")
        run("export", "--for", "yt", "mg.h5", "-q", "-f", "-o", "mg.yt.h5")
        with h5py.File("mg.hdf5") as f, h5py.File("mg.yt.h5") as y:
            check(len(f["PartType1/Masses"]) == 2 and list(f["Header"].attrs["NumPart_ThisFile"]) == [0, 2, 0, 0, 0, 0], "gadget")
            near(f["PartType1/Masses"][1] / f["PartType1/Masses"][0], 4e-6, 1e-18, "mass for gadget")
            near(y["all/particle_mass"][1] / y["all/particle_mass"][0], 4e-6, 1e-18, "mass for yt")
            near(y["all/particle_mass"][0], 1.98841e33, 1e30, "the Sun in gram")
            check(np.isfinite(y["all/x"][:]).all(), "yt")
        run("export", "--for", "paraview", "mg.h5", "-q", "-f")
        with open("mg.xmf") as f:
            text = f.read()
        check(text.count('NumberOfElements="2"') == 6 and text.count('NumberOfElements="3"') == 1 and "nan" not in text, "paraview")
    run("run", "mg.yaml", "-q", "-f", "-o", "mg.h5")
    run("diff", "mg.h5", "mg.h5", "-q")
    run("rerun", "mg.h5", "-q")
    run("repair", "mg.h5", "-o", "fixed.h5", "-q", "-f")
    run("diff", "mg.h5", "fixed.h5", "-q")
    # a page of the log is lost: it is said
    with h5py.File("mg.h5") as f:
        at = f["particles/all/changes/gm"].id.get_offset()
    data = bytearray(open("mg.h5", "rb").read())
    data[at:at + 8] = bytes(8)
    open("bad.h5", "wb").write(data)
    check("later ones are not known" in run("info", "bad.h5")[1], "a damaged log is told")
    print("masses after mergers: in the file, in every export, and repaired")


def resumed():
    """Stopped before or after the merger, and made longer; also backwards in time."""
    for end in ("0.2 day", "1.3 day"):
        run("run", "mg.yaml", "-q", "-f", "-o", "r.h5", "--until", end, "--keep-checkpoint", "--set", "output.checkpoint={ steps: 5 }")
        run("resume", "r.h5", "--until", "3 day", "-q")
        for name in ("mg", "r"):  # what is new stands in r.0001.h5
            run("export", "--for", "csv", name + ".h5", "-q", "-f")
        a, b = table("mg.csv"), table("r.csv")
        check(os.path.exists("r.0001.h5") and a == [r for r in b if r[0] in {q[0] for q in a}], "a run that was made longer", end)
        with h5py.File("r.0001.h5") as f:
            near(masses(f)[-1], [1, 4e-6, 0], 1e-20, "masses in the file after that")
    # killed, and gone on with in the same file
    slow = ["mg.yaml", "-q", "-f", "--set", "integrator.step=0.0001 day", "--set", "output.every=0.01 day"]
    run("run", *slow, "-o", "slow.h5")
    for k in range(3):
        p = subprocess.Popen([orrery, "run", *slow, "-o", "r.h5", "--set", "output.checkpoint={ steps: 500 }"])
        for _ in range(2000):
            time.sleep(0.002)
            if os.path.exists("r.h5.checkpoint") and frames("r.h5") > 30 + 60 * k:
                break
        p.kill()
        if p.wait() == 0:
            continue  # it was too fast
        run("resume", "r.h5", "-q")
        run("diff", "slow.h5", "r.h5", "-q")
        with h5py.File("slow.h5") as a, h5py.File("r.h5") as b:
            for name in a["particles/all/changes"]:
                x, y = a["particles/all/changes/" + name][:], b["particles/all/changes/" + name][:]
                check(((x == y) | (np.isnan(x) & np.isnan(y))).all(), "the log of a resumed run", name, x, y)
    print("masses after resume")


def frames(path):
    try:
        with h5py.File(path) as f:
            return f["status/n_frames"][()]
    except OSError:
        return 0


def ensembles():
    write("many.yaml", MERGER + "ensemble: { vary: { bodies.B.mass: [1e-6 Msun, 2e-6 Msun], integrator.step: [0.02 day, 0.01 day] } }\n")
    run("run", "many.yaml", "-q", "-f", "-o", "many.h5")
    with h5py.File("many.h5") as f:
        m = masses(f)
        near(m[-1], [[1, 4e-6, 0]] * 2 + [[1, 5e-6, 0]] * 2, 1e-20, "masses of members")
    for k in range(4):
        run("export", "--for", "csv", "--member", str(k), "many.h5", "-q", "-f")
        near(float(table("many.csv")[-1][8]), 4e-6 if k < 2 else 5e-6, 1e-20, "mass of a member in the CSV")
        run("export", "--for", "scenario", "--member", str(k), "--snapshot", "2", "many.h5", "-q", "-f", "-o", "one.yaml")
        text = open("one.yaml").read()
        check("step: 0.0%d day" % (1 if k % 2 else 2) in text and "ensemble" not in text, "the member's own step", text)
        run("run", "one.yaml", "-q", "-f")
        with h5py.File("one.h5") as f, h5py.File("many.h5") as g:
            near(f["particles/all/position/value"][:5], g["particles/all/position/value"][2:7, k, :2], 1e-11, "a member goes on")
    print("ensembles: masses and scenarios of members")


def continuations():
    """From every snapshot, with the end of the run it is taken from; of a finished run a longer one."""
    for k in range(7):
        run("export", "--for", "scenario", "--snapshot", str(k), "mg.h5", "-q", "-f", "-o", "on.yaml")
        run("check", "on.yaml")
        run("run", "on.yaml", "-q", "-f")
        with h5py.File("on.h5") as f, h5py.File("mg.h5") as g:
            n = f["status/n_frames"][()]
            near(f["particles/all/position/time"][0], 0.5 * k, 0, "it begins there")
            near(masses(f)[-1][:2], [1, 4e-6], 1e-20, "masses of the continuation")
            if k < 6:
                near(f["particles/all/position/value"][n - 1, :2], g["particles/all/position/value"][6, :2], 1e-9, "it ends where the run did")
    check(n == 7 and "as far again" in open("on.yaml").read(), "of a finished run: as far again")
    run("export", "--for", "scenario", "--at", "1.2 day", "--until", "2 day", "mg.h5", "-q", "-f", "-o", "on.yaml")
    check("from: 1 day" in open("on.yaml").read(), "the snapshot that is not after 1.2 day")
    run("run", "on.yaml", "-q", "-f")
    with h5py.File("on.h5") as f:
        check(f["particles/all/position/time"][f["status/n_frames"][()] - 1] == 2, "--until")
    run("export", "--for", "scenario", "--until", "yesterday", "mg.h5", "-q", "-f", "-o", "on.yaml", code=2)
    run("export", "--for", "scenario", "--until", "3 day", "mg.h5", "-q", "-f", "-o", "none.yaml", code=2)
    check(not os.path.exists("none.yaml"), "nothing is left of a scenario that does not run")
    run("export", "--for", "csv", "--at", "1 day", "--snapshot", "1", "mg.h5", "-f", code=1)
    run("export", "--for", "csv", "--until", "1 day", "mg.h5", "-f", code=1)
    check("before the first" in run("export", "--for", "csv", "--at", "-1 day", "mg.h5", "-f", code=1)[1], "--at")
    # the same bits and times where the method keeps nothing of its own, forwards and backwards
    for sign in ("", "-"):
        write("k.yaml", KEPLER.replace("to: 700", "to: %s700" % sign))
        run("run", "k.yaml", "-q", "-f", "-o", "k.h5")
        run("export", "--for", "scenario", "--snapshot", "33", "k.h5", "-q", "-f", "-o", "on.yaml")
        check('"k.h5"' not in open("on.yaml").read(), "it does not replace the run")
        run("run", "on.yaml", "-q", "-f")
        with h5py.File("k.h5") as a, h5py.File("on.h5") as b:
            for name in ("position/value", "velocity/value", "position/time"):
                x, y = a["particles/all/" + name][33:101], b["particles/all/" + name][:68]
                check((x == y).all(), "bits of", name, sign)
            check(b["status/n_frames"][()] == 68 and b["observables/energy_error/value"][0] == 0, "rows")
        run("rerun", "on.h5", "-q")
        run("repair", "on.h5", "-o", "fixed.h5", "-q", "-f")
        run("diff", "on.h5", "fixed.h5", "-q")
    print("scenarios from any snapshot go on")


def start_time():
    """run.from: forces that depend on time, expectations, resume."""
    # a pole that moves by 60 deg in the time of the run
    text = """
epoch: 2000-01-01T12:00 TDB
frame: icrf
units: { length: km, mass: kg, time: s }
integrator: { method: ias15 }
forces:
  - { force: harmonics, of: Planet, J2: 0.01, radius: 6000 km, pole_ra: 10 deg, pole_dec: 80 deg, pole_dec_rate: -0.0002 deg/s }
run: { to: 300000 s }
output: { every: 30000 s }
bodies:
  - { name: Planet, GM: 400000 km3/s2 }
  - { name: Moon, role: test, orbit: { around: Planet, a: 20000, e: 0.1, i: 30 deg } }
"""
    write("pole.yaml", text)
    run("run", "pole.yaml", "-q", "-f", "-o", "pole.h5")
    run("export", "--for", "scenario", "--snapshot", "4", "pole.h5", "-q", "-f", "-o", "on.yaml")
    check("epoch: JD 2451545 TDB" in open("on.yaml").read().replace("2451545.0 ", "2451545 "), "the epoch stays")
    run("run", "on.yaml", "-q", "-f")
    with h5py.File("pole.h5") as a, h5py.File("on.h5") as b:
        x, y = a["particles/all/position/value"][4:11], b["particles/all/position/value"][:7]
        near(x, y, 1e-6, "the pole goes on from where it is")
    with open("on.yaml") as f:  # without `from` the pole would begin anew
        write("anew.yaml", f.read().replace("from: 120000 s, to: 300000 s", "to: 180000 s"))
    run("run", "anew.yaml", "-q", "-f")
    with h5py.File("anew.h5") as b:
        check(np.abs(x - b["particles/all/position/value"][:7]).max() > 10, "the test can fail")
    # dates, expectations and the time of pericentre are on the same clock
    write("from.yaml", """
epoch: 2000-01-01T12:00 TDB
units: { length: au, mass: Msun, time: day }
integrator: { method: leapfrog, step: 1 day }
run: { from: 2000-01-11T12:00 TDB, to: 2000-02-20T12:00 TDB }
output: { every: 10 day, checkpoint: { steps: 7 } }
bodies:
  - { name: Sun, mass: 1 }
  - { name: X, role: test, orbit: { around: Sun, q: 0.9, e: 0.1, T: 10 day } }
expect:
  - { quantity: position, of: X, at: 10 day, value: [0.9, 0, 0], within: 1e-12 }
  - { quantity: energy_error, below: 1e-4 }
""")
    run("run", "from.yaml", "-q", "-f", "-o", "from.h5")
    with h5py.File("from.h5") as f:
        check(list(f["particles/all/position/time"][:5]) == [10, 20, 30, 40, 50] and f["status/n_frames"][()] == 5, "times")
    run("run", "from.yaml", "-q", "-f", "-o", "part.h5", "--until", "30 day", "--keep-checkpoint")
    run("resume", "part.h5", "--until", "50 day", "-q")
    run("diff", "from.h5", "part.h5", "-q")
    write("bad.yaml", open("from.yaml").read().replace("at: 10 day", "at: 5 day"))
    check("outside of the run" in run("check", "bad.yaml", code=2)[1], "an expectation before the start")
    write("bad.yaml", open("from.yaml").read().replace("to: 2000-02-20", "to: 2000-01-11"))
    check("ends where it begins" in run("check", "bad.yaml", code=2)[1], "no length")
    print("a run begins at another time than 0")


def one_run():
    write("seg.yaml", KEPLER.replace("diagnostics: 3.5 day", "diagnostics: 3.5 day, segment: 10 kB"))
    write("whole.yaml", KEPLER)
    run("run", "seg.yaml", "-q", "-f", "-o", "seg.h5")
    run("run", "whole.yaml", "-q", "-f", "-o", "whole.h5")
    files = sorted(f for f in os.listdir(".") if f.startswith("seg.0") and f.endswith(".h5"))
    check(len(files) >= 4, "there are several files", files)
    a, b = (json.loads(run("info", "--json", f)[0]) for f in ("seg.h5", "whole.h5"))
    for key in ("state", "snapshots", "diagnostics", "t_first", "t_last", "energy_error", "energy_error_max", "bodies"):
        check(a[key] == b[key], key, a[key], b[key])
    check(a["files"] == len(files) + 1 and b["files"] == 1, "files")
    run("diff", "seg.h5", "whole.h5", "-q")
    for f in ("seg.h5", "whole.h5"):
        run("export", "--for", "csv", f, "-q", "-f", "-o", f + ".csv")
        run("export", "--for", "scenario", f, "-q", "-f", "-o", f + ".yaml", "--snapshot", "90")
    check(table("seg.h5.csv") == table("whole.h5.csv"), "CSV of both")
    text = [[l for l in open(f + ".yaml") if not l.startswith("output")] for f in ("seg.h5", "whole.h5")]
    check(text[0] == text[1], "scenario of both")
    run("rerun", "seg.h5", "-q")
    check(not [f for f in os.listdir(".") if "rerun" in f or f.startswith("seg.h5.0")], "nothing is left of a rerun")
    run("view", "seg.h5", "--picture", "seg.png", "--at", "650 day", "--size", "160x120", "-q", "-f")
    run("view", "whole.h5", "--picture", "whole.png", "--at", "650 day", "--size", "160x120", "-q", "-f")
    check(open("seg.png", "rb").read() == open("whole.png", "rb").read(), "the same picture")
    if subprocess.call(["sh", "-c", "command -v gnuplot >/dev/null"]) == 0:
        for f in ("seg", "whole"):
            run("plot", f + ".h5", "-q", "-f", "-o", f + ".svg")
        check(open("seg.svg").read() == open("whole.svg").read(), "the same figure")
    check("later part" in run("info", files[1])[1], "a later file alone is told")
    os.rename(files[1], "away.h5")
    for words in (["info"], ["export", "--for", "csv", "-f"], ["diff", "whole.h5"], ["rerun"]):
        check("missing" in run(*words, "seg.h5", code=4)[1], "a file in the midst is missing")
    os.rename("away.h5", files[1])
    os.rename(files[-1], "away.h5")
    out, err = run("info", "seg.h5")
    check("is not there" in err and "continued" in out, "the last file is missing")
    run("diff", "seg.h5", "whole.h5", "-q", code=5)
    os.rename("away.h5", files[-1])
    run("run", "whole.yaml", "-q", "-f", "-o", files[1])  # of another run
    check("another run" in run("info", "seg.h5", code=4)[1], "a file of another run")
    print("a run in %d files is one" % (len(files) + 1))


def names():
    quoted = [json.dumps(n, ensure_ascii=False) for n in NAMES]
    bodies = "".join("  - { name: %s, mass: 1, position: [%d, 0, 0], velocity: [0, 0, 0] }\n" % (q, 3 * k) for k, q in enumerate(quoted))
    write("n.yaml", "title: \"\\e]0;evil\\a, \\\"x\\\"\"\nunits: { G: 1 }\nintegrator: { method: leapfrog, step: 0.001 }\nrun: { to: 0.002 }\n"
          "output: { every: 0.001 }\nbodies:\n" + bodies)
    out, err = run("run", "n.yaml", "-f", "-o", "n.h5")
    check("\x1b" not in out + err, "nothing steers the terminal", repr(out))
    with h5py.File("n.h5") as f:
        check([n.decode() for n in f["particles/all/name"]] == NAMES, "names in the file")
    run("export", "--for", "csv", "n.h5", "-q", "-f")
    check([r[1] for r in table("n.csv")[1:len(NAMES) + 1]] == NAMES, "names in the CSV")
    run("export", "--for", "scenario", "n.h5", "-q", "-f", "-o", "n2.yaml")
    run("run", "n2.yaml", "-q", "-f")
    with h5py.File("n2.h5") as f:
        check([n.decode() for n in f["particles/all/name"]] == NAMES, "names by way of a scenario")
    for words in (["check", "n.yaml"], ["info", "n.h5"], ["info", "--resolved", "n.h5"], ["diff", "n.h5", "n2.h5"]):
        p = subprocess.run([orrery] + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        check(b"\x1b" not in p.stdout, words, p.stdout)
    check(json.loads(run("info", "--json", "n.h5")[0])["title"] == "\x1b]0;evil\a, \"x\"", "JSON")
    # names of a table, as the CSV has them
    some = [n for n in NAMES if n[0] != "#"]
    write("t.csv", "name,x,y,z,vx,vy,vz,mass\n" + "".join('"%s",%d,0,0,0,0,0,1\n' % (n.replace('"', '""'), 3 * k) for k, n in enumerate(some)))
    write("t.yaml", "units: { G: 1 }\nintegrator: { method: leapfrog, step: 0.001 }\nrun: { to: 0.001 }\ngroups:\n  - { table: t.csv }\n")
    run("run", "t.yaml", "-q", "-f")
    with h5py.File("t.h5") as f:
        check([n.decode() for n in f["particles/all/name"]] == [n.strip() for n in some], "names of a table")  # SBDB pads its names
    # what no name may have: control characters, bytes that are no UTF-8
    body = "units: { G: 1 }\nintegrator: { method: leapfrog, step: 1 }\nrun: { to: 1 }\nbodies:\n  - { name: %s, mass: 1, position: [0, 0, 0], velocity: [0, 0, 0] }\n"
    for bad in ('"\\e[31mred"', '"two\\nlines"', '"\\x7f"', '"\\u009b31m"', '"\\u202eover"'):
        write("bad.yaml", body % bad)
        err = run("check", "bad.yaml", code=2)[1]
        check("control characters" in err and "\x1b" not in err, "refused with a sentence", err)
    open("bad.yaml", "wb").write((body % '"caf@"').encode().replace(b"@", b"\xe9"))
    err = subprocess.run([orrery, "check", "bad.yaml"], stdout=subprocess.PIPE, stderr=subprocess.PIPE).stderr
    check(b"UTF-8" in err and b"\xe9" not in err, "not UTF-8", err)
    # a file name that would steer the terminal
    err = subprocess.run([orrery, "info", "\x1b[31m.h5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE).stderr
    check(b"\x1b" not in err and b"\\x1b[31m.h5" in err, "a path", err)
    print("names, from YAML to HDF5, CSV, YAML and the terminal")


def counters():
    with h5py.File("k.h5") as f:
        for name in ("n_frames", "n_diagnostics", "n_events"):
            check(f["status/" + name].dtype == np.int64, name, f["status/" + name].dtype)
        last = f["status/n_frames"][()] - 1
        check(f["particles/all/position/time"][last] == -700, "n - 1 is an index")
    print("counters have a sign")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.environ["XDG_STATE_HOME"] = folder
    for part in (mergers, resumed, ensembles, continuations, start_time, one_run, names, counters):
        part()
