"""snapshots.py ORRERY | - FOLDER - snapshots of other N-body codes as bodies, written here by struct and h5py, independently of the
program: every format and variant, units, h and a, types, ids; files that are cut off at every block, counts that
disagree or are huge, values that are not finite: an error with a sentence, never a crash or a body too many.  With a folder: small files of each kind into it, for the fuzzer."""
import os, random, struct, subprocess, sys, tempfile
import numpy as np
try:
    import h5py
except ImportError:
    h5py = None
orrery = os.path.abspath(sys.argv[1])
KPC, MSUN_GM, G = 1e3 * 648000 / np.pi * 149597870700.0, 1.3271244e20, 6.67430e-11
BARE = "units: { G: 1 }\n"
GALACTIC = "units: { length: kpc, mass: Msun, time: Myr }\n"
SEEDS = sys.argv[2] if len(sys.argv) > 2 else None
N = 3 if SEEDS else 50
rng = np.random.default_rng(3)
POS, VEL, MASS = rng.normal(size=(N, 3)), rng.normal(size=(N, 3)), rng.uniform(1, 2, N)
IDS = rng.permutation(np.arange(100, 100 + N)).astype(np.uint64)


def check(condition, *what):
    if not condition:
        sys.exit("wrong: " + " ".join(map(str, what)))


def run(*words):
    p = subprocess.run([orrery] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    check(p.returncode >= 0, words, "died of signal", -p.returncode)
    return p.returncode, p.stdout.decode(errors="replace") + p.stderr.decode(errors="replace")


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)
    return name


def scenario(group, head=BARE):
    write("s.yaml", (head + "integrator: { method: leapfrog, step: 1e-9 }\nrun: { to: 1e-9 }\n"
                     "output: { every: 1 }\ngroups:\n  - { %s }\n" % group).encode())
    return "s.yaml"


def load(group, head=BARE):
    """Positions, velocities, GM and names at the start, and what was said."""
    code, text = run("run", scenario(group, head), "-f", "-o", "s.h5")
    check(code == 0, group, text)
    with h5py.File("s.h5") as f:
        a = f["particles/all"]
        return (a["position/value"][0], a["velocity/value"][0], a["gm"][:],
                [n.decode() for n in a["name"][:]], text)


def fails(group, *words, head=BARE):
    code, text = run("check", scenario(group, head))
    check(code in (2, 4), group, "exit", code, text)
    for word in words:
        check(word in text, group, "does not say", repr(word), ":", text)


def same(got, pos=POS, vel=VEL, mass=MASS, ids=None, single=False):
    tolerance = 2e-7 if single else 1e-15
    check(got[0].shape == pos.shape, "how many", got[0].shape)
    check(np.allclose(got[0], pos, rtol=tolerance, atol=tolerance), "positions")
    check(np.allclose(got[1], vel, rtol=tolerance, atol=tolerance), "velocities")
    check(np.allclose(got[2], mass, rtol=tolerance, atol=0), "masses")
    if ids is not None:
        check([n.split("-")[1] for n in got[3]] == [str(i) for i in ids], "ids", got[3][:5])


# ---- writers ----

def gadget(style=1, order="<", width=4, id_width=4, counts=None, table=(0,) * 6, pos=POS, vel=VEL, mass=MASS, ids=IDS,
           time=0.25, redshift=0.0, files=1, total=None, h=0.7, omega=0.3, part=slice(None)):
    counts = counts or [0, N, 0, 0, 0, 0]
    total = total or counts
    head = struct.pack(order + "6i6d2d2i6I2i4d2i6I", *counts, *table, time, redshift, 0, 0, *total, 0, files, 0.0,
                       omega, 1 - omega, h, 0, 0, *[0] * 6).ljust(256, b"\0")
    real, whole = order + ("f4" if width == 4 else "f8"), order + ("u4" if id_width == 4 else "u8")
    of_kind = np.repeat(np.arange(6), counts)
    free = np.array([table[k] == 0 for k in of_kind], bool)
    blocks = [("HEAD", head), ("POS ", pos[part].astype(real).tobytes()), ("VEL ", vel[part].astype(real).tobytes()),
              ("ID  ", ids[part].astype(whole).tobytes())]
    if free.any():
        blocks.append(("MASS", mass[part][free].astype(real).tobytes()))
    blocks.append(("U   ", b"\0" * 12))
    out = b""
    for label, data in blocks:
        n = struct.pack(order + "I", len(data))
        if style == 2:
            eight = struct.pack(order + "I", 8)
            out += eight + label.encode() + struct.pack(order + "I", len(data) + 8) + eight
        out += n + data + n
    return out


def tipsy(order, counts, pad=True, pos_type="f4", vel_type="f4"):
    """Gas has 5 floats more, dark matter 2, stars 4 (after mass, positions and velocities)."""
    out = struct.pack(order + "d5i", 0.5, sum(counts), 3, *counts) + (b"\0\0\0\0" if pad else b"")
    k = 0
    for n, others in zip(counts, (5, 2, 4)):
        for _ in range(n):
            out += struct.pack(order + "f", MASS[k]) + POS[k].astype(order + pos_type).tobytes()
            out += VEL[k].astype(order + vel_type).tobytes() + struct.pack(order + "%df" % others, *[0.1] * others)
            k += 1
    return out


def nemo_item(order, kind, tag, value=None):
    plural = isinstance(value, np.ndarray) and value.ndim > 0 or isinstance(value, bytes)
    out = struct.pack(order + "H", 0x0b92 if plural else 0x0992) + kind.encode() + b"\0"
    if tag is not None:
        out += tag.encode() + b"\0"
    if isinstance(value, bytes):
        return out + struct.pack(order + "2i", len(value), 0) + value
    if plural:
        out += struct.pack(order + "%di" % (value.ndim + 1), *value.shape, 0)
    if value is not None:
        out += np.asarray(value).astype(order + {"d": "f8", "f": "f4", "i": "i4"}[kind]).tobytes()
    return out


def nemo(order="<", real="d", split=False, mass=True, key=True, snapshots=1):
    out = nemo_item(order, "c", "History", b"made by a test\0")
    for k in range(snapshots):
        pos = POS + k
        out += nemo_item(order, "(", "SnapShot") + nemo_item(order, "(", "Parameters")
        out += nemo_item(order, "i", "Nobj", N) + nemo_item(order, "d", "Time", 0.5 * k) + nemo_item(order, ")", None)
        out += nemo_item(order, "(", "Particles") + nemo_item(order, "i", "CoordSystem", 66306)
        if mass and k == 0:
            out += nemo_item(order, real, "Mass", MASS)
        if split:
            out += nemo_item(order, real, "Position", pos) + nemo_item(order, real, "Velocity", VEL)
        else:
            out += nemo_item(order, real, "PhaseSpace", np.stack([pos, VEL], axis=1))
        if key:
            out += nemo_item(order, "i", "Key", IDS.astype("i4"))
        out += nemo_item(order, ")", None) + nemo_item(order, ")", None)
    return out


def gadget_h5(name, counts=None, width="f8", ids=IDS, total=None, files=1, part=slice(None), units=None, table=(0,) * 6,
              redshift=0.0, time=0.25, h=0.7, omega=0.3, masses=True, **more):
    counts = counts or [0, N, 0, 0, 0, 0]
    with h5py.File(name, "w") as f:
        head = f.create_group("Header").attrs
        head["NumPart_ThisFile"] = np.array(counts, np.int32)
        head["NumPart_Total"] = np.array(total or counts, np.uint32)
        head["NumPart_Total_HighWord"] = np.zeros(6, np.uint32)
        head["MassTable"] = np.array(table, float)
        for key, value in dict(Time=time, Redshift=redshift, HubbleParam=h, Omega0=omega, OmegaLambda=1 - omega,
                               BoxSize=0.0, NumFilesPerSnapshot=np.int32(files)).items():
            head[key] = value
        if units:
            u = f.create_group(units[0]).attrs
            for key, value in units[1].items():
                u[key] = value
        begin = 0
        for k, n in enumerate(counts):
            if n == 0:
                continue
            rows = np.arange(N)[part][begin:begin + n]
            begin += n
            g = f.create_group("PartType%d" % k)
            g.create_dataset("Coordinates", data=POS[rows].astype(width), **more)
            g.create_dataset("Velocities", data=VEL[rows].astype(width), **more)
            g.create_dataset("ParticleIDs", data=ids[rows])
            if masses and table[k] == 0:
                g.create_dataset("Masses", data=MASS[rows].astype(width), **more)
    return name


def amuse(name, units, versions=1, group="data"):
    with h5py.File(name, "w") as f:
        f.create_group("AMUSE_INF").attrs["version"] = "2.0"
        for k in range(versions):
            g = f.create_group("%s/%010d" % (group, k + 1))
            g.attrs["type"] = "particles"
            g.attrs["number_of_particles"] = N
            g.create_dataset("keys", data=IDS)
            a = g.create_group("attributes")
            for c, column in zip(["mass", "x", "y", "z", "vx", "vy", "vz"], [MASS, *(POS + k).T, *VEL.T]):
                a.create_dataset(c, data=column).attrs["units"] = units[0 if c == "mass" else 1 if len(c) == 1 else 2]
    return name


def expansion_checks():
    """r = a x, v = sqrt(a) u; with the flow, + 100 h sqrt(..) r."""
    a, h, om = 0.5, 0.7, 0.3
    write("c.0", gadget(time=a, redshift=1 / a - 1, h=h, omega=om, width=8))
    fails("snapshot: c.0, units: gadget", "comoving", "expansion", head=GALACTIC)
    kms = 1e3 / KPC * 1e6 * 365.25 * 86400
    g = 1e10 * MSUN_GM / h / KPC**3 * (1e6 * 365.25 * 86400)**2
    for with_flow in (False, True):
        got = load("snapshot: c.0, units: gadget, expansion: %s" % ("with" if with_flow else "without"), GALACTIC)
        pos = POS * a / h
        hubble = 100 * h / 1000 * np.sqrt(om / a**3 + 1 - om) if with_flow else 0 # km/s/kpc
        vel = (VEL * np.sqrt(a) + hubble * pos) * kms
        check(np.allclose(got[0], pos, rtol=1e-14) and np.allclose(got[1], vel, rtol=1e-12, atol=1e-15), "expansion")
        check(np.allclose(got[2], MASS * g, rtol=1e-13), "masses in kpc^3/Myr^2")
    write("d.0", gadget(time=0.7, redshift=1.0))
    fails("snapshot: d.0, units: scenario", "disagree")


def binary_formats():
    for style in (1, 2):
        for order in "<>":
            for width, id_width in ((4, 4), (8, 8), (4, 8)):
                write("snap", gadget(style, order, width, id_width))
                same(load("snapshot: snap, units: scenario"), ids=IDS, single=width == 4)
    # several types, some of which have their mass in the header, in several files of either order
    counts = [0, 20, 10, 0, 20, 0]
    table = (0, 0, 0.5, 0, 0, 0)
    mass = MASS.copy()
    mass[20:30] = 0.5
    write("types", gadget(2, ">", 8, 8, counts, table))
    got = load("snapshot: types, units: scenario")
    same(got, mass=mass, ids=IDS)
    check("20 halo, 10 disk, 20 stars" in got[4], got[4])
    got = load("snapshot: types, units: scenario, types: [disk, 4], name: star")
    same(got, POS[20:], VEL[20:], mass[20:], IDS[20:])
    check("left out: 20 halo" in got[4] and got[3][0].startswith("star-"), got[4])
    half = [0, 10, 5, 0, 10, 0]
    rows = [np.r_[0:10, 20:25, 30:40], np.r_[10:20, 25:30, 40:50]]
    for k in (0, 1):
        write("multi.%d" % k, gadget(1, "<>"[k], 8, 8, half, table, files=2, total=counts, part=rows[k]))
    same(load("snapshot: multi.0, units: scenario"), mass=mass, ids=IDS)
    os.rename("multi.1", "gone")
    fails("snapshot: multi.0, units: scenario", "multi.1", "No such file")
    write("multi.1", gadget(1, "<", 8, 8, [0, 9, 5, 0, 10, 0], table, files=2, total=counts, part=rows[1][1:]))
    fails("snapshot: multi.0, units: scenario", "promises 20 particles of type 1, the files hold 19")
    write("gas", gadget(counts=[10, 40, 0, 0, 0, 0]))
    fails("snapshot: gas, units: scenario", "10 particles of gas", "types: [halo, disk]")
    same(load("snapshot: gas, units: scenario, types: halo"), POS[10:], VEL[10:], MASS[10:], IDS[10:], True)
    for order in "<>":
        for pad in (False, True):
            for types in (("f4", "f4"), ("f8", "f4"), ("f8", "f8")):
                write("t", tipsy(order, (10, 30, 10), pad, *types))
                got = load("snapshot: t, units: scenario, types: [gas, dark, stars]")
                same(got, single=True)
                check("not taken: softening" in got[4], got[4])
    for order in "<>":
        for real in "df":
            for split in (False, True):
                write("n", nemo(order, real, split))
                same(load("snapshot: n, units: scenario"), ids=IDS, single=real == "f")
    write("n3", nemo(snapshots=3))
    fails("snapshot: n3, units: scenario", "3 snapshots", "index: 0 to 2")
    fails("snapshot: n3, units: scenario, index: 3", "3 snapshots")
    same(load("snapshot: n3, units: scenario, index: 2"), POS + 2, ids=IDS) # masses of the first
    write("n0", nemo(mass=False))
    fails("snapshot: n0, units: scenario", "no masses", "mass: 1e5 Msun")
    same(load("snapshot: n0, units: scenario, mass: 3"), mass=np.full(N, 3.0), ids=IDS)
    fails("snapshot: n3, index: 0, units: scenario, mass: 3", "masses of its own")
    table = "\n".join("%.17g  %s" % (m, "  ".join("%.17g" % x for x in [*p, *v])) for m, p, v in zip(MASS, POS, VEL))
    write("dat.10", ("# a comment\n" + table.replace("e-", "D-") + "\n").encode())
    same(load("snapshot: dat.10, units: scenario"), ids=range(1, N + 1))
    got = load("snapshot: dat.10, units: scenario, role: test, plane: reference, position: [1, 2, 3], velocity: [0, 0, 4]")
    same(got, POS + [1, 2, 3], VEL + [0, 0, 4], 0 * MASS)


def hdf5_formats():
    for width in ("f4", "f8"):
        gadget_h5("g.hdf5", width=width)
        same(load("snapshot: g.hdf5, units: scenario"), ids=IDS, single=width == "f4")
    gadget_h5("g.hdf5", chunks=True, compression="gzip", shuffle=True, ids=IDS.astype(np.uint32))
    same(load("snapshot: g.hdf5, units: scenario"), ids=IDS)
    counts = [0, 20, 10, 0, 20, 0]
    for k, rows in enumerate([np.r_[0:10, 20:25, 30:40], np.r_[10:20, 25:30, 40:50]]):
        gadget_h5("m.%d.hdf5" % k, [0, 10, 5, 0, 10, 0], total=counts, files=2, part=rows)
    same(load("snapshot: m.0.hdf5, units: scenario"), ids=IDS)
    gadget_h5("t.hdf5", counts, table=(0, 0.25, 0, 0, 0, 0))
    mass = MASS.copy()
    mass[:20] = 0.25
    same(load("snapshot: t.hdf5, units: scenario"), mass=mass, ids=IDS)
    # units: by a word, by a map, by the file
    myr = 1e6 * 365.25 * 86400
    kms, msun = 1e3 / KPC * myr, MSUN_GM / KPC**3 * myr**2
    for units in ("gadget", "{ length: kpc/h, mass: 1e10 Msun/h, speed: km/s }"):
        got = load("snapshot: g.hdf5, units: %s" % units, GALACTIC)
        check(np.allclose(got[0], POS / 0.7, rtol=1e-14) and np.allclose(got[1], VEL * kms, rtol=1e-13), "units", units)
        check(np.allclose(got[2], MASS * 1e10 * msun / 0.7, rtol=1e-13), "mass units", units)
    fails("snapshot: g.hdf5", "does not say its units", "units: gadget", head=GALACTIC)
    fails("snapshot: g.hdf5, units: gadget, hubble: 0.6", "says that h is 0.7", head=GALACTIC)
    fails("snapshot: g.hdf5, units: { length: kpc, mass: 1 Msun }", "'speed' is missing", head=GALACTIC)
    fails("snapshot: g.hdf5, units: kpc", "'kpc'", "scenario", head=GALACTIC)
    said = {"UnitLength_in_cm": 3.085678e24, "UnitMass_in_g": 1.989e43, "UnitVelocity_in_cm_per_s": 1e5}
    for group in ("Parameters", "Units"):
        gadget_h5("u.hdf5", units=(group, said))
        got = load("snapshot: u.hdf5", GALACTIC)
        check(np.allclose(got[0], POS * 3.085678e22 / 0.7 / KPC, rtol=1e-14), "units of the file")
        check(np.allclose(got[2], MASS * 1.989e40 * G / 0.7 / KPC**3 * myr**2, rtol=1e-13), "masses of the file")
    fails("snapshot: u.hdf5, units: gadget", "says its units itself", head=GALACTIC)
    fails("snapshot: u.hdf5", "the scenario has none")
    swift = {"Unit length in cgs (U_L)": np.array([3.0857e21]), "Unit mass in cgs (U_M)": np.array([2e43]),
             "Unit time in cgs (U_t)": np.array([3.0857e16])}
    gadget_h5("s.hdf5", units=("Units", swift), h=0.0)
    got = load("snapshot: s.hdf5", GALACTIC)
    check(np.allclose(got[0], POS * 3.0857e19 / KPC, rtol=1e-14), "SWIFT's lengths have no h")
    check(np.allclose(got[1], VEL * 1e3 / KPC * myr, rtol=1e-13), "SWIFT's speeds")
    with h5py.File("s.hdf5", "r+") as f:
        c = f.create_group("Cosmology").attrs
        c["Cosmological run"], c["Scale-factor"] = np.array([1]), np.array([0.25])
    fails("snapshot: s.hdf5", "comoving", head=GALACTIC)
    got = load("snapshot: s.hdf5, expansion: without", GALACTIC)
    check(np.allclose(got[0], POS * 0.25 * 3.0857e19 / KPC, rtol=1e-14), "SWIFT's a")
    check(np.allclose(got[1], VEL * 1e3 / KPC * myr, rtol=1e-13), "SWIFT's velocities are peculiar")
    expansion_checks()
    si = SI
    amuse("a.hdf5", si)
    got = load("snapshot: a.hdf5", "units: { length: km, mass: kg, time: s }\n")
    same(got, mass=MASS * G / 1e9, ids=IDS)
    amuse("b.hdf5", [s.replace("S.I.", "nbody").replace("1000.0", "1.0") for s in si], versions=2)
    fails("snapshot: b.hdf5, index: 0", "does not say its units")
    fails("snapshot: b.hdf5, units: scenario", "2 snapshots")
    same(load("snapshot: b.hdf5, units: scenario, index: 1"), POS + 1, ids=IDS)
    amuse("v1.hdf5", [s.replace("S.I.", "nbody").replace("1000.0", "1.0") for s in si], group="particles")
    same(load("snapshot: v1.hdf5, units: scenario"), ids=IDS)
    for wrong, word in ((["kg"] + si[1:], "not understood"), ([si[1]] + si[1:], "not of its kind"),
                        ([si[0].replace("S.I.", "nbody")] + si[1:], "SI")):
        amuse("w.hdf5", wrong)
        fails("snapshot: w.hdf5", word, head=GALACTIC)


def wrong_files():
    fails("snapshot: nothing, units: scenario", "No such file")
    os.mkdir("folder")
    fails("snapshot: folder, units: scenario", "folder")
    write("empty", b"")
    fails("snapshot: empty, units: scenario", "empty")
    write("noise", bytes(rng.integers(0, 256, 5000, dtype=np.uint8)))
    fails("snapshot: noise, units: scenario", "list snapshots")
    write("words", b"a, b, c\n1, 2, 3\n")
    fails("snapshot: words, units: scenario", "list snapshots")
    write("x.hdf5", gadget())  # by its content, not by its name
    same(load("snapshot: x.hdf5, units: scenario"), ids=IDS, single=True)
    fails("snapshot: x.hdf5, format: tipsy, units: scenario", "format: gadget", "not of 'tipsy'")
    fails("snapshot: x.hdf5, format: gadgets, units: scenario", "gadget")
    fails("snapshot: x.hdf5, units: scenario, index: 1", "holds one snapshot")
    fails("snapshot: x.hdf5, units: scenario, types: [star]", "stars")
    fails("snapshot: x.hdf5, units: scenario, types: [disk]", "no particles of these types")
    twice = IDS.copy()
    twice[7] = twice[30]
    write("twice", gadget(ids=twice))
    fails("snapshot: twice, units: scenario", "id %d is there twice" % twice[7])
    twice[:] = rng.integers(0, 2**64, N, dtype=np.uint64, endpoint=False) # sparse: sorted
    write("sparse", gadget(ids=twice, id_width=8))
    same(load("snapshot: sparse, units: scenario"), ids=twice, single=True)
    twice[7] = twice[30]
    write("twice", gadget(ids=twice, id_width=8))
    fails("snapshot: twice, units: scenario", "id %d is there twice" % twice[7])
    for value in (np.nan, np.inf, 1e60):
        pos = POS.copy()
        pos[3, 1] = value
        write("nan", gadget(pos=pos, width=8))
        fails("snapshot: nan, units: scenario", "'body-%d'" % IDS[3])
    for value, word in ((-1, "mass"), (np.nan, "mass"), (0, "no mass")):
        mass = MASS.copy()
        mass[3] = value
        write("nan", gadget(mass=mass, width=8))
        fails("snapshot: nan, units: scenario", "'body-%d'" % IDS[3], word)
    got = load("snapshot: nan, units: scenario, role: test")
    check((got[2] == 0).all() and "without their masses" in got[4], got[4])
    pos = POS.copy()
    pos[7] = pos[3]  # two points at one place: where gravity is softened that is no harm
    write("twins", gadget(pos=pos, width=8))
    fails("snapshot: twins, units: scenario", "at the same place")
    same(load("snapshot: twins, units: scenario", BARE + "gravity: { solver: direct, softening: 0.1 }\n"), pos)
    two = BARE + "bodies: [ { name: body-3, mass: 1, position: [50, 0, 0], velocity: [0, 0, 0] } ]\n"
    fails("snapshot: x.hdf5, units: scenario", "body-3", "another 'name'", head=two)
    # counts that disagree, and huge ones: refused before anything is made for them
    data = bytearray(gadget())
    data[8:12] = struct.pack("<i", 2**31 - 1)
    write("many", bytes(data))
    fails("snapshot: many, units: scenario", "not that of the particles in its header")
    data = bytearray(nemo())
    at = data.index(b"PhaseSpace\0") + 11
    for n, word in ((N + 1, "is of 51 bodies"), (2**31 - 1, "cut off")):
        data[at:at + 4] = struct.pack("<i", n)
        write("many", bytes(data))
        fails("snapshot: many, units: scenario", word)
    if not h5py:
        return
    for k, huge in enumerate(([0, 2**31 - 1, 0, 0, 0, 0], [0, N + 1, 0, 0, 0, 0])):
        gadget_h5("many.hdf5")
        with h5py.File("many.hdf5", "r+") as f:
            f["Header"].attrs["NumPart_ThisFile"] = np.array(huge, np.int32)
            f["Header"].attrs["NumPart_Total"] = np.array(huge, np.uint32)
        fails("snapshot: many.hdf5, units: scenario", "has 50 rows, the header promises %d" % huge[1])
    with h5py.File("many.hdf5", "r+") as f:  # rows that nobody wrote: 48 TB, in a file of some kB
        n = 10**12
        for name, shape in (("Coordinates", (n, 3)), ("Velocities", (n, 3)), ("Masses", (n,)), ("ParticleIDs", (n,))):
            del f["PartType1"][name]
            f["PartType1"].create_dataset(name, shape, dtype="u8" if name == "ParticleIDs" else "f8", chunks=True)
        for name in ("NumPart_ThisFile", "NumPart_Total"):
            f["Header"].attrs[name] = np.array([0, n, 0, 0, 0, 0], np.int64)
    fails("snapshot: many.hdf5, units: scenario", "do not fit into the memory")
    gadget_h5("short.hdf5")
    with h5py.File("short.hdf5", "r+") as f:
        del f["PartType1/Velocities"]
    fails("snapshot: short.hdf5, units: scenario", "no PartType1/Velocities")
    code, text = run("run", scenario("snapshot: x.hdf5, units: scenario"), "-f", "-o", "own.h5")
    fails("snapshot: own.h5, units: scenario", "export --for scenario")


def first_frames(name):
    with h5py.File(name) as f:
        a = f["particles/all"]
        return a["position/value"][:3], a["velocity/value"][:3], a["gm"][:], a["name"][:]


def round_trips():
    """Scenario, run, export, and the export as a scenario: the same bodies, and the same first step."""
    settings = ("integrator: { method: leapfrog, step: 0.01 }\ngravity: { solver: direct, softening: 0.01 }\n"
                "run: { to: 0.02 }\noutput: { every: 0.01 }\ngroups:\n  - { %s }\n")
    made = "generate: plummer, name: star, count: 60, mass: 1e9, radius: 1, seed: 7"
    for head, mass in ((GALACTIC, "1e9"), (BARE, "1"), ("units: { G: 2 }\n", "1"),
                       ("units: { length: au, mass: Msun, time: day }\n", "10")):
        write("made.yaml", (head + settings % made.replace("1e9", mass)).encode())
        code, text = run("run", "made.yaml", "-q", "-f", "-o", "made.h5")
        check(code == 0, text)
        was = first_frames("made.h5")
        for form, k in (("gadget", 0), ("gadget", 1), ("nemo", 0), ("tipsy", 0)):
            code, text = run("export", "--for", form, "--snapshot", str(k), "made.h5", "-f", "-o", "back.0")
            check(code == 0, text)
            units = "units: %s" % ("nbody" if form != "gadget" else "scenario")
            group = "snapshot: back.0, name: star"
            if form != "gadget" or head.startswith("units: { G"):
                group += ", " + units
            write("back.yaml", (head + settings % group).encode())
            code, text = run("run", "back.yaml", "-q", "-f", "-o", "back.h5")
            check(code == 0, form, text)
            now = first_frames("back.h5")
            for a, b in zip(was[:2], now[:2]):
                if form == "tipsy":
                    check(np.allclose(a[0], b[0], rtol=1e-7), form, "bodies")
                else: # (from a later snapshot leapfrog's compensation begins anew)
                    check((a[k] == b[0]).all(), form, k, "bodies, bit for bit", head)
                    check((a[k:] == b[:3 - k]).all() if k == 0 else np.allclose(a[k:], b[:3 - k], rtol=1e-13),
                          form, k, "the first steps", head)
            check(np.allclose(was[2], now[2], rtol=1e-7 if form == "tipsy" else 0), form, "masses", head)
            check(form == "tipsy" or [n.decode() for n in now[3]] == ["star-%d" % i for i in range(60)], "ids")
    code, text = run("export", "--for", "tipsy", "made.h5")
    check(code == 0 and os.path.exists("made.tipsy.param"), text)
    code, text = run("export", "--for", "tipsy", "made.h5")
    check(code == 4 and "exists already" in text, code, text)
    with open("made.tipsy.param") as f:
        unit = dict(line.split(" = ") for line in f if not line.startswith("#"))
    check(abs(float(unit["dKpcUnit"]) * KPC / 149597870700.0 - 1) < 1e-14, unit)
    # all snapshots, a file each; nothing is overwritten, not even the first ones
    write("made_002.gadget.hdf5", b"mine")
    code, text = run("export", "--for", "gadget", "--all", "made.h5")
    check(code == 4 and "made_002.gadget.hdf5" in text and not os.path.exists("made_000.gadget.hdf5"), code, text)
    code, text = run("export", "--for", "gadget", "--all", "made.h5", "-f")
    check(code == 0, text)
    for k in range(3):
        with h5py.File("made_%03d.gadget.hdf5" % k) as f:
            head = f["Header"].attrs
            check(head["Time"] == 0.01 * k or abs(head["Time"] - 0.01 * k) < 1e-12, head["Time"])
            check(list(head["NumPart_Total"]) == [0, 60, 0, 0, 0, 0] and head["NumFilesPerSnapshot"] == 1, "counts")
            check(len(head["MassTable"]) == 6 and head["Redshift"] == 0 and head["BoxSize"] == 0, "header")
            columns, units = f["PartType1"], f["Units"].attrs
            check((columns["Coordinates"][:] == was[0][k]).all(), "positions")
            check(columns["Coordinates"].attrs["to_cgs"] == units["UnitLength_in_cm"], "attributes of GADGET-4")
            # G m = GM: in cgs
            gm = G * 1e3 * columns["Masses"][:] * units["UnitMass_in_g"] # 1 m3/kg/s2 = 1000 cm3/g/s2
            wanted = was[2] * units["UnitLength_in_cm"] * units["UnitVelocity_in_cm_per_s"]**2
            check(np.allclose(gm, wanted, rtol=1e-12), "masses", gm[0], wanted[0])
    for words in (("--all", "--snapshot", "1", "--for", "gadget"), ("--all", "--at", "0", "--for", "yt"),
                  ("--all", "--for", "scenario")):
        check(run("export", *words, "made.h5")[0] == 1, words)


def cut_files():
    """Every file cut off at each block, and a byte before and after, is refused with a sentence."""
    for make, ends in ((gadget(1), [4, 260, 264, 268]), (gadget(2), [16, 20, 276, 280]), (nemo(), [2, 4, 30]),
                       (tipsy(">", (0, N, 0)), [8, 28, 32])):
        random.seed(1)
        places = {e + d for e in ends for d in (-1, 0, 1)} | {random.randrange(1, len(make)) for _ in range(8)}
        places |= {len(make) - 1, len(make) - N * 4, len(make) - N * 12} if make is not None else set()
        for at in sorted(p for p in places if 0 < p < len(make)):
            write("cut", make[:at])
            code, text = run("check", scenario("snapshot: cut, units: scenario"))
            if code == 0: # of format 1 what follows the masses is not read
                check(make == gadget(1) and at > len(make) - 30, "a file that is cut off at", at, "of", len(make))
            else:
                check(code in (2, 4) and "'cut'" in text, at, code, text)


SI = ["system.get('S.I.').base('mass')", "(1000.0 * system.get('S.I.').base('length'))",
      "((1000.0 * system.get('S.I.').base('length')) * (system.get('S.I.').base('time')**-1))"]


def seeds(folder):
    os.chdir(folder)
    for name, data in (("gadget1", gadget()), ("gadget2", gadget(2, ">", 8, 8, [1, 1, 0, 0, 1, 0], (0, 2, 0, 0, 0, 0))),
                       ("comoving", gadget(time=0.5, redshift=1.0)), ("tipsy", tipsy(">", (1, 1, 1))),
                       ("tipsy8", tipsy("<", (0, N, 0), False, "f8", "f8")), ("nemo", nemo(snapshots=2)),
                       ("nemo-split", nemo(">", "f", True))):
        write(name, data)
    if h5py:
        gadget_h5("gadget.hdf5", [0, 1, 0, 0, 2, 0])
        gadget_h5("units.hdf5", redshift=1.0, time=0.5, units=("Units", {
            "UnitLength_in_cm": 3e21, "UnitMass_in_g": 2e43, "UnitVelocity_in_cm_per_s": 1e5}))
        amuse("amuse.hdf5", SI)


if SEEDS:
    seeds(SEEDS)
    sys.exit(0)
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    if not h5py:
        print("without h5py only what is refused is tested")
        cut_files()
        sys.exit(0)
    binary_formats()
    hdf5_formats()
    round_trips()
    wrong_files()
    cut_files()
print("snapshots of other codes are read as they are, or refused with a sentence")
