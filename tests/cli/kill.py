"""kill.py ORRERY SCENARIO KILLS - kill -9 a writing run at random moments; nothing acknowledged may
be lost, and plain h5py must open what is left and read while it grows."""
import os, random, subprocess, sys, tempfile, time
import h5py, numpy as np

orrery, scenario, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
random.seed(20261121)
rows = no_file = 0
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "killed.h5")
    command = [orrery, "run", scenario, "-q", "-f", "-o", path, "--set", "expect=[]",
               "--until", "20000 yr", "--set", "output.every=100 day"]
    for kill in range(kills):
        if os.path.exists(path):
            os.remove(path)
        process = subprocess.Popen(command)
        seen = 0
        end = time.time() + random.uniform(0.01, 1.2)
        while time.time() < end:
            time.sleep(random.uniform(0, 0.1))
            if os.path.exists(path):  # another process reads while it grows
                with h5py.File(path, "r") as f:
                    n = int(f["status/n_frames"][()])
                    assert n >= seen, f"acknowledged rows shrank from {seen} to {n}"
                    seen = n
        process.kill()
        process.wait()
        if not os.path.exists(path):
            no_file += 1
            assert seen == 0
            continue
        with h5py.File(path, "r") as f:
            n = int(f["status/n_frames"][()])
            assert n >= seen, f"kill {kill}: {seen} rows were acknowledged, {n} are left"
            t = f["particles/all/position/time"][:n]
            x = f["particles/all/position/value"][:n]
            assert np.array_equal(t, np.arange(n) * 100.0), f"kill {kill}: times are damaged"
            assert np.isfinite(x).all() and (n == 0 or (np.abs(x[:, 1:]).sum(axis=2) > 0).all())
            rows += n
        info = subprocess.run([orrery, "info", path], capture_output=True, text=True)
        assert info.returncode == 0 and "running:" in info.stdout, info.stderr
        for left in os.listdir(folder):
            if ".part-" in left:
                os.remove(os.path.join(folder, left))
print(f"{kills} kills, {rows} acknowledged snapshots whole, {no_file} killed before the file existed")
assert rows > 0
