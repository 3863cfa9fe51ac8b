/* splitting.inc.h - Wisdom-Holman steps with planets across the lanes; see orrery/splitting.h for
 * the data and integrators/wh.c for the physics.
 *
 * An `oct` (pair/eight_lanes.inc.h) is a block of eight lanes.
 * - Pairs: each lane meets the one k lanes on, k = 1, 2, ...; by Newton's third law half the turns
 *   suffice.
 * - Sums over planets: turns by 4, 2, 1.
 * - Sums over the planets inside (Jacobi): shifts by 1, 2, 4.
 * One `run` is compiled for each kind of coordinates and each span, so that everything but the
 * constants stays in registers. */

#include "kernels/kernels.h"
#include "kernels/simd.h"

#include "kepler.inc.h"
#include "kernels/pair/eight_lanes.inc.h"

/* ---- what the planets do to each other ---- */

/* Adds to a (and b) the pull between lanes l of x and l + k of y; with tangent, to da (db) its
 * derivative along dx, dy.  x == y: within a block, `both` unless k is half the width. */
MELT void pair_turn(const oct3 *x, const oct3 *y, const double *gm_x, const double *gm_y, int width,
                    int k, int both, oct3 *a, oct3 *b, const oct3 *dx, const oct3 *dy, oct3 *da,
                    oct3 *db)
{
    oct3 f, g;
    for (int c = 0; c < 3; c++) {
        oct t = turn(y->c[c], width, k);
        EACH(m)
            f.c[c].v[m] = t.v[m] - x->c[c].v[m];
    }
    if (dx)
        for (int c = 0; c < 3; c++) {
            oct t = turn(dy->c[c], width, k);
            EACH(m)
                g.c[c].v[m] = t.v[m] - dx->c[c].v[m];
        }
    EACH(m) {
        vec i = vec_inverse_sqrt(square3(&f, m)), i2 = i * i, i3 = i2 * i;
        if (dx) {
            vec s[3] = {f.c[0].v[m], f.c[1].v[m], f.c[2].v[m]};
            vec ds[3] = {g.c[0].v[m], g.c[1].v[m], g.c[2].v[m]};
            vec along = vec_set(3) * i2 * dot(s, ds);
            for (int c = 0; c < 3; c++)
                g.c[c].v[m] = i3 * vec_fnma(along, s[c], ds[c]);
        }
        for (int c = 0; c < 3; c++)
            f.c[c].v[m] *= i3;
    }
    for (int c = 0; c < 3; c++) {
        oct back, dback;
        EACH(m) {
            vec pull = vec_load(gm_y + 8 * k + m * VEC_DOUBLES),
                own = vec_load(gm_x + m * VEC_DOUBLES);
            a->c[c].v[m] = vec_fma(pull, f.c[c].v[m], a->c[c].v[m]);
            back.v[m] = own * f.c[c].v[m];
            if (dx) {
                da->c[c].v[m] = vec_fma(pull, g.c[c].v[m], da->c[c].v[m]);
                dback.v[m] = own * g.c[c].v[m];
            }
        }
        if (!both)
            continue;
        back = turn(back, width, (width - k) % width);
        if (dx)
            dback = turn(dback, width, (width - k) % width);
        EACH(m) {
            b->c[c].v[m] -= back.v[m];
            if (dx)
                db->c[c].v[m] -= dback.v[m];
        }
    }
}

/* gm_y + 8 k is the turned GM within a block only; between blocks lanes turn through 8 as well. */
MELT void all_pairs_of(const orr_planets *p, size_t first, size_t blocks, int width, const oct3 *x,
                       oct3 *a, const oct3 *dx, oct3 *da)
{
    for (size_t i = 0; i < blocks; i++) {
        const double *gm = p->gm + 64 * (first + i);
        const oct3 *dxi = dx ? dx + i : NULL;
        for (int k = 1; k <= width / 2; k++)
            pair_turn(x + i, x + i, gm, gm, width, k, k < width / 2, a + i, a + i, dxi, dxi, da + i,
                      da + i);
        for (size_t j = i + 1; j < blocks; j++)
            for (int k = 0; k < 8; k++)
                pair_turn(x + i, x + j, gm, p->gm + 64 * (first + j), 8, k, 1, a + i, a + j, dxi,
                          dx ? dx + j : NULL, da + i, da + j);
    }
}

/* ---- kicks ---- */

MELT oct constant(const double *array, size_t block)
{
    return oct_load(array + 8 * block);
}

/* x += t d, live lanes only, compensated. */
MELT void move(oct3 *x, oct3 *low, oct live, double t, const oct3 *d)
{
    EACH(m) {
        vec s = live.v[m] * vec_set(t);
        for (int c = 0; c < 3; c++)
            x->c[c].v[m] = add(x->c[c].v[m], s * d->c[c].v[m], &low->c[c].v[m]);
    }
}

/* The sum over the planets of a system of array x. */
MELT oct3 sum_of(const double *array, size_t first, size_t blocks, int width, const oct3 *x)
{
    oct3 s;
    for (int c = 0; c < 3; c++) {
        EACH(m)
            s.c[c].v[m] = constant(array, first).v[m] * x->c[c].v[m];
        for (size_t i = 1; i < blocks; i++)
            EACH(m)
                s.c[c].v[m] = vec_fma(constant(array, first + i).v[m], x[i].c[c].v[m], s.c[c].v[m]);
        s.c[c] = total(s.c[c], width);
    }
    return s;
}

/* Relativity: the acceleration -gr x/r^4 of a star-centred position, added to a. */
MELT void precess(const orr_planets *p, size_t block, const oct3 *x, oct3 *a)
{
    EACH(m) {
        vec i = vec_inverse_sqrt(square3(x, m)), i2 = i * i;
        vec s = constant(p->gr, block).v[m] * (i2 * i2);
        for (int c = 0; c < 3; c++)
            a->c[c].v[m] = vec_fnma(s, x->c[c].v[m], a->c[c].v[m]);
    }
}

/* Democratic heliocentric, jump = sum (m/m0) w: to its half, felt relativity, added to a; jump
 * becomes the mean of what it was and of what relativity leaves of it.
 *
 * The jump moves all planets alike, so it commutes with the pulls between them, which leave the sum
 * as it is.  Relativity does neither: the second half of the jump goes with the momenta that
 * relativity has left.  Were it made with the old ones, the map would be neither symmetric nor
 * symplectic, and the energy would grow in proportion to time.
 *
 * The next drift waits for this chain: so a division takes the place of the usual inverse root, and
 * the change of the sum is got from accelerations. */
MELT void precess_in_jump(const orr_planets *p, size_t first, size_t blocks, int width, double t,
                          const oct3 *q, oct3 *a, oct3 *jump)
{
    for (size_t i = 0; i < blocks; i++)
        EACH(m) {
            vec x[3];
            for (int c = 0; c < 3; c++)
                x[c] = vec_fma(vec_set(t / 2), jump->c[c].v[m], q[i].c[c].v[m]);
            vec r2 = dot(x, x), s = constant(p->gr, first + i).v[m] / (r2 * r2);
            for (int c = 0; c < 3; c++)
                a[i].c[c].v[m] = vec_fnma(s, x[c], a[i].c[c].v[m]);
        }
    oct3 change = sum_of(p->weight, first, blocks, width, a);
    EACH(m)
        for (int c = 0; c < 3; c++)
            jump->c[c].v[m] = vec_fma(vec_set(t / 2), change.c[c].v[m], jump->c[c].v[m]);
}

MELT void kick_democratic(const orr_planets *p, size_t first, size_t blocks, int width,
                          int relativity, double t, oct3 *q, oct3 *w, oct3 *ql, oct3 *wl, oct3 *a)
{
    oct3 jump = sum_of(p->weight, first, blocks, width, w);
    if (relativity)
        precess_in_jump(p, first, blocks, width, t, q, a, &jump);
    all_pairs_of(p, first, blocks, width, q, a, NULL, a);
    for (size_t i = 0; i < blocks; i++) {
        oct live = constant(p->live, first + i);
        move(w + i, wl + i, live, t, a + i);
        move(q + i, ql + i, live, t, &jump);
    }
}

/* The jump of WHDS: every planet by the others; of barycentric coordinates: by all, backwards. */
MELT void jump_half(const orr_planets *p, size_t first, size_t blocks, int width, int whds,
                    double t, oct3 *q, const oct3 *w, oct3 *ql)
{
    oct3 sum = sum_of(p->weight, first, blocks, width, w);
    for (size_t i = 0; i < blocks; i++) {
        oct3 j = sum;
        EACH(m)
            for (int c = 0; c < 3; c++)
                if (whds)
                    j.c[c].v[m] =
                        vec_fnma(constant(p->weight, first + i).v[m], w[i].c[c].v[m], j.c[c].v[m]);
                else
                    j.c[c].v[m] = -j.c[c].v[m];
        move(q + i, ql + i, constant(p->live, first + i), t / 2, &j);
    }
}

MELT void kick_whds(const orr_planets *p, size_t first, size_t blocks, int width, double t, oct3 *q,
                    oct3 *w, oct3 *ql, oct3 *wl, oct3 *a)
{
    jump_half(p, first, blocks, width, 1, t, q, w, ql);
    all_pairs_of(p, first, blocks, width, q, a, NULL, a);
    for (size_t i = 0; i < blocks; i++) {
        if (p->relativity)
            precess(p, first + i, q + i, a + i);
        EACH(m)
            for (int c = 0; c < 3; c++)
                a[i].c[c].v[m] *= constant(p->factor, first + i).v[m];
        move(w + i, wl + i, constant(p->live, first + i), t, a + i);
    }
    jump_half(p, first, blocks, width, 1, t, q, w, ql);
}

/* s^3 x of the centre's pull; with dx also its derivative along dx. */
MELT void central(const oct3 *x, const oct3 *dx, oct3 *out, oct3 *dout)
{
    EACH(m) {
        vec i = vec_inverse_sqrt(square3(x, m)), i2 = i * i, i3 = i2 * i;
        for (int c = 0; c < 3; c++)
            out->c[c].v[m] = i3 * x->c[c].v[m];
        if (dx) {
            vec s[3] = {x->c[0].v[m], x->c[1].v[m], x->c[2].v[m]};
            vec d[3] = {dx->c[0].v[m], dx->c[1].v[m], dx->c[2].v[m]};
            vec along = vec_set(3) * i2 * dot(s, d);
            for (int c = 0; c < 3; c++)
                dout->c[c].v[m] = i3 * vec_fnma(along, s[c], d[c]);
        }
    }
}

MELT void kick_barycentric(const orr_planets *p, size_t first, size_t blocks, int width, double t,
                           oct3 *q, oct3 *w, oct3 *ql, oct3 *wl, oct3 *a)
{
    jump_half(p, first, blocks, width, 0, t, q, w, ql);
    oct3 star = sum_of(p->weight0, first, blocks, width, q), own[ORR_MOST_BLOCKS];
    all_pairs_of(p, first, blocks, width, q, a, NULL, a);
    for (size_t i = 0; i < blocks; i++) {
        oct3 x, pull = {0};
        EACH(m)
            for (int c = 0; c < 3; c++)
                x.c[c].v[m] = q[i].c[c].v[m] + star.c[c].v[m];
        central(&x, NULL, &own[i], NULL);
        if (p->relativity)
            precess(p, first + i, &x, &pull);
        EACH(m)
            for (int c = 0; c < 3; c++)
                own[i].c[c].v[m] =
                    vec_fnma(constant(p->star, first + i).v[m], own[i].c[c].v[m], pull.c[c].v[m]);
    }
    oct3 all = sum_of(p->weight0, first, blocks, width, own);
    for (size_t i = 0; i < blocks; i++) {
        oct3 kepler_pull;
        central(q + i, NULL, &kepler_pull, NULL);
        EACH(m)
            for (int c = 0; c < 3; c++)
                a[i].c[c].v[m] += vec_fma(constant(p->mu, first + i).v[m], kepler_pull.c[c].v[m],
                                          own[i].c[c].v[m]) +
                                  all.c[c].v[m];
        move(w + i, wl + i, constant(p->live, first + i), t, a + i);
    }
    jump_half(p, first, blocks, width, 0, t, q, w, ql);
}

/* Star-centred positions from Jacobi coordinates: x = q + sum over those inside of (m/eta) q. */
MELT void heliocentric(const orr_planets *p, size_t first, size_t blocks, int width, const oct3 *q,
                       oct3 *x)
{
    for (int c = 0; c < 3; c++) {
        oct inside = {0};
        for (size_t i = 0; i < blocks; i++) {
            oct t, all;
            EACH(m)
                t.v[m] = constant(p->weight, first + i).v[m] * q[i].c[c].v[m];
            if (i + 1 < blocks)
                all = total(t, width);
            t = neighbour(running(t, width, 1), width, 1, (oct){0});
            EACH(m)
                x[i].c[c].v[m] = q[i].c[c].v[m] + (inside.v[m] + t.v[m]);
            if (i + 1 < blocks)
                EACH(m)
                    inside.v[m] += all.v[m];
        }
    }
}

/* out = factor own + inverse * sum over those outside of gm pull. */
MELT void to_jacobi(const orr_planets *p, size_t first, size_t blocks, int width, const oct3 *own,
                    const oct3 *pull, oct3 *out)
{
    for (int c = 0; c < 3; c++) {
        oct outside = {0};
        for (size_t i = blocks; i-- > 0;) {
            oct t, all;
            EACH(m)
                t.v[m] = vec_load(p->gm + 64 * (first + i) + m * VEC_DOUBLES) * pull[i].c[c].v[m];
            if (i > 0)
                all = total(t, width);
            t = neighbour(running(t, width, 0), width, 0, (oct){0});
            EACH(m)
                out[i].c[c].v[m] =
                    vec_fma(constant(p->inverse, first + i).v[m], outside.v[m] + t.v[m],
                            constant(p->factor, first + i).v[m] * own[i].c[c].v[m]);
            if (i > 0)
                EACH(m)
                    outside.v[m] += all.v[m];
        }
    }
}

/* Jacobi: the accelerations of the interaction, and with dq their derivative along dq.  The star's
 * pull on a planet from its place, less the pull of the Kepler orbit from the Jacobi centre: the
 * difference is formed first, so for the innermost planet it is exactly 0. */
MELT void jacobi_forces(const orr_planets *p, size_t first, size_t blocks, int width, const oct3 *q,
                        oct3 *a, const oct3 *dq, oct3 *da)
{
    oct3 x[ORR_MOST_BLOCKS], dx[ORR_MOST_BLOCKS], own[ORR_MOST_BLOCKS], pull[ORR_MOST_BLOCKS];
    oct3 down[ORR_MOST_BLOCKS], dpull[ORR_MOST_BLOCKS];
    heliocentric(p, first, blocks, width, q, x);
    if (dq)
        heliocentric(p, first, blocks, width, dq, dx);
    for (size_t i = 0; i < blocks; i++) {
        oct3 s, k, ds, dk;
        central(x + i, dq ? dx + i : NULL, &s, &ds);
        central(q + i, dq ? dq + i : NULL, &k, &dk);
        EACH(m)
            for (int c = 0; c < 3; c++) {
                vec star = constant(p->star, first + i).v[m];
                own[i].c[c].v[m] = star * (k.c[c].v[m] - s.c[c].v[m]);
                pull[i].c[c].v[m] = -(star * s.c[c].v[m]);
                if (dq) {
                    down[i].c[c].v[m] = star * (dk.c[c].v[m] - ds.c[c].v[m]);
                    dpull[i].c[c].v[m] = -(star * ds.c[c].v[m]);
                }
            }
        a[i] = (oct3){0};
        if (dq)
            da[i] = (oct3){0};
        if (p->relativity)
            precess(p, first + i, x + i, a + i);
    }
    all_pairs_of(p, first, blocks, width, x, a, dq ? dx : NULL, dq ? da : a);
    for (size_t i = 0; i < blocks; i++)
        EACH(m)
            for (int c = 0; c < 3; c++) {
                own[i].c[c].v[m] += a[i].c[c].v[m];
                pull[i].c[c].v[m] += a[i].c[c].v[m];
                if (dq) {
                    down[i].c[c].v[m] += da[i].c[c].v[m];
                    dpull[i].c[c].v[m] += da[i].c[c].v[m];
                }
            }
    to_jacobi(p, first, blocks, width, own, pull, a);
    if (dq)
        to_jacobi(p, first, blocks, width, down, dpull, da);
}

/* Adds to da what relativity adds to the derivative of the accelerations along dq:
 * d(x/r^4) = dx/r^4 - 4 x (x.dx)/r^6. */
MELT void precess_along(const orr_planets *p, size_t first, size_t blocks, int width, const oct3 *q,
                        const oct3 *dq, oct3 *da)
{
    oct3 x[ORR_MOST_BLOCKS], d[ORR_MOST_BLOCKS], more[ORR_MOST_BLOCKS];
    heliocentric(p, first, blocks, width, q, x);
    heliocentric(p, first, blocks, width, dq, d);
    for (size_t i = 0; i < blocks; i++)
        EACH(m) {
            vec s[3] = {x[i].c[0].v[m], x[i].c[1].v[m], x[i].c[2].v[m]};
            vec ds[3] = {d[i].c[0].v[m], d[i].c[1].v[m], d[i].c[2].v[m]};
            vec r2 = dot(s, s), pull = constant(p->gr, first + i).v[m] / (r2 * r2);
            vec along = vec_set(4) * (dot(s, ds) / r2);
            for (int c = 0; c < 3; c++)
                d[i].c[c].v[m] = pull * vec_fma(along, s[c], -ds[c]);
        }
    to_jacobi(p, first, blocks, width, d, d, more);
    for (size_t i = 0; i < blocks; i++)
        EACH(m)
            for (int c = 0; c < 3; c++)
                da[i].c[c].v[m] += more[i].c[c].v[m];
}

/* The widths one by one, so that turns are by constants. */
static __attribute__((noinline)) void with_relativity(const orr_planets *p, size_t first,
                                                      size_t blocks, int width, const oct3 *q,
                                                      const oct3 *dq, oct3 *da)
{
    if (width == 8)
        precess_along(p, first, blocks, 8, q, dq, da);
    else if (width == 4)
        precess_along(p, first, 1, 4, q, dq, da);
    else
        precess_along(p, first, 1, 2, q, dq, da);
}

/* kick a + tangent (da/dq) a: a kick by the commutator of kick and drift as well. */
static __attribute__((noinline)) void with_tangent(const orr_planets *p, size_t first,
                                                   size_t blocks, int width,
                                                   const orr_splitting_op *op, const oct3 *q,
                                                   oct3 *a)
{
    oct3 da[ORR_MOST_BLOCKS], again[ORR_MOST_BLOCKS];
    if (width == 8)
        jacobi_forces(p, first, blocks, 8, q, again, a, da);
    else if (width == 4)
        jacobi_forces(p, first, 1, 4, q, again, a, da);
    else
        jacobi_forces(p, first, 1, 2, q, again, a, da);
    if (p->relativity)
        with_relativity(p, first, blocks, width, q, a, da);
    for (size_t i = 0; i < blocks; i++)
        EACH(m)
            for (int c = 0; c < 3; c++)
                a[i].c[c].v[m] = vec_fma(vec_set(op->tangent), da[i].c[c].v[m],
                                         vec_set(op->kick) * a[i].c[c].v[m]);
}

MELT void kick_jacobi(const orr_planets *p, size_t first, size_t blocks, int width,
                      const orr_splitting_op *op, oct3 *q, oct3 *w, oct3 *wl, oct3 *a)
{
    double t = op->kick;
    jacobi_forces(p, first, blocks, width, q, a, NULL, NULL);
    if (op->lazy != 0) {
        oct3 shifted[ORR_MOST_BLOCKS];
        for (size_t i = 0; i < blocks; i++)
            EACH(m)
                for (int c = 0; c < 3; c++)
                    shifted[i].c[c].v[m] =
                        vec_fma(vec_set(op->lazy), a[i].c[c].v[m], q[i].c[c].v[m]);
        jacobi_forces(p, first, blocks, width, shifted, a, NULL, NULL);
    }
    if (op->tangent != 0) {
        with_tangent(p, first, blocks, width, op, q, a);
        t = 1;
    }
    for (size_t i = 0; i < blocks; i++)
        move(w + i, wl + i, constant(p->live, first + i), t, a + i);
}

/* ---- drift ---- */

MELT void drift_block(const orr_planets *p, size_t block, double h, oct3 *q, oct3 *w, oct3 *ql,
                      oct3 *wl)
{
    EACH(m) {
        vec x[3] = {q->c[0].v[m], q->c[1].v[m], q->c[2].v[m]};
        vec v[3] = {w->c[0].v[m], w->c[1].v[m], w->c[2].v[m]};
        kepler_factors k = kepler(x, v, constant(p->mu, block).v[m], vec_set(h));
        for (int c = 0; c < 3; c++) {
            q->c[c].v[m] = add(x[c], vec_fma(k.f, x[c], k.g * v[c]), &ql->c[c].v[m]);
            w->c[c].v[m] = add(v[c], vec_fma(k.fdot, x[c], k.gdot * v[c]), &wl->c[c].v[m]);
        }
    }
}

/* ---- the loop ---- */

/* Beside orr_coordinates: a kind of its own, for the sake of those without relativity. */
enum { DEMOCRATIC_RELATIVITY = ORR_BARYCENTRIC + 1, KINDS };

/* `systems` systems of `blocks` blocks each (or blocks = 1 and several systems a block). */
MELT void run(const orr_planets *p, size_t first, size_t systems, size_t blocks, int width,
              int kind, const orr_splitting_op *ops, size_t n, uint64_t repeat)
{
    oct3 q[ORR_MOST_BLOCKS], w[ORR_MOST_BLOCKS], ql[ORR_MOST_BLOCKS], wl[ORR_MOST_BLOCKS];
    size_t count = systems * blocks;
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < 3; c++) {
            q[i].c[c] = oct_load(p->q[c] + 8 * (first + i));
            w[i].c[c] = oct_load(p->w[c] + 8 * (first + i));
            ql[i].c[c] = oct_load(p->q_low[c] + 8 * (first + i));
            wl[i].c[c] = oct_load(p->w_low[c] + 8 * (first + i));
        }
    for (uint64_t r = 0; r < repeat; r++)
        for (size_t o = 0; o < n; o++) {
            const orr_splitting_op *op = ops + o;
            if (op->kick != 0 || op->tangent != 0)
                for (size_t s = 0; s < count; s += blocks) {
                    oct3 a[ORR_MOST_BLOCKS];
                    for (size_t i = 0; i < blocks; i++)
                        a[i] = (oct3){0};
                    if (kind == ORR_JACOBI)
                        kick_jacobi(p, first + s, blocks, width, op, q + s, w + s, wl + s, a);
                    else if (kind == ORR_DEMOCRATIC || kind == DEMOCRATIC_RELATIVITY)
                        kick_democratic(p, first + s, blocks, width, kind != ORR_DEMOCRATIC,
                                        op->kick, q + s, w + s, ql + s, wl + s, a);
                    else if (kind == ORR_WHDS)
                        kick_whds(p, first + s, blocks, width, op->kick, q + s, w + s, ql + s,
                                  wl + s, a);
                    else
                        kick_barycentric(p, first + s, blocks, width, op->kick, q + s, w + s,
                                         ql + s, wl + s, a);
                }
            if (op->drift != 0)
                for (size_t i = 0; i < count; i++)
                    drift_block(p, first + i, op->drift, q + i, w + i, ql + i, wl + i);
        }
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < 3; c++) {
            oct_store(p->q[c] + 8 * (first + i), q[i].c[c]);
            oct_store(p->w[c] + 8 * (first + i), w[i].c[c]);
            oct_store(p->q_low[c] + 8 * (first + i), ql[i].c[c]);
            oct_store(p->w_low[c] + 8 * (first + i), wl[i].c[c]);
        }
}

/* One `run` for each kind of coordinates and span: `systems` blocks with as many systems of `width`
 * lanes as fit, or one system of many blocks. */
#define RUN(name, kind, systems, width)                                                            \
    static __attribute__((noinline)) void name(const orr_planets *p, size_t first,                 \
                                               const orr_splitting_op *ops, size_t n,              \
                                               uint64_t repeat)                                    \
    {                                                                                              \
        run(p, first, systems, 1, width, kind, ops, n, repeat);                                    \
    }
#define RUN_ALL(name, kind)                                                                        \
    RUN(name##_4x8, kind, 4, 8)                                                                    \
    RUN(name##_8, kind, 1, 8)                                                                      \
    RUN(name##_4, kind, 1, 4)                                                                      \
    RUN(name##_2, kind, 1, 2)                                                                      \
    static __attribute__((noinline)) void name##_many(const orr_planets *p, size_t first,          \
                                                      size_t blocks, const orr_splitting_op *ops,  \
                                                      size_t n, uint64_t repeat)                   \
    {                                                                                              \
        run(p, first, 1, blocks, 8, kind, ops, n, repeat);                                         \
    }
RUN_ALL(jacobi, ORR_JACOBI)
RUN_ALL(democratic, ORR_DEMOCRATIC)
RUN_ALL(whds, ORR_WHDS)
RUN_ALL(barycentric, ORR_BARYCENTRIC)
RUN_ALL(relative, DEMOCRATIC_RELATIVITY)

typedef void run_block(const orr_planets *p, size_t first, const orr_splitting_op *ops, size_t n,
                       uint64_t repeat);
typedef void run_blocks(const orr_planets *p, size_t first, size_t blocks,
                        const orr_splitting_op *ops, size_t n, uint64_t repeat);

static void split(const orr_planets *p, size_t first, size_t blocks, const orr_splitting_op *ops,
                  size_t n, uint64_t repeat)
{
    static run_block *const one[KINDS][3] = {{jacobi_8, jacobi_4, jacobi_2},
                                             {democratic_8, democratic_4, democratic_2},
                                             {whds_8, whds_4, whds_2},
                                             {barycentric_8, barycentric_4, barycentric_2},
                                             {relative_8, relative_4, relative_2}};
    static run_block *const pack[KINDS] = {jacobi_4x8, democratic_4x8, whds_4x8, barycentric_4x8,
                                           relative_4x8};
    static run_blocks *const many[KINDS] = {jacobi_many, democratic_many, whds_many,
                                            barycentric_many, relative_many};
    int relative = p->coordinates == ORR_DEMOCRATIC && p->relativity;
    int kind = relative ? DEMOCRATIC_RELATIVITY : (int)p->coordinates;
    size_t span = p->span > 8 ? p->span / 8 : 1, i = first;
    if (p->span == 8) /* four at a time hide each other's waits */
        for (; i + 4 <= first + blocks; i += 4)
            pack[kind](p, i, ops, n, repeat);
    for (; i < first + blocks; i += span)
        if (span > 1)
            many[kind](p, i, span, ops, n, repeat);
        else
            one[kind][p->span == 8 ? 0 : p->span == 4 ? 1 : 2](p, i, ops, n, repeat);
}

static void kepler_drift(size_t n, double *const x[3], double *const v[3], const double *mu,
                         double h)
{
    for (size_t i = 0; i < n; i += VEC_DOUBLES) {
        vec q[3] = {vec_load(x[0] + i), vec_load(x[1] + i), vec_load(x[2] + i)};
        vec w[3] = {vec_load(v[0] + i), vec_load(v[1] + i), vec_load(v[2] + i)};
        kepler_factors k = kepler(q, w, vec_load(mu + i), vec_set(h));
        for (int c = 0; c < 3; c++) {
            vec_store(x[c] + i, q[c] + vec_fma(k.f, q[c], k.g * w[c]));
            vec_store(v[c] + i, w[c] + vec_fma(k.fdot, q[c], k.gdot * w[c]));
        }
    }
}

#include "particles.inc.h"

const orr_split_kernels SPLIT = {split, kepler_drift, split_particles};
