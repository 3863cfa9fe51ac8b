/* few_targets.inc.h - acceleration, jerk and snap of some bodies by all: most pairs in single
 * precision, those that matter most in double.
 *
 *     |<------ tile of 512 sources, in the first-level cache ------>|
 *     [16][16][16] ...        sums of a tile in single precision, one vector after another
 *       x 8 targets           added to sums in double when the tile is done
 *
 * A pair in single precision is wrong by some 1e-7 of its own pull.  Pulls above a tenth of the
 * target's whole acceleration are left out of the sums, listed, and done as in
 * single_target.inc.h; what is left of the error is some 1e-8 / sqrt(sources) to 1e-8 of the
 * acceleration.  Positions are the sum of two floats, so that a difference of close ones is as good
 * as any; masses, velocities and accelerations are one.  (Nitadori, Makino & Hut 2006, New Astron.
 * 12, 169, doi 10.1016/j.newast.2006.07.007, subtract in double instead.)
 *
 * Units that leave the range of floats far away: length: mean |x| + |y| + |z|; mass: all of it; time:
 * G = 1. */

#include "kernels/kernels.h"
#include "kernels/simd_float.h"

#include <string.h>

enum { ROW_LOW = 3, ROW_GM = 6, ROW_V = 7, ROW_A = 10, ROWS = ORR_NARROW_ROWS };

/* How far numbers may go from 1: three of them are multiplied at most. */
static const double least_gm = 1e-9, most_position = 1e6, most_velocity = 1e5, most_acc = 1e9;

typedef struct narrow_range {
    double size, gm, least_gm, position, velocity, acc; /* sums; least and largest */
} narrow_range;

MELT double vec_most(const vec *v)
{
    double most = 0;
    for (size_t lane = 0; lane < 8; lane++)
        most = fmax(most, v[lane / VEC_DOUBLES][lane % VEC_DOUBLES]);
    return most;
}

MELT vec vec_larger(vec a, vec b)
{
    return vec_select((vec_mask)(a > b), a, b);
}

/* Largest |component| of the vectors of the first n bodies. */
static double most_of(const double *x, const double *y, const double *z, size_t n)
{
    vec most[VECS] = {{0}};
    const double *of[3] = {x, y, z};
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < n; i += 8)
            for (size_t k = 0; k < VECS; k++) {
                vec_mask real = vec_lanes((int64_t)(i + k * VEC_DOUBLES)) < (int64_t)n;
                vec v = vec_keep(vec_abs(vec_load(of[c] + i + k * VEC_DOUBLES)), real);
                most[k] = vec_larger(most[k], v);
            }
    return vec_most(most);
}

static narrow_range range_of(const orr_p2p *g, size_t n, int snap)
{
    narrow_range r = {.position = most_of(g->x, g->y, g->z, n),
                      .velocity = most_of(g->vx, g->vy, g->vz, n),
                      .acc = snap ? most_of(g->bx, g->by, g->bz, n) : 0};
    vec size[VECS] = {{0}}, gm[VECS] = {{0}}, inverse[VECS] = {{0}};
    for (size_t i = 0; i < n; i += 8)
        for (size_t k = 0; k < VECS; k++) {
            size_t at = i + k * VEC_DOUBLES;
            vec_mask real = vec_lanes((int64_t)at) < (int64_t)n;
            vec mass = vec_load(g->gm + at);
            size[k] += vec_keep(vec_abs(vec_load(g->x + at)) + vec_abs(vec_load(g->y + at)) +
                                    vec_abs(vec_load(g->z + at)),
                                real);
            gm[k] += vec_keep(mass, real);
            inverse[k] = vec_larger(inverse[k], vec_keep(1.0 / mass, real & (mass > 0)));
        }
    r.size = vec_sum8(size) / (double)n;
    r.gm = vec_sum8(gm);
    r.least_gm = 1 / vec_most(inverse);
    return r;
}

/* Rows of the first n bodies as floats; false if their range is too wide for that. */
static bool narrow(const orr_p2p *g, size_t n, int snap, orr_narrow *out)
{
    narrow_range r = range_of(g, n, snap);
    double mass = 1 / r.gm, length = 1 / r.size, velocity = sqrt(r.size / r.gm);
    double acc = r.size * r.size / r.gm;
    if (!(r.least_gm * mass > least_gm) || !(r.position * length < most_position) ||
        !(r.velocity * velocity < most_velocity) || !(r.acc * acc < most_acc))
        return false;
    out->n = n;
    out->length = length, out->velocity = velocity, out->acc = acc;
    out->eps2 = (float)(g->eps2 * length * length);
    double closest = 0x1p-25 * r.position * length; /* to 2^-22 of itself */
    out->closest2 = (float)(closest * closest);
    const double *from[ROWS] = {[ROW_GM] = g->gm, [ROW_V] = g->vx, g->vy, g->vz};
    double unit[ROWS] = {[ROW_GM] = mass / 9, [ROW_V] = velocity, velocity, velocity};
    if (snap) {
        from[ROW_A] = g->bx, from[ROW_A + 1] = g->by, from[ROW_A + 2] = g->bz;
        unit[ROW_A] = unit[ROW_A + 1] = unit[ROW_A + 2] = acc;
    }
    const double *x[3] = {g->x, g->y, g->z};
    for (size_t i = 0; i < n; i += VEC_DOUBLES) {
        float *row = out->rows + i / 16 * (16 * ROWS) + i % 16;
        vec_mask real = vec_lanes((int64_t)i) < (int64_t)n;
        for (size_t c = 0; c < 3; c++) {
            vec at = vec_keep(vec_load(x[c] + i) * length, real);
            vecf_half high = __builtin_convertvector(at, vecf_half);
            *(vecf_half *)(row + 16 * c) = high;
            vecf_store_rounded(row + 16 * (ROW_LOW + c), at - __builtin_convertvector(high, vec));
        }
        for (size_t c = ROW_GM; c < ROWS; c++)
            if (from[c])
                vecf_store_rounded(row + 16 * c, vec_keep(vec_load(from[c] + i) * unit[c], real));
    }
    /* what is behind the last body weighs nothing, and is far away */
    for (size_t i = n; i % 16 != 0; i++) {
        float *row = out->rows + i / 16 * (16 * ROWS) + i % 16;
        for (size_t c = 0; c < ROWS; c++)
            row[16 * c] = c < 3 ? (float)(4 * most_position) : 0;
    }
    return true;
}

/* One target: what all lanes need of it. */
typedef struct narrow_target {
    float x[3], low[3], v[3], a[3];
    float most; /* a third of the pull that a source may have in single precision */
} narrow_target;

enum { ROOM_NEAR = 63, TILE = 512, TARGETS = ORR_NARROW_TARGETS };

typedef struct near_list {
    size_t n; /* more than ROOM_NEAR: too many */
    uint32_t j[ROOM_NEAR];
} near_list;

static narrow_target narrow_one(const orr_p2p *g, const orr_narrow *s, int snap, size_t i)
{
    const double *x[3] = {g->x, g->y, g->z}, *v[3] = {g->vx, g->vy, g->vz};
    const double *a[3] = {g->bx, g->by, g->bz};
    narrow_target t = {.most = 0};
    double a2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double at = x[c][i] * s->length;
        t.x[c] = (float)at;
        t.low[c] = (float)(at - (double)t.x[c]);
        t.v[c] = (float)(v[c][i] * s->velocity);
        if (snap)
            t.a[c] = (float)(a[c][i] * s->acc);
        a2 += a[c][i] * a[c][i];
    }
    t.most = (float)(0.1 / 3 * sqrt(a2) * s->acc);
    return t;
}

/* May this target be done so?  Massive ones may, test bodies can be anywhere. */
static int is_narrow(const narrow_target *t)
{
    float x = 0, v = 0, a = 0;
    for (size_t c = 0; c < 3; c++) {
        x = fmaxf(x, fabsf(t->x[c]));
        v = fmaxf(v, fabsf(t->v[c]));
        a = fmaxf(a, fabsf(t->a[c]));
    }
    return x <= (float)most_position && v <= (float)most_velocity && a <= (float)most_acc;
}

static void note_near(near_list *near, size_t first, unsigned lanes)
{
    for (; lanes; lanes &= lanes - 1) {
        if (near->n < ROOM_NEAR)
            near->j[near->n] = (uint32_t)(first + (size_t)__builtin_ctz(lanes));
        near->n++;
    }
}

/* What takes long to know of a pair. */
typedef struct narrow_pair {
    vecf d[3], r2, root, inverse3; /* r, R^2, R, 3 / R^2 */
} narrow_pair;

#define ROW(r) vecf_load(row + 16 * (r))

/* row: the first of this vector's. */
MELT void narrow_begin(const orr_narrow *s, const narrow_target *t, const float *row,
                       narrow_pair *p)
{
    for (size_t c = 0; c < 3; c++)
        p->d[c] = (ROW(c) - t->x[c]) + (ROW(ROW_LOW + c) - t->low[c]);
    const vecf *d = p->d;
    p->r2 = (d[0] * d[0] + d[1] * d[1]) + (d[2] * d[2] + s->eps2);
    p->inverse3 = 3.0f / p->r2;
    p->root = vecf_sqrt(p->r2);
}

typedef struct narrow_sums {
    vecf acc[3][VECS], jerk[3][VECS], rest[3][VECS];
} narrow_sums;

/* Returns the lanes that are left out. */
MELT unsigned narrow_add(const orr_narrow *s, int snap, const narrow_target *t, const float *row,
                         const narrow_pair *p, size_t k, narrow_sums *sum)
{
    const vecf *d = p->d;
    vecf inverse3 = p->inverse3, pull = ROW(ROW_GM) * inverse3; /* a third of it */
    unsigned left_out = vecf_zero_unless(&inverse3, &pull, pull, t->most, p->r2, s->closest2);
    vecf w = pull * (inverse3 * p->root), u[3], a[3], j[3];
    for (size_t c = 0; c < 3; c++)
        u[c] = ROW(ROW_V + c) - t->v[c];
    vecf alpha3 = ((d[0] * u[0] + d[1] * u[1]) + d[2] * u[2]) * inverse3;
    for (size_t c = 0; c < 3; c++) {
        a[c] = w * d[c];
        j[c] = w * u[c] - alpha3 * a[c];
        sum->acc[c][k] += a[c];
        sum->jerk[c][k] += j[c];
    }
    if (!snap)
        return left_out;
    vecf b[3];
    for (size_t c = 0; c < 3; c++)
        b[c] = ROW(ROW_A + c) - t->a[c];
    vecf u2 =
        ((u[0] * u[0] + u[1] * u[1]) + u[2] * u[2]) + ((d[0] * b[0] + d[1] * b[1]) + d[2] * b[2]);
    vecf beta3 = u2 * inverse3 + (1.0f / 3) * (alpha3 * alpha3), alpha6 = alpha3 + alpha3;
    for (size_t c = 0; c < 3; c++)
        sum->rest[c][k] += w * b[c] - alpha6 * j[c] - beta3 * a[c];
    return left_out;
}

#undef ROW

/* Sources [first, last), = 0 (mod 16), on one target.  Roots and quotients take long: those of the
 * next block are begun before what is known of this one is added. */
MELT void narrow_tile(const orr_narrow *s, int snap, const narrow_target *t, size_t first,
                      size_t last, double (*sums)[16], near_list *near)
{
    narrow_sums sum = {{{{0}}}, {{{0}}}, {{{0}}}};
    narrow_pair now[VECS], next[VECS];
    for (size_t k = 0; k < VECS; k++)
        narrow_begin(s, t, s->rows + first * ROWS + k * VEC_FLOATS, &now[k]);
    for (size_t block = first; block < last; block += 16) {
        const float *row = s->rows + block * ROWS;
        const float *coming = block + 16 < last ? row + 16 * ROWS : row;
        unsigned left_out = 0;
        for (size_t k = 0; k < VECS; k++)
            narrow_begin(s, t, coming + k * VEC_FLOATS, &next[k]);
        for (size_t k = 0; k < VECS; k++) {
            left_out |= narrow_add(s, snap, t, row + k * VEC_FLOATS, &now[k], k, &sum)
                        << (k * VEC_FLOATS);
            now[k] = next[k];
        }
        if (left_out)
            note_near(near, block, left_out);
    }
    for (size_t c = 0; c < 3; c++)
        for (size_t k = 0; k < VECS; k++) {
            vecf_add_to(sums[c] + k * VEC_FLOATS, sum.acc[c][k]);
            vecf_add_to(sums[3 + c] + k * VEC_FLOATS, sum.jerk[c][k]);
            if (snap)
                vecf_add_to(sums[6 + c] + k * VEC_FLOATS, sum.rest[c][k]);
        }
}

static double sum16(const double *v)
{
    vec pairs[VECS];
    for (size_t k = 0; k < VECS; k++)
        pairs[k] = vec_load(v + k * VEC_DOUBLES) + vec_load(v + 8 + k * VEC_DOUBLES);
    return vec_sum8(pairs);
}

/* The listed sources, in double: gathered, then as in single_target.inc.h. */
static void add_near(const orr_p2p *g, int snap, size_t i, const near_list *near)
{
    _Alignas(64) double of[10][ROOM_NEAR + 1];
    const double *from[10] = {g->x, g->y, g->z, g->gm, g->vx, g->vy, g->vz, g->bx, g->by, g->bz};
    size_t n = 1, columns = snap ? 10 : 7;
    for (size_t c = 0; c < columns; c++) {
        n = 1;
        of[c][0] = from[c][i];
        for (size_t k = 0; k < near->n; k++)
            if (near->j[k] != i)
                of[c][n++] = from[c][near->j[k]];
        for (size_t pad = n; pad % 8 != 0; pad++)
            of[c][pad] = 0;
    }
    orr_p2p few = *g;
    few.x = of[0], few.y = of[1], few.z = of[2], few.gm = of[3];
    few.vx = of[4], few.vy = of[5], few.vz = of[6];
    few.bx = of[7], few.by = of[8], few.bz = of[9];
    few.ax = g->ax + i, few.ay = g->ay + i, few.az = g->az + i;
    few.jx = g->jx + i, few.jy = g->jy + i, few.jz = g->jz + i;
    if (snap)
        few.sx = g->sx + i, few.sy = g->sy + i, few.sz = g->sz + i;
    focus(&few, snap, 0, 1, n);
}

static void add_far(const orr_p2p *g, const orr_narrow *s, int snap, size_t i, double (*sums)[16])
{
    const double rate = s->length / s->velocity; /* 1 / unit of time */
    const double acc = 1 / s->acc, jerk = acc * rate, rest = jerk * rate;
    g->ax[i] += sum16(sums[0]) * acc;
    g->ay[i] += sum16(sums[1]) * acc;
    g->az[i] += sum16(sums[2]) * acc;
    g->jx[i] += sum16(sums[3]) * jerk;
    g->jy[i] += sum16(sums[4]) * jerk;
    g->jz[i] += sum16(sums[5]) * jerk;
    if (!snap)
        return;
    g->sx[i] += sum16(sums[6]) * rest;
    g->sy[i] += sum16(sums[7]) * rest;
    g->sz[i] += sum16(sums[8]) * rest;
}

MELT void narrow_all(const orr_p2p *g, const orr_narrow *s, int snap, const size_t *targets,
                     size_t n)
{
    _Alignas(64) double sums[TARGETS][9][16];
    narrow_target t[TARGETS];
    near_list near[TARGETS];
    memset(sums, 0, sizeof sums);
    for (size_t k = 0; k < n; k++) {
        t[k] = narrow_one(g, s, snap, targets[k]);
        near[k].n = is_narrow(&t[k]) ? 0 : ROOM_NEAR + 1;
    }
    size_t end = (s->n + 15) / 16 * 16;
    for (size_t tile = 0; tile < end; tile += TILE)
        for (size_t k = 0; k < n; k++)
            if (near[k].n <= ROOM_NEAR)
                narrow_tile(s, snap, &t[k], tile, tile + TILE < end ? tile + TILE : end, sums[k],
                            &near[k]);
    for (size_t k = 0; k < n; k++) {
        if (near[k].n > ROOM_NEAR) {
            focus(g, snap, targets[k], 0, s->n);
            continue;
        }
        add_far(g, s, snap, targets[k], sums[k]);
        add_near(g, snap, targets[k], &near[k]);
    }
}

/* Up to ORR_NARROW_TARGETS of them. */
static void focus_narrow(const orr_p2p *g, const orr_narrow *s, int snap, const size_t *targets,
                         size_t n)
{
    if (snap)
        narrow_all(g, s, 1, targets, n);
    else
        narrow_all(g, s, 0, targets, n);
}
