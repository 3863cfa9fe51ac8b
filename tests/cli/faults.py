"""faults.py ORRERY FAULTS.so SCENARIO ROUNDS - the k-th call that changes a file kills the program half-way,
cuts the power, finds the disk full, or fails: what was acknowledged is there, and a resumed run has the bits of one that
nothing happened to."""
import os, random, shutil, subprocess, sys, tempfile
import h5py
from resume import content

orrery, library, scenario = (os.path.abspath(a) for a in sys.argv[1:4])
rounds = int(sys.argv[4])
random.seed(7)
arguments = [scenario, "-q", "--until", "40 yr", "--set", "output.every=5 day", "--set", "output.diagnostics=5 day",
             "--set", "expect=[]"]

def go(words, **faults):
    environment = dict(os.environ, LD_PRELOAD=preload, **faults) if faults else os.environ
    p = subprocess.run([orrery] + words, env=environment, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stderr.decode()

with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/tmp") as plain:
    preload = shutil.copy(library, plain)  # LD_PRELOAD is cut at blanks and colons
    os.chdir(folder)
    every = ["--checkpoint-every", "0.004"]
    first = ["run"] + arguments + ["-o", "a.h5", "-f"] + every
    assert go(["run"] + arguments + ["-o", "whole.h5", "--checkpoint-every", "0"])[0] == 0
    want = content("whole.h5")
    seen = {}
    for k in range(rounds):
        for name in os.listdir("."):
            if name != "whole.h5":
                os.remove(name)
        assert go(first, FAULT_COUNT="count")[0] == 0
        calls = int(open("count").read())
        os.remove("a.h5"), os.remove("count")
        kind, at = ("kill", "cut", "full", "io")[k % 4], random.randint(1, calls)
        code, said = go(first, FAULT_KIND=kind, FAULT_AT=str(at))
        what = "%s at call %d of %d" % (kind, at, calls)
        assert code in ((-9, 0) if kind in ("kill", "cut") else (0, 2, 3, 4, 5)), (what, code, said)
        assert code in (0, -9) or said.startswith("error") or "error:" in said, (what, code, said)
        if code == 0 and kind in ("full", "io"):  # only a checkpoint failed, and the run went on
            assert not os.path.exists("a.h5.part")
        if os.path.exists("a.h5") and kind != "cut":  # what it says is there is there
            with h5py.File("a.h5", "r") as f:
                n = int(f["status/n_frames"][()])
                got = f["particles/all/position/value"][:n].tobytes()
                assert got == want["position"][:len(got)], what
        if os.path.exists("a.h5.checkpoint"):
            end = "resumed"
            code, said = go(["resume", "a.h5", "-q"] + every)
            assert code == 0, (what, code, said)
        elif code == 0:
            end = "went on"
        else:
            end = "began again"
            resume = os.path.exists("a.h5") and kind != "cut"  # where what is in it is what was written
            code, said = go(["resume", "a.h5", "-q"] if resume else first)
            assert code == 0, (what, code, said)
        got = content("a.h5")
        for name in want:
            assert got[name] == want[name], (what, end, name)
        seen[kind, end] = seen.get((kind, end), 0) + 1
    print(", ".join("%s %s %d" % (*k, n) for k, n in sorted(seen.items())))
