"""locks.py ORRERY SCENARIOS KILLS [TEST ...] - nobody overwrites a run: two processes at one file, checkpoint or folder, under any name;
what is read is never written; a run that was killed before its first checkpoint begins again, with the same bits."""
import atexit, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time
import h5py, numpy
from resume import content

MANY = """title: many rows
units: { length: au, time: yr, mass: Msun }
bodies:
  - { name: Sun, mass: 1 }
  - { name: Earth, mass: 3e-6, orbit: { around: Sun, a: 1 au, e: 0.1 } }
integrator: { method: leapfrog, step: 0.01 }
"""

def run(*words, code=0, say="", **more):
    p = subprocess.run([ORRERY] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100, **more)
    text = p.stdout.decode() + p.stderr.decode()
    if p.returncode != code or say not in text:
        sys.exit("%s: exit %d, not %d, or no '%s': %s" % (words, p.returncode, code, say, text))
    return text

class Paused:
    """A run that has begun and stands still, so that others meet it."""

    def __init__(self, *words, output, ready=None):
        self.p = subprocess.Popen([ORRERY] + list(words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2000):
            if self.p.poll() is not None:
                sys.exit("%s ended: %s" % (words, self.p.stderr.read().decode()))
            if os.path.exists(output) and (not ready or ready()):
                break
            time.sleep(0.005)
        else:
            sys.exit("%s never got to '%s'" % (words, output))
        self.p.send_signal(signal.SIGSTOP)
        self.who = "process %d on host %s since 20" % (self.p.pid, os.uname().nodename)

    def refuses(self, *words, who=None):
        run(*words, code=4, say=self.who if who is None else who)

    def goes_on(self):
        self.p.send_signal(signal.SIGCONT)
        text = self.p.communicate()[1].decode()
        assert self.p.returncode == 0, text

    def dies(self):
        self.p.kill()
        self.p.communicate()

def frames(path):
    with h5py.File(path, "r") as f:  # while it is written, as everybody does
        return int(f["status/n_frames"][()])

def same(a, b):
    a, b = content(a), content(b)
    for name in a:
        assert a[name] == b[name], "'%s' differs" % name

def tidy():
    """Nothing is left of locks and of files that were half made."""
    left = [f for f in os.listdir(".") if f.endswith(".lock") or ".part" in f]
    assert not left, left

def one_file():
    words = ["run", SCENARIOS + "/solar-system.yaml", "-q", "--set", "expect=[]", "--until", "600 yr", "-o"]
    run(*words, "whole.h5")
    a = Paused(*words, "a.h5", output="a.h5", ready=lambda: frames("a.h5") > 5)
    os.symlink("a.h5", "link.h5")
    os.link("a.h5", "hard.h5")
    os.mkdir("sub")
    before = open("a.h5", "rb").read()
    for name in ("a.h5", "./sub/../a.h5", os.path.abspath("a.h5"), "link.h5"):
        a.refuses(*words, name)
        a.refuses(*words, name, "-f")
        a.refuses("resume", name)
        a.refuses("repair", name, "-f", "-o", "r.h5")
        a.refuses("export", "whole.h5", "--for", "csv", "-f", "-o", name)
        a.refuses("repair", "whole.h5", "-f", "-o", name)
    for words_ in (["resume", "hard.h5"], words + ["hard.h5", "-f"], ["repair", "hard.h5"]):
        a.refuses(*words_, who="by another process, under another name")
    a.refuses("resume", "whole.h5", "--until", "900 yr", "--checkpoint", "a.h5.checkpoint", who="")
    a.refuses(*words, "b.h5", "--checkpoint", "a.h5.checkpoint")
    assert frames("a.h5") > 5 and open("a.h5", "rb").read() == before and not os.path.exists("b.h5")
    assert "t = 0 to" in run("info", "a.h5")  # readers are free
    run("export", "a.h5", "--for", "csv", "-q")
    a.goes_on()
    same("whole.h5", "a.h5")
    a = Paused(*words, "a.h5", "-f", "--checkpoint-every", "0.01", output="a.h5.checkpoint")
    a.refuses("resume", "a.h5")
    a.dies()
    assert os.path.exists("a.h5.lock")  # which blocks nobody
    run("resume", "a.h5", "-q")
    same("whole.h5", "a.h5")
    shutil.rmtree("sub")
    os.unlink("hard.h5"), os.unlink("link.h5")
    tidy()
    print("one file")

def checkpoints():
    words = ["run", SCENARIOS + "/solar-system.yaml", "-q", "--set", "expect=[]", "--until", "600 yr", "-o"]
    a = Paused(*words, "c1.h5", "--checkpoint", "shared", output="c1.h5")
    a.refuses(*words, "c2.h5", "--checkpoint", "shared")
    a.refuses("resume", "whole.h5", "--until", "1200 yr", "--checkpoint", "./shared")
    assert not os.path.exists("c2.h5")
    a.dies()
    run("resume", "c1.h5", "-q", "--checkpoint", "shared")  # none there yet: it knows how it was begun
    same("whole.h5", "c1.h5")
    open("mine.yaml", "w").write(MANY)
    for precious in ("mine.yaml", "whole.h5", "c1.h5"):
        before = open(precious, "rb").read()
        for force in ([], ["-f"]):
            run(*words, "c1.h5" if precious == "c1.h5" else "c3.h5", "--checkpoint", precious, "-f", *force, code=4)
        assert open(precious, "rb").read() == before and not os.path.exists("c3.h5") and not os.path.exists(precious + ".old")
    tidy()
    print("checkpoints")

def segments():
    words = ["run", SCENARIOS + "/solar-system.yaml", "-q", "--set", "expect=[]", "--until", "600 yr", "--set",
             "output.segment=100 kB", "-o"]
    a = Paused(*words, "s.h5", output="s.0002.h5")
    for name in ("s.h5", "s.0001.h5", "s.0002.h5"):
        a.refuses(*words, name, "-f")
        a.refuses("resume", name)
    a.goes_on()
    a = Paused(*words, "t.0001.h5", output="t.0001.h5")  # in the way of another run, which stops there
    assert "is being written by process %d" % a.p.pid in run(*words, "t.h5", "-f", code=4)
    a.dies()
    os.unlink("t.0001.h5"), os.unlink("t.0001.h5.lock")
    sweep = Paused(*words[:-3], "-o", "u.0001.h5", output="u.0001.h5")  # numbers alone do not make a run of them
    run(*words[:-3], "-o", "u.0002.h5")
    sweep.goes_on()
    tidy()
    print("segments")

def ensembles():
    e = SCENARIOS + "/hot-jupiter-ensemble.yaml"
    words = ["run", e, "-q", "--set", "expect=[]"]
    run(*words, "--until", "2 yr", "-o", "ewhole.h5")
    a = Paused(*words, "--until", "2 yr", output="hot-jupiter-ensemble.h5")
    a.refuses(*words, "--until", "2 yr", "-f")
    a.refuses("resume", "hot-jupiter-ensemble.h5")
    run(*words, "--until", "1 yr", "--member", "3")  # in a file of its own
    assert content("hot-jupiter-ensemble.member-3.h5")["state"].startswith(b"finished")
    a.goes_on()
    same("ewhole.h5", "hot-jupiter-ensemble.h5")
    run(*words, "--until", "1 yr", "--member", "3", "-f")
    run(*words, "--until", "1 yr", "--member", "3", "-f", "-o", "hot-jupiter-ensemble.h5", code=4, say="holds an ensemble")
    same("ewhole.h5", "hot-jupiter-ensemble.h5")
    Paused(*words, "--until", "2 yr", "-o", "e2.h5", output="e2.h5").dies()
    run("resume", "e2.h5", "-q")
    same("ewhole.h5", "e2.h5")
    tidy()
    print("ensembles")

def comparisons():
    words = ["compare", SCENARIOS + "/solar-system.yaml", "-q", "-o"]
    a = Paused(*words, "folder", output="folder/report.html.lock")
    a.refuses(*words, "./folder")
    a.dies()
    os.mkdir("own")
    open("own/report.md", "w").write("mine")
    run(*words, "own", code=4, say="was not made by")
    assert os.listdir("own") == ["report.md"]
    print("compare")

def inputs():
    """What a command reads it does not write, nor what is no file."""
    os.mkdir("table")
    open("table/my.yaml", "w").write(MANY + "run: { to: 1 yr }\ninclude: inc.yaml\ngroups: [{ table: t.csv, role: test, around: Sun }]\n")
    open("table/inc.yaml", "w").write("title: included\n")
    open("table/t.csv", "w").write("name,a [au],e\nx,2.5,0.1\n")
    os.symlink("t.csv", "table/link.h5")
    run("run", "table/my.yaml", "-q", "-o", "mine.h5")
    kept = {f: open("table/" + f, "rb").read() for f in os.listdir("table")}
    mine = open("mine.h5", "rb").read()
    for f in ("my.yaml", "inc.yaml", "t.csv", "link.h5"):
        run("run", "table/my.yaml", "-f", "-q", "-o", "table/" + f, code=4, say="choose another output")
        run("run", "table/my.yaml", "-f", "-q", "--set", "output.file=table/" + f, code=4, say="choose another output")
        run("ephemeris", "table/my.yaml", "--at", "0 yr", "--of", "Earth", "-f", "-o", "table/" + f, code=4, say="is read")
    run("run", "table/my.yaml", "-f", "-q", "-o", "table", code=4, say="is a folder")
    run("run", "table/my.yaml", "-f", "-q", "-o", "/dev/null", code=4, say="is no file")
    for form in ("csv", "yt", "gadget", "paraview", "scenario"):
        run("export", "mine.h5", "--for", form, "-f", "-o", "mine.h5", code=4, say="is read")
        run("export", "mine.h5", "--for", form, "-f", "-o", "/dev/null", code=4)
    run("rerun", "mine.h5", "-f", "-o", "mine.h5", code=4, say="is read")
    run("repair", "mine.h5", "-f", "-o", "mine.h5", code=4, say="stays as it is")
    os.symlink("mine.h5", "mine.png")
    run("plot", "mine.h5", "-f", "-o", "mine.png", code=4, say="is read")
    os.unlink("mine.png")
    assert kept == {f: open("table/" + f, "rb").read() for f in os.listdir("table")} and open("mine.h5", "rb").read() == mine
    assert os.path.exists("/dev/null") and not os.path.isfile("/dev/null")
    tidy()
    print("inputs")

def without_locks():
    """A file system that has none: one warning, and it goes on."""
    library = os.environ.get("FAULTS")
    if not library:
        return
    plain = tempfile.mkdtemp(dir="/tmp")
    atexit.register(shutil.rmtree, plain)
    library = shutil.copy(library, plain)  # LD_PRELOAD is cut at blanks and colons
    environment = dict(os.environ, LD_PRELOAD=library, FAULT_NO_LOCKS="1")
    text = run("run", SCENARIOS + "/kepler.yaml", "-q", "--until", "1 yr", "--set", "expect=[]", "-o", "free.h5", env=environment)
    assert text.count("has no locks") == 1, text
    text = run("run", SCENARIOS + "/kepler.yaml", "-q", "--until", "1 yr", "--set", "expect=[]", "-o", "free.h5", code=4, say="exists", env=environment)
    tidy()
    print("no locks")

def folders():
    """Where one may read only, as somebody without rights: a sentence, and readers work."""
    os.mkdir("readonly")
    shutil.copy("mine.h5", "readonly/a.h5")
    os.chmod("readonly", 0o555), os.chmod("readonly/a.h5", 0o444), os.chmod(".", 0o755)
    who = {"user": 65534} if os.getuid() == 0 else {}
    run("run", SCENARIOS + "/kepler.yaml", "-q", "-o", "readonly/b.h5", code=4, say="Permission denied", **who)
    run("run", SCENARIOS + "/kepler.yaml", "-q", "-f", "-o", "readonly/a.h5", code=4, say="Permission denied", **who)
    run("resume", "readonly/a.h5", say="is finished", **who)
    run("info", "readonly/a.h5", **who)
    run("repair", "readonly/a.h5", code=4, say="Permission denied", **who)
    with tempfile.TemporaryDirectory() as free:
        os.chmod(free, 0o777)
        run("repair", "readonly/a.h5", "-o", free + "/b.h5", **who)
        run("export", "readonly/a.h5", "--for", "csv", "-o", free + "/b.csv", **who)
    os.chmod("readonly", 0o755)
    print("folders that may be read only")

def killed_at_once():
    """From exec to the first snapshot and a little further."""
    cases = [["kepler.yaml", "--until", "2 yr", "--set", "title=\"a\\\\b 'c'\""], ["hot-jupiter-ensemble.yaml", "--until", "0.2 yr"],
             ["kepler.yaml", "--until", "2 yr", "--shadow", "ulp"], ["hot-jupiter-ensemble.yaml", "--member", "2", "--until", "0.2 yr"]]
    early = resumed = ended = 0
    for k in range(KILLS):
        case = cases[k % len(cases)]
        words = ["run", SCENARIOS + "/" + case[0], "-q", "--set", "expect=[]"] + case[1:] + ["-o"]
        if k < len(cases):
            start = time.time()
            run(*words, "want%d.h5" % k)
            TOOK[k] = time.time() - start
        p = subprocess.Popen([ORRERY] + words + ["k.h5"], stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0, TOOK[k % len(cases)]))
        p.kill()
        p.wait()
        if not os.path.exists("k.h5"):
            early += 1
            run("resume", "k.h5", code=4, say="k.h5: error: there is no such file")
            run(*words, "k.h5")
        else:
            resumed += 1
            ended += frames("k.h5") > 0
            run("resume", "k.h5", "-q")
        same("want%d.h5" % (k % len(cases)), "k.h5")
        tidy()
        os.unlink("k.h5")
    print("killed at once: %d before there was a file, %d resumed, %d of them with snapshots" % (early, resumed, ended))

def changed_since():
    """A start that is not the same is none; nor is one by another program, or where a checkpoint was."""
    shutil.copy("table/my.yaml", "table/again.yaml")
    words = ["run", "table/again.yaml", "-q", "--until", "100000 yr", "--set", "output.every=1 yr", "-o", "x.h5"]
    Paused(*words, output="x.h5", ready=lambda: frames("x.h5") > 2).dies()
    shutil.copy("x.h5", "y.h5")
    old = open("table/t.csv").read()
    open("table/t.csv", "w").write("name,a [au],e\nx,2.6,0.1\n")
    run("resume", "x.h5", "-q", code=2, say="another one now")
    open("table/t.csv", "w").write(old)
    run("resume", "x.h5", "--until", "10 yr", code=4, say="there is no checkpoint yet")
    with h5py.File("y.h5", "r+") as f:
        f["provenance"].attrs.modify("version", numpy.bytes_("0.0.1"))
    run("resume", "y.h5", code=4, say="another version of the program")
    shutil.copy("x.h5", "y.h5")
    with h5py.File("y.h5", "r+") as f:
        f["status/wall_seconds"][()] = 3600
    run("resume", "y.h5", code=4, say="its checkpoint is lost")
    n = frames("x.h5")
    b = Paused("resume", "x.h5", "-q", output="x.h5.lock", ready=lambda: frames("x.h5") >= n)
    b.dies()
    os.unlink("x.h5.lock")
    assert frames("x.h5") >= n  # rows that are there already stay counted
    print("what changed since")

def many_rows():
    open("many.yaml", "w").write(MANY + "run: { to: 1000 yr }\noutput: { every: 100 yr, diagnostics: 0.01 yr }\n")
    run("run", "many.yaml", "-q", "-o", "many.h5")
    start = time.time()
    told = json.loads(run("repair", "many.h5", "--json"))
    took = time.time() - start
    assert told["diagnostics"] == 100001 and told["snapshots"] == 11 and took < 3, (told, took)
    run("diff", "many.h5", "many.repaired.h5", "-q")
    with h5py.File("many.h5", "r+") as f:  # rows that are lost in the midst
        f["observables/kinetic_energy/time"][300:400] = numpy.nan
        for name in f["observables"]:
            f["observables/%s/value" % name][50000:50007] = 0
        energy, t = f["observables/energy_error/value"][()], f["observables/kinetic_energy/time"][()]
    told = json.loads(run("repair", "many.h5", "--json", "-f"))
    left = numpy.r_[0:300, 400:50000, 50007:100001]
    with h5py.File("many.repaired.h5") as f:
        n = int(f["status/n_diagnostics"][()])
        assert n == len(left) == told["diagnostics"]
        assert (f["observables/energy_error/value"][:n] == energy[left]).all() and (f["observables/energy_error/time"][:n] == t[left]).all()
        assert numpy.isnan(f["observables/energy_error/time"][n:]).all()
    for number in (signal.SIGINT, signal.SIGTERM):  # stopped: nothing stays behind
        p = subprocess.Popen([ORRERY, "repair", "many.h5", "-o", "stopped.h5", "-q"], stderr=subprocess.PIPE)
        for _ in range(1000):
            if p.poll() is not None or [f for f in os.listdir(".") if ".part" in f]:
                break
            time.sleep(0.0005)
        p.send_signal(number)
        text = p.communicate()[1].decode()
        assert p.returncode in (0, 130), (p.returncode, text)
        assert p.returncode == 0 or "stopped" in text and not os.path.exists("stopped.h5")
        if os.path.exists("stopped.h5"):
            os.unlink("stopped.h5")
        tidy()
    print("1e5 rows repaired in %.2f s" % took)

def promises():
    """A dry run tells the size of the files that are written."""
    units = {"bytes": 1, "kB": 1e3, "MB": 1e6}
    worst = 0
    for case in (["kepler"], ["kepler", "--until", "0.01 yr"], ["kepler", "--until", "1 yr", "--shadow", "ulp"],
                 ["solar-system", "--until", "100 yr", "--set", "output.segment=200 kB"], ["planetesimals", "--until", "1 yr"],
                 ["hot-jupiter-ensemble", "--until", "1 yr"], ["asteroid-belt", "--until", "0.1 yr", "--set", "output.precision=float"],
                 ["kepler", "--until", "3 yr", "--set", "output.compression=gzip"]):
        words = ["run", SCENARIOS + "/" + case[0] + ".yaml", "-q", "--set", "expect=[]"] + case[1:] + ["-o", "p.h5"]
        told = re.search("rows of diagnostics, (at most )?([0-9.]+) (bytes|kB|MB), to", run(*words, "-n"))
        promised = float(told.group(2)) * units[told.group(3)]
        run(*words)
        files = [f for f in os.listdir(".") if re.fullmatch(r"p(\.\d+)?\.h5", f)]
        size = sum(os.path.getsize(f) for f in files)
        assert promised > 0.97 * size if told.group(1) else abs(promised / size - 1) < 0.04, (case, promised, size)
        worst = worst if told.group(1) else max(worst, abs(promised / size - 1))
        for f in files:
            os.unlink(f)
    print("sizes as promised, within %.1f %%" % (100 * worst))

if __name__ == "__main__":
    ORRERY, SCENARIOS, KILLS, TOOK = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3]), {}
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for test in (one_file, checkpoints, segments, ensembles, comparisons, inputs, without_locks, folders, killed_at_once, changed_since, many_rows,
                     promises):
            if len(sys.argv) < 5 or test.__name__ in sys.argv[4:]:
                test()
