/* observed.c - orbits as they are published of planets of other stars.
 *
 * z points away from the observer, so that what recedes has a positive velocity, and the reference
 * plane is that of the sky.  omega is given for the star (from its radial velocities); that of the
 * planet is 180 deg more.  The middle of a transit is the conjunction at which the planet is in
 * front: omega_planet + f = 270 deg, so f = 90 deg - omega_star.  Winn 2010 (arXiv:1001.2010),
 * eq. 3; NASA Exoplanet Archive, pl_orblper. */
#include <math.h>

#include "core/math/reproducible.h"
#include "tables.h"

static double mean_motion(const orr_row *row, double mu)
{
    const double *v = row->value + COL_ELEMENTS;
    if (row->has[COL_ELEMENTS + EL_P])
        return 2 * ORR_PI / v[EL_P];
    double a = row->has[COL_ELEMENTS + EL_A] ? v[EL_A] : v[EL_Q] / (1 - v[EL_E]);
    return sqrt(mu / (a * a * a));
}

orr_status orr_settle_observed(orr_table *t, orr_row *row, double mu)
{
    int omega = COL_ELEMENTS + EL_ARGUMENT, phase = COL_ELEMENTS + EL_PERI_TIME;
    if (row->has[COL_STAR_OMEGA]) {
        if (row->has[omega])
            return orr_table_fail(t, &t->cells[row->column[COL_STAR_OMEGA]],
                                  "give omega of the planet or of the star, not both");
        row->value[omega] = row->value[COL_STAR_OMEGA] + ORR_PI;
        row->has[omega] = true;
    }
    if (!row->has[COL_TRANSIT])
        return ORR_OK;
    const orr_cell *at = row->column[COL_TRANSIT] < 0 ? NULL : &t->cells[row->column[COL_TRANSIT]];
    double e = row->value[COL_ELEMENTS + EL_E];
    if (!row->has[omega]) { /* of a circle: the transit is its pericentre */
        row->value[omega] = 1.5 * ORR_PI;
        row->has[omega] = true;
        if (e != 0)
            return orr_table_fail(t, at, "a time of transit needs the star's omega where e > 0");
    }
    double n = mean_motion(row, mu), f = 1.5 * ORR_PI - row->value[omega];
    orr_elements el = {.q = 1, .e = e, .f = remainder(f, 2 * ORR_PI)};
    if (!(e >= 0 && e < 1) || !(n > 0) || !isfinite(n))
        return orr_table_fail(t, at, "a time of transit needs 0 <= e < 1 and a period P (or a)");
    static const int others[] = {EL_MEAN, EL_PERI_TIME, EL_MEAN_LONGITUDE, EL_ECCENTRIC, EL_TRUE};
    for (size_t k = 0; k < LENGTH_OF(others); k++)
        if (row->has[COL_ELEMENTS + others[k]])
            return orr_table_fail(t, at, "a time of transit and '%s': give one of them",
                                  orr_element_keys[others[k]]);
    row->value[phase] = row->value[COL_TRANSIT] - orr_orbit_of(&el, 1).M / n;
    row->has[phase] = true;
    return ORR_OK;
}
