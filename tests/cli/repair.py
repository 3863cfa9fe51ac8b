"""repair.py ORRERY SCENARIOS ROUNDS - files that were cut off, or lost pages: `info` does not count what is not there, and
`repair` gives a file that opens, with every snapshot that is whole and none that is not."""
import json, os, random, subprocess, sys, tempfile
import h5py, numpy
from resume import rows

def main(orrery, scenarios, rounds):
    random.seed(11)

    def run(*words, code=0):
        p = subprocess.run([orrery] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        if p.returncode != code:
            sys.exit("%s: exit %d: %s" % (words, p.returncode, p.stderr.decode()))
        return p.stdout.decode() + p.stderr.decode()

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run("run", scenarios + "/solar-system.yaml", "--until", "200 yr", "-q", "--set", "expect=[]", "-o", "a.h5")
        run("run", scenarios + "/solar-system.yaml", "--until=-20 yr", "-q", "--set", "expect=[]", "--set", "output.precision=float", "-o", "b.h5")
        run("run", scenarios + "/hot-jupiter-ensemble.yaml", "--until", "1 yr", "-q", "--set", "expect=[]", "-o", "c.h5")
        run("run", scenarios + "/planetesimals.yaml", "--until", "20 yr", "-q", "--set", "expect=[]", "-o", "d.h5")
        lost = kept = 0
        for k in range(rounds):
            name = "abcd"[k % 4] + ".h5"
            want, data = rows(name), bytearray(open(name, "rb").read())
            with h5py.File(name) as f:  # where the rows are
                parts = [f["particles/all/%s" % p] for p in ("position/value", "velocity/value", "position/time", "checksum")]
                places = [(d.id.get_offset(), d.id.get_storage_size()) for d in parts]
                state = f["status/state"].id.get_offset()
                frames = int(f["status/n_frames"][()])
                row = [len(d[0].tobytes()) if d.ndim > 1 else d.dtype.itemsize for d in parts]
                times = f["particles/all/position/time"][:frames]
            hit = set()
            if k % 3 == 0:  # the end is missing; what follows the rows are constants and status
                first = max(o + n for o, n in places)
                end = random.randrange(places[0][0], len(data))
                del data[end:]
                hit = {r for (o, _), w in zip(places, row) for r in range(frames) if o + (r + 1) * w > end}
            else:  # pages of zeros
                data[state:state + 16] = b"running".ljust(16, b"\0")
                for _ in range(random.choice([1, 1, 2, 5])):
                    o, n = random.choice(places)
                    at = random.randrange(o // 4096 + 1, max(o // 4096 + 2, (o + n) // 4096))
                    at = min(at * 4096, len(data) - 4096)
                    if any(at < p + 16 and at + 4096 > p for p in (state,)):
                        continue
                    inside = [(p, m) for p, m in places if p <= at and at + 4096 <= p + m]
                    if not inside:  # it would hit the structure of the file
                        continue
                    if data[at:at + 4096] == bytes(4096):
                        continue
                    data[at:at + 4096] = bytes(4096)
                    for (p, m), w in zip(places, row):
                        hit |= {r for r in range(frames) if p + r * w < at + 4096 and p + (r + 1) * w > at}
            open("x.h5", "wb").write(data)
            said = subprocess.run([orrery, "repair", "x.h5", "--json", "-f"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            if said.returncode == 4 and k % 3 == 0 and name != "a.h5":  # the structure was in what is missing; not in large files
                continue
            assert said.returncode == 0, (k, said)
            told = json.loads(said.stdout)
            got = rows("x.repaired.h5")
            for key in got:  # every row that is there is right
                if key[0] == "frame":
                    assert got[key] == want[key], (k, key)
            for r in set(range(frames)) - hit:  # and none is missing that nothing happened to
                assert ("frame", times[r]) in got, (k, name, r, times[r])
            assert open("x.h5", "rb").read() == bytes(data)  # the damaged file is as it was
            with h5py.File("x.repaired.h5") as f:
                n = int(f["status/n_frames"][()])
                assert n == told["snapshots"] and f["status/state"][()].rstrip(b"\0") in (b"stopped", b"finished")
                assert (numpy.diff(numpy.abs(f["particles/all/position/time"][:n])) > 0).all()
                assert numpy.isnan(f["particles/all/position/time"][n:]).all()
            info = run("info", "x.repaired.h5")
            assert "t = " in info or n == 0, info
            lost, kept = lost + len(hit), kept + n
            if k % 3:  # the rows at the end that are lost are not counted, wherever the others are
                p = subprocess.run([orrery, "info", "x.h5", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                if p.returncode == 0:
                    n = int(json.loads(p.stdout)["snapshots"])
                    assert n == 0 or n - 1 not in hit or name == "b.h5", (k, name, n)
        print("%d damaged files: %d snapshots lost, %d saved" % (rounds, lost, kept))
        open("x.h5", "wb").write(b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08" + bytes(5000))
        assert "structure is damaged" in run("repair", "x.h5", "-f", code=4) and not [f for f in os.listdir(".") if ".part" in f]
        open("x.h5", "wb").write(b"hello")
        assert "not the output file of a run" in run("repair", "x.h5", "-f", code=4)
        assert "exists already" in run("repair", "a.h5", "-o", "b.h5", code=4)
        run("repair", "a.h5")
        run("diff", "a.h5", "a.repaired.h5", "-q")

if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3]))
