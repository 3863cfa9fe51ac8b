/* by_hand.c FILE - Sun, Earth and a comet without any scenario: bodies from elements, a run, an output file that every
 * command of Orrery reads, and reading it back. */
#include <orrery/orrery.h>

#include <stdio.h>

static const char *name(const void *user, uint64_t id)
{
    return ((const char *const *)user)[id];
}

static orr_status add(orr_bodies *b, uint64_t id, double gm, const orr_elements *el)
{
    orr_state s = {{0}, {0}};
    if (el)
        ORR_TRY(orr_state_from_elements(el, orr_bodies_get(b, 0).gm + gm, &s));
    orr_body body = {.gm = gm, .id = id, .role = gm > 0 ? ORR_ACTIVE : ORR_TEST};
    for (int k = 0; k < 3; k++)
        body.pos[k] = s.pos[k], body.vel[k] = s.vel[k];
    return orr_bodies_add(b, body, NULL);
}

static orr_status write_all(orr_sim *sim, orr_writer *w)
{
    double first = 0;
    for (int k = 0; k <= 24; k++) { /* two years, a snapshot a month */
        orr_diagnostics d = {.step_size = 0};
        ORR_TRY(orr_sim_run_until(sim, k / 12.0));
        orr_snapshot now = orr_sim_snapshot(sim);
        ORR_TRY(orr_writer_append(w, &now));
        ORR_TRY(orr_sim_conserved(sim, &d.conserved));
        double energy = d.conserved.kinetic + d.conserved.potential;
        first = k == 0 ? energy : first;
        d.energy_error = (energy - first) / -first;
        d.t = now.t;
        d.step = now.step;
        ORR_TRY(orr_writer_diagnose(w, &d));
    }
    return ORR_OK;
}

static orr_status run(const char *path, orr_diagnosis *why)
{
    static const char *const names[] = {"Sun", "Earth", "Comet"};
    orr_bodies b;
    orr_units units;
    ORR_TRY(orr_units_named("au", "Msun", "yr", &units));
    double sun = units.G; /* times one solar mass */
    ORR_TRY(orr_bodies_init(&b, 3));
    ORR_TRY(add(&b, 0, sun, NULL));
    ORR_TRY(add(&b, 1, 3e-6 * sun, &(orr_elements){.q = 0.983, .e = 0.0167}));
    ORR_TRY(add(&b, 2, 0, &(orr_elements){.q = 0.586, .e = 0.967, .i = 2.83, .f = -2}));

    orr_date epoch = orr_date_from_jd(2461000.5, ORR_TDB);
    orr_writer_def def = {.units = units,
                          .frames = 25,
                          .diagnostics = 25,
                          .title = "By hand",
                          .method = "ias15",
                          .epoch = &epoch,
                          .name = name,
                          .name_user = names};
    orr_writer *w;
    ORR_TRY(orr_writer_create(path, &def, &b, true, &w, why));

    orr_sim_def sim_def = orr_sim_def_default();
    sim_def.bodies = &b; /* taken */
    sim_def.G = units.G;
    sim_def.step = 0;
    sim_def.why = why;
    orr_sim *sim;
    ORR_TRY(orr_sim_create(&sim_def, &sim));
    ORR_TRY(orr_sim_set_integrator(sim, orr_integrator_find("ias15"), NULL, 0));
    ORR_TRY(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    orr_status status = write_all(sim, w);
    orr_status closed = orr_writer_close(w, status == ORR_OK ? "finished" : "failed", 0, why);
    orr_sim_destroy(sim);
    return status == ORR_OK ? closed : status;
}

static orr_status read_back(const char *path, orr_diagnosis *why)
{
    orr_reader *r;
    double t;
    ORR_TRY(orr_reader_open(path, &r, why));
    const orr_file_info *info = orr_reader_info(r);
    ORR_TRY(orr_reader_read(r, info->n_frames - 1, &t, why));
    orr_body earth = orr_bodies_get(orr_reader_bodies(r), 1);
    printf("%s: %zu snapshots, %s at t = %g %s is at x = %.6f %s\n", info->title, info->n_frames,
           orr_reader_name(r, 1), t, info->time_unit, earth.pos[0], info->length_unit);
    bool good = info->n_frames == 25 && t == 2 && earth.pos[0] > 0.98 && earth.pos[0] < 0.99;
    orr_reader_close(r);
    return good ? ORR_OK : ORR_E_FORMAT;
}

int main(int argc, char **argv)
{
    orr_diagnosis why = {.text = ""};
    const char *path = argc > 1 ? argv[1] : "by_hand.h5";
    orr_status status = orr_check_abi(why.text, sizeof why.text);
    if (status == ORR_OK)
        status = run(path, &why);
    if (status == ORR_OK)
        status = read_back(path, &why);
    if (status != ORR_OK)
        fprintf(stderr, "%s: %s\n", orr_status_text(status), why.text);
    return status != ORR_OK;
}
