/* spherical.c - see spherical.h. */
#include "spherical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 1500, SPEEDS = 64, EVERY = 4 };

orr_status orr_spherical_new(size_t n, orr_spherical *out)
{
    *out = (orr_spherical){.n = n, .r = calloc(5 * n, sizeof *out->r)};
    if (!out->r)
        return ORR_E_NO_MEMORY;
    out->mass = out->r + n;
    out->psi = out->mass + n;
    out->f = out->psi + n;
    out->bound = out->f + n;
    return ORR_OK;
}

void orr_spherical_free(orr_spherical *s)
{
    free(s->r);
    *s = (orr_spherical){0};
}

/* The last k with table[k] <= x (ascending) or >= x (descending), at most n - 2. */
static size_t find(const double *table, size_t n, double x, int descending)
{
    size_t low = 0, high = n - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (descending ? table[middle] >= x : table[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double f_at(const orr_spherical *s, double psi)
{
    size_t k = find(s->psi, s->n, psi, 1);
    double part = (psi - s->psi[k]) / (s->psi[k + 1] - s->psi[k]);
    if (part > 1) /* farther out than the tables go: as psi falls to 0 */
        return psi > 0 ? s->f[s->n - 1] * psi / s->psi[s->n - 1] : 0;
    return s->f[k] + fmax(part, 0) * (s->f[k + 1] - s->f[k]);
}

void orr_spherical_bound(orr_spherical *s)
{
    const double safety = 1.05; /* between the speeds and radii that are looked at */
    for (size_t k = 0; k < s->n; k += EVERY) {
        double most = 0;
        for (int m = 1; m < SPEEDS; m++) {
            double q2 = (double)m * m / ((double)SPEEDS * SPEEDS);
            most = fmax(most, q2 * f_at(s, s->psi[k] * (1 - q2)));
        }
        s->bound[k] = safety * most;
    }
    for (size_t k = 0; k < s->n; k++) { /* between two nodes: the larger */
        size_t before = k / EVERY * EVERY, after = before + EVERY;
        if (k != before)
            s->bound[k] = fmax(s->bound[before], after < s->n ? s->bound[after] : 0);
    }
}

/* ---- mass, potential ---- */

static double density(const orr_component *c, double r, double *slope)
{
    return c->profile(c->model, r, slope);
}

/* Mass within each node by Simpson's rule in ln r, made `c->mass` in all; gives the factor of the
 * profile that makes it so. */
static double add_mass(const orr_component *c, const double *r, size_t n, double *mass)
{
    double slope, inner = density(c, r[0], &slope), h = orr_log(r[1] / r[0]);
    double half = sqrt(r[1] / r[0]);
    mass[0] = 4 * ORR_PI * inner * r[0] * r[0] * r[0] / (3 + slope); /* a power law to the centre */
    for (size_t k = 1; k < n; k++) {
        double a = r[k - 1], b = a * half, e = r[k], ignored;
        double sum = density(c, a, &ignored) * a * a * a + 4 * density(c, b, &ignored) * b * b * b +
                     density(c, e, &ignored) * e * e * e;
        mass[k] = mass[k - 1] + 4 * ORR_PI * sum * h / 6;
    }
    double factor = c->mass / mass[n - 1];
    for (size_t k = 0; k < n; k++)
        mass[k] *= factor;
    return factor;
}

/* psi(r) = M/r + int_r 4 pi rho r dr = M_all/r_most + int_r^r_most M/r^2 dr, in ln r. */
static void add_depth(const double *r, const double *mass, size_t n, double *psi)
{
    double h = orr_log(r[1] / r[0]);
    psi[n - 1] += mass[n - 1] / r[n - 1];
    double sum = 0;
    for (size_t k = n - 1; k-- > 0;) {
        /* the integrand is smooth in ln r; three points where there are three (Simpson from the
         * right side of an interval and the middle of two) */
        double g0 = mass[k] / r[k], g1 = mass[k + 1] / r[k + 1];
        double g2 = k + 2 < n ? mass[k + 2] / r[k + 2] : g1;
        sum += k + 2 < n ? h * (5 * g0 + 8 * g1 - g2) / 12 : h * (g0 + g1) / 2;
        psi[k] += mass[n - 1] / r[n - 1] + sum;
    }
}

/* ---- Eddington's formula ---- */

/* d rho/d psi is taken as linear in psi between nodes, so that each interval is integrated in closed
 * form.  p [n]: d rho/d psi. */
static void eddington(orr_spherical *s, const double *p)
{
    size_t n = s->n;
    const double factor = 1 / (sqrt(8) * ORR_PI * ORR_PI);
    for (size_t k = 0; k < n; k++) {
        double E = s->psi[k], before = 0, sum = 0;
        for (size_t i = k; i + 1 < n; i++) {
            double rate = (p[i] - p[i + 1]) / (s->psi[i] - s->psi[i + 1]);
            double after = sqrt(E - s->psi[i + 1]);
            sum += 2 * rate * (after - before);
            before = after;
        }
        sum += 2 * p[n - 1] / s->psi[n - 1] * (sqrt(E) - before); /* to 0 in a straight line */
        s->f[k] = factor * sum;
    }
}

static orr_status check_positive(const orr_spherical *s)
{
    double most = 0;
    for (size_t k = 0; k < s->n; k++)
        most = fmax(most, s->f[k]);
    for (size_t k = 0; k < s->n; k++)
        if (!(s->f[k] >= -1e-6 * most) || !isfinite(s->f[k]))
            return ORR_E_ARGUMENT;
    for (size_t k = 0; k < s->n; k++)
        s->f[k] = fmax(s->f[k], 0);
    return ORR_OK;
}

static orr_status fill(const orr_component *c, size_t n_components, size_t which, orr_spherical *s,
                       double *work)
{
    size_t n = s->n;
    double *one = work, *all = work + n, *p = work + 2 * n, factor = 0;
    memset(all, 0, n * sizeof *all);
    for (size_t m = 0; m < n_components; m++) {
        double made = add_mass(&c[m], s->r, n, one);
        add_depth(s->r, one, n, s->psi);
        for (size_t k = 0; k < n; k++)
            all[k] += one[k];
        if (m == which) {
            memcpy(s->mass, one, n * sizeof *one);
            factor = made;
        }
    }
    for (size_t k = 0; k < n; k++) { /* (d rho/d r) / (d psi/d r) */
        double slope, rho = factor * density(&c[which], s->r[k], &slope);
        p[k] = -rho * slope * s->r[k] / all[k];
    }
    eddington(s, p);
    return check_positive(s);
}

orr_status orr_spherical_make(const orr_component *components, size_t n, size_t which,
                              double r_least, double r_most, orr_spherical *out)
{
    ORR_TRY(orr_spherical_new(NODES, out));
    double step = orr_log(r_most / r_least) / (NODES - 1);
    for (size_t k = 0; k < NODES; k++)
        out->r[k] = r_least * orr_exp(step * (double)k);
    double *work = malloc(3 * NODES * sizeof *work);
    orr_status status = work ? fill(components, n, which, out, work) : ORR_E_NO_MEMORY;
    free(work);
    if (status == ORR_OK)
        orr_spherical_bound(out);
    return status;
}

/* ---- drawing ---- */

static double between(const double *x, const double *y, size_t k, double at)
{
    return y[k] + (y[k + 1] - y[k]) * (at - x[k]) / (x[k + 1] - x[k]);
}

double orr_spherical_mass(const orr_spherical *s, double r)
{
    if (r <= s->r[0]) /* so small a part that its slope does not matter */
        return s->mass[0] * (r / s->r[0]) * (r / s->r[0]) * (r / s->r[0]);
    return r >= s->r[s->n - 1] ? s->mass[s->n - 1]
                               : between(s->r, s->mass, find(s->r, s->n, r, 0), r);
}

void orr_spherical_draw(const orr_spherical *s, double r_cut, orr_random *random, double pos[3],
                        double vel[3])
{
    double all = orr_spherical_mass(s, r_cut), m = all * orr_random_uniform(random), r, psi;
    size_t k = find(s->mass, s->n, m, 0);
    if (m < s->mass[0]) { /* within the first node: cut off a part of 1e-5 and less */
        r = s->r[0] * orr_cbrt(m / s->mass[0]);
        psi = s->psi[0];
    } else {
        r = between(s->mass, s->r, k, m);
        psi = between(s->r, s->psi, k, r);
    }
    double bound = fmax(s->bound[k], s->bound[k + 1]), q, y;
    do {
        q = orr_random_uniform(random);
        y = bound * orr_random_uniform(random);
    } while (y > q * q * f_at(s, psi * (1 - q * q)));
    double v = q * sqrt(2 * psi);
    orr_random_direction(random, pos);
    orr_random_direction(random, vel);
    for (int c = 0; c < 3; c++) {
        pos[c] *= r;
        vel[c] *= v;
    }
}
