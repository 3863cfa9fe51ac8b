/* Models of galaxies and clusters: their mass within a radius, their velocity dispersion against
 * Jeans' equation, and their energies, from formulas and quadratures of the test's own. */
#include "check.h"

#include <orrery/generator.h>

#include <stdlib.h>

#include "core/math/reproducible.h"

enum { COUNT = 40000 };

typedef struct drawn {
    size_t n;
    double *r, *v2, (*pos)[3], (*vel)[3], *weight;
} drawn;

static orr_status collect(void *user, const double pos[3], const double vel[3], double weight)
{
    drawn *d = user;
    CHECK(d->n < COUNT);
    memcpy(d->pos[d->n], pos, sizeof d->pos[0]);
    memcpy(d->vel[d->n], vel, sizeof d->vel[0]);
    d->weight[d->n] = weight;
    d->r[d->n] = sqrt(pos[0] * pos[0] + pos[1] * pos[1] + pos[2] * pos[2]);
    d->v2[d->n++] = vel[0] * vel[0] + vel[1] * vel[1] + vel[2] * vel[2];
    return ORR_OK;
}

static orr_status try_to_draw(const char *name, const orr_option *options, size_t n, size_t count,
                              double gm, drawn *d)
{
    const orr_generator *g = orr_generator_find(name);
    CHECK(g != NULL);
    void *self = calloc(1, g->state_size);
    orr_fields_defaults(g->fields, self);
    for (size_t k = 0; k < n; k++)
        CHECK_OK(orr_fields_set(g->fields, self, &options[k]));
    *d = (drawn){.r = calloc(COUNT, sizeof(double)),
                 .v2 = calloc(COUNT, sizeof(double)),
                 .weight = calloc(COUNT, sizeof(double)),
                 .pos = calloc(COUNT, sizeof *d->pos),
                 .vel = calloc(COUNT, sizeof *d->vel)};
    orr_generator_context context = {.G = 1, .count = count, .seed = 5};
    orr_status status = g->make(self, &context, gm, collect, d);
    free(self);
    return status;
}

static drawn draw(const char *name, const orr_option *options, size_t n, double gm)
{
    drawn d;
    CHECK_OK(try_to_draw(name, options, n, COUNT, gm, &d));
    CHECK(d.n == COUNT);
    return d;
}

static void release(drawn *d)
{
    free(d->r), free(d->v2), free(d->weight), free(d->pos), free(d->vel);
}

/* The share of bodies within r. */
static double within(const drawn *d, double r)
{
    size_t n = 0;
    for (size_t k = 0; k < d->n; k++)
        n += d->r[k] < r;
    return (double)n / (double)d->n;
}

/* A model with G = M = 1: the mass within r and the density. */
typedef struct law {
    double (*mass)(double r), (*density)(double r);
} law;

/* The largest difference of the two distributions is below 1.63/sqrt(N) in 99 of 100 samples
 * (Kolmogorov); the seed is fixed. */
static void has_mass(const drawn *d, double (*mass)(double))
{
    for (double r = 0.01; r < 100; r *= 1.3)
        CHECK_NEAR(within(d, r), mass(r), 1.63 / sqrt(COUNT));
}

static double integral(double (*f)(const law *, double), const law *l, double from, double to)
{
    enum { PIECES = 4000 };
    double h = log(to / from) / PIECES, sum = 0;
    for (int k = 0; k < PIECES; k++) {
        double r = from * exp(h * (k + 0.5));
        sum += f(l, r) * r * h;
    }
    return sum;
}

static double pressure(const law *l, double r)
{
    return l->density(r) * l->mass(r) / (r * r);
}

static double binding(const law *l, double r)
{
    return 4 * ORR_PI * r * l->density(r) * l->mass(r);
}

static double heat(const law *l,
                   double r) /* 3/2 sigma^2 rho 4 pi r^2 = -W'/2 by the virial theorem */
{
    return 4 * ORR_PI * r * r * l->density(r);
}

/* Mean square speeds in shells against three times Jeans' sigma^2; kinetic energy against W/2. */
static void is_in_equilibrium(const drawn *d, const law *l)
{
    CHECK_NEAR(integral(heat, l, 1e-6, 1e6), 1, 2e-3); /* the test's own formulas agree */
    double kinetic = 0;
    for (size_t k = 0; k < d->n; k++)
        kinetic += 0.5 * d->v2[k] / (double)d->n;
    CHECK_NEAR(kinetic, integral(binding, l, 1e-6, 1e6) / 2, 0.015 * kinetic);
    for (double r = 0.1; r < 10; r *= 2) {
        double sum = 0, expected = 0;
        size_t n = 0;
        for (size_t k = 0; k < d->n; k++) {
            if (!(d->r[k] > r / 1.15 && d->r[k] < r * 1.15))
                continue;
            sum += d->v2[k];
            expected += 3 * integral(pressure, l, d->r[k], 1e5) / l->density(d->r[k]);
            n++;
            if (n == 300)
                break;
        }
        if (n >= 100) /* the speed's square scatters by 0.8 of itself */
            CHECK_NEAR(sum / expected, 1, 3.5 * 0.82 / sqrt((double)n));
    }
}

static double hernquist_mass(double r)
{
    return r * r / ((1 + r) * (1 + r));
}

static double hernquist_density(double r)
{
    return 1 / (2 * ORR_PI * r * pow(1 + r, 3));
}

static void hernquist(void **state)
{
    (void)state;
    const orr_option o[] = {{"radius", 1, 1, NULL}};
    const law l = {hernquist_mass, hernquist_density};
    drawn d = draw("hernquist", o, 1, 1);
    has_mass(&d, hernquist_mass);
    is_in_equilibrium(&d, &l);
    /* large-n.md: E = -GM^2/12a, so the kinetic energy is 1/12 */
    CHECK_NEAR(integral(binding, &l, 1e-6, 1e6) / 2, 1.0 / 12, 1e-4);
    release(&d);

    /* in other units: speeds by sqrt(GM/a) */
    const orr_option wide[] = {{"radius", 50, 50, NULL}};
    drawn a = draw("hernquist", o, 1, 1), b = draw("hernquist", wide, 1, 8);
    for (size_t k = 0; k < 100; k++) {
        CHECK_NEAR(b.r[k], 50 * a.r[k], 1e-12 * b.r[k]);
        CHECK_NEAR(b.v2[k], a.v2[k] * 8 / 50, 1e-12 * b.v2[k]);
    }
    release(&a);
    release(&b);

    /* cut off: none beyond, and the orbits inside are those of the whole */
    const orr_option cut[] = {{"radius", 1, 1, NULL}, {"truncation", 5, 5, NULL}};
    d = draw("hernquist", cut, 2, hernquist_mass(5));
    for (double r = 0.1; r < 6; r *= 1.3)
        CHECK_NEAR(within(&d, r), fmin(hernquist_mass(r) / hernquist_mass(5), 1),
                   1.63 / sqrt(COUNT));
    double sum = 0, expected = 0;
    for (size_t k = 0; k < 2000; k++) {
        sum += d.v2[k];
        expected += 3 * integral(pressure, &l, d.r[k], 1e5) / hernquist_density(d.r[k]);
    }
    CHECK_NEAR(sum / expected, 1, 0.06);
    release(&d);
}

static double isochrone_mass(double r)
{
    double s = sqrt(1 + r * r);
    return r * r * r / (s * (1 + s) * (1 + s));
}

static double isochrone_density(double r)
{
    double s = sqrt(1 + r * r);
    return (3 * (1 + s) * s * s - r * r * (1 + 3 * s)) / (4 * ORR_PI * pow((1 + s) * s, 3));
}

static void isochrone(void **state)
{
    (void)state;
    const orr_option o[] = {{"radius", 1, 1, NULL}};
    const law l = {isochrone_mass, isochrone_density};
    drawn d = draw("isochrone", o, 1, 1);
    has_mass(&d, isochrone_mass);
    is_in_equilibrium(&d, &l);
    release(&d);
}

static double gamma_now;

static double dehnen_mass(double r)
{
    return pow(r / (1 + r), 3 - gamma_now);
}

static double dehnen_density(double r)
{
    return (3 - gamma_now) / (4 * ORR_PI) * pow(r, -gamma_now) * pow(1 + r, gamma_now - 4);
}

static void dehnen(void **state)
{
    (void)state;
    const double slopes[] = {0, 0.5, 1.5, 2, 2.4};
    for (size_t k = 0; k < sizeof slopes / sizeof *slopes; k++) {
        const orr_option o[] = {{"radius", 1, 1, NULL}, {"gamma", slopes[k], slopes[k], NULL}};
        const law l = {dehnen_mass, dehnen_density};
        gamma_now = slopes[k];
        drawn d = draw("dehnen", o, 2, 1);
        has_mass(&d, dehnen_mass);
        if (gamma_now < 2.2) /* steeper cusps hold most of the energy within 1e-5 of the scale */
            is_in_equilibrium(&d, &l);
        release(&d);
    }
}

static double nfw_bare(const law *l, double r)
{
    (void)l;
    return r / ((1 + r) * (1 + r)) / cosh(r / 10);
}

static double nfw_mass(double r)
{
    static double all;
    if (all == 0)
        all = integral(nfw_bare, NULL, 1e-7, 400);
    return integral(nfw_bare, NULL, 1e-7, fmin(r, 400)) / all;
}

static void nfw(void **state)
{
    (void)state;
    const orr_option o[] = {{"radius", 1, 1, NULL}, {"truncation", 10, 10, NULL}};
    drawn d = draw("nfw", o, 2, 1);
    has_mass(&d, nfw_mass);
    double kinetic = 0, bound = 0; /* W = -int M dM/r, by the bodies themselves */
    for (size_t k = 0; k < 4000; k++) {
        kinetic += 0.5 * d.v2[k];
        bound += nfw_mass(d.r[k]) / d.r[k];
    }
    CHECK_NEAR(2 * kinetic / bound, 1, 0.05);
    release(&d);
}

/* Concentrations log10(r_t/r_0) of King 1966; Binney & Tremaine 2008, figure 4.9. */
static void king(void **state)
{
    (void)state;
    const double w0[] = {1, 3, 6, 9, 12}, c[] = {0.296, 0.672, 1.255, 2.120, 2.739};
    for (size_t m = 0; m < 5; m++) {
        const orr_option o[] = {{"radius", 1, 1, NULL}, {"W0", w0[m], w0[m], NULL}};
        drawn d = draw("king", o, 2, 1);
        double edge = 0, kinetic = 0, bound = 0;
        for (size_t k = 0; k < d.n; k++)
            edge = fmax(edge, d.r[k]);
        CHECK(edge <= pow(10, c[m] + 0.003) && edge > pow(10, c[m]) * 0.75);
        for (size_t k = 0; k < d.n; k += 10) {
            kinetic += 0.5 * d.v2[k];
            bound += within(&d, d.r[k]) / d.r[k];
        }
        CHECK_NEAR(2 * kinetic / bound, 1, 0.04);
        release(&d);
    }
}

/* The disc's surface density and rotation; masses of the parts; the whole in virial equilibrium. */
static void galaxy(void **state)
{
    (void)state;
    const orr_option o[] = {{"disc_length", 1, 1, NULL},    {"halo_length", 5, 5, NULL},
                            {"disc_mass", 0.1, 0.1, NULL},  {"bulge_mass", 0.05, 0.05, NULL},
                            {"disc_count", 0.5, 0.5, NULL}, {"bulge_count", 0.1, 0.1, NULL}};
    drawn d = draw("galaxy", o, 6, 1);
    double mass[3] = {0}, inside = 0, height2 = 0, spin = 0;
    size_t first_bulge = COUNT / 2, first_halo = COUNT / 2 + COUNT / 10;
    for (size_t k = 0; k < d.n; k++) {
        int part = k < first_bulge ? 0 : k < first_halo ? 1 : 2;
        mass[part] += d.weight[k] / COUNT;
        if (part > 0)
            continue;
        double R = hypot(d.pos[k][0], d.pos[k][1]);
        inside += R < 1.6783469900166605; /* half of an exponential disc */
        height2 += d.pos[k][2] * d.pos[k][2];
        if (fabs(R - 2) < 0.1)
            spin += (d.pos[k][0] * d.vel[k][1] - d.pos[k][1] * d.vel[k][0]) / R / (R * R);
    }
    CHECK_NEAR(mass[0], 0.1, 1e-12);
    CHECK_NEAR(mass[1], 0.05, 1e-12);
    CHECK_NEAR(mass[2], 0.85, 1e-12);
    CHECK_NEAR(inside / (COUNT / 2.0), 0.5, 0.01);
    CHECK_NEAR(sqrt(height2 / (COUNT / 2.0)), 0.1 * ORR_PI / sqrt(12), 0.003); /* of sech^2 */
    CHECK(spin > 0);
    release(&d);
}

static void what_cannot_be(void **state)
{
    (void)state;
    drawn d;
    const orr_option heavy[] = {{"disc_length", 1, 1, NULL},
                                {"halo_length", 5, 5, NULL},
                                {"disc_mass", 0.7, 0.7, NULL},
                                {"bulge_mass", 0.4, 0.4, NULL}};
    CHECK(try_to_draw("galaxy", heavy, 4, 10, 1, &d) == ORR_E_ARGUMENT);
    release(&d);
    const char *const all[] = {"hernquist", "isochrone", "dehnen", "king"};
    const orr_option o[] = {{"radius", 1, 1, NULL}};
    for (size_t k = 0; k < 4; k++)
        for (size_t n = 1; n < 3; n++) { /* one body, two bodies */
            CHECK_OK(try_to_draw(all[k], o, 1, n, 1, &d));
            CHECK(d.n == n && isfinite(d.r[0]) && isfinite(d.v2[0]));
            release(&d);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hernquist),     cmocka_unit_test(isochrone),
                                       cmocka_unit_test(dehnen),        cmocka_unit_test(nfw),
                                       cmocka_unit_test(king),          cmocka_unit_test(galaxy),
                                       cmocka_unit_test(what_cannot_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
