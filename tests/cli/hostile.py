"""hostile.py ORRERY SCENARIOS - full disks, odd names, folders that cannot be written: a file appears whole or not at all, an older one
stays until then, and the exit code says so."""
import os, re, resource, shutil, signal, subprocess, sys, tempfile, time

SCENARIO = "title: two; " + 16 * "longer than the room on a disk that is nearly full, " + """
units: { length: au, mass: Msun, time: day }
integrator: { method: leapfrog, step: 1 day }
run: { to: 200 day }
output: { file: k.h5, every: 10 day, diagnostics: 5 day }
bodies:
  - { name: Sun, mass: 1 Msun }
  - { name: Earth, mass: 3e-6 Msun, orbit: { around: Sun, a: 1 au, e: 0.0167 } }
"""

def run(*words, code=0, say="", **more):
    p = subprocess.run([ORRERY] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100, **more)
    text = p.stdout.decode() + p.stderr.decode()
    if p.returncode != code or say not in text:
        sys.exit("%s: exit %d, not %d, or no '%s': %s" % (words, p.returncode, code, say, text))
    return text

def no_room(bytes):
    """Files cannot get longer, as on a full disk (no root needed); 1024: clang's OpenMP needs a file that long at its start."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, bytes))
    return limit

def full_disk():
    commands = {"k.csv": ["ephemeris", "k.yaml", "--from", "0 day", "--to", "200 day", "--every", "1 day", "-o"],
                "k.out.csv": ["export", "k.h5", "--for", "csv", "-o"],
                "k.scenario.yaml": ["export", "k.h5", "--for", "scenario", "-o"],
                "k.png": ["plot", "k.h5", "-o"], "k.svg": ["plot", "k.h5", "-o"]}
    for name, words in commands.items():
        if words[0] == "plot" and not shutil.which("gnuplot"):
            continue
        for old in (None, "precious"):
            if old:
                open(name, "w").write(old)
            before = sorted(os.listdir("."))
            run(*words, name, "-f", code=4, say="cannot write", preexec_fn=no_room(1024))
            assert sorted(os.listdir(".")) == before, os.listdir(".")
            assert not old or open(name).read() == old, name
        run(*words, name, "-f")
        assert os.path.getsize(name) > 1024
    before = sorted(os.listdir("."))
    run("new", "starter", code=4, say="cannot write", preexec_fn=no_room(1024))
    assert "cannot write" in run("rerun", "k.h5", code=4, preexec_fn=no_room(1024))
    assert sorted(os.listdir(".")) == before, os.listdir(".")

def names():
    for name in ("new\nline", "a b", "q'uote", 'd"q', "$(touch x)", "ü", "a, b }", "#c: d"):
        run("new", name)
        text = run("check", name + ".yaml")
        run("run", name + ".yaml", "-q", "--until", "20 day")
        assert os.path.exists(name + ".h5"), (name, text)
        if shutil.which("gnuplot"):
            run("plot", name + ".h5", "-q")
            assert os.path.getsize(name + ".png") > 1000, name
    run("new", "a b", code=4, say="left as it is")
    assert not [f for f in os.listdir(".") if ".part-" in f or f == "x"]
    os.mkdir("sub")  # its tables go with it
    run("new", "--from", "small-bodies", "sub/mine")
    assert sorted(os.listdir("sub")) == ["mine.yaml", "small-bodies.dat", "small-bodies.txt"], os.listdir("sub")
    assert "left as it is" in run("new", "--from", "small-bodies", "sub/mine2")

def archive():
    """A file in a folder that cannot be written is repeated elsewhere; what a killed rerun left bars nobody."""
    open("k.h5.rerun.yaml", "w").write("of a rerun that was killed")
    run("rerun", "k.h5", say="the same to the last bit")
    os.mkdir("archive")
    shutil.copy("k.h5", "archive")
    os.chmod("archive", 0o555)
    if not os.access("archive", os.W_OK):  # not root
        run("rerun", "archive/k.h5", say="the same to the last bit")
    os.chmod("archive", 0o755)
    assert os.listdir("archive") == ["k.h5"]

def gone():
    """A run whose file is deleted stops and says so; of one that is moved away the name is not told as if it were there."""
    long = [ORRERY, "run", "k.yaml", "-q", "--until", "3e6 yr", "--set", "output.every=2000 yr", "-o", "d/k.h5"]
    for every, what in (("0", shutil.rmtree), ("0.1", lambda d: os.unlink(d + "/k.h5"))):
        os.mkdir("d")
        p = subprocess.Popen(long + ["--checkpoint-every", every], stderr=subprocess.PIPE)
        wait_for(lambda: os.path.exists("d/k.h5") and (every == "0" or os.path.exists("d/k.h5.checkpoint")))
        what("d")
        text = p.communicate(timeout=60)[1].decode()
        assert p.returncode == 4 and "was deleted while the run wrote it" in text and len(text) < 500, text
        assert ("resume -o NEW.h5 d/k.h5" in text) == (every != "0"), text
    shutil.rmtree("d")
    os.mkdir("d")
    long[5] = "2000 yr"
    p = subprocess.Popen(long, stderr=subprocess.PIPE)
    wait_for(lambda: os.path.exists("d/k.h5"))
    os.rename("d", "elsewhere")
    text = p.communicate(timeout=60)[1].decode()
    assert p.returncode == 4 and "was moved or replaced" in text, text
    assert "complete" in run("info", "elsewhere/k.h5")

def options():
    """What would be left out in silence is an error."""
    for words in (["run", "k.yaml", "-o", "a.h5", "-o", "b.h5"], ["ephemeris", "k.yaml", "--at", "1 day", "--at", "2 day"],
                  ["export", "k.h5", "--for", "csv", "--for", "yt"]):
        run(*words, code=1, say="is given twice")
    run("run", "k.yaml", "-n", "-q", "-q", "--set", "title=a", "--set", "run.to=9 day")
    run("ephemeris", "k.yaml", "--at", "1 day", "--from", "2 day", code=1, say="exclude each other")
    run("view", "k.h5", "--picture", "a.png", "--frames", "x", code=1, say="exclude each other")
    run("view", "k.h5", "--picture", "a.jpg", code=1, say="are written as .png")
    run("view", "k.h5", "--frames", "k.yaml", code=4, say="is no folder")
    for option in (["--set", "title=a"], ["--until", "5 day"], ["--threads", "2"], ["--allow-plugins"], ["--split", "rk4"]):
        run("view", "k.h5", "--picture", "a.png", *option, code=1, say=option[0] + " needs a scenario")
    assert not os.path.exists("a.png") and not os.path.exists("a.h5")

def narrow():
    """A line of progress does not wrap, so that it can be taken back."""
    import fcntl, pty, struct, termios
    try:
        master, slave = pty.openpty()
    except OSError:
        print("narrow: left out, there are no terminals here (/dev/pts)")
        return
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 5, 20, 0, 0))
    p = subprocess.Popen([ORRERY, "run", "k.yaml", "-f", "-o", "n.h5", "--until", "500 yr"], stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    text = b""
    try:
        while True:
            text += os.read(master, 1000)
    except OSError:  # its end
        pass
    lines = text.decode().split("\r\x1b[K")[1:]
    assert p.wait() == 0 and lines and max(len(line) for line in lines) == 19, text

def promises():
    """--dry-run tells as many rows as there will be, wherever the end is."""
    for until in ("5 day", "10 day", "23 day", "25 day", "200 day", "-25 day", "0.3 day"):
        told = re.search(r"(\d+) snapshots and (\d+) rows", run("run", "k.yaml", "-n", "--until", until)).groups()
        run("run", "k.yaml", "-q", "-f", "-o", "n.h5", "--until", until)
        text = run("info", "n.h5")
        assert told == (re.search(r"(\d+) of at most", text).group(1), re.search(r"(\d+) rows", text).group(1)), (until, told, text)

def parted():
    """A file whose continuation was left behind is not begun again: it has rows of a longer run."""
    run("run", "k.yaml", "-q", "-o", "l.h5", "--keep-checkpoint")
    run("resume", "l.h5", "--until", "300 day", "-q")
    assert os.path.exists("l.0001.h5")
    shutil.copy("l.h5", "m.h5")
    before = open("m.h5", "rb").read()
    run("resume", "m.h5", code=4, say="goes on in another file")
    assert open("m.h5", "rb").read() == before
    run("resume", "l.h5", say="is finished")

def wait_for(what):
    for _ in range(4000):
        if what():
            return
        time.sleep(0.005)
    sys.exit("waited for nothing")

TESTS = [options, parted, promises, narrow, gone, full_disk, names, archive]

if __name__ == "__main__":
    ORRERY, SCENARIOS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        open("k.yaml", "w").write(SCENARIO)
        run("run", "k.yaml", "-q")
        for test in TESTS:
            test()
            print(test.__name__)
