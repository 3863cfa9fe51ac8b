/* What must hold for every registered integrator, after the test list of Principia: convergence at
 * the stated order, time reversal, symplecticity, conservation, termination, independence of looks.
 */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

typedef struct orbit {
    double pos[3], vel[3];
} orbit;

/* A method with the options under test.  Adaptive ones can be held to a constant step. */
typedef struct setting {
    const orr_integrator *method;
    orr_option options[6];
    size_t n;
} setting;

static setting held_to(setting s, double step)
{
    if (!(s.method->traits & ORR_ADAPTIVE))
        return s;
    s.options[s.n++] = (orr_option){"tolerance", 1e6, 0, NULL};
    s.options[s.n++] = (orr_option){"max_step", step, 0, NULL};
    s.options[s.n++] = (orr_option){"first_step", step, 0, NULL};
    return s;
}

/* Kepler ellipse: a body without mass around GM = 1, e = 0.3, from pericentre, inclined. */
static orr_sim *kepler(const setting *s, double step, const orbit *shift)
{
    const double e = 0.3, c = cos(0.4), sine = sin(0.4);
    double v = sqrt((1 + e) / (1 - e));
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
    orr_body planet = {
        .pos = {1 - e, 0, 0}, .vel = {0, v * c, v * sine}, .id = 1, .role = ORR_TEST};
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
    CHECK_OK(orr_sim_set_integrator(sim, s->method, s->options, s->n));
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

static orbit run(const setting *s, double step, double t)
{
    orr_sim *sim = kepler(s, step, NULL);
    CHECK_OK(orr_sim_run_until(sim, t));
    orbit end = where(sim);
    orr_sim_destroy(sim);
    return end;
}

static double error_with(const setting *s, double step, double t)
{
    setting held = held_to(*s, step);
    return apart(run(&held, step, t), exact(t));
}

static void order(const setting *s, const char *form)
{
    /* so far above round-off that half a step is still clear of it, so small that the leading term
     * rules */
    int p = s->method->order;
    const double t = p < 12 ? 2 : 8;
    double h = p <= 4 ? pow(2, -14 + 2 * p) : 1, e1 = error_with(s, h, t);
    double aim = p <= 4 ? 1 : (p < 6 ? 1e-12 : p < 15 ? 5e-12 : 1e-9) * pow(2, p);
    while (e1 > aim) {
        h /= 2;
        e1 = error_with(s, h, t);
    }
    double measured = log2(e1 / error_with(s, h / 2, t));
    print_message("%-18s %-18s order %d, measured %.3f (%.1e at h = %g)\n", s->method->name, form,
                  p, measured, e1, h);
    /* Embedded Runge-Kutta methods come to their order slowly; at order 15 a single factor of two
     * lies between round-off and steps that are too long. */
    bool slow = s->method->traits & ORR_ADAPTIVE && strcmp(s->method->kind, "Runge-Kutta") == 0;
    CHECK_NEAR(measured, p, p == 15 ? 1.2 : slow ? 0.35 : 0.1);
}

/* Methods that choose their order: the error follows the tolerance down to round-off. */
static void follows_tolerance(const setting *s, const char *form)
{
    double errors[3];
    for (int k = 0; k < 3; k++) {
        setting to = *s;
        to.options[to.n++] = (orr_option){"tolerance", pow(10, -5 - 3 * k), 0, NULL};
        errors[k] = apart(run(&to, 1, 20), exact(20));
    }
    print_message("%-18s %-18s errors %.1e %.1e %.1e\n", s->method->name, form, errors[0],
                  errors[1], errors[2]);
    CHECK(errors[0] < 1e-2 && errors[1] < errors[0] / 1e2 && errors[2] < errors[1] / 1e2);
    CHECK(errors[2] < 1e-8);
}

static void reversal(const setting *s)
{
    orr_sim *sim = kepler(s, 0.01, NULL);
    orbit start = where(sim);
    CHECK_OK(orr_sim_run_until(sim, 20));
    CHECK_OK(orr_sim_run_until(sim, 0));
    CHECK(apart(where(sim), start) < 1e-12);
    orr_sim_destroy(sim);
}

/* The flow's Jacobian J must satisfy J^T S J = S; by central differences of one step. */
static void symplectic(const setting *s)
{
    double J[6][6], d = 1e-5;
    for (int k = 0; k < 6; k++) {
        orbit plus = {0}, minus = {0};
        (k < 3 ? plus.pos : plus.vel)[k % 3] = d;
        (k < 3 ? minus.pos : minus.vel)[k % 3] = -d;
        orr_sim *a = kepler(s, 0.1, &plus), *b = kepler(s, 0.1, &minus);
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
static void no_secular_drift(const setting *s)
{
    orr_sim *sim = kepler(s, 0.02, NULL);
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

static void terminates_exactly(const setting *s)
{
    const double ends[] = {1, -1, 0.3, -1e-9, 1e-300, 7.7777};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        orr_sim *sim = kepler(s, 0.1, NULL);
        CHECK_OK(orr_sim_run_until(sim, ends[k]));
        CHECK_BITS(orr_sim_snapshot(sim).t, ends[k]);
        orr_sim_destroy(sim);
    }
}

/* Dense output: inside the last step it agrees with running there, and shows nothing. */
static void dense_output(const setting *s)
{
    orr_sim *sim = kepler(s, 0.1, NULL);
    CHECK_OK(orr_sim_run_until(sim, 2));
    for (int k = 0; k < 3; k++)
        CHECK_OK(orr_sim_step(sim, 1));
    double end = orr_sim_snapshot(sim).t, h = orr_sim_count(sim).last;
    size_t stride = orr_sim_snapshot(sim).bodies->stride;
    double *pos = malloc(6 * stride * sizeof *pos), *vel = pos + 3 * stride;
    uint64_t before = orr_bodies_hash(orr_sim_snapshot(sim).bodies);
    for (int k = 0; k <= 4; k++) {
        double t = end - h * k / 4;
        CHECK_OK(orr_sim_state_at(sim, t, pos, vel));
        orbit want = exact(t), got;
        for (size_t c = 0; c < 3; c++) {
            got.pos[c] = pos[c * stride + 1];
            got.vel[c] = vel[c * stride + 1];
        }
        double here = apart(where(sim), exact(end)), error = apart(got, want);
        int p = s->method->order;
        double room = p == 0 || p >= 8 ? 1e-11 : p > 4 ? 1e-7 : 1e-2;
        if (!(error < 3 * here + room))
            print_error("%s: %.1e at the end, %.1e inside\n", s->method->name, here, error);
        CHECK(error < 3 * here + room);
    }
    CHECK(orr_bodies_hash(orr_sim_snapshot(sim).bodies) == before);
    CHECK_BITS(orr_sim_snapshot(sim).t, end);
    CHECK(orr_sim_state_at(sim, end + h, pos, vel) == ORR_E_ARGUMENT);
    CHECK(orr_sim_state_at(sim, end - 2 * h, pos, vel) == ORR_E_ARGUMENT);
    free(pos);
    orr_sim_destroy(sim);
}

static void all_of(setting s, const char *form)
{
    setting measured = s;
    if (strcmp(s.method->name, "taylor") == 0) /* its own order leaves no room above round-off */
        measured.options[measured.n++] = (orr_option){"order", 8, 0, NULL};
    if (s.method->traits & ORR_NEEDS_STAR) /* this problem it solves exactly; see test_wh.c */
        CHECK(error_with(&s, 0.1, 20) < 1e-13);
    else if (s.method->order == 0)
        follows_tolerance(&s, form);
    else if (measured.n > s.n) {
        orr_integrator low = *s.method;
        low.order = 8;
        measured.method = &low;
        order(&measured, form);
    } else
        order(&s, form);
    terminates_exactly(&s);
    dense_output(&s);
    if (s.method->traits & ORR_REVERSIBLE)
        reversal(&s);
    if (s.method->traits & ORR_SYMPLECTIC) {
        symplectic(&s);
        no_secular_drift(&s);
    }
}

static void every_integrator(void **state)
{
    (void)state;
    const orr_integrator *m;
    size_t count = 0;
    for (; (m = orr_integrator_at(count)); count++) {
        CHECK(m->name && m->summary && m->reference && m->step && m->fields && m->kind);
        CHECK(m->order > 0 || m->traits & ORR_ADAPTIVE);
        CHECK(orr_integrator_find(m->name) == m);
        CHECK(!(m->traits & ORR_LAZY_SYNC) == !m->synchronize);
        for (const orr_field *f = m->fields; f->name; f++)
            CHECK(f->role & ORR_OPTION ? f->doc && f->offset < m->state_size
                                       : f->size && f->offset + f->size <= m->state_size &&
                                             orr_field_find(m->fields, f->name) == f);
        const orr_field *form = orr_field_find(m->fields, "form");
        char name[64];
        if (!form)
            all_of((setting){.method = m}, "");
        for (int k = 0; form && orr_field_choice(form, k, name, sizeof name); k++)
            all_of((setting){m, {{"form", 0, 0, name}}, 1}, name);
    }
    CHECK(count >= 4);
}

/* The half-step form is the same orbit as kick-drift-kick, up to rounding. */
static void half_step_is_kick_drift_kick(void **state)
{
    (void)state;
    const orr_integrator *m = orr_integrator_find("leapfrog");
    const setting half = {m, {{"form", 0, 0, "half-step"}}, 1}, whole = {.method = m};
    for (double t = 0.05; t < 3; t += 0.37)
        CHECK(apart(run(&half, 0.01, t), run(&whole, 0.01, t)) < 1e-13);
}

/* Compensated sums matter exactly where round-off would show. */
static void compensation_pays(void **state)
{
    (void)state;
    const orr_integrator *m = orr_integrator_find("leapfrog");
    double errors[2];
    for (int on = 0; on < 2; on++) {
        const setting s = {m, {{"compensated", on, 0, NULL}}, 1};
        orr_sim *sim = kepler(&s, 1.0 / 4096, NULL);
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
