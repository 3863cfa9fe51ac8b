/* wh_removal.c - when and where a test particle met the star or a planet, or went too far.
 *
 * The kernel looks once in an operation: at straight lines about a kick, and at the pericentre that
 * was passed before it.  Who is found is followed here along Kepler orbits about the star, its own
 * and that of the planet, back to the contact. */
#include <math.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "wh_parts.h"

/* Particle and planet (or star) as the kick found them, about the star. */
typedef struct meeting {
    double x[2][3], v[2][3], mu[2];
    bool planet; /* else the other is the star */
} meeting;

/* Half the rate of the squared distance a time t [time] later; *d2 gets that distance, *v2 the
 * squared relative velocity. */
static double after(const meeting *m, double t, double *d2, double *v2)
{
    _Alignas(64) double x[3][8], v[3][8], mu[8];
    double rate = 0;
    for (int k = 0; k < 8; k++) {
        int from = k < 2 && m->planet ? k : 0;
        mu[k] = m->mu[from];
        for (int c = 0; c < 3; c++)
            x[c][k] = m->x[from][c], v[c][k] = m->v[from][c];
    }
    orr_kepler(8, (double *const[3]){x[0], x[1], x[2]}, (double *const[3]){v[0], v[1], v[2]}, mu,
               t);
    *d2 = *v2 = 0;
    for (int c = 0; c < 3; c++) {
        double d = x[c][0] - (m->planet ? x[c][1] : 0), e = v[c][0] - (m->planet ? v[c][1] : 0);
        *d2 += d * d;
        *v2 += e * e;
        rate += d * e;
    }
    return rate;
}

/* The first time at which they were within the limit, on the way that time goes (sign), near the
 * time `at` at which they are known to be close: back to where they are outside and approach; from
 * there on to the closest point, unless the limit comes first. */
static double first_contact(const meeting *m, double limit, double at, double reach, double sign)
{
    enum { BACK = 64, HALVINGS = 60 };
    double d2, v2, in = at, out = at, rate;
    int k = 0;
    for (; k < BACK; k++) {
        rate = after(m, out, &d2, &v2) * sign;
        if (d2 > limit * limit && rate < 0)
            break;
        in = out;
        out -= sign * reach / 8;
    }
    if (k == BACK)
        return at;
    if (in == out) /* approaching still: the limit is reached after that */
        in = at + sign * reach;
    for (k = 0; k < HALVINGS; k++) {
        double t = out + (in - out) / 2;
        rate = after(m, t, &d2, &v2) * sign;
        if (d2 > limit * limit && rate < 0)
            out = t;
        else
            in = t;
    }
    return in;
}

/* Positions and velocities of both at the event, about the star yet; speed and angle. */
static void describe(orr_event *e, const meeting *m, double t)
{
    _Alignas(64) double x[3][8], v[3][8], mu[8];
    double d[3], w[3], across[3], dw = 0;
    for (int k = 0; k < 8; k++) {
        int from = k < 2 && m->planet ? k : 0;
        mu[k] = m->mu[from];
        for (int c = 0; c < 3; c++)
            x[c][k] = m->x[from][c], v[c][k] = m->v[from][c];
    }
    orr_kepler(8, (double *const[3]){x[0], x[1], x[2]}, (double *const[3]){v[0], v[1], v[2]}, mu,
               t);
    e->speed = 0;
    for (int c = 0; c < 3; c++) {
        e->pos[0][c] = x[c][0], e->vel[0][c] = v[c][0];
        e->pos[1][c] = m->planet ? x[c][1] : 0, e->vel[1][c] = m->planet ? v[c][1] : 0;
        d[c] = e->pos[0][c] - e->pos[1][c];
        w[c] = e->vel[0][c] - e->vel[1][c];
        dw += d[c] * w[c];
        e->speed += w[c] * w[c];
    }
    e->speed = sqrt(e->speed);
    for (int c = 0; c < 3; c++) {
        int i = (c + 1) % 3, j = (c + 2) % 3;
        across[c] = d[i] * w[j] - d[j] * w[i];
    }
    double size = sqrt(across[0] * across[0] + across[1] * across[1] + across[2] * across[2]);
    if (size > 0 || dw != 0)
        e->angle = orr_atan2(size, -dw);
}

/* From the star to the origin: where the star is then, as the planets' Kepler orbits and the centre of
 * mass, which moves uniformly, have it. */
static void about_the_origin(orr_event *e, const orr_wh_system *s, const orr_problem *p,
                             const orr_field_of_planets *f, double when)
{
    double star[2][3], center[3], velocity[3];
    orr_wh_center(s, center, velocity); /* at the start of these steps */
    for (int c = 0; c < 3; c++) {
        star[0][c] = center[c] + velocity[c] * (e->t - p->t);
        star[1][c] = velocity[c];
    }
    for (size_t first = 0; first < s->n; first += 8) {
        _Alignas(64) double x[3][8], v[3][8], mu[8];
        for (size_t k = 0; k < 8; k++) {
            size_t j = first + k < s->n ? first + k : first; /* spare lanes are somewhere */
            mu[k] = s->gm0 + s->mass[j];
            for (size_t c = 0; c < 3; c++)
                x[c][k] = f->x[3 * j + c], v[c][k] = f->v[3 * j + c];
        }
        orr_kepler(8, (double *const[3]){x[0], x[1], x[2]}, (double *const[3]){v[0], v[1], v[2]},
                   mu, when);
        for (size_t k = 0; k < 8 && first + k < s->n; k++)
            for (int c = 0; c < 3; c++) {
                star[0][c] -= s->mass[first + k] / s->total * x[c][k];
                star[1][c] -= s->mass[first + k] / s->total * v[c][k];
            }
    }
    for (int b = 0; b < 2; b++)
        for (int c = 0; c < 3; c++)
            e->pos[b][c] += star[0][c], e->vel[b][c] += star[1][c];
}

orr_event orr_particle_event(const orr_wh_system *s, const orr_problem *p, size_t k, size_t o)
{
    const orr_bodies *b = p->bodies;
    const orr_particles *t = &s->particles;
    const orr_field_of_planets *f = &s->fields[o];
    size_t lane = s->lane_of[k], kind = 3 * t->inside[lane / 8], body = b->n_active + k;
    double why = t->why[lane], d2, v2, when = 0, de = 0, ee = 0;
    size_t planet = why >= 0 ? (size_t)why : 0, other = why >= 0 ? s->planet[planet] : s->star;
    meeting m = {.planet = why >= 0, .mu = {s->gm0, s->gm0 + (why >= 0 ? s->mass[planet] : 0)}};
    for (size_t c = 0; c < 3; c++) { /* where the kick found them */
        m.x[0][c] = t->q[c][lane] + f->before[c] + f->offset[kind + c];
        m.v[0][c] = t->w[c][lane] + f->v_offset[kind + c];
        if (m.planet)
            m.x[1][c] = f->x[3 * planet + c], m.v[1][c] = f->v[3 * planet + c];
        double d = m.x[0][c] - m.x[1][c], e = m.v[0][c] - m.v[1][c];
        de += d * e, ee += e * e;
    }
    double sign = f->drift < 0 || (f->drift == 0 && f->kick < 0) ? -1 : 1;
    double touch = b->radius[body] + b->radius[other], limit = touch;
    if (m.planet) {
        when = ee > 0 ? fmax(-f->reach, fmin(f->reach, -de / ee)) : 0;
        limit = sqrt(t->near2[planet]);
    }
    if (why >= -1)
        when = first_contact(&m, limit, when, f->reach, sign);
    after(&m, when, &d2, &v2);
    orr_event e = {.t = s->when[o] + when,
                   .kind = why == -2   ? ORR_ESCAPE
                           : why == -1 ? ORR_COLLISION
                                       : ORR_ENCOUNTER,
                   .a = b->id[body],
                   .b = b->id[other],
                   .separation = sqrt(d2),
                   .gm = {0, b->gm[other]},
                   .gm_after = {0, b->gm[other]},
                   .radius = {b->radius[body], b->radius[other]},
                   .radius_after = {0, b->radius[other]}};
    describe(&e, &m, when);
    about_the_origin(&e, s, p, f, when);
    if (e.kind == ORR_ENCOUNTER && p->removal && p->removal->hits && limit <= touch)
        e.kind = ORR_COLLISION;
    if (e.kind == ORR_COLLISION && p->removal)
        e.kind = p->removal->kind;
    return e;
}
