/* collisions_path.c - the way of a pair in a piece of a step, and whether its cubic can be trusted.
 *
 * The cubic through both ends has an error of |x''''| g^4 / 384 at most (Hermite).  The fourth
 * derivative is estimated from those that the cubic has, as |x'''|^2 / |x''|, exact for circles.
 * That holds as long as the pull of the pair itself does not change much on the way; where it may,
 * the Kepler orbits from both ends say whether and when they pass. */
#include <float.h>
#include <math.h>

#include "collisions_internal.h"
#include "core/kepler.h"

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double norm(const double a[3])
{
    return sqrt(dot(a, a));
}

orr_path orr_path_make(const double d0[3], const double v0[3], const double d1[3],
                       const double v1[3], double g)
{
    orr_path p;
    for (int c = 0; c < 3; c++) {
        p.d0[c] = d0[c];
        p.v0[c] = g * v0[c];
        p.d1[c] = d1[c];
        p.v1[c] = g * v1[c];
        double way = d1[c] - d0[c];
        p.c2[c] = 3 * way - 2 * p.v0[c] - p.v1[c];
        p.c3[c] = p.v0[c] + p.v1[c] - 2 * way;
    }
    return p;
}

double orr_path_distance2(const orr_path *p, double u)
{
    double sum = 0;
    for (int c = 0; c < 3; c++) {
        double d = p->d0[c] + u * (p->v0[c] + u * (p->c2[c] + u * p->c3[c]));
        sum += d * d;
    }
    return sum;
}

double orr_path_rate(const orr_path *p, double u)
{
    double sum = 0;
    for (int c = 0; c < 3; c++)
        sum += (p->d0[c] + u * (p->v0[c] + u * (p->c2[c] + u * p->c3[c]))) *
               (p->v0[c] + u * (2 * p->c2[c] + 3 * u * p->c3[c]));
    return sum;
}

enum { HALVINGS = 54 }; /* to the last bit */

double orr_path_turn(const orr_path *p, double a, double b)
{
    bool before = orr_path_rate(p, a) < 0;
    for (int k = 0; k < HALVINGS; k++) {
        double u = a + (b - a) / 2;
        if ((orr_path_rate(p, u) < 0) == before)
            a = u;
        else
            b = u;
    }
    return b;
}

double orr_path_crossing(const orr_path *p, double limit, double a, double b)
{
    for (int k = 0; k < HALVINGS; k++) {
        double u = a + (b - a) / 2;
        if (orr_path_distance2(p, u) > limit * limit)
            a = u;
        else
            b = u;
    }
    return b;
}

/* What the cubic may be wrong by. */
static double error_of(const orr_path *p, double mu, double g, double least)
{
    double a0[3], a1[3];
    for (int c = 0; c < 3; c++) {
        a0[c] = 2 * p->c2[c];
        a1[c] = a0[c] + 6 * p->c3[c];
    }
    const double safety = 8;
    double a = fmax(norm(a0), norm(a1)), jerk = 6 * norm(p->c3);
    double snap = a > 0 ? jerk * jerk / a : 0;
    if (mu > 0)
        snap += a * fmin(1, mu * g * g / (least * least * least));
    return safety / 384 * snap + 8 * DBL_EPSILON * (norm(p->d0) + norm(p->d1));
}

/* The cubic lies within the hull of its Bezier points: a bound of the distance from below. */
static double hull_distance(const orr_path *p)
{
    double from[3], far[3] = {0}, least = INFINITY;
    /* along the line from the origin to the middle of both ends, the four points' least part */
    for (int c = 0; c < 3; c++)
        from[c] = p->d0[c] + p->d1[c];
    double length = norm(from);
    for (int k = 0; k < 4 && length > 0; k++) {
        for (int c = 0; c < 3; c++)
            far[c] = k == 0   ? p->d0[c]
                     : k == 1 ? p->d0[c] + p->v0[c] / 3
                     : k == 2 ? p->d1[c] - p->v1[c] / 3
                              : p->d1[c];
        least = fmin(least, dot(far, from) / length);
    }
    return length > 0 ? least : 0;
}

/* The least distance of the cubic, well enough to compare. */
static double cubic_distance(const orr_path *p)
{
    enum { PARTS = 16 };
    double least = fmin(orr_path_distance2(p, 0), orr_path_distance2(p, 1));
    double last = orr_path_rate(p, 0);
    for (int k = 1; k <= PARTS; k++) {
        double u = (double)k / PARTS, rate = orr_path_rate(p, u);
        least = fmin(least, orr_path_distance2(p, u));
        if (last < 0 && rate > 0)
            least = fmin(least, orr_path_distance2(p, orr_path_turn(p, u - 1.0 / PARTS, u)));
        last = rate;
    }
    return sqrt(least);
}

/* The distance of the pericentre of the orbit through x, v. */
static double pericentre(const double x[3], const double v[3], double mu)
{
    double r = norm(x), v2 = dot(v, v), xv = dot(x, v), h2 = r * r * v2 - xv * xv;
    double energy = v2 / 2 - mu / r, e2 = fmax(0, 1 + 2 * energy * h2 / (mu * mu));
    return h2 / mu / (1 + sqrt(e2));
}

/* Follow the Kepler orbit through x, v (v times g, so mu times g^2) in the piece, forwards from its
 * start (sign 1) or backwards from its end (-1): gives the distance of the pericentre, and when the
 * orbit comes within the limit or, if it does not, passes the pericentre; not in this piece: -1. */
static double follow(const double x[3], const double v[3], double mu, double limit, double sign,
                     double *when)
{
    double xv = dot(x, v) * sign, low = 0, high = 1, w[3], x1[3], v1[3], out[4];
    *when = -1;
    for (int c = 0; c < 3; c++)
        w[c] = v[c] * sign;
    for (int k = 0; k < 40 && xv < 0; k++) {
        double s = k == 0 ? 1 : low + (high - low) / 2;
        orr_kepler_any(x, w, mu, s, out);
        for (int c = 0; c < 3; c++) {
            x1[c] = x[c] + (out[0] * x[c] + out[1] * w[c]);
            v1[c] = w[c] + (out[2] * x[c] + out[3] * w[c]);
        }
        bool on_the_way = dot(x1, v1) < 0 && dot(x1, x1) > limit * limit;
        if (k == 0 && on_the_way)
            break;
        if (on_the_way)
            low = s;
        else
            high = s;
        *when = high;
    }
    return pericentre(x, v, mu);
}

/* A piece in which the pull of the pair matters. */
static orr_verdict judge_bound(const orr_path *p, double mu, double limit, double d0, double d1,
                               double *split)
{
    double fastest = sqrt(fmax(dot(p->v0, p->v0), dot(p->v1, p->v1)) + 2 * mu / limit), when[2];
    if (d0 + d1 - 2 * limit > 1.2 * fastest)
        return ORR_PATH_AWAY;
    const double wide = 1.5; /* what others may do to the orbit */
    double q0 = follow(p->d0, p->v0, mu, limit, 1, &when[0]);
    double q1 = follow(p->d1, p->v1, mu, limit, -1, &when[1]);
    if (fmin(q0, q1) > wide * limit && fmin(d0, d1) > wide * limit && q0 < 3 * q1 && q1 < 3 * q0)
        return ORR_PATH_AWAY;
    const double margin = 0.02; /* of the piece: each one becomes shorter */
    *split = 0.5;
    if (when[1] >= 0 && when[1] > margin && when[1] < 1 - margin)
        *split = 1 - when[1];
    if (when[0] > margin && when[0] < 1 - margin)
        *split = when[0];
    return ORR_PATH_SPLIT;
}

bool orr_path_arc(const orr_path *p, double pull, double limit, double *u)
{
    double when;
    if (pericentre(p->d0, p->v0, pull) > 2 * limit) /* most pairs: spare them the way there */
        return false;
    follow(p->d0, p->v0, pull, limit, 1, &when);
    if (when < 0)
        return false;
    /* within the limit there, or at a pericentre outside of it? */
    double out[4], d2 = 0;
    orr_kepler_any(p->d0, p->v0, pull, when, out);
    for (int c = 0; c < 3; c++) {
        double d = p->d0[c] + (out[0] * p->d0[c] + out[1] * p->v0[c]);
        d2 += d * d;
    }
    *u = when;
    return d2 <= limit * limit * (1 + 1e-9);
}

orr_verdict orr_path_judge(const orr_path *p, double mu, double turn2, double limit, double g,
                           double *split)
{
    const double long_way = 0.3; /* half a radian: beyond that the cubic is a guess */
    double d0 = norm(p->d0), d1 = norm(p->d1), least = fmax(fmin(d0, d1), limit / 4);
    double pull = mu * g * g; /* in units of the piece */
    double v0 = norm(p->v0), v1 = norm(p->v1), change[3];
    *split = 0.5;
    for (int c = 0; c < 3; c++)
        change[c] = p->v1[c] - p->v0[c];
    bool turns = fmax(v0, v1) > 0.5 * least && norm(change) > 0.2 * fmin(v0, v1);
    if (turn2 * g * g > long_way && turn2 * least * least * least > 4 * mu)
        /* by others, so there is no cubic and no orbit; but so far they may go */
        return d0 + d1 - 2 * limit > 3 * fmax(v0, v1) ? ORR_PATH_AWAY : ORR_PATH_SPLIT;
    if (mu > 0 && (pull > 0.05 * least * least * least || turns))
        return judge_bound(p, pull, limit, d0, d1, split);
    double wrong = error_of(p, mu, g, least);
    if (hull_distance(p) > limit + wrong)
        return ORR_PATH_AWAY;
    if (cubic_distance(p) > limit + wrong)
        return ORR_PATH_AWAY;
    return wrong <= 1e-3 * limit ? ORR_PATH_SMOOTH : ORR_PATH_SPLIT;
}
