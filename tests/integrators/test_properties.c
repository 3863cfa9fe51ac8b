/* What must hold for every registered integrator, after the test list of Principia: convergence at
 * the stated order, time reversal, symplecticity, conservation, termination, independence of looks.
 */
#include "check.h"

#include <orrery/orrery.h>

typedef struct orbit {
    double pos[3], vel[3];
} orbit;

/* Kepler ellipse: a body without mass around GM = 1, e = 0.3, from pericentre, inclined. */
static orr_sim *kepler(const orr_integrator *method, const orr_option *o, size_t n, double step,
                       const orbit *shift)
{
    const double e = 0.3, c = cos(0.4), s = sin(0.4);
    double v = sqrt((1 + e) / (1 - e));
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
    orr_body planet = {.pos = {1 - e, 0, 0}, .vel = {0, v * c, v * s}, .id = 1, .role = ORR_TEST};
    for (int k = 0; shift && k < 3; k++) {
        planet.pos[k] += shift->pos[k];
        planet.vel[k] += shift->vel[k];
    }
    CHECK_OK(orr_bodies_add(&b, planet, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b;
    def.step = step;
    def.threads = 1;
    orr_sim *sim;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, method, o, n));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    return sim;
}

static orbit where(const orr_sim *sim)
{
    orr_body b = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
    orbit o;
    memcpy(o.pos, b.pos, sizeof o.pos);
    memcpy(o.vel, b.vel, sizeof o.vel);
    return o;
}

static double apart(orbit a, orbit b)
{
    double sum = 0;
    for (int k = 0; k < 3; k++)
        sum += pow(a.pos[k] - b.pos[k], 2) + pow(a.vel[k] - b.vel[k], 2);
    return sqrt(sum);
}

/* Exact position after time t by Kepler's equation. */
static orbit exact(double t)
{
    orr_elements el = {.q = 0.7, .e = 0.3, .i = 0.4};
    orr_state s;
    CHECK_OK(orr_true_from_mean(el.e, t, &el.f));
    CHECK_OK(orr_state_from_elements(&el, 1, &s));
    orbit o;
    memcpy(o.pos, s.pos, sizeof o.pos);
    memcpy(o.vel, s.vel, sizeof o.vel);
    return o;
}

static orbit run(const orr_integrator *m, const orr_option *o, size_t n, double step, double t)
{
    orr_sim *sim = kepler(m, o, n, step, NULL);
    CHECK_OK(orr_sim_run_until(sim, t));
    orbit end = where(sim);
    orr_sim_destroy(sim);
    return end;
}

static void order(const orr_integrator *m, const orr_option *o, size_t n, const char *form)
{
    /* small steps for low orders, large ones for high orders, clear of round-off either way;
     * smaller still where large coefficients keep the leading term from ruling */
    const double t = 2;
    double h = pow(2, m->order <= 4 ? -14 + 2 * m->order : m->order == 6 ? -4 : -3);
    double e1 = apart(run(m, o, n, h, t), exact(t));
    while (m->order == 8 && e1 > 1e-9) {
        h /= 2;
        e1 = apart(run(m, o, n, h, t), exact(t));
    }
    double e2 = apart(run(m, o, n, h / 2, t), exact(t));
    double measured = log2(e1 / e2);
    print_message("%-18s %-18s order %d, measured %.3f\n", m->name, form, m->order, measured);
    CHECK_NEAR(measured, m->order, 0.1);
}

static void reversal(const orr_integrator *m, const orr_option *o, size_t n)
{
    orr_sim *sim = kepler(m, o, n, 0.01, NULL);
    orbit start = where(sim);
    CHECK_OK(orr_sim_run_until(sim, 20));
    CHECK_OK(orr_sim_run_until(sim, 0));
    CHECK(apart(where(sim), start) < 1e-12);
    orr_sim_destroy(sim);
}

/* The flow's Jacobian J must satisfy J^T S J = S; by central differences of one step. */
static void symplectic(const orr_integrator *m, const orr_option *o, size_t n)
{
    double J[6][6], d = 1e-5;
    for (int k = 0; k < 6; k++) {
        orbit plus = {0}, minus = {0};
        (k < 3 ? plus.pos : plus.vel)[k % 3] = d;
        (k < 3 ? minus.pos : minus.vel)[k % 3] = -d;
        orr_sim *a = kepler(m, o, n, 0.1, &plus), *b = kepler(m, o, n, 0.1, &minus);
        CHECK_OK(orr_sim_run_until(a, 0.1));
        CHECK_OK(orr_sim_run_until(b, 0.1));
        orbit pa = where(a), pb = where(b);
        for (int r = 0; r < 6; r++)
            J[r][k] = ((r < 3 ? pa.pos : pa.vel)[r % 3] - (r < 3 ? pb.pos : pb.vel)[r % 3]) / 2 / d;
        orr_sim_destroy(a);
        orr_sim_destroy(b);
    }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double sum = 0, want = j == i + 3 ? 1 : i == j + 3 ? -1 : 0;
            for (int k = 0; k < 3; k++)
                sum += J[k][i] * J[k + 3][j] - J[k + 3][i] * J[k][j];
            CHECK_NEAR(sum, want, 2e-8);
        }
}

/* Energy of the test body along the way: bounded for symplectic methods. */
static void no_secular_drift(const orr_integrator *m, const orr_option *o, size_t n)
{
    orr_sim *sim = kepler(m, o, n, 0.02, NULL);
    double early = 0, late = 0;
    for (int k = 1; k <= 2000; k++) {
        CHECK_OK(orr_sim_run_until(sim, k * 0.5));
        orbit w = where(sim);
        double r = sqrt(w.pos[0] * w.pos[0] + w.pos[1] * w.pos[1] + w.pos[2] * w.pos[2]);
        double v2 = w.vel[0] * w.vel[0] + w.vel[1] * w.vel[1] + w.vel[2] * w.vel[2];
        double error = fabs((v2 / 2 - 1 / r) / -0.5 - 1);
        double *worst = k <= 500 ? &early : k > 1500 ? &late : NULL;
        if (worst)
            *worst = fmax(*worst, error);
    }
    CHECK(late < 1.2 * early + 1e-14); /* the last: round-off, where truncation is below it */
    orr_sim_destroy(sim);
}

static void terminates_exactly(const orr_integrator *m, const orr_option *o, size_t n)
{
    const double ends[] = {1, -1, 0.3, -1e-9, 1e-300, 7.7777};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        orr_sim *sim = kepler(m, o, n, 0.1, NULL);
        CHECK_OK(orr_sim_run_until(sim, ends[k]));
        CHECK_BITS(orr_sim_snapshot(sim).t, ends[k]);
        orr_sim_destroy(sim);
    }
}

static void all_of(const orr_integrator *m, const orr_option *o, size_t n, const char *form)
{
    order(m, o, n, form);
    terminates_exactly(m, o, n);
    if (m->traits & ORR_REVERSIBLE)
        reversal(m, o, n);
    if (m->traits & ORR_SYMPLECTIC) {
        symplectic(m, o, n);
        no_secular_drift(m, o, n);
    }
}

static void every_integrator(void **state)
{
    (void)state;
    const orr_integrator *m;
    size_t count = 0;
    for (; (m = orr_integrator_at(count)); count++) {
        CHECK(m->name && m->summary && m->reference && m->step && m->fields && m->order > 0);
        CHECK(orr_integrator_find(m->name) == m);
        CHECK(!(m->traits & ORR_LAZY_SYNC) == !m->synchronize);
        for (const orr_field *f = m->fields; f->name; f++)
            CHECK(f->doc && f->offset < m->state_size);
        const orr_field *form = orr_field_find(m->fields, "form");
        char name[64];
        if (!form)
            all_of(m, NULL, 0, "");
        for (int k = 0; form && orr_field_choice(form, k, name, sizeof name); k++)
            all_of(m, &(orr_option){"form", 0, 0, name}, 1, name);
    }
    CHECK(count >= 4);
}

/* The half-step form is the same orbit as kick-drift-kick, up to rounding. */
static void half_step_is_kick_drift_kick(void **state)
{
    (void)state;
    const orr_integrator *m = orr_integrator_find("leapfrog");
    const orr_option half = {"form", 0, 0, "half-step"};
    for (double t = 0.05; t < 3; t += 0.37)
        CHECK(apart(run(m, &half, 1, 0.01, t), run(m, NULL, 0, 0.01, t)) < 1e-13);
}

/* Compensated sums matter exactly where round-off would show. */
static void compensation_pays(void **state)
{
    (void)state;
    const orr_integrator *m = orr_integrator_find("leapfrog");
    double errors[2];
    for (int on = 0; on < 2; on++) {
        const orr_option o = {"compensated", on, 0, NULL};
        orr_sim *sim = kepler(m, &o, 1, 1.0 / 4096, NULL);
        orbit start = where(sim);
        CHECK_OK(orr_sim_run_until(sim, 50));
        CHECK_OK(orr_sim_run_until(sim, 0));
        errors[on] = apart(where(sim), start);
        orr_sim_destroy(sim);
    }
    print_message("there and back: plain %.1e, compensated %.1e\n", errors[0], errors[1]);
    CHECK(errors[1] < errors[0] / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_integrator),
                                       cmocka_unit_test(half_step_is_kick_drift_kick),
                                       cmocka_unit_test(compensation_pays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
