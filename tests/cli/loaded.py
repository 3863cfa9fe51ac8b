"""loaded.py LIBRARY PROGRAM - the shared library from Python, by ctypes and nothing else: a scenario from text, a run,
positions; the program must write the same bits for the same scenario.  Errors come as sentences with their place."""
import ctypes as c
import csv
import subprocess
import sys
import tempfile

orrery = c.CDLL(sys.argv[1], mode=c.RTLD_LOCAL)
SCENARIO = b"""\
units: { length: au, mass: Msun, time: yr }
integrator: { method: ias15 }
run: { to: 2.5 yr }
output: { file: unused.h5, every: 2.5 yr }
bodies:
  - { name: Sun,   mass: 1 }
  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1, e: 0.3, i: 10 deg, M: 1 rad } }
  - { name: Jupiter, mass: 1 Mjup, orbit: { around: Sun, a: 5.2, e: 0.05 } }
recenter: true
"""


class orr_body(c.Structure):
    _fields_ = [("pos", c.c_double * 3), ("vel", c.c_double * 3), ("gm", c.c_double), ("radius", c.c_double),
                ("id", c.c_uint64), ("spin", c.c_double * 3), ("role", c.c_int)]


class orr_bodies(c.Structure):
    _fields_ = [("n", c.c_size_t), ("n_active", c.c_size_t), ("n_passive", c.c_size_t), ("stride", c.c_size_t),
                ("capacity", c.c_size_t), ("pos", c.POINTER(c.c_double)), ("vel", c.POINTER(c.c_double)),
                ("gm", c.POINTER(c.c_double)), ("radius", c.POINTER(c.c_double)), ("id", c.POINTER(c.c_uint64)),
                ("spin", c.POINTER(c.c_double))]


class orr_snapshot(c.Structure):
    _fields_ = [("t", c.c_double), ("step", c.c_uint64), ("bodies", c.POINTER(orr_bodies))]


class orr_diagnosis(c.Structure):
    _fields_ = [("file", c.c_char * 512), ("line", c.c_int), ("column", c.c_int), ("text", c.c_char * 768),
                ("excerpt", c.c_char * 256), ("hint", c.c_char * 512)]


class orr_type_size(c.Structure):
    _fields_ = [("name", c.c_char_p), ("size", c.c_size_t)]


orrery.orr_type_size_at.restype = c.POINTER(orr_type_size)
orrery.orr_type_size_at.argtypes = [c.c_size_t]
orrery.orr_scenario_parse.argtypes = [c.c_char_p, c.c_char_p, c.c_size_t, c.c_void_p, c.c_void_p, c.c_void_p]
orrery.orr_scenario_span.restype = c.c_double
orrery.orr_sim_from_scenario.argtypes = [c.c_void_p, c.c_int, c.c_void_p, c.c_void_p]
orrery.orr_sim_run_until.argtypes = [c.c_void_p, c.c_double]
orrery.orr_sim_snapshot.argtypes = [c.c_void_p]
orrery.orr_sim_snapshot.restype = orr_snapshot
orrery.orr_sim_name.argtypes = [c.c_void_p, c.c_uint64]
orrery.orr_sim_name.restype = c.c_char_p
orrery.orr_sim_message.argtypes = [c.c_void_p]
orrery.orr_sim_message.restype = c.c_char_p
orrery.orr_bodies_get.argtypes = [c.c_void_p, c.c_size_t]
orrery.orr_bodies_get.restype = orr_body
orrery.orr_sim_destroy.argtypes = [c.c_void_p]
orrery.orr_status_text.restype = c.c_char_p


def sizes():
    """What the library says of its structures: a scenario is only ever handed on, so its size is all we need."""
    found, i = {}, 0
    while orrery.orr_type_size_at(i):
        entry = orrery.orr_type_size_at(i).contents
        found[entry.name.decode()] = entry.size
        i += 1
    return found


def main():
    size = sizes()
    for ours in (orr_body, orr_bodies, orr_snapshot, orr_diagnosis):
        assert size[ours.__name__] == c.sizeof(ours), (ours.__name__, size[ours.__name__], c.sizeof(ours))

    # a wrong scenario: a status, the line, a sentence
    why = orr_diagnosis()
    scenario = c.create_string_buffer(size["orr_scenario"])
    wrong = SCENARIO.replace(b"method: ias15", b"method: ias51")
    status = orrery.orr_scenario_parse(b"text", wrong, len(wrong), None, scenario, c.byref(why))
    assert status < 0 and why.line == 2 and b"ias51" in why.text, (status, why.line, why.text)

    status = orrery.orr_scenario_parse(b"text", SCENARIO, len(SCENARIO), None, scenario, c.byref(why))
    assert status == 0, why.text
    span = orrery.orr_scenario_span(scenario)
    assert span == 2.5, span
    sim = c.c_void_p()
    status = orrery.orr_sim_from_scenario(scenario, 1, c.byref(sim), c.byref(why))
    assert status == 0, why.text
    status = orrery.orr_sim_run_until(sim, span)
    assert status == 0, (orrery.orr_status_text(status), orrery.orr_sim_message(sim))
    shown = orrery.orr_sim_snapshot(sim)
    assert shown.t == span and shown.bodies.contents.n == 3
    ours = {}
    for k in range(shown.bodies.contents.n):
        body = orrery.orr_bodies_get(shown.bodies, k)
        stride = shown.bodies.contents.stride # the arrays say the same
        assert [shown.bodies.contents.pos[k + j * stride] for j in range(3)] == list(body.pos)
        ours[orrery.orr_sim_name(sim, body.id).decode()] = list(body.pos) + list(body.vel)
    orrery.orr_sim_destroy(sim)
    orrery.orr_scenario_free(scenario)

    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/a.yaml", "wb").write(SCENARIO)
        subprocess.run([sys.argv[2], "run", f"{folder}/a.yaml", "-o", f"{folder}/a.h5", "-q"], check=True)
        subprocess.run([sys.argv[2], "export", f"{folder}/a.h5", "--for", "csv", "-o", f"{folder}/a.csv"], check=True,
                       stdout=subprocess.DEVNULL)
        rows = [r for r in csv.reader(open(f"{folder}/a.csv")) if r and r[0] == "2.5"]
    theirs = {r[1]: [float(x) for x in r[2:8]] for r in rows}
    assert ours == theirs, (ours, theirs)
    assert set(ours) == {"Sun", "Earth", "Jupiter"}
    print(f"{len(size)} structures; {len(ours)} bodies with the bits of the program")


main()
