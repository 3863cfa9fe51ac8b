/* Contacts among many bodies, inside the steps: across boundaries, against the module that takes the
 * step again, and rings that settle. */
#include "check.h"

#include <orrery/orrery.h>
#include <stdlib.h>

#include "simulate.h"

/* Takes the bodies. */
static orr_sim *boxed(orr_bodies *b, const char *method, double step, double omega,
                      const orr_boundary *box, const orr_collisions *rules, const char *gravity)
{
    orr_sim_def def = orr_sim_def_default();
    def.bodies = b;
    def.step = step;
    def.threads = 1;
    orr_sim *sim;
    const orr_option option = {"Omega", omega, 0, NULL};
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find(method), &option, omega > 0));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find(gravity), NULL, 0));
    CHECK_OK(orr_sim_set_collisions(sim, rules));
    CHECK_OK(orr_sim_set_boundary(sim, box));
    return sim;
}

static const orr_body *events_pair(const orr_sim *sim, size_t i, orr_body *out)
{
    *out = orr_bodies_get(orr_sim_snapshot(sim).bodies, i);
    return out;
}

/* ---- one contact, across each side ---- */

/* Two bodies that leave the box towards each other, through a side, an edge or a corner. */
static void a_bounce_across_a_side(void **unused)
{
    (void)unused;
    const double e = 0.6, size = 10, r = 0.25;
    for (int axis = 1; axis < 8; axis++) {
        orr_bodies b;
        orr_body one = {.gm = 1, .radius = r, .id = 0}, two = {.gm = 3, .radius = r, .id = 1};
        double length = 0, n[3];
        for (int c = 0; c < 3; c++) {
            n[c] = axis >> c & 1;
            length += n[c];
            one.pos[c] = n[c] * 4.6;
            two.pos[c] = n[c] * -4.6;
            one.vel[c] = n[c];
            two.vel[c] = n[c] * -0.5;
        }
        length = sqrt(length);
        CHECK_OK(orr_bodies_init(&b, 2));
        CHECK_OK(orr_bodies_add(&b, one, NULL));
        CHECK_OK(orr_bodies_add(&b, two, NULL));
        orr_boundary box = {.kind = ORR_PERIODIC, .size = {size, size, size}};
        orr_collisions rules = orr_collisions_default();
        rules.rule = ORR_CONTACT_BOUNCE;
        rules.restitution = e;
        orr_sim *sim = boxed(&b, "leapfrog", 0.3, 0, &box, &rules, "none");
        const double gap = 0.8 - 2 * r / length, t = gap / 1.5, end = 1.7;
        CHECK_OK(orr_sim_run_until(sim, end));
        size_t events;
        const orr_event *event = orr_sim_events(sim, &events);
        assert_int_equal(events, 1);
        CHECK_NEAR(event->t, t, 1e-12);
        CHECK_NEAR(event->energy, (1 - e * e) * 0.5 * 0.75 * 1.5 * 1.5 * length * length, 1e-12);
        double mean = (1 - 3 * 0.5) / 4, apart = 1.5 * e;
        orr_body x, y;
        events_pair(sim, 0, &x), events_pair(sim, 1, &y);
        for (int c = 0; c < 3; c++) {
            double vx = n[c] * (mean - 0.75 * apart), vy = n[c] * (mean + 0.25 * apart);
            CHECK_NEAR(x.vel[c], vx, 1e-12);
            CHECK_NEAR(y.vel[c], vy, 1e-12);
            double at = n[c] * 4.6 + t * n[c] + (end - t) * vx;
            CHECK_NEAR(x.pos[c], at - size * floor(at / size + 0.5), 1e-11);
        }
        orr_sim_destroy(sim);
    }
}

/* In a sheet the image moves: momentum in its frame, where nothing turns, and the law of contact. */
static void a_bounce_across_a_sheared_side(void **unused)
{
    (void)unused;
    const double w = 0.3, L = 10, r = 0.5, start = 7.7;
    const double drop = fmod(1.5 * w * L * start, L), speed = -1.5 * w * L;
    orr_bodies b;
    /* the image of the second one, beyond the side, is 1.2 before the first one */
    orr_body one = {.gm = 1, .radius = r, .pos = {4.7, 1}, .vel = {0.5, 0.1}, .id = 0};
    orr_body two = {
        .gm = 1, .radius = r, .pos = {-4.1, 1 + drop}, .vel = {-0.5, 0.1 - speed}, .id = 1};
    two.pos[1] -= L * floor(two.pos[1] / L + 0.5);
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, one, NULL));
    CHECK_OK(orr_bodies_add(&b, two, NULL));
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &b, def.step = 0.5, def.threads = 1, def.t = start;
    orr_sim *sim;
    const orr_option option = {"Omega", w, 0, NULL};
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, orr_integrator_find("sei"), &option, 1));
    orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {L, L}};
    orr_collisions rules = orr_collisions_default();
    rules.rule = ORR_CONTACT_BOUNCE;
    rules.restitution = 0.4;
    CHECK_OK(orr_sim_set_collisions(sim, &rules));
    CHECK_OK(orr_sim_set_boundary(sim, &box));
    CHECK_OK(orr_sim_step(sim, 1));
    size_t events;
    const orr_event *event = orr_sim_events(sim, &events);
    assert_int_equal(events, 1);
    CHECK_NEAR(event->separation, 2 * r, 1e-9);
    CHECK(event->t > start + 0.15 && event->t < start + 0.3);
    double normal = 0;
    for (int c = 0; c < 3; c++)
        normal += (event->pos[0][c] - event->pos[1][c]) * (event->vel[0][c] - event->vel[1][c]);
    normal /= event->separation;
    CHECK_NEAR(event->energy, 0.25 * normal * normal * (1 - 0.16), 1e-9);
    /* the momentum of the pair goes on as that of one free body: Hill's equations are linear */
    orr_bodies free_pair;
    CHECK_OK(orr_bodies_init(&free_pair, 1));
    orr_body middle = {.pos = {5.3, 1}, .vel = {0, 0.1}, .gm = 0, .id = 0};
    CHECK_OK(orr_bodies_add(&free_pair, middle, NULL));
    def.bodies = &free_pair;
    orr_sim *alone;
    CHECK_OK(orr_sim_create(&def, &alone));
    CHECK_OK(orr_sim_set_integrator(alone, orr_integrator_find("sei"), &option, 1));
    CHECK_OK(orr_sim_step(alone, 1));
    orr_body x, y, z;
    events_pair(sim, 0, &x), events_pair(sim, 1, &y), events_pair(alone, 0, &z);
    double sum = x.vel[0] + y.vel[0];
    CHECK_NEAR(sum / 2, z.vel[0], 1e-9);
    orr_sim_destroy(sim);
    orr_sim_destroy(alone);
}

/* ---- many, against the exact module ---- */

static orr_bodies gas(size_t n, double size, double r, uint64_t seed)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, n));
    while (b.n < n) {
        orr_body one = {.gm = 1, .radius = r * (0.5 + check_random(&seed)), .id = b.n};
        for (int c = 0; c < 3; c++) {
            one.pos[c] = size * (check_random(&seed) - 0.5);
            one.vel[c] = check_random(&seed) - 0.5;
        }
        bool is_free = true;
        for (size_t k = 0; k < b.n && is_free; k++) {
            orr_body other = orr_bodies_get(&b, k);
            double d2 = 0, touch = one.radius + other.radius;
            for (int c = 0; c < 3; c++)
                d2 += pow(one.pos[c] - other.pos[c], 2);
            is_free = d2 > touch * touch;
        }
        if (is_free)
            CHECK_OK(orr_bodies_add(&b, one, NULL));
    }
    return b;
}

/* Hard spheres without forces go straight: both ways of looking must find the same contacts, one
 * after another, until chaos makes them differ. */
static void the_same_contacts_as_step_by_step(void **unused)
{
    (void)unused;
    enum { LOOK = 30 };
    orr_event first[LOOK] = {{0}};
    for (int k = 0; k < 2; k++) {
        orr_bodies b = gas(150, 2, 0.06, 17);
        orr_boundary open = {0};
        orr_collisions rules = orr_collisions_default();
        rules.rule = ORR_CONTACT_BOUNCE;
        rules.restitution = 0.9;
        rules.resolve = k ? ORR_RESOLVE_INSIDE : ORR_RESOLVE_BY_STEP;
        orr_sim *sim = boxed(&b, "leapfrog", k ? 0.4 : 0.05, 0, &open, &rules, "none");
        CHECK_OK(orr_sim_run_until(sim, 4));
        size_t n;
        const orr_event *e = orr_sim_events(sim, &n);
        CHECK(n >= LOOK);
        for (int m = 0; m < LOOK; m++) {
            if (k == 0)
                first[m] = e[m];
            CHECK(e[m].a == first[m].a && e[m].b == first[m].b);
            CHECK_NEAR(e[m].t, first[m].t, 1e-8);
            CHECK_NEAR(e[m].speed, first[m].speed, 1e-6);
        }
        orr_sim_destroy(sim);
    }
}

/* A gas of hard spheres in a box: momentum, energy, no overlaps, and the rate of contacts of Enskog:
 * each body 4 sqrt(pi) n d^2 sigma g(d), g = (1 - f/2) / (1 - f)^3 (Carnahan & Starling 1969). */
static void a_gas_in_a_box(void **unused)
{
    (void)unused;
    enum { N = 2000 };
    const double size = 1, r = 0.018, end = 1.5;
    orr_bodies b = gas(N, size, r, 5);
    for (size_t i = 0; i < N; i++)
        b.radius[i] = r * 0.5; /* that of the smallest */
    orr_boundary box = {.kind = ORR_PERIODIC, .size = {size, size, size}};
    orr_collisions rules = orr_collisions_default();
    rules.rule = ORR_CONTACT_BOUNCE;
    orr_sim *sim = boxed(&b, "leapfrog", 0.01, 0, &box, &rules, "none");
    orr_conserved first, last;
    CHECK_OK(orr_sim_conserved(sim, &first));
    CHECK_OK(orr_sim_run_until(sim, 0.5)); /* uniform speeds become Maxwell's */
    size_t before, after;
    (void)orr_sim_events(sim, &before);
    CHECK_OK(orr_sim_run_until(sim, 0.5 + end));
    (void)orr_sim_events(sim, &after);
    CHECK_OK(orr_sim_conserved(sim, &last));
    CHECK_NEAR(last.kinetic / first.kinetic, 1, 1e-12);
    for (int c = 0; c < 3; c++)
        CHECK_NEAR(last.momentum[c], first.momentum[c], 1e-11 * N);
    const orr_bodies *now = orr_sim_snapshot(sim).bodies;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++) {
            double d2 = 0;
            for (size_t c = 0; c < 3; c++) {
                double d = now->pos[i + c * now->stride] - now->pos[j + c * now->stride];
                d -= size * floor(d / size + 0.5);
                d2 += d * d;
            }
            CHECK(sqrt(d2) > r * (1 - 1e-9));
        }
    double sigma = sqrt(2 * last.kinetic / (3 * N)), filled = N * 4.18879 * pow(r / 2, 3);
    double g = (1 - filled / 2) / pow(1 - filled, 3);
    double rate = N / 2.0 * 4 * sqrt(3.14159265358979) * N * r * r * sigma * g;
    CHECK_NEAR((double)(after - before) / (rate * end), 1, 0.03);
    orr_sim_destroy(sim);
}

/* ---- rings ---- */

/* A patch of radius-1 bodies, Omega 1, at rest in the shear but for epicycles of this height. */
static orr_bodies ring(size_t n, double L, double height)
{
    uint64_t seed = 3;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, n));
    while (b.n < n) {
        orr_body one = {.gm = 1, .radius = 1, .id = b.n};
        double u[6], sum = 0;
        for (int c = 0; c < 6; c++)
            u[c] = check_random(&seed) - 0.5;
        one.pos[0] = L * u[0], one.pos[1] = L * u[1], one.pos[2] = height * 3.46 * u[2];
        one.vel[0] = height * 3.46 * u[3];
        one.vel[1] = -1.5 * one.pos[0] + height * 1.73 * u[4];
        one.vel[2] = height * 3.46 * u[5];
        bool is_free = true;
        for (size_t k = 0; k < b.n && is_free; k++) {
            orr_body other = orr_bodies_get(&b, k);
            sum = 0;
            for (int c = 0; c < 3; c++) {
                double d = one.pos[c] - other.pos[c];
                d -= c < 2 ? L * floor(d / L + 0.5) : 0;
                sum += d * d;
            }
            is_free = sum > 4;
        }
        if (is_free)
            CHECK_OK(orr_bodies_add(&b, one, NULL));
    }
    return b;
}

/* Rms speed in x, y, z against the shear, over some snapshots. */
static void dispersion(orr_sim *sim, double from, double c[3])
{
    enum { LOOKS = 20 };
    double sum[3] = {0};
    size_t count = 0;
    for (int k = 0; k < LOOKS; k++) {
        CHECK_OK(orr_sim_run_until(sim, from + 0.8 * k));
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        for (size_t i = 0; i < b->n; i++, count++)
            for (size_t m = 0; m < 3; m++) {
                double v = b->vel[i + m * b->stride] + (m == 1 ? 1.5 * b->pos[i] : 0);
                sum[m] += v * v;
            }
    }
    for (int m = 0; m < 3; m++)
        c[m] = sqrt(sum[m] / (double)count);
}

static orr_sim *ring_of(size_t n, double tau, double height, double e)
{
    const double L = sqrt((double)n * 3.14159265358979 / tau);
    orr_bodies b = ring(n, L, height);
    orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {L, L, 0}};
    orr_collisions rules = orr_collisions_default();
    rules.rule = ORR_CONTACT_BOUNCE;
    rules.restitution = e;
    rules.unrecorded = true;
    return boxed(&b, "sei", 0.02, 1, &box, &rules, "none");
}

/* Hot or cold at first, a ring of inelastic spheres settles to the same thickness of a few radii
 * (Goldreich & Tremaine 1978, Wisdom & Tremaine 1988), with velocities longest away from the
 * planet. */
static void a_ring_settles(void **unused)
{
    (void)unused;
    double c[2][3];
    for (int k = 0; k < 2; k++) {
        orr_sim *sim = ring_of(300, 0.5, k ? 6 : 1.2, 0.5);
        dispersion(sim, k ? 60 : 30, c[k]);
        for (int m = 0; m < 3; m++) {
            CHECK(c[k][m] > 0.9 && c[k][m] < 3);
            CHECK_NEAR(c[k][m] / c[0][m], 1, 0.08);
        }
        CHECK_NEAR(c[k][1] / c[k][0], 0.56, 0.08);
        CHECK_NEAR(c[k][2] / c[k][0], 0.67, 0.08);
        orr_sim_destroy(sim);
    }
}

/* Of motion against the shear, and of the swing through the plane; and what the shear does to it in
 * a unit of time, sum of x' y'. */
static double warmth(const orr_sim *sim, double *stress)
{
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    double sum = 0;
    *stress = 0;
    for (size_t i = 0; i < b->n; i++) {
        double x = b->vel[i], y = b->vel[i + b->stride] + 1.5 * b->pos[i];
        double z = b->vel[i + 2 * b->stride], up = b->pos[i + 2 * b->stride];
        sum += (x * x + y * y + z * z + up * up) / 2;
        *stress += x * y;
    }
    return sum;
}

/* What contacts take is what the shear gives (Wisdom & Tremaine 1988, their equations for the
 * viscosity): 3/2 Omega times the momentum that bodies carry across, and that contacts hand over from
 * centre to centre.  An identity, whatever the ring does: it fails if energy or momentum is lost at
 * the sides, or a contact is not what its event says. */
static void the_shear_pays_for_the_contacts(void **unused)
{
    (void)unused;
    const double e = 0.5, h = 0.02;
    orr_sim *sim = ring_of(250, 0.7, 1.2, e);
    orr_collisions rules = orr_sim_collisions(sim);
    rules.unrecorded = false;
    CHECK_OK(orr_sim_run_until(sim, 20)); /* settled, more or less */
    CHECK_OK(orr_sim_set_collisions(sim, &rules));
    double stress, last, carried = 0, handed = 0, lost = 0;
    size_t n, before;
    (void)orr_sim_events(sim, &before);
    const double start = warmth(sim, &last);
    double end = start;
    for (int k = 1; k <= 600; k++) {
        CHECK_OK(orr_sim_run_until(sim, 20 + h * k));
        end = warmth(sim, &stress);
        carried += h * (stress + last) / 2;
        last = stress;
    }
    const orr_event *event = orr_sim_events(sim, &n);
    double elastic = 0, all = 0;
    for (size_t k = before; k < n; k++) {
        const orr_event *c = &event[k];
        double d[3], normal = 0;
        for (int m = 0; m < 3; m++) {
            d[m] = (c->pos[0][m] - c->pos[1][m]) / c->separation;
            normal += d[m] * (c->vel[0][m] - c->vel[1][m]);
        }
        CHECK(normal < 1e-9);
        CHECK_NEAR(c->separation, 2, 5e-3); /* those that lie on each other sink in a little */
        bool takes = c->energy > 1e-3 * normal * normal;
        all += normal * normal, elastic += takes ? 0 : normal * normal;
        double kept = takes ? e : 1;
        CHECK_NEAR(c->energy, (1 - kept * kept) * normal * normal / 4, 1e-12);
        handed += -(1 + kept) / 2 * normal * d[1] * d[0] * c->separation;
        lost += c->energy;
    }
    CHECK(n - before > 3000 && elastic < 0.02 * all); /* of those that lie on each other */
    CHECK(lost > 2 * start);
    double given = 1.5 * (carried + handed);
    CHECK_NEAR((end - start + lost) / given, 1, 1e-3);
    CHECK(handed > 0.2 * carried); /* both count at this depth */
    orr_sim_destroy(sim);
}

/* ---- rings that pull ---- */

/* Variance over mean of the numbers in 10 x 10 cells. */
static double clumping(const orr_sim *sim, double L)
{
    enum { CELLS = 10 };
    const orr_bodies *b = orr_sim_snapshot(sim).bodies;
    double count[CELLS * CELLS] = {0}, mean = (double)b->n / (CELLS * CELLS), sum = 0;
    for (size_t i = 0; i < b->n; i++) {
        int x = (int)(CELLS * (b->pos[i] / L + 0.5)),
            y = (int)(CELLS * (b->pos[i + b->stride] / L + 0.5));
        count[(x < CELLS ? x : CELLS - 1) * CELLS + (y < CELLS ? y : CELLS - 1)]++;
    }
    for (int k = 0; k < CELLS * CELLS; k++)
        sum += (count[k] - mean) * (count[k] - mean);
    return sum / (CELLS * CELLS) / mean;
}

/* Heavy enough for Toomre's criterion, a ring makes wakes (Salo 1992); light, it does not. */
static void a_heavy_ring_makes_wakes(void **unused)
{
    (void)unused;
    enum { N = 700 };
    const double tau = 0.6, L = sqrt(N * 3.14159265358979 / tau);
    double clumps[2];
    for (int k = 0; k < 2; k++) {
        orr_bodies b = ring(N, L, 1.2);
        /* critical wavelength 4 pi^2 G Sigma / Omega^2 of half the box, or of a hundredth of that */
        double gm = L / 2 / 39.478 * L * L / N * (k ? 1 : 0.01);
        for (size_t i = 0; i < N; i++)
            b.gm[i] = gm;
        orr_boundary box = {.kind = ORR_SHEARING_SHEET, .size = {L, L, 0}, .ghosts = {1, 1, 0}};
        orr_collisions rules = orr_collisions_default();
        rules.rule = ORR_CONTACT_BOUNCE;
        rules.restitution = 0.5;
        rules.unrecorded = true;
        orr_sim *sim = boxed(&b, "sei", 0.04, 1, &box, &rules, "direct");
        clumps[k] = 0;
        for (int m = 0; m < 5; m++) { /* they come and go */
            CHECK_OK(orr_sim_run_until(sim, 7 + m));
            clumps[k] += clumping(sim, L) / 5;
        }
        orr_sim_destroy(sim);
    }
    CHECK(clumps[0] < 0.8);
    CHECK(clumps[1] > 1.2);
}

/* N equal moons on a circle stay there if each is below 2.3 M / N^3 (Maxwell 1859; Vanderbei &
 * Kolemen 2007, doi 10.1086/510383). */
static void maxwells_ring(void **unused)
{
    (void)unused;
    enum { N = 24 };
    double spread[2];
    for (int k = 0; k < 2; k++) {
        uint64_t seed = 1;
        const double gm = (k ? 3.5 : 1.5) / (N * N * N);
        orr_bodies b;
        CHECK_OK(orr_bodies_init(&b, N + 1));
        CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
        /* the pull of the others: gm / 4 sum 1 / sin(pi k / N) inwards */
        double inwards = 1;
        for (int m = 1; m < N; m++)
            inwards += gm / 4 / sin(3.14159265358979 * m / N);
        for (size_t m = 0; m < N; m++) {
            double angle = 2 * 3.14159265358979 * ((double)m + 1e-4 * check_random(&seed)) / N;
            double v = sqrt(inwards);
            CHECK_OK(orr_bodies_add(&b,
                                    (orr_body){.gm = gm,
                                               .pos = {cos(angle), sin(angle)},
                                               .vel = {-v * sin(angle), v * cos(angle)},
                                               .id = m + 1},
                                    NULL));
        }
        orr_sim *sim = simulate(&b, "leapfrog", 0.01, NULL, 0);
        orr_bodies_free(&b);
        CHECK_OK(orr_sim_run_until(sim, 30 * 6.2831853));
        spread[k] = 0;
        const orr_body star = orr_bodies_get(orr_sim_snapshot(sim).bodies, 0);
        for (size_t m = 1; m <= N; m++) {
            const orr_body moon = orr_bodies_get(orr_sim_snapshot(sim).bodies, m);
            double r = hypot(moon.pos[0] - star.pos[0], moon.pos[1] - star.pos[1]);
            spread[k] = fmax(spread[k], fabs(r - 1));
        }
        orr_sim_destroy(sim);
    }
    CHECK(spread[0] < 1e-3);
    CHECK(spread[1] > 0.03);
}

/* Contacts, piles and boundaries: the same bits whatever was looked at, and after a resume. */
static void same_bits_of_a_ring(void **unused)
{
    (void)unused;
    orr_sim *whole = ring_of(200, 1, 1.2, 0.3), *first = ring_of(200, 1, 1.2, 0.3);
    orr_sim *second = ring_of(200, 1, 1.2, 0.3);
    CHECK_OK(orr_sim_run_until(whole, 8));
    for (int k = 1; k < 8; k++)
        CHECK_OK(orr_sim_run_until(first, 0.511 * k));
    void *data;
    size_t size;
    CHECK_OK(orr_sim_save(first, &data, &size));
    CHECK_OK(orr_sim_restore(second, data, size));
    CHECK_OK(orr_sim_run_until(second, 8));
    CHECK(orr_bodies_hash(orr_sim_snapshot(whole).bodies) ==
          orr_bodies_hash(orr_sim_snapshot(second).bodies));
    free(data);
    orr_sim_destroy(whole);
    orr_sim_destroy(first);
    orr_sim_destroy(second);
}

/* ---- merging ---- */

static void many_merge(void **unused)
{
    (void)unused;
    orr_bodies b = gas(1500, 1, 0.02, 21);
    orr_boundary box = {.kind = ORR_PERIODIC, .size = {1, 1, 1}};
    orr_collisions rules = orr_collisions_default();
    rules.rule = ORR_CONTACT_MERGE;
    orr_sim *sim = boxed(&b, "leapfrog", 0.01, 0, &box, &rules, "none");
    orr_conserved first, last;
    CHECK_OK(orr_sim_conserved(sim, &first));
    CHECK_OK(orr_sim_run_until(sim, 0.3));
    CHECK_OK(orr_sim_conserved(sim, &last));
    size_t n, left = orr_sim_snapshot(sim).bodies->n;
    const orr_event *e = orr_sim_events(sim, &n);
    double lost = 0;
    for (size_t k = 0; k < n; k++)
        lost += e[k].energy;
    CHECK(n > 300 && left + n == 1500);
    CHECK_NEAR(last.mass, first.mass, 1e-9);
    CHECK_NEAR((last.kinetic + lost) / first.kinetic, 1, 1e-11);
    for (int c = 0; c < 3; c++)
        CHECK_NEAR(last.momentum[c], first.momentum[c], 1e-10);
    orr_sim_destroy(sim);
}

/* ---- what cannot be ---- */

static void refusals(void **unused)
{
    (void)unused;
    static const struct {
        const char *method;
        bool box;
        orr_collisions rules;
        const char *says;
    } tries[] = {
        {"leapfrog", true, {.rule = ORR_CONTACT_STOP, .restitution = 1}, "do not stop"},
        {"leapfrog", true, {.rule = ORR_CONTACT_MERGE, .remove_beyond = 3}, "remove_beyond"},
        {"leapfrog", true, {.rule = ORR_CONTACT_BOUNCE, .resolve = ORR_RESOLVE_BY_STEP}, "step"},
        {"rk4", true, {.rule = ORR_CONTACT_BOUNCE}, "rk4"},
        {"ias15", false, {.rule = ORR_CONTACT_BOUNCE, .resolve = ORR_RESOLVE_INSIDE}, "ias15"},
    };
    for (size_t k = 0; k < sizeof tries / sizeof *tries; k++) {
        orr_bodies b = gas(3, 0.5, 0.01, k);
        orr_sim *sim = simulate(&b, tries[k].method, 0.1, NULL, 0);
        orr_bodies_free(&b);
        orr_boundary box = {.kind = tries[k].box ? ORR_PERIODIC : ORR_BOUNDARY_NONE,
                            .size = {1, 1, 1}};
        CHECK_OK(orr_sim_set_collisions(sim, &tries[k].rules));
        orr_status status = orr_sim_set_boundary(sim, &box);
        if (status == ORR_OK)
            status = orr_sim_run_until(sim, 1);
        if (status != ORR_E_INCOMPATIBLE || !strstr(orr_sim_message(sim), tries[k].says))
            fail_msg("try %zu: %d, %s", k, (int)status, orr_sim_message(sim));
        orr_sim_destroy(sim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bounce_across_a_side),
        cmocka_unit_test(a_bounce_across_a_sheared_side),
        cmocka_unit_test(the_same_contacts_as_step_by_step),
        cmocka_unit_test(a_gas_in_a_box),
        cmocka_unit_test(a_ring_settles),
        cmocka_unit_test(the_shear_pays_for_the_contacts),
        cmocka_unit_test(a_heavy_ring_makes_wakes),
        cmocka_unit_test(maxwells_ring),
        cmocka_unit_test(same_bits_of_a_ring),
        cmocka_unit_test(many_merge),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
