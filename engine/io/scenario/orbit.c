/* orbit.c - `orbit:` - any complete set of elements, in any plane. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "internal.h"

const char *const orr_element_keys[EL_COUNT] = {"a",      "q", "P", "e", "i", "Omega", "omega",
                                                "pomega", "M", "f", "E", "L", "T"};

orr_dimension orr_element_dimension(int key)
{
    switch (key) {
    case EL_A:
    case EL_Q:
        return ORR_LENGTH;
    case EL_P:
    case EL_PERI_TIME:
        return ORR_TIME;
    case EL_E:
        return ORR_DIMENSIONLESS;
    default:
        return ORR_ANGLE;
    }
}

/* ---- planes ---- */

#define ARCSEC (ORR_PI / 648000)

static orr_plane tilted(double angle) /* about the common x axis */
{
    double s, c;
    orr_sincos(angle, &s, &c);
    return (orr_plane){{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
}

/* z towards the pole, x along the ascending node of the plane on the equator. */
static orr_plane with_pole(double ra, double dec)
{
    double sa, ca, sd, cd;
    orr_sincos(ra, &sa, &ca);
    orr_sincos(dec, &sd, &cd);
    return (orr_plane){{{-sa, -sd * ca, cd * ca}, {ca, -sd * sa, cd * sa}, {0, cd, sd}}};
}

static orr_status need_icrf(loader *l, const orr_yaml *node)
{
    if (strcmp(l->s->frame, "icrf") == 0)
        return ORR_OK;
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                         "this plane is defined in the ICRF: write 'frame: icrf' in the scenario");
}

orr_plane orr_plane_in_axes(const loader *l, const orr_named_plane *plane)
{
    double obliquity = plane->obliquity;
    if (strcmp(l->s->frame, "ecliptic") == 0)
        obliquity -= orr_plane_find("ecliptic")->obliquity;
    return tilted(obliquity * ARCSEC);
}

/* A plane by its name, in the axes of the scenario. */
static orr_status named_plane(loader *l, const orr_yaml *node, orr_plane *out)
{
    const char *names[16] = {"reference"};
    size_t n = 1, k;
    const orr_named_plane *plane;
    while (n < LENGTH_OF(names) && (plane = orr_plane_at(n - 1)))
        names[n++] = plane->name;
    ORR_TRY(orr_read_choice(l, node, "plane", names, n, &k));
    if (k == 0)
        return ORR_OK;
    if (strcmp(l->s->frame, "ecliptic") != 0)
        ORR_TRY(need_icrf(l, node));
    *out = orr_plane_in_axes(l, orr_plane_at(k - 1));
    return ORR_OK;
}

/* x towards the node, by `i` and `Omega` against the axes of the scenario. */
static orr_status read_inclined(loader *l, orr_yaml *inclination, orr_yaml *rising, orr_plane *out)
{
    double i = 0, Omega = 0, si, ci, so, co;
    if (inclination)
        ORR_TRY(orr_read_quantity(l, inclination, ORR_ANGLE, &i));
    if (rising)
        ORR_TRY(orr_read_quantity(l, rising, ORR_ANGLE, &Omega));
    orr_sincos(i, &si, &ci);
    orr_sincos(Omega, &so, &co);
    *out = (orr_plane){{{co, -ci * so, si * so}, {so, ci * co, -si * co}, {0, si, ci}}};
    return ORR_OK;
}

orr_status orr_read_plane(loader *l, orr_yaml *node, orr_plane *out)
{
    *out = tilted(0);
    if (!node)
        return ORR_OK;
    if (node->kind == ORR_SCALAR)
        return named_plane(l, node, out);
    ORR_TRY(orr_need_kind(l, node, ORR_MAP));
    orr_yaml *obliquity = orr_yaml_get(node, "obliquity"), *pole = orr_yaml_get(node, "pole");
    orr_yaml *inclination = orr_yaml_get(node, "i"), *rising = orr_yaml_get(node, "Omega");
    if ((inclination || rising) && !obliquity && !pole)
        return read_inclined(l, inclination, rising, out);
    ORR_TRY(need_icrf(l, node));
    if (!obliquity == !pole)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "a plane is given by { obliquity: angle }, by { pole: [ra, dec] } or by "
            "{ i: angle, Omega: angle }");
    double angle[2];
    if (obliquity) {
        ORR_TRY(orr_read_quantity(l, obliquity, ORR_ANGLE, &angle[0]));
        *out = tilted(angle[0]);
        return ORR_OK;
    }
    ORR_TRY(orr_need_kind(l, pole, ORR_LIST));
    if (pole->n != 2)
        return orr_yaml_fail(&l->doc, pole, ORR_E_FORMAT,
                             "a pole is [right ascension, declination]");
    ORR_TRY(orr_read_quantity(l, pole->first, ORR_ANGLE, &angle[0]));
    ORR_TRY(orr_read_quantity(l, pole->first->next, ORR_ANGLE, &angle[1]));
    if (fabs(angle[1]) > 1.5707963267948968)
        return orr_yaml_fail(&l->doc, pole->first->next, ORR_E_FORMAT,
                             "a declination lies between -90 and 90 deg");
    *out = with_pole(angle[0], angle[1]);
    return ORR_OK;
}

/* ---- elements ---- */

static orr_status wrong(char *message, size_t size, const char *text)
{
    snprintf(message, size, "%s", text);
    return ORR_E_FORMAT;
}

static int count(const orr_element_set *s, const int *keys, int n)
{
    int sum = 0;
    for (int k = 0; k < n; k++)
        sum += s->has[keys[k]];
    return sum;
}

static orr_status size_and_shape(const orr_element_set *s, double mu, orr_elements *el,
                                 char *message, size_t size)
{
    static const int sizes[] = {EL_A, EL_Q, EL_P};
    double e = el->e = s->value[EL_E];
    if (!(e >= 0))
        return wrong(message, size, "the eccentricity e must not be negative");
    if (count(s, sizes, 3) != 1)
        return wrong(message, size,
                     "give exactly one of a (semi-major axis), q (pericentre) and P (period)");
    if (e >= 1 && s->has[EL_P])
        return wrong(message, size, "an open orbit (e >= 1) has no period; give q");
    if (e == 1 && s->has[EL_A])
        return wrong(message, size, "a parabola (e = 1) has no semi-major axis; give q");
    double a = s->value[EL_A];
    if (s->has[EL_A] && (a > 0) != (e < 1))
        return wrong(message, size,
                     e < 1 ? "an ellipse (e < 1) has a positive semi-major axis a"
                           : "a hyperbola (e > 1) has a negative semi-major axis a (or give q)");
    if (s->has[EL_P]) {
        if (!(s->value[EL_P] > 0))
            return wrong(message, size, "the period P must be greater than zero");
        double n = 2 * ORR_PI / s->value[EL_P];
        a = orr_cbrt(mu / (n * n));
    }
    el->q = s->has[EL_Q] ? s->value[EL_Q] : a * (1 - e);
    if (!(el->q > 0) || !isfinite(el->q))
        return wrong(message, size, "the pericentre distance q must be greater than zero");
    return ORR_OK;
}

double orr_elements_hold_at(const orr_element_set *set, double start)
{
    if (set->has_epoch)
        return set->epoch;
    return set->has[EL_PERI_TIME] && set->peri_is_date ? set->value[EL_PERI_TIME] : start;
}

static orr_status phase(const orr_element_set *s, double hold, double t, double mu,
                        orr_elements *el, char *message, size_t size)
{
    static const int phases[] = {EL_MEAN, EL_TRUE, EL_ECCENTRIC, EL_MEAN_LONGITUDE, EL_PERI_TIME};
    if (count(s, phases, 5) > 1)
        return wrong(message, size, "give only one of M, f, E, L and T (time of pericentre)");
    if (s->has[EL_ECCENTRIC] && el->e == 1)
        return wrong(message, size, "a parabola has no eccentric anomaly E; give f or T");
    double n = orr_orbit_of(el, mu).n, M = s->value[EL_MEAN];
    if (s->has[EL_MEAN_LONGITUDE])
        M = s->value[EL_MEAN_LONGITUDE] - el->Omega - el->omega;
    if (s->has[EL_PERI_TIME])
        M = n * (t - s->value[EL_PERI_TIME]);
    bool needs_mean = t != hold || !(s->has[EL_TRUE] || s->has[EL_ECCENTRIC]);
    if (s->has[EL_TRUE])
        el->f = s->value[EL_TRUE];
    if (s->has[EL_ECCENTRIC])
        el->f = orr_true_from_eccentric(el->e, s->value[EL_ECCENTRIC]);
    if (!(1 + el->e * cos(el->f) > 0))
        return wrong(message, size,
                     "the true anomaly f lies beyond the asymptote of the hyperbola");
    if (!needs_mean)
        return ORR_OK;
    if (s->has[EL_TRUE] || s->has[EL_ECCENTRIC])
        M = orr_orbit_of(el, mu).M;
    M += s->has[EL_PERI_TIME] ? 0 : n * (t - hold);
    if (orr_true_from_mean(el->e, M, &el->f) != ORR_OK)
        return wrong(message, size, "Kepler's equation cannot be solved for this mean anomaly");
    return ORR_OK;
}

orr_status orr_elements_to_state(const orr_element_set *s, double hold, double t, double mu,
                                 const orr_plane *plane, orr_state *out, char *message, size_t size)
{
    if (!(mu > 0))
        return wrong(message, size, "the body that is orbited has no mass");
    orr_elements el = {.i = s->value[EL_I], .Omega = s->value[EL_NODE]};
    ORR_TRY(size_and_shape(s, mu, &el, message, size));
    /* a negative one, as fits give it: the same orbit as -i with both angles turned by 180 deg */
    if (!(fabs(el.i) <= ORR_PI * (1 + 1e-15)))
        return wrong(message, size, "the inclination i must lie between -180 and 180 deg");
    if (s->has[EL_ARGUMENT] && s->has[EL_PERI_LONGITUDE])
        return wrong(message, size, "give only one of omega and pomega (= Omega + omega)");
    el.omega =
        s->has[EL_PERI_LONGITUDE] ? s->value[EL_PERI_LONGITUDE] - el.Omega : s->value[EL_ARGUMENT];
    ORR_TRY(phase(s, hold, t, mu, &el, message, size));
    orr_state flat;
    if (orr_state_from_elements(&el, mu, &flat) != ORR_OK)
        return wrong(message, size, "these elements are not an orbit");
    for (int r = 0; r < 3; r++) {
        const double *m = plane->m[r];
        out->pos[r] = m[0] * flat.pos[0] + m[1] * flat.pos[1] + m[2] * flat.pos[2];
        out->vel[r] = m[0] * flat.vel[0] + m[1] * flat.vel[1] + m[2] * flat.vel[2];
        if (!isfinite(out->pos[r]) || !isfinite(out->vel[r]))
            return wrong(message, size, "this orbit leads to numbers that are not finite");
    }
    return ORR_OK;
}
