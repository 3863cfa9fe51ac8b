/* Secular frequencies of the outer planets from ten million years of the eight planets with the
 * Sun's relativity: g5 and g6 (perihelia), s6 (nodes), against Laskar et al. 2011, doi
 * 10.1051/0004-6361/201116836, table 6 (La2010a): 4.257482, 28.2449, -26.347841 arc seconds a year.
 * Two minutes: label long. */
#include "check.h"

#include <orrery/scenario.h>

#include <complex.h>
#include <stdlib.h>

static const double myr = 10, every = 500; /* [Myr], [yr] */

typedef struct signal {
    double complex *z;
    size_t n;
} signal;

/* The Fourier integral with a Hann window at a frequency in arc seconds a year. */
static double strength(const signal *s, double frequency)
{
    double w = frequency * 4.84813681109536e-6 * every;
    double complex sum = 0;
    for (size_t k = 0; k < s->n; k++)
        sum += s->z[k] * (1 - cos(6.283185307179586 * (double)k / (double)(s->n - 1))) *
               cexp(-I * w * (double)k);
    return cabs(sum);
}

/* The strongest line between two frequencies: a scan, then a golden section. */
static double line(const signal *s, double low, double high)
{
    double best = low, peak = 0, step = 0.02;
    for (double f = low; f <= high; f += step) {
        double a = strength(s, f);
        if (a > peak)
            peak = a, best = f;
    }
    double a = best - step, b = best + step;
    while (b - a > 1e-5) {
        double c = b - 0.6180339887 * (b - a), d = a + 0.6180339887 * (b - a);
        if (strength(s, c) > strength(s, d))
            b = d;
        else
            a = c;
    }
    return (a + b) / 2;
}

static void cross(const double a[3], const double b[3], double out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void secular_frequencies(void **state)
{
    (void)state;
    orr_scenario s;
    orr_diagnosis why;
    orr_sim *sim;
    const orr_scenario_changes changes = {.until = "10 Myr"};
    CHECK_OK(orr_scenario_load(SOURCE_DIR "/scenarios/planets.yaml", &changes, &s, &why));
    CHECK_OK(orr_sim_from_scenario(&s, 1, &sim, &why));
    size_t n = (size_t)(myr * 1e6 / every);
    signal perihelion[2], node[2];
    for (int k = 0; k < 2; k++) {
        perihelion[k] = (signal){calloc(n, sizeof(double complex)), n};
        node[k] = (signal){calloc(n, sizeof(double complex)), n};
    }
    double axes[3][3] = {{0}};
    for (size_t k = 0; k < n; k++) {
        CHECK_OK(orr_sim_run_until(sim, 365.25 * every * (double)k));
        if (k == 0) { /* the invariable plane */
            orr_conserved c;
            CHECK_OK(orr_sim_conserved(sim, &c));
            double size = sqrt(dot(c.angular_momentum, c.angular_momentum));
            for (int i = 0; i < 3; i++)
                axes[2][i] = c.angular_momentum[i] / size;
            cross((double[]){0, 1, 0}, axes[2], axes[0]);
            size = sqrt(dot(axes[0], axes[0]));
            for (int i = 0; i < 3; i++)
                axes[0][i] /= size;
            cross(axes[2], axes[0], axes[1]);
        }
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        orr_body sun = orr_bodies_get(b, 0);
        for (int p = 0; p < 2; p++) { /* Jupiter, Saturn */
            orr_body planet = orr_bodies_get(b, (size_t)(5 + p));
            double r[3], v[3], h[3], e[3], up[3];
            for (int i = 0; i < 3; i++)
                r[i] = planet.pos[i] - sun.pos[i], v[i] = planet.vel[i] - sun.vel[i];
            cross(r, v, h);
            cross(v, h, e);
            double distance = sqrt(dot(r, r)), size = sqrt(dot(h, h));
            for (int i = 0; i < 3; i++) {
                e[i] = e[i] / (sun.gm + planet.gm) - r[i] / distance;
                up[i] = h[i] / size;
            }
            perihelion[p].z[k] = dot(e, axes[0]) + I * dot(e, axes[1]);
            node[p].z[k] = dot(up, axes[0]) + I * dot(up, axes[1]);
        }
    }
    double g5 = line(&perihelion[0], 3.5, 5), g6 = line(&perihelion[1], 27, 29.5);
    double s6 = line(&node[1], -28, -25);
    print_message("g5 = %.4f, g6 = %.4f, s6 = %.4f arc seconds a year\n", g5, g6, s6);
    CHECK_NEAR(g5, 4.257482, 0.003);
    CHECK_NEAR(g6, 28.2449, 0.01);
    CHECK_NEAR(s6, -26.347841, 0.003);
    for (int k = 0; k < 2; k++)
        free(perihelion[k].z), free(node[k].z);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(secular_frequencies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
