"""damage.py ORRERY SCENARIOS ROUNDS [SEED] - output files and checkpoints that were damaged: bytes changed, zeroed, cut off, put in
twice, pieces of other files.  Every command that reads them ends in time with an exit code of its own, never with
a signal, and what it cannot read it says."""
import os, random, subprocess, sys, tempfile

def damage(data, other, rng):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 5, 30])):
        kind = rng.randrange(7)
        # the structure of an HDF5 file stands mostly at its start
        at = rng.randrange(min(len(data), rng.choice([96, 2048, 40000, len(data)])) or 1)
        n = min(rng.choice([1, 2, 4, 8, 64, 512]), max(1, len(data) - at))
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at:at + n] = bytes(rng.randrange(256) for _ in range(n))
        elif kind == 2:
            data[at:at + n] = rng.choice([b"\0", b"\xff"]) * n
        elif kind == 3 and rng.random() < 0.5:
            del data[rng.randrange(len(data)):]
        elif kind == 4:
            data[at:at] = data[at:at + n]
        elif kind == 5:
            value = rng.choice([0, 1, -1, 2**31 - 1, 2**31, 2**32, 2**62, -2**63])
            data[at:at + 8] = value.to_bytes(8, "little", signed=True)
        else:
            start = rng.randrange(len(other))
            data[at:at + n] = other[start:start + n]
        if not data:
            return b""
    return bytes(data)

def main(orrery, scenarios, rounds, seed):
    rng = random.Random(seed)
    codes, bad = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        env = dict(os.environ, OMP_NUM_THREADS="1", XDG_STATE_HOME=folder)

        def run(arguments):
            try:
                p = subprocess.run([orrery] + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, env=env)
                return p.returncode, p.stderr.decode(errors="replace")
            except subprocess.TimeoutExpired:
                return "timeout", ""

        def must(arguments, code=0):
            got, text = run(arguments)
            if got != code:
                sys.exit("%s: %s: %s" % (arguments, got, text))

        must(["run", scenarios + "/solar-system.yaml", "--until", "2 yr", "-q", "--set", "expect=[]", "-o", "a.h5", "--keep-checkpoint"])
        must(["run", scenarios + "/hot-jupiter-ensemble.yaml", "--until", "1 yr", "-q", "--set", "expect=[]", "-o", "b.h5"])
        must(["run", scenarios + "/planetesimals.yaml", "--until", "20 yr", "-q", "--set", "expect=[]", "-o", "c.h5"])
        good = {name: open(name, "rb").read() for name in ("a.h5", "b.h5", "c.h5", "a.h5.checkpoint")}
        h5 = [n for n in good if n.endswith(".h5")]
        commands = [["info", "d.h5"], ["info", "d.h5", "--json"], ["diff", "a.h5", "d.h5"], ["export", "--for", "csv", "d.h5", "-f", "-o", "x.csv"],
                    ["export", "--for", "yt", "d.h5", "-f", "-o", "x.h5"], ["info", "--resolved", "d.h5"],
                    ["view", "d.h5", "--picture", "x.png", "--size", "64x48", "-f", "-q"], ["rerun", "d.h5"], ["resume", "d.h5", "-q", "--until", "2.1 yr"]]
        for k in range(rounds):
            which = rng.choice(h5)
            with open("d.h5", "wb") as f:
                f.write(damage(good[which], good[rng.choice(list(good))], rng))
            with open("d.h5.checkpoint", "wb") as f:
                whole = good["a.h5.checkpoint"]
                f.write(damage(whole, good["a.h5"], rng) if rng.random() < 0.7 else whole)
            command = rng.choice(commands)
            code, text = run(command)
            codes[code] = codes.get(code, 0) + 1
            if code == 4 and "the HDF5 library broke down" in text:  # also where a sanitizer found it: not ours to mend
                continue
            if not isinstance(code, int) or code < 0 or code > 5 or "Sanitizer" in text or "runtime error" in text or (code and not text.strip() and command[0] not in ("diff", "rerun")):
                bad += 1
                name = "/tmp/orrery-damage-%d-%d.h5" % (seed, k)
                os.replace("d.h5", name)
                os.replace("d.h5.checkpoint", name + ".checkpoint")
                print("round %d: %s: exit %s, kept as %s\n%s" % (k, " ".join(command), code, name, text[-1500:]))
            for old in os.listdir("."):
                if old not in good:
                    os.unlink(old)
    print("%d rounds, exit codes %s" % (rounds, dict(sorted(codes.items(), key=str))))
    sys.exit(1 if bad else 0)

if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
