#include <orrery/osculating.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

/* ---- the quantities ---- */

enum {
    A,
    E,
    I,
    NODE,
    ARGUMENT,
    PERI,
    MEAN,
    TRUE_,
    ECCENTRIC,
    LONGITUDE,
    PASSAGE,
    PERIOD,
    Q,
    FAR,
    N
};

/* clang-format off */
static const orr_quantity orbitals[ORR_ORBITALS] = {
    [A] = {"a", {1, 0, 0, 0}, 1, 1, "semi-major axis (negative for e > 1)"},
    [E] = {"e", {0, 0, 0, 0}, 1, 1, "eccentricity"},
    [I] = {"i", {0, 0, 0, 1}, 1, 1, "inclination to the plane"},
    [NODE] = {"Omega", {0, 0, 0, 1}, 1, 1, "longitude of the ascending node (0 if i = 0)"},
    [ARGUMENT] = {"omega", {0, 0, 0, 1}, 1, 1, "argument of pericentre (0 if e = 0)"},
    [PERI] = {"pomega", {0, 0, 0, 1}, 1, 1, "longitude of pericentre, Omega + omega"},
    [MEAN] = {"M", {0, 0, 0, 1}, 1, 1, "mean anomaly"},
    [TRUE_] = {"f", {0, 0, 0, 1}, 1, 1, "true anomaly"},
    [ECCENTRIC] = {"E", {0, 0, 0, 1}, 1, 1, "eccentric anomaly (e > 1: hyperbolic, e = 1: tan(f/2))"},
    [LONGITUDE] = {"L", {0, 0, 0, 1}, 1, 1, "mean longitude, pomega + M"},
    [PASSAGE] = {"T", {0, 0, 1, 0}, 1, 1, "time of the nearest passage of the pericentre"},
    [PERIOD] = {"P", {0, 0, 1, 0}, 1, 1, "orbital period (infinite for e >= 1); also 'period'"},
    [Q] = {"q", {1, 0, 0, 0}, 1, 1, "pericentre distance"},
    [FAR] = {"Q", {1, 0, 0, 0}, 1, 1, "apocentre distance (infinite for e >= 1)"},
    [N] = {"n", {0, 0, -1, 1}, 1, 1, "mean motion"},
};
/* clang-format on */

const orr_quantity *orr_orbital_at(size_t k)
{
    return k < ORR_ORBITALS ? &orbitals[k] : NULL;
}

size_t orr_orbital_find(const char *name, size_t length)
{
    if (length == 6 && memcmp(name, "period", 6) == 0)
        return PERIOD;
    size_t k = 0;
    while (k < ORR_ORBITALS &&
           (strlen(orbitals[k].name) != length || memcmp(orbitals[k].name, name, length) != 0))
        k++;
    return k;
}

void orr_orbitals(const orr_elements *el, double mu, double t, double out[ORR_ORBITALS])
{
    orr_orbit o = orr_orbit_of(el, mu);
    out[A] = o.a;
    out[E] = el->e;
    out[I] = el->i;
    out[NODE] = el->Omega;
    out[ARGUMENT] = el->omega;
    out[PERI] = o.pomega;
    out[MEAN] = o.M;
    out[TRUE_] = el->f;
    out[ECCENTRIC] = o.E;
    out[LONGITUDE] = o.L;
    out[PASSAGE] = t - o.t_peri;
    out[PERIOD] = o.period;
    out[Q] = el->q;
    out[FAR] = el->e < 1 ? o.a * (1 + el->e) : INFINITY;
    out[N] = o.n;
}

/* ---- states ---- */

static orr_state state_of(const orr_bodies *b, size_t i)
{
    orr_state s;
    for (size_t c = 0; c < 3; c++) {
        s.pos[c] = b->pos[i + c * b->stride];
        s.vel[c] = b->vel[i + c * b->stride];
    }
    return s;
}

static orr_state difference(const orr_state *a, const orr_state *b)
{
    orr_state s;
    for (int c = 0; c < 3; c++) {
        s.pos[c] = a->pos[c] - b->pos[c];
        s.vel[c] = a->vel[c] - b->vel[c];
    }
    return s;
}

static bool is_there(const orr_bodies *b, size_t i)
{
    return i < b->n && isfinite(b->pos[i]);
}

/* Add gm times the state of body i to a sum. */
static void weigh(const orr_bodies *b, size_t i, orr_state *sum, double *gm)
{
    orr_state s = state_of(b, i);
    for (int c = 0; c < 3; c++) {
        sum->pos[c] += b->gm[i] * s.pos[c];
        sum->vel[c] += b->gm[i] * s.vel[c];
    }
    *gm += b->gm[i];
}

static orr_state mean(const orr_state *sum, double gm)
{
    orr_state s = {{0}, {0}};
    for (int c = 0; c < 3 && gm > 0; c++) {
        s.pos[c] = sum->pos[c] / gm;
        s.vel[c] = sum->vel[c] / gm;
    }
    return s;
}

/* ---- centres ---- */

static void one_body(orr_centres *c, size_t i)
{
    if (!is_there(c->bodies, i))
        return;
    c->alone = i;
    c->gm = c->bodies->gm[i];
    c->common = state_of(c->bodies, i);
}

static void some_bodies(orr_centres *c)
{
    const orr_bodies *b = c->bodies;
    orr_state sum = {{0}, {0}};
    if (c->about->n_ids == 1) { /* as it is, without the rounding of a division */
        one_body(c, orr_bodies_find(b, c->about->ids[0]));
        return;
    }
    for (size_t k = 0; k < c->about->n_ids; k++) {
        size_t i = orr_bodies_find(b, c->about->ids[k]);
        if (is_there(b, i))
            weigh(b, i, &sum, &c->gm);
    }
    c->common = mean(&sum, c->gm);
}

/* Barycentres of the first, the first two, ... bodies with mass.  Bodies of one role stand by id,
 * so those with mass are two sorted parts. */
static void jacobi(orr_centres *c)
{
    const orr_bodies *b = c->bodies;
    size_t i = 0, j = b->n_active, n_i = b->n_active, n_j = b->n_active + b->n_passive;
    orr_state sum = {{0}, {0}};
    double gm = 0;
    c->n_massive = 0;
    c->before[0] = sum;
    c->before_gm[0] = 0;
    while (i < n_i || j < n_j) {
        size_t next = j >= n_j || (i < n_i && b->id[i] < b->id[j]) ? i++ : j++;
        if (!is_there(b, next))
            continue;
        weigh(b, next, &sum, &gm);
        c->massive[c->n_massive++] = b->id[next];
        c->before[c->n_massive] = mean(&sum, gm);
        c->before_gm[c->n_massive] = gm;
    }
}

/* How many bodies with mass have a smaller id. */
static size_t count_before(const orr_centres *c, uint64_t id)
{
    size_t low = 0, high = c->n_massive;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->massive[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The plane of the angular momentum of all bodies with mass about their barycentre, which is in
 * c->common. */
static void invariable_plane(orr_centres *c)
{
    const orr_bodies *b = c->bodies;
    double L[3] = {0};
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        if (!is_there(b, i))
            continue;
        orr_state own = state_of(b, i), s = difference(&own, &c->common);
        for (int k = 0; k < 3; k++) {
            int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
            L[k] += b->gm[i] * (s.pos[k1] * s.vel[k2] - s.pos[k2] * s.vel[k1]);
        }
    }
    double flat = sqrt(L[0] * L[0] + L[1] * L[1]), size = sqrt(flat * flat + L[2] * L[2]);
    if (!(size > 0))
        return; /* nothing turns: the xy plane */
    double x[3] = {flat > 0 ? -L[1] / flat : 1, flat > 0 ? L[0] / flat : 0, 0};
    double z[3] = {L[0] / size, L[1] / size, L[2] / size};
    for (int k = 0; k < 3; k++) {
        int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
        c->plane[k][0] = x[k];
        c->plane[k][1] = z[k1] * x[k2] - z[k2] * x[k1];
        c->plane[k][2] = z[k];
    }
    c->turned = true;
}

static orr_status make_room(orr_centres *c, size_t n, size_t n_pressures)
{
    if (n <= c->room && n_pressures <= c->room_pressures && c->before)
        return ORR_OK;
    orr_centres_free(c);
    c->massive = malloc((n + 1) * sizeof *c->massive);
    c->before = malloc((n + 1) * sizeof *c->before);
    c->before_gm = malloc((n + 1) * sizeof *c->before_gm);
    c->around = malloc((n + 1) * sizeof *c->around);
    c->pressing = malloc((n_pressures + 1) * sizeof *c->pressing);
    if (!c->massive || !c->before || !c->before_gm || !c->around || !c->pressing) {
        orr_centres_free(c);
        return ORR_E_NO_MEMORY;
    }
    c->room = n;
    c->room_pressures = n_pressures;
    return ORR_OK;
}

orr_status orr_centres_find(orr_centres *c, const orr_about *about, const orr_bodies *b)
{
    bool each = about->kind == ORR_ABOUT_JACOBI || about->kind == ORR_ABOUT_PRIMARY;
    ORR_TRY(make_room(c, each ? b->n : 0, about->n_pressures));
    c->about = about;
    c->bodies = b;
    c->turned = about->has_plane;
    memcpy(c->plane, about->plane, sizeof c->plane);
    if (about->invariable) {
        c->gm = orr_barycentre(b, &c->common);
        invariable_plane(c);
    }
    c->gm = 0;
    c->alone = SIZE_MAX;
    for (size_t k = 0; k < about->n_pressures; k++) {
        size_t i = orr_bodies_find(b, about->pressures[k].of);
        c->pressing[k] = is_there(b, i) ? b->gm[i] : 0;
    }
    switch (about->kind) {
    case ORR_ABOUT_DOMINANT:
        one_body(c, orr_dominant_body(b, ORR_PART_CENTRE));
        break;
    case ORR_ABOUT_BODIES:
        some_bodies(c);
        break;
    case ORR_ABOUT_BARYCENTRE:
        c->gm = orr_barycentre(b, &c->common);
        break;
    case ORR_ABOUT_JACOBI:
        jacobi(c);
        break;
    case ORR_ABOUT_PRIMARY:
        orr_primaries_find(b, 0, b->n, c->around);
        break;
    }
    return ORR_OK;
}

void orr_centres_free(orr_centres *c)
{
    free(c->massive), free(c->before), free(c->before_gm), free(c->around), free(c->pressing);
    *c = (orr_centres){.alone = SIZE_MAX};
}

size_t orr_centre_body(const orr_centres *c, size_t i)
{
    return c->about->kind == ORR_ABOUT_PRIMARY ? c->around[i] : c->alone;
}

/* Is the body with this id (part of) the centre of body i? */
static bool is_part(const orr_centres *c, size_t i, uint64_t id)
{
    size_t one;
    switch (c->about->kind) {
    case ORR_ABOUT_BODIES:
        for (size_t k = 0; k < c->about->n_ids; k++)
            if (c->about->ids[k] == id)
                return true;
        return false;
    case ORR_ABOUT_BARYCENTRE:
        return true;
    case ORR_ABOUT_JACOBI:
        return id < c->bodies->id[i];
    default:
        one = orr_centre_body(c, i);
        return one < c->bodies->n && c->bodies->id[one] == id;
    }
}

/* What light takes off the pull on body i. */
static double lost_to_light(const orr_centres *c, size_t i)
{
    const orr_bodies *b = c->bodies;
    double lost = 0;
    for (size_t k = 0; k < c->about->n_pressures; k++) {
        const orr_pressure *p = &c->about->pressures[k];
        bool feels = p->on_tests ? i >= b->n_active + b->n_passive : b->id[i] == p->on;
        if (feels && b->id[i] != p->of && is_part(c, i, p->of))
            lost += p->beta * c->pressing[k];
    }
    return lost;
}

orr_status orr_osculating(const orr_centres *c, size_t i, orr_elements *el, double *mu)
{
    const orr_bodies *b = c->bodies;
    orr_state own = state_of(b, i), about = c->common, s;
    double gm = c->gm;
    size_t centre = orr_centre_body(c, i);
    if (c->about->kind == ORR_ABOUT_JACOBI) {
        size_t k = count_before(c, b->id[i]);
        about = c->before[k];
        gm = c->before_gm[k];
    } else if (c->about->kind == ORR_ABOUT_PRIMARY) {
        gm = centre < b->n ? b->gm[centre] : 0;
        about = centre < b->n ? state_of(b, centre) : own;
    }
    if (!is_there(b, i) || centre == i || !(gm > 0 || b->gm[i] > 0) ||
        (centre == SIZE_MAX && !(gm > 0)))
        return ORR_E_INCOMPATIBLE;
    s = difference(&own, &about);
    bool whole = centre == SIZE_MAX && c->about->kind != ORR_ABOUT_JACOBI &&
                 is_part(c, i, b->id[i]); /* of a barycentre */
    *mu = gm + (whole ? 0 : b->gm[i]);
    if (c->about->n_pressures)
        *mu -= lost_to_light(c, i);
    if (c->turned) {
        orr_state flat = s;
        for (int k = 0; k < 3; k++) {
            s.pos[k] = s.vel[k] = 0;
            for (int r = 0; r < 3; r++) {
                s.pos[k] += c->plane[r][k] * flat.pos[r];
                s.vel[k] += c->plane[r][k] * flat.vel[r];
            }
        }
    }
    return orr_elements_from_state(&s, *mu, el);
}

orr_status orr_osculating_pair(const orr_bodies *b, size_t i, size_t j, orr_elements *el,
                               orr_orbit *orbit)
{
    if (i >= b->n || j >= b->n || i == j)
        return ORR_E_INCOMPATIBLE;
    orr_state own = state_of(b, i), other = state_of(b, j), s = difference(&own, &other);
    double mu = b->gm[i] + b->gm[j];
    ORR_TRY(orr_elements_from_state(&s, mu, el));
    *orbit = orr_orbit_of(el, mu);
    return ORR_OK;
}
