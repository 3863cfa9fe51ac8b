"""resume.py ORRERY SCENARIOS ROUNDS - runs that are killed and resumed, until they end: the file is the
same, to the last bit, as that of a run that was never stopped."""
import os, random, shutil, signal, subprocess, sys, tempfile, time
import h5py, numpy

def content(path):
    """All rows that were written."""
    out = {}
    with h5py.File(path, "r") as f:
        frames, rows, events = (int(f["status/" + n][()]) for n in ("n_frames", "n_diagnostics", "n_events"))
        out["state"] = f["status/state"][()]
        for name in ("position", "velocity"):
            out[name] = f["particles/all/%s/value" % name][:frames].tobytes()
        out["time"] = f["particles/all/position/time"][:frames].tobytes()
        for name in ("id", "name", "gm", "radius", "role", "mass"):
            out[name] = f["particles/all/" + name][()].tobytes()
        for name in f["particles/all"].get("elements", {}):
            d = f["particles/all/elements/" + name]
            out["element " + name] = (d["value"][:frames] if name != "id" else d[()]).tobytes()
        out["scenario"] = f["scenario/yaml"][()]
        for name in f["observables"]:
            out[name] = f["observables/%s/value" % name][:rows].tobytes()
        for name in f["events"]:
            out["event " + name] = f["events/" + name][:events].tobytes()
        for name in ("outcome", "failed_at"):
            if "ensemble" in f:
                out[name] = f["ensemble/" + name][()].tobytes()
    return out

def main(orrery, scenarios, rounds):
    random.seed(4)

    def run(arguments, seconds=None, how=signal.SIGKILL):
        """True: it came to its end."""
        p = subprocess.Popen([orrery] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if seconds is not None:
            try:
                p.wait(seconds)
            except subprocess.TimeoutExpired:
                p.send_signal(how)
        message = p.communicate()[1].decode()
        if p.returncode not in (0, -9, 130):
            sys.exit("%s: exit %d: %s" % (arguments, p.returncode, message))
        return p.returncode == 0

    cases = [
        ["solar-system.yaml", "--until", "300 yr"],
        ["planets.yaml", "--until", "200000 yr", "--set", "output.every=1000 yr", "--set", "output.diagnostics=500 yr",
         "--set", "output.elements={quantities: [a, e, T], plane: invariable, around: barycentre}"],
        ["planetesimals.yaml"],
        ["asteroid-belt.yaml", "--until", "150 yr"],
        ["solar-system-jpl.yaml", "--until", "10 yr"],
        ["star-cluster.yaml", "--until", "2"],
        ["hot-jupiter-ensemble.yaml", "--until", "30 yr", "--set", "output.elements=true"],
        ["planet-scattering.yaml", "--until", "5000 yr"],
        ["kepler.yaml", "--until", "100 yr", "--shadow", "ulp"],
    ]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        kills = 0
        for case in cases if not os.environ.get("QUICK") else []:
            arguments = [scenarios + "/" + case[0]] + case[1:] + ["-q", "--set", "expect=[]"]
            start = time.time()
            assert run(["run"] + arguments + ["-o", "whole.h5", "-f", "--checkpoint-every", "0"])
            took, want = time.time() - start, content("whole.h5")
            for k in range(rounds):
                every = ["--checkpoint-every", "%g" % (took / 20)]
                ended = run(["run"] + arguments + ["-o", "killed.h5", "-f"] + every, took * random.uniform(0.2, 0.9))
                for _ in range(50):
                    if ended or not os.path.exists("killed.h5.checkpoint"):
                        break
                    kills += 1
                    how = random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT])
                    threads = ["--threads", random.choice("123")]
                    ended = run(["resume", "killed.h5", "-q"] + every + threads, took * random.uniform(0.3, 0.9), how)
                if not ended:  # killed before the first checkpoint: from the start, as its file tells
                    assert run(["resume", "killed.h5", "-q"])
                got = content("killed.h5")
                for name in want:
                    if got[name] != want[name]:
                        sys.exit("%s: '%s' differs after kills" % (case[0], name))
                assert got["state"].startswith(b"finished") and not os.path.exists("killed.h5.checkpoint")
        print("%d times resumed, the same bits" % kills)
        extend(run, orrery, scenarios)
        cadence(run, scenarios)
        segments(run, scenarios)
        trouble(run)

def rows(*paths):
    """All snapshots and diagnostics of a run, by their times."""
    out = {}
    for path in paths:
        with h5py.File(path, "r") as f:
            n, m = int(f["status/n_frames"][()]), int(f["status/n_diagnostics"][()])
            for t, x, v in zip(f["particles/all/position/time"][:n], f["particles/all/position/value"][:n],
                               f["particles/all/velocity/value"][:n]):
                out["frame", t] = x.tobytes() + v.tobytes()
            for t, e in zip(f["observables/energy_error/time"][:m], f["observables/energy_error/value"][:m]):
                out["energy", t] = e
    return out

def extend(run, orrery, scenarios):
    """A run that has ended is made longer, twice, and once stopped before: every row that a long run has,
    and no more than the former ends besides."""
    cases = [("solar-system.yaml", ["100 yr", "130.5 yr", "200 yr"], []),
             ("kepler.yaml", ["1.001 yr", "2 yr", "3.7 yr"], ["--set", "integrator.form=half-step"]),
             ("planets.yaml", ["500 yr", "777 yr", "2000 yr"], ["--set", "output.every=10 yr"]),
             ("figure-eight.yaml", ["-1", "-2", "-3"], [])]
    for scenario, ends, more in cases:
        common = [scenarios + "/" + scenario, "-q", "--set", "expect=[]"] + more
        for old in os.listdir("."):
            os.unlink(old)
        assert run(["run"] + common + ["-o", "whole.h5", "--until=" + ends[-1]])
        assert run(["run"] + common + ["-o", "long.h5", "--until=" + ends[0], "--keep-checkpoint"])
        assert subprocess.run([orrery, "resume", "long.h5", "-q", "--until=" + ("1" if ends[0][0] == "-" else "-5")],
                              stderr=subprocess.DEVNULL).returncode == 1  # a run cannot turn round
        for end in ends[1:]:
            keep = ["--keep-checkpoint"] if end != ends[-1] else []
            name = sorted(f for f in os.listdir(".") if f.endswith(".checkpoint"))[0][:-len(".checkpoint")]
            assert run(["resume", name, "-q", "--until=" + end] + keep)
        assert not [f for f in os.listdir(".") if f.endswith(".checkpoint")]
        want, got = rows("whole.h5"), rows(*sorted(f for f in os.listdir(".") if f.startswith("long")))
        for key in want:
            if got.get(key) != want[key]:
                sys.exit("%s: %s differs after it was made longer" % (scenario, key))
        assert len(got) - len(want) <= 2 * (len(ends) - 1)
    print("%d runs made longer" % len(cases))

def scenarios_of(name):
    return os.path.join(SCENARIOS, name + ".yaml")

def clear():
    for old in os.listdir("."):
        os.unlink(old)

def ended(*words):
    p = subprocess.run([ORRERY] + list(words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return p.returncode, p.stderr.decode()

def cadence(run, scenarios):
    """Checkpoints by simulated time and by steps: where they were asked for, whatever the outputs."""
    for what, mark in (("{ time: 7 yr }", 91 * 365.25), ("{ steps: 1000 }", None)):
        clear()
        common = [scenarios + "/solar-system.yaml", "-q", "--set", "expect=[]", "--until", "97 yr"]
        assert run(["run"] + common + ["-o", "whole.h5"])
        assert run(["run"] + common + ["-o", "a.h5", "--set", "output.checkpoint=" + what, "--keep-checkpoint"])
        os.rename("a.h5.checkpoint.before", "a.h5.checkpoint")  # not that of the end
        text = subprocess.run([ORRERY, "info", "a.h5"], stdout=subprocess.PIPE).stdout.decode()
        t = float(text.split("of t = ")[1].split()[0])
        if mark:
            assert abs(t - mark) < 20, text  # the last whole step by then
        with h5py.File("a.h5", "r+") as f:  # rows behind it come again
            first = int(numpy.argmax(f["particles/all/position/time"][()] > t + 20))
            assert first > 0
            f["particles/all/position/value"][first:] = 0
        assert run(["resume", "a.h5", "-q"])
        want, got = content("whole.h5"), content("a.h5")
        for name in want:
            assert want[name] == got[name] or name == "scenario", name
    clear()  # of an ensemble, whose members are far from an output
    common = [scenarios + "/hot-jupiter-ensemble.yaml", "-q", "--set", "expect=[]", "--until", "5 yr", "--set", "output.every=5 yr"]
    assert run(["run"] + common + ["-o", "whole.h5"])
    assert run(["run"] + common + ["-o", "a.h5", "--set", "output.checkpoint={ steps: 9000 }", "--keep-checkpoint"])
    os.rename("a.h5.checkpoint.before", "a.h5.checkpoint")
    text = subprocess.run([ORRERY, "info", "a.h5"], stdout=subprocess.PIPE).stdout.decode()
    assert "the slowest member" in text, text
    assert run(["resume", "a.h5", "-q"])
    want, got = content("whole.h5"), content("a.h5")
    for name in want:
        assert want[name] == got[name] or name == "scenario", name
    print("checkpoints by time and by steps")

def segments(run, scenarios):
    """Killed when it was in later segments than the last checkpoint knows of; a foreign file in their way stays."""
    clear()
    common = [scenarios + "/solar-system.yaml", "-q", "--set", "expect=[]", "--set", "output.segment=100 kB"]
    files = lambda run: sorted(f for f in os.listdir(".") if f.startswith(run + ".") and f.endswith(".h5"))
    assert run(["run"] + common + ["-o", "whole.h5", "--until", "97 yr"])
    assert run(["run"] + common + ["-o", "a.h5", "--until", "20 yr", "--keep-checkpoint"])
    for name in files("whole"):
        if not os.path.exists(name.replace("whole", "a")):
            shutil.copy(name, name.replace("whole", "a"))
    last = [f for f in os.listdir(".") if f.endswith(".checkpoint")][0]
    shutil.copy(last, "kept")
    os.mkdir("elsewhere")  # the run moved to another folder, and is called by its newest file
    for name in files("a") + [last]:
        shutil.copy(name, "elsewhere")
    assert run(["resume", "elsewhere/a.0001.h5", "-q", "--until", "97 yr"])
    want = rows(*files("whole"))
    got = rows(*["elsewhere/" + f for f in os.listdir("elsewhere") if f.endswith(".h5")])
    assert all(got.get(k) == want[k] for k in want)
    shutil.rmtree("elsewhere")
    assert run(["resume", last[:-len(".checkpoint")], "-q", "--until", "97 yr"])
    want, got = rows(*files("whole")), rows(*files("a"))
    assert len(files("whole")) > 3 and all(got.get(k) == want[k] for k in want)
    foreign = "a.0002.h5"  # the next
    assert run(["run", scenarios + "/kepler.yaml", "-q", "-f", "-o", foreign, "--until", "1 yr"])
    there = open(foreign, "rb").read()
    code, text = ended("resume", last[:-len(".checkpoint")], "-q", "--until", "97 yr", "--checkpoint", "kept")
    assert code == 4 and "exists already" in text and open(foreign, "rb").read() == there, (code, text)
    clear()  # an ensemble whose folder has moved
    common = [scenarios + "/hot-jupiter-ensemble.yaml", "-q", "--set", "expect=[]", "--set", "output.segment=100 kB",
              "--set", "output.every=0.05 yr"]
    assert run(["run"] + common + ["-o", "whole.h5", "--until", "6 yr"])
    assert run(["run"] + common + ["-o", "a.h5", "--until", "4 yr", "--keep-checkpoint"])
    assert len(files("a")) > 2
    os.mkdir("elsewhere")
    for name in files("a") + ["a.h5.checkpoint"]:
        os.rename(name, "elsewhere/" + name)
    assert run(["resume", "elsewhere/a.h5", "-q", "--until", "6 yr"])
    want = rows(*files("whole"))
    got = rows(*["elsewhere/" + f for f in os.listdir("elsewhere") if f.endswith(".h5")])
    assert all(got[k].tobytes() == want[k].tobytes() if hasattr(want[k], "tobytes") else got[k] == want[k] for k in want)
    shutil.rmtree("elsewhere")
    print("segments that were begun already are written again")

def trouble(run):
    """A checkpoint that is damaged gives way to the one before; other bodies than those of the run are noticed."""
    clear()
    with open("table.csv", "w") as f:
        f.write("name,a [au],e\nx,2.5,0.1\ny,2.6,0.1\n")
    with open("s.yaml", "w") as f:
        f.write("units: { length: au, mass: Msun, time: yr }\nintegrator: { method: wh, step: 0.02 yr }\nrun: { to: 3000 yr }\n"
                "bodies: [ { name: Sun, mass: 1 }, { name: J, mass: 1e-3, orbit: { around: Sun, a: 5.2 } } ]\n"
                "groups: [ { table: table.csv, role: test, around: Sun } ]\n")
    assert run(["run", "s.yaml", "-q", "-o", "whole.h5"])
    assert run(["run", "s.yaml", "-q", "-o", "a.h5", "--set", "output.checkpoint={ time: 700 yr }", "--keep-checkpoint"])
    for at in (10, 700, os.path.getsize("a.h5.checkpoint") - 100):
        data = bytearray(open("a.h5.checkpoint", "rb").read())
        data[at] ^= 4
        open("a.h5.checkpoint", "wb").write(data)
        code, text = ended("resume", "a.h5", "-q", "--keep-checkpoint")
        assert code == 0 and "taking the one before" in text, (code, text)
        got, want = content("a.h5"), content("whole.h5")
        assert all(got[n] == want[n] for n in want)
    os.mkdir("elsewhere")  # on another machine the scenario and its table may lie beside the output
    for name in ("a.h5", "a.h5.checkpoint", "s.yaml", "table.csv"):
        shutil.copy(name, "elsewhere")
    os.rename("s.yaml", "gone.yaml")
    assert run(["resume", "elsewhere/a.h5", "-q", "--until", "3010 yr", "--keep-checkpoint"])
    os.rename("gone.yaml", "s.yaml")
    shutil.rmtree("elsewhere")
    os.unlink("a.h5")  # the output is gone, the checkpoint is not
    os.rename("a.h5.checkpoint.before", "a.h5.checkpoint")
    assert ended("resume", "a.h5", "-q")[0] == 4
    assert run(["resume", "a.h5", "-q", "-o", "new.h5"])
    old, new = rows("whole.h5"), rows("new.h5")
    assert len(new) > 10 and all(old[k] == new[k] for k in new) and max(old) == max(new)
    # the checkpoint of an earlier run of that name is neither taken for the new one's nor lost
    for name in ("one.h5", "one.h5.checkpoint"):
        if os.path.exists(name):
            os.unlink(name)
    assert run(["run", "s.yaml", "-q", "-o", "one.h5", "--keep-checkpoint"])
    shutil.copy("one.h5.checkpoint", "kept")
    assert run(["run", "s.yaml", "-q", "-f", "-o", "one.h5", "--until", "100 yr", "--checkpoint-every", "0"])
    assert not os.path.exists("one.h5.checkpoint")
    shutil.copy("kept", "one.h5.checkpoint")
    os.unlink("one.h5")
    code, text = ended("run", scenarios_of("kepler"), "-q", "-o", "one.h5", "--until", "1 yr", "--set", "expect=[]")
    assert code == 0 and "earlier run" in text and open("one.h5.checkpoint.old", "rb").read() == open("kept", "rb").read(), text
    before = open("one.h5", "rb").read()
    code, text = ended("resume", "one.h5", "-q", "--until", "5000 yr", "--checkpoint", "kept")
    assert code == 4 and "file of another run" in text and open("one.h5", "rb").read() == before, (code, text)
    code, text = ended("resume", "whole.h5", "-q")  # it is at its end
    assert code == 0 and not text, (code, text)
    code, text = ended("resume", "whole.h5", "-q", "--until", "9000 yr")  # and without one, a scenario of a snapshot goes on, almost the same
    assert code == 4 and "export --for scenario" in text, (code, text)
    assert run(["export", "--for", "scenario", "--snapshot", "400", "whole.h5", "-q"])
    assert run(["run", "whole.scenario.yaml", "-q", "-o", "later.h5"])
    with h5py.File("whole.h5") as a, h5py.File("later.h5") as b:
        x, y = (f["particles/all/position/value"][int(f["status/n_frames"][()]) - 1] for f in (a, b))
        assert numpy.abs(x - y).max() < 1e-9, numpy.abs(x - y).max()
    with open("table.csv", "a") as f:
        f.write("z,2.7,0.1\n")
    code, text = ended("resume", "a.h5", "-q", "-o", "never.h5")
    assert code == 2 and "are not those of the run" in text, (code, text)
    print("damaged checkpoints, other tables")

if __name__ == "__main__":
    ORRERY, SCENARIOS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3]))
