/* settle.c - elements that a row gives more than once: a and q, P and a, M and T.  Catalogues do.
 * What agrees to the digits printed is taken once; what does not is an error that names both. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

static const double alike = 1e-5, alike_angle = 1e-4; /* relative; [rad] */

static bool *has(orr_row *row, int element)
{
    return &row->has[COL_ELEMENTS + element];
}

static double value(const orr_row *row, int element)
{
    return row->value[COL_ELEMENTS + element];
}

static const char *heading(const orr_table *t, const orr_row *row, int element)
{
    int k = row->column[COL_ELEMENTS + element];
    return k >= 0 ? t->columns[k].heading : orr_element_keys[element];
}

static orr_status disagree(orr_table *t, const orr_row *row, int kept, int other, double ratio)
{
    int k = row->column[COL_ELEMENTS + other];
    const char *a = heading(t, row, kept), *b = heading(t, row, other);
    char by[160] = "";
    if (isfinite(ratio) && ratio > 0)
        snprintf(by, sizeof by, " (by '%s' it would be %.6g times that)", a, ratio);
    return orr_table_fail(t, k >= 0 ? &t->cells[k] : NULL,
                          "'%s' and '%s' do not belong together%s; leave one out: 'ignore: [%s]' "
                          "or 'ignore: [%s]'",
                          a, b, by, a, b);
}

/* One of a, q and P: near a parabola q, else a, P where there is nothing else. */
static orr_status settle_size(orr_table *t, orr_row *row, double mu)
{
    bool *a = has(row, EL_A), *q = has(row, EL_Q), *P = has(row, EL_P);
    double e = value(row, EL_E);
    if (*a + *q + *P < 2 || !(e >= 0))
        return ORR_OK;
    if (*a && *q && e != 1) {
        double by_a = value(row, EL_A) * (1 - e), given = value(row, EL_Q);
        /* 1 - e has lost the digits that e has not */
        if (!(fabs(by_a - given) <= alike * fabs(given) + 0.1 * alike * fabs(value(row, EL_A))))
            return disagree(t, row, EL_A, EL_Q, by_a / given);
    }
    double size = *a ? value(row, EL_A) : value(row, EL_Q) / (1 - e);
    if (*P && e < 1 && mu > 0) {
        double by_size = 2 * 3.14159265358979324 * sqrt(size * size * size / mu);
        double ratio = by_size / value(row, EL_P);
        if (!(fabs(ratio - 1) <= alike))
            return disagree(t, row, *a ? EL_A : EL_Q, EL_P, ratio);
    }
    *P = false;
    if (*a && *q)
        *(e > 0.9 ? a : q) = false;
    return ORR_OK;
}

static double mean_anomaly(const orr_row *row, int key, orr_elements el, double mu, double Omega,
                           double omega, double hold)
{
    double n = orr_orbit_of(&el, mu).n;
    switch (key) {
    case EL_MEAN:
        return value(row, EL_MEAN);
    case EL_PERI_TIME:
        return n * (hold - value(row, EL_PERI_TIME));
    case EL_MEAN_LONGITUDE:
        return value(row, EL_MEAN_LONGITUDE) - Omega - omega;
    case EL_ECCENTRIC:
        el.f = orr_true_from_eccentric(el.e, value(row, key));
        return orr_orbit_of(&el, mu).M;
    default:
        el.f = value(row, key);
        return orr_orbit_of(&el, mu).M;
    }
}

/* One of M, T, L, E and f: the mean anomaly, near a parabola T. */
static orr_status settle_phase(orr_table *t, orr_row *row, double mu)
{
    static const int keys[] = {EL_MEAN, EL_PERI_TIME, EL_MEAN_LONGITUDE, EL_ECCENTRIC, EL_TRUE};
    int first = -1;
    double M = 0, e = value(row, EL_E);
    double q = *has(row, EL_Q) ? value(row, EL_Q)
               : *has(row, EL_A)
                   ? value(row, EL_A) * (1 - e)
                   : cbrt(mu * pow(value(row, EL_P) / 6.28318530717958648, 2)) * (1 - e);
    double Omega = value(row, EL_NODE), omega = value(row, EL_ARGUMENT);
    double hold = orr_row_holds_at(t, row);
    if (!*has(row, EL_ARGUMENT) && *has(row, EL_PERI_LONGITUDE))
        omega = value(row, EL_PERI_LONGITUDE) - Omega;
    int best = EL_MEAN;
    if (e > 0.9 && *has(row, EL_PERI_TIME))
        best = EL_PERI_TIME;
    for (size_t k = 0; k < LENGTH_OF(keys); k++) {
        if (!*has(row, keys[k]))
            continue;
        if (!(q > 0) || !(mu > 0) || !(e >= 0))
            return ORR_OK; /* not an orbit: said elsewhere */
        orr_elements el = {.q = q, .e = e};
        double here = mean_anomaly(row, keys[k], el, mu, Omega, omega, hold);
        double apart = first < 0 ? 0 : here - M;
        if (e < 1)
            apart = remainder(apart, 6.28318530717958648);
        if (!(fabs(apart) <= alike_angle * fmax(1, e >= 1 ? fabs(M) : 1)))
            return disagree(t, row, first, keys[k], 0);
        if (first < 0) {
            first = keys[k];
            M = here;
        }
    }
    if (best == EL_MEAN && !*has(row, EL_MEAN))
        best = first;
    for (size_t k = 0; k < LENGTH_OF(keys); k++)
        if (keys[k] != best)
            *has(row, keys[k]) = false;
    return ORR_OK;
}

orr_status orr_settle_elements(orr_table *t, orr_row *row, double mu)
{
    static const int phases[] = {EL_MEAN, EL_PERI_TIME, EL_MEAN_LONGITUDE, EL_ECCENTRIC, EL_TRUE};
    int n = 0;
    for (size_t k = 0; k < LENGTH_OF(phases); k++)
        n += *has(row, phases[k]);
    if (n > 1)
        ORR_TRY(settle_phase(t, row, mu));
    ORR_TRY(settle_size(t, row, mu));
    if (*has(row, EL_ARGUMENT) && *has(row, EL_PERI_LONGITUDE)) {
        double apart =
            value(row, EL_PERI_LONGITUDE) - value(row, EL_NODE) - value(row, EL_ARGUMENT);
        if (!(fabs(remainder(apart, 6.28318530717958648)) <= alike_angle))
            return disagree(t, row, EL_ARGUMENT, EL_PERI_LONGITUDE, 0);
        *has(row, EL_PERI_LONGITUDE) = false;
    }
    return ORR_OK;
}
