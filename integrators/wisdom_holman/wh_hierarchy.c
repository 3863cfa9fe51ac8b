/* Hierarchical Jacobi coordinates, for any tree of pairs.  With M, M' the masses of the sides of a
 * joint and q the way between their centres,
 *
 *     H = sum over joints (w^2/2 - G (M + M')/q) M M'/(M + M')  +  the rest,
 *
 * of which the first part is Kepler orbits.  The rest is small and is computed as such: of the pull
 * of each pair of bodies i, j that the joint brings together only the difference
 *
 *     D = q/q^3 - r/r^3,   r = q + d,   d: how far both are from the centres of their sides,
 *
 * is left, since q/q^3 is either in the Kepler orbit or the same for all on a side.  It is formed
 * without cancellation by Encke's function f(u) = 1 - (1 + u)^(-3/2), 1 + u = r^2/q^2:
 *
 *     D = (f q - (1 - f) d) / q^3,    f = u (3 + u (3 + u)) / (g (1 + g)),   g = (1 + u)^(3/2)
 *
 * Evans 1968, Quart. J. R. astr. Soc. 9, 388 (trees of pairs); Beust 2003, doi
 * 10.1051/0004-6361:20030065 (Wisdom-Holman in them); Battin 1999, An Introduction to the
 * Mathematics and Methods of Astrodynamics, section 8.4 (Encke's function). */
#include "wh_hierarchy.h"

#include <math.h>

#include "core/math/reproducible.h"
#include "shared/motion.h"

static double component(const double *v, const orr_bodies *b, size_t i, size_t c)
{
    return v[i + c * b->stride];
}

/* ---- which are joined ---- */

/* One body or several that move as one. */
typedef struct group {
    double gm, pos[3], vel[3];
    size_t node;  /* leaf, or ORR_MOST_IN_TREE + joint */
    double reach; /* the greatest apocentre in it, 0 for a body */
    double core;  /* the same of joints of comparable masses only */
} group;

typedef struct relative {
    double r, a, peri, apo; /* distance now; semi-major axis, infinite if unbound */
} relative;

static relative orbit_of(const group *i, const group *j)
{
    double r2 = 0, v2 = 0, rv = 0, gm = i->gm + j->gm;
    for (int c = 0; c < 3; c++) {
        double x = j->pos[c] - i->pos[c], v = j->vel[c] - i->vel[c];
        r2 += x * x;
        v2 += v * v;
        rv += x * v;
    }
    double r = sqrt(r2), inverse = 2 / r - v2 / gm;
    double e = sqrt(fmax(0, 1 - (r2 * v2 - rv * rv) * inverse / gm));
    if (!(inverse > 0))
        return (relative){r, INFINITY, 0, INFINITY};
    return (relative){r, 1 / inverse, (1 - e) / inverse, (1 + e) / inverse};
}

/* No other body tears the pair apart: its apocentre is inside its sphere of influence. */
static bool holds(const group *g, size_t n, size_t i, size_t j, double apo)
{
    for (size_t k = 0; k < n; k++) {
        if (k == i || k == j)
            continue;
        double near = fmin(orbit_of(&g[k], &g[i]).r, orbit_of(&g[k], &g[j]).r);
        if (apo > near * orr_cbrt((g[i].gm + g[j].gm) / (3 * g[k].gm)))
            return false;
    }
    return true;
}

/* The pair to be joined next: the tightest orbit that holds; if there is none, the heaviest and the
 * one next to it. */
static bool tightest(const group *g, size_t n, size_t pair[2])
{
    double least = INFINITY, nearest = INFINITY;
    size_t heaviest = 0;
    for (size_t i = 0; i < n; i++) {
        heaviest = g[i].gm > g[heaviest].gm ? i : heaviest;
        for (size_t j = i + 1; j < n; j++) {
            relative o = orbit_of(&g[i], &g[j]);
            if (o.a < least && holds(g, n, i, j, o.apo))
                least = o.a, pair[0] = i, pair[1] = j;
        }
    }
    for (size_t j = 0; j < n && least == INFINITY; j++) {
        double r = j == heaviest ? INFINITY : orbit_of(&g[heaviest], &g[j]).r;
        if (r < nearest)
            nearest = r, pair[0] = heaviest, pair[1] = j;
    }
    return least < INFINITY;
}

/* Of comparable masses, as two stars are and star and planet are not. */
static bool are_comparable(const group *heavy, const group *light)
{
    return light->gm > 0.1 * heavy->gm;
}

/* Comparable masses need room: the pericentre of an orbit about them, and of theirs about others,
 * beyond the apocentres inside, by a factor.  Light ones may cross. */
static bool has_room(const group *heavy, const group *light, bool held)
{
    const double room = 1.8;
    bool all = are_comparable(heavy, light);
    double inside = all ? fmax(heavy->reach, light->reach) : fmax(heavy->core, light->core);
    return (held || !all) && (inside == 0 || orbit_of(heavy, light).peri > room * inside);
}

/* Leaves in the order of the tree: those below a joint follow each other. */
static size_t number_leaves(orr_wh_hierarchy *t, size_t node, size_t next, const size_t *body)
{
    if (node < ORR_MOST_IN_TREE) {
        t->body[next] = body[node];
        return next + 1;
    }
    orr_joint *k = &t->joint[node - ORR_MOST_IN_TREE];
    k->first = next;
    k->middle = number_leaves(t, k->side[0], next, body);
    k->last = number_leaves(t, k->side[1], k->middle, body);
    if (k->side[0] < ORR_MOST_IN_TREE)
        k->side[0] = k->first;
    if (k->side[1] < ORR_MOST_IN_TREE)
        k->side[1] = k->middle;
    return k->last;
}

bool orr_wh_hierarchy_make(orr_wh_hierarchy *t, const orr_bodies *b)
{
    group g[ORR_MOST_IN_TREE];
    size_t body[ORR_MOST_IN_TREE], n = b->n_active, pair[2] = {0, 1};
    *t = (orr_wh_hierarchy){.n = n};
    if (n < 2 || n > ORR_MOST_IN_TREE)
        return false;
    for (size_t i = 0; i < n; i++) {
        g[i] = (group){.gm = b->gm[i], .node = i};
        body[i] = i;
        for (size_t c = 0; c < 3; c++) {
            g[i].pos[c] = component(b->pos, b, i, c);
            g[i].vel[c] = component(b->vel, b, i, c);
        }
    }
    for (size_t k = 0; n > 1; k++, n--) {
        bool held = tightest(g, n, pair);
        bool swap = g[pair[1]].gm > g[pair[0]].gm;
        group *heavy = &g[pair[swap]], *light = &g[pair[!swap]];
        if (!has_room(heavy, light, held) || !(heavy->gm > 0))
            return false;
        t->joint[k] = (orr_joint){.side = {heavy->node, light->node}, .gm = {heavy->gm, light->gm}};
        double apo = orbit_of(heavy, light).apo;
        group both = {
            .gm = heavy->gm + light->gm,
            .node = ORR_MOST_IN_TREE + k,
            .reach = fmax(apo, fmax(heavy->reach, light->reach)),
            .core = fmax(are_comparable(heavy, light) ? apo : 0, fmax(heavy->core, light->core))};
        for (int c = 0; c < 3; c++) {
            double part = light->gm / both.gm;
            both.pos[c] = heavy->pos[c] + part * (light->pos[c] - heavy->pos[c]);
            both.vel[c] = heavy->vel[c] + part * (light->vel[c] - heavy->vel[c]);
        }
        g[pair[0]] = both;
        g[pair[1]] = g[n - 1];
    }
    number_leaves(t, g[0].node, 0, body);
    for (size_t i = 0; i < t->n; i++) {
        t->gm[i] = b->gm[t->body[i]];
        t->star = t->gm[i] > t->gm[t->star] ? i : t->star;
    }
    return true;
}

bool orr_wh_hierarchy_is_chain(const orr_wh_hierarchy *t)
{
    for (size_t k = 0; k + 1 < t->n; k++)
        if (t->joint[k].side[1] >= ORR_MOST_IN_TREE ||
            (k > 0 && t->joint[k].side[0] < ORR_MOST_IN_TREE))
            return false;
    return true;
}

double orr_wh_hierarchy_strength(const orr_wh_hierarchy *t, size_t k)
{
    return t->joint[k].gm[0] + t->joint[k].gm[1];
}

/* ---- coordinates ---- */

/* The mean of v over leaves [from, to), as seen from the first of them, which is added by those who
 * know how to. */
static double mean(const orr_wh_hierarchy *t, const orr_bodies *b, const double *v, size_t c,
                   size_t from, size_t to)
{
    double sum = 0, gm = t->gm[from], first = component(v, b, t->body[from], c);
    for (size_t i = from + 1; i < to; i++) {
        sum += t->gm[i] * (component(v, b, t->body[i], c) - first);
        gm += t->gm[i];
    }
    return sum / gm;
}

void orr_wh_hierarchy_take(const orr_wh_hierarchy *t, const orr_bodies *b, size_t c, bool velocity,
                           double *out)
{
    const double *v = velocity ? b->vel : b->pos;
    for (size_t k = 0; k + 1 < t->n; k++) {
        const orr_joint *j = &t->joint[k];
        double way = component(v, b, t->body[j->middle], c) - component(v, b, t->body[j->first], c);
        out[k] =
            way + (mean(t, b, v, c, j->middle, j->last) - mean(t, b, v, c, j->first, j->middle));
    }
}

/* Where the leaves are from the centre of their group when that becomes a side of the joint above.
 */
static void join(const orr_joint *j, double q, double *place)
{
    double gm = j->gm[0] + j->gm[1], back = j->gm[1] / gm * q, on = j->gm[0] / gm * q;
    for (size_t i = j->first; i < j->middle; i++)
        place[i] -= back;
    for (size_t i = j->middle; i < j->last; i++)
        place[i] += on;
}

void orr_wh_hierarchy_give(const orr_wh_hierarchy *t, const orr_bodies *b, size_t c, bool velocity,
                           const double *in, double center)
{
    double place[ORR_MOST_IN_TREE] = {0}, *out = (velocity ? b->vel : b->pos) + c * b->stride;
    for (size_t k = 0; k + 1 < t->n; k++)
        join(&t->joint[k], in[k], place);
    for (size_t i = 0; i < t->n; i++)
        out[t->body[i]] = center + place[i];
}

/* ---- the rest ---- */

typedef struct leaves {
    double place[3][ORR_MOST_IN_TREE], pull[3][ORR_MOST_IN_TREE];
} leaves;

/* What is left of the pull between leaves i and i', which the joint with coordinate q joins. */
static void difference(const orr_wh_hierarchy *t, const double q[3], double q2, double q3, size_t i,
                       size_t o, leaves *l)
{
    double d[3], s = 0;
    for (int c = 0; c < 3; c++) {
        d[c] = l->place[c][o] - l->place[c][i];
        s += d[c] * (2 * q[c] + d[c]);
    }
    double u = s / q2, g = (1 + u) * sqrt(1 + u), f = u * (3 + u * (3 + u)) / (g * (1 + g));
    for (int c = 0; c < 3; c++) {
        double D = (f * q[c] - d[c] / g) / q3;
        l->pull[c][i] -= t->gm[o] * D;
        l->pull[c][o] += t->gm[i] * D;
    }
}

/* The star's potential -3 (G m0)^2/(c r)^2 for each of the others. */
static void bend(const orr_wh_hierarchy *t, leaves *l)
{
    size_t s = t->star;
    for (size_t i = 0; i < t->n; i++) {
        double d[3], r2 = 0;
        if (i == s)
            continue;
        for (int c = 0; c < 3; c++) {
            d[c] = l->place[c][i] - l->place[c][s];
            r2 += d[c] * d[c];
        }
        for (int c = 0; c < 3; c++) {
            double pull = t->gr / (r2 * r2) * d[c];
            l->pull[c][i] -= pull;
            l->pull[c][s] += t->gm[i] / t->gm[s] * pull;
        }
    }
}

/* acc[c][k]: what joint k feels at q. */
static void accelerations(const orr_wh_hierarchy *t, double q[3][ORR_MOST_IN_TREE],
                          double acc[3][ORR_MOST_IN_TREE])
{
    leaves l = {0};
    double of_joint[ORR_MOST_IN_TREE];
    for (size_t k = 0; k + 1 < t->n; k++) {
        const orr_joint *j = &t->joint[k];
        double way[3] = {q[0][k], q[1][k], q[2][k]};
        double q2 = way[0] * way[0] + way[1] * way[1] + way[2] * way[2], q3 = q2 * sqrt(q2);
        bool lone = j->last - j->first == 2; /* two bodies: their Kepler orbit is all */
        for (size_t i = j->first; i < j->middle && !lone; i++)
            for (size_t o = j->middle; o < j->last; o++)
                difference(t, way, q2, q3, i, o, &l);
        for (int c = 0; c < 3; c++)
            join(j, way[c], l.place[c]);
    }
    if (t->gr > 0)
        bend(t, &l);
    for (int c = 0; c < 3; c++)
        for (size_t k = 0; k + 1 < t->n; k++) {
            const orr_joint *j = &t->joint[k];
            double a[2];
            for (int s = 0; s < 2; s++)
                a[s] = j->side[s] < ORR_MOST_IN_TREE ? l.pull[c][j->side[s]]
                                                     : of_joint[j->side[s] - ORR_MOST_IN_TREE];
            acc[c][k] = a[1] - a[0];
            of_joint[k] = a[0] + j->gm[1] / (j->gm[0] + j->gm[1]) * (a[1] - a[0]);
        }
}

void orr_wh_hierarchy_kick(const orr_wh_hierarchy *t, const orr_planets *lanes, double time,
                           double lazy)
{
    double q[3][ORR_MOST_IN_TREE], acc[3][ORR_MOST_IN_TREE];
    for (int c = 0; c < 3; c++)
        for (size_t k = 0; k + 1 < t->n; k++)
            q[c][k] = lanes->q[c][k];
    accelerations(t, q, acc);
    if (lazy != 0) {
        for (int c = 0; c < 3; c++)
            for (size_t k = 0; k + 1 < t->n; k++)
                q[c][k] += lazy * acc[c][k];
        accelerations(t, q, acc);
    }
    for (int c = 0; c < 3; c++)
        for (size_t k = 0; k + 1 < t->n; k++)
            orr_add_compensated(&lanes->w[c][k], &lanes->w_low[c][k], time * acc[c][k]);
}
