"""other_build.py SCENARIOS ORRERY ORRERY ... - a run that goes from one build to the next (other compilers, sanitizers,
build types, of the same sources) with every checkpoint ends with the bits of a run that stayed at home."""
import json, os, subprocess, sys, tempfile

CASES = [("solar-system", [30, 40, 50, 60, 70], " yr"), ("planets", [3000, 4000, 5000, 6000, 7000], " yr"),
         ("star-cluster", [0.02, 0.03, 0.04, 0.05, 0.06], ""), ("planetesimals", [20, 30, 40, 50, 60], " yr"),
         ("close-binary", [5, 6, 7, 8, 9], ""), ("hot-jupiter-ensemble", [1, 2, 3, 4, 5], " yr")]

def main(scenarios, builds):
    def run(orrery, *words):
        p = subprocess.run([orrery] + list(words) + ["--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
        if p.returncode != 0:
            sys.exit("%s %s: exit %d: %s" % (orrery, words, p.returncode, p.stderr.decode()))
        return json.loads(p.stdout.decode().splitlines()[-1])["state_hash"]

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, ends, unit in CASES:
            ends = ends[:len(builds)]
            common = [scenarios + "/" + name + ".yaml", "-q", "--set", "expect=[]"]
            home = run(builds[0], "run", *common, "-o", name + ".h5", "--until", "%g%s" % (ends[-1], unit))
            away = name + "-away.h5"
            for orrery, end in zip(builds, ends):
                how = ["run"] + common + ["-o", away] if end == ends[0] else ["resume", away, "-q"]
                last = run(orrery, *how, "--until", "%g%s" % (end, unit), "--keep-checkpoint")
            if last != home:
                sys.exit("%s: other bits after a change of builds" % name)
    print("%d scenarios went through %d builds, the same bits" % (len(CASES), len(builds)))

if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), [os.path.abspath(b) for b in sys.argv[2:]])
