/* secular.c - secular frequencies of the giant planets: g5 and g6 (perihelia), s6 (nodes), as
 * the strongest lines in the spectra of Jupiter's and Saturn's eccentricity and of Saturn's
 * inclination vector. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "known_problems.h"

static const double span = 10e6, every = 500; /* [yr] */
static const double julian_year = 365.25;     /* [day] */

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

/* The invariable plane, and two axes in it. */
static void axes_of(const orr_conserved *c, double axes[3][3])
{
    double size = sqrt(dot(c->angular_momentum, c->angular_momentum));
    for (int i = 0; i < 3; i++)
        axes[2][i] = c->angular_momentum[i] / size;
    cross((double[]){0, 1, 0}, axes[2], axes[0]);
    size = sqrt(dot(axes[0], axes[0]));
    for (int i = 0; i < 3; i++)
        axes[0][i] /= size;
    cross(axes[2], axes[0], axes[1]);
}

/* Eccentricity and inclination vectors of a planet, in that plane. */
static void vectors_of(orr_body sun, orr_body planet, double axes[3][3], double complex *e_vector,
                       double complex *i_vector)
{
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
    *e_vector = dot(e, axes[0]) + I * dot(e, axes[1]);
    *i_vector = dot(up, axes[0]) + I * dot(up, axes[1]);
}

enum { JUPITER = 5, PLANETS = 2, VECTORS = 2 * PLANETS };

/* Both vectors of Jupiter and Saturn at all times. */
static orr_status record(orr_sim *sim, signal vectors[VECTORS])
{
    double axes[3][3] = {{0}};
    for (size_t k = 0; k < vectors[0].n; k++) {
        ORR_TRY(orr_sim_run_until(sim, julian_year * every * (double)k));
        if (k == 0) {
            orr_conserved c;
            ORR_TRY(orr_sim_conserved(sim, &c));
            axes_of(&c, axes);
        }
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        for (size_t p = 0; p < PLANETS; p++)
            vectors_of(orr_bodies_get(b, 0), orr_bodies_get(b, JUPITER + p), axes, &vectors[p].z[k],
                       &vectors[PLANETS + p].z[k]);
    }
    return ORR_OK;
}

orr_status orr_measure_secular_frequencies(const orr_measurement *m)
{
    size_t n = (size_t)(span / every);
    signal vectors[VECTORS];
    orr_status status = ORR_OK;
    for (int k = 0; k < VECTORS; k++) {
        vectors[k] = (signal){calloc(n, sizeof(double complex)), n};
        status = vectors[k].z ? status : ORR_E_NO_MEMORY;
    }
    if (status == ORR_OK)
        status = record(m->sim, vectors);
    if (status == ORR_OK) {
        m->out[0].obtained = line(&vectors[0], 3.5, 5);
        m->out[1].obtained = line(&vectors[1], 27, 29.5);
        m->out[2].obtained = line(&vectors[3], -28, -25);
    }
    for (int k = 0; k < VECTORS; k++)
        free(vectors[k].z);
    return status;
}
