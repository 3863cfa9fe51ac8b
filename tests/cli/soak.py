"""soak.py ORRERY SCENARIOS SECONDS - runs that write, checkpoint and are looked at for that long: memory and open files stay
what they were after the first tenth."""
import os, signal, subprocess, sys, tempfile, time

def resident(pid):
    """[kB] of memory of its own, and open files."""
    with open("/proc/%d/status" % pid) as f:
        kb = [int(line.split()[1]) for line in f if line.startswith("RssAnon")][0]
    return kb, len(os.listdir("/proc/%d/fd" % pid))

def main(orrery, scenarios, seconds):
    cases = {"solar-system": ["--until", "9000000 yr", "--set", "output.every=2 yr", "--set", "output.segment=20 MB"],
             "hot-jupiter-ensemble": ["--until", "9000000 yr", "--set", "output.every=100 yr", "--set", "output.segment=20 MB"]}
    with tempfile.TemporaryDirectory(dir=os.environ.get("SOAK_FOLDER")) as folder:
        os.chdir(folder)
        runs = {}
        for name, more in cases.items():
            words = ["run", scenarios + "/" + name + ".yaml", "-q", "-t", "1", "--set", "expect=[]", "-o", name + ".h5",
                     "--checkpoint-every", "1", "--set", "output.diagnostics=10 yr"] + more
            runs[name] = subprocess.Popen([orrery] + words)
        start, seen, looked = time.time(), {name: [] for name in runs}, 0
        while time.time() - start < seconds:
            time.sleep(max(0.5, seconds / 400))
            for name, p in runs.items():
                assert p.poll() is None, "%s ended by itself: %s" % (name, p.returncode)
                seen[name].append(resident(p.pid))
                for command in (["info", name + ".h5"], ["info", name + ".h5", "--json"]):  # readers beside it
                    subprocess.run([orrery] + command, stdout=subprocess.DEVNULL, check=True)
                    looked += 1
                done = sorted(f for f in os.listdir(".") if f.startswith(name + ".0") and f.endswith(".h5"))
                for old in done[1:-2]:  # the disk is not what is tested
                    os.unlink(old)
        for name, p in runs.items():
            p.send_signal(signal.SIGTERM)
            assert p.wait(60) == 130
            first, last = seen[name][len(seen[name]) // 10:][0], seen[name][-1]
            most = max(seen[name][len(seen[name]) // 10:])
            print("%s: %d kB and %d files after a tenth, %d kB and %d files at the end, at most %d kB" % ((name,) + first + last + most[:1]))
            spread = max(f for _, f in seen[name]) - min(f for _, f in seen[name][len(seen[name]) // 10:])
            assert most[0] < 1.1 * first[0] + 2000 and spread <= 4, (name, seen[name][::40])
        print("%d looks from beside, %d s" % (looked, seconds))

if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), float(sys.argv[3]))
