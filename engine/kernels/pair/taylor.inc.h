/* taylor.inc.h - Taylor coefficients of the gravity of pairs, one order at a time.
 *
 * For each pair d = r_j - r_i, q = d.d + eps^2, u = q^(-3/2), f = u d are power series in time.
 * Coefficient k follows from those before (Leibniz, and q u' = -3/2 q' u):
 *
 *     q_k = sum_{j=0..k} d_j . d_{k-j}
 *     u_k = -1/(2 k q_0) sum_{j=1..k} (2 k + j) q_j u_{k-j}       u_0 = q_0^(-3/2)
 *     f_k = sum_{j=0..k} d_j u_{k-j}
 *
 * No constant here is rounded: the same rounding error at every step would make the energy drift in
 * proportion to time (measured: 6e-18 a step).
 *
 * and a_i gets GM_j f, a_j gets -GM_i f.  (Jorba & Zou 2005, doi 10.1080/10586458.2005.10128904;
 * for the N-body problem e.g. Biscani & Izzo 2021, doi 10.1093/mnras/stab1032.)
 *
 * Pairs lie across the lanes.  So that they are packed without gaps and still load as whole
 * vectors, active bodies are paired by shifts, i with i + s (mod n), s = 1 .. n/2, in slots s-1 n +
 * i:
 *
 *     n = 5:   01 12 23 34 40 | 02 13 24 30 41        n = 4:   01 12 23 30 | 02 13
 *
 * Order 0 among active bodies, which leads in everything, is done in twice the precision (Dekker
 * 1971, doi 10.1007/BF01397083): then the round-off of a step is that of order 1, several times
 * less.
 *
 * After the shifts come rows "active j with every passive or test body".  A lane never meets
 * another one before bodies sum over their slots, in the order of the shifts: the bits do not
 * depend on the width. */

#include "kernels/kernels.h"
#include "kernels/simd.h"

static inline vec load_anywhere(const double *p)
{
    vec v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

static inline void store_anywhere(double *p, vec v)
{
    __builtin_memcpy(p, &v, sizeof v);
}

static inline vec greater_of(vec a, vec b)
{
    vec_mask m = a > b;
    return (vec)(((vec_mask)a & m) | ((vec_mask)b & ~m));
}

enum { FEW = 6 };                                          /* bodies */
enum { X = 0, Y = 8, Z = 16, Q = 24, U = 32, ORDER = 40 }; /* one order of a pair's history */

/* ---- unevaluated sums of two numbers ---- */

typedef struct two {
    vec high, low;
} two;

static inline two two_sum(vec a, vec b)
{
    two s;
    s.high = vec_two_sum(a, b, &s.low);
    return s;
}

static inline two two_product(vec a, vec b)
{
    const double split = 134217729; /* 2^27 + 1 */
    vec ca = split * a, cb = split * b, ah = ca - (ca - a), bh = cb - (cb - b);
    vec al = a - ah, bl = b - bh, p = a * b;
    return (two){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static inline two two_add(two a, two b)
{
    two s = two_sum(a.high, b.high);
    return two_sum(s.high, s.low + (a.low + b.low));
}

static inline two two_multiply(two a, two b)
{
    two p = two_product(a.high, b.high);
    return two_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

/* What orders 0 and 1 keep of a pair besides pairs_order(): low parts of d, u; and 1/q. */
enum { D_LOW = 0, U_LOW = 24, INVERSE = 32, INVERSE_LOW = 40, KEPT = 48 };

static inline two two_set(vec high, const double *low)
{
    return (two){high, vec_load(low)};
}

/* Order 0 or 1 of one machine vector of pairs, where order k of the separation is d + d_low.  Sets
 * f and f_low.  Call after pairs_order(). */
static inline void pairs_exact(const orr_series *g, double *h, int k, const double *d,
                               const double *d_low, size_t next_component, double *f, double *f_low)
{
    double *kept = h + g->room * ORDER + 8;
    vec u = vec_load(h + U);
    two now[3], start[3], first = {{0}, {0}};
    for (size_t c = 0; c < 3; c++) {
        now[c] = two_set(vec_load(d + c * next_component), d_low + c * next_component);
        if (k == 0)
            vec_store(kept + D_LOW + 8 * c, now[c].low);
        start[c] = two_set(vec_load(h + X + 8 * c), kept + D_LOW + 8 * c);
    }
    if (k == 0) {
        two q = {vec_set(g->eps2), {0}};
        for (size_t c = 0; c < 3; c++)
            q = two_add(q, two_multiply(now[c], now[c]));
        /* u is q^(-3/2) but for rounding: one step of Newton's method; 1/q likewise */
        two one = two_multiply(two_multiply(two_multiply(q, q), q), two_product(u, u));
        vec_store(kept + U_LOW, u * (((1.0 - one.high) - one.low) * 0.5));
        vec inverse = 1.0 / q.high;
        one = two_multiply(q, (two){inverse, {0}});
        vec_store(kept + INVERSE, inverse);
        vec_store(kept + INVERSE_LOW, inverse * ((1.0 - one.high) - one.low));
    }
    two u0 = two_set(u, kept + U_LOW);
    if (k == 1) { /* u_1 = -3/2 q_1 u_0 / q_0 with q_1 = 2 d_0 . d_1 */
        two half_q = two_multiply(start[0], now[0]);
        half_q = two_add(half_q, two_multiply(start[1], now[1]));
        half_q = two_add(half_q, two_multiply(start[2], now[2]));
        two inverse = two_set(vec_load(kept + INVERSE), kept + INVERSE_LOW);
        first = two_multiply(two_multiply(half_q, inverse), u0);
        first = two_multiply(first, (two){vec_set(-3), {0}});
    }
    for (size_t c = 0; c < 3; c++) {
        two p = two_multiply(now[c], u0);
        if (k == 1)
            p = two_add(p, two_multiply(start[c], first));
        vec_store(f + c * next_component, p.high);
        vec_store(f_low + c * next_component, p.low);
    }
}

/* Separations of active pairs as sums d + d_low, from x + low. */
static void separations_exact(const orr_series *g, const double *x, const double *low, double *d,
                              double *d_low)
{
    size_t n = g->n_active, slot = 0;
    double *twice = g->twice, *twice_low = g->twice_low;
    for (size_t again = 0; again <= n; again += n ? n : 1)
        for (size_t i = 0; i < n; i += VEC_DOUBLES) {
            store_anywhere(twice + again + i, vec_load(x + i));
            store_anywhere(twice_low + again + i, vec_load(low + i));
        }
    for (size_t s = 1; s <= n / 2; s++) {
        size_t row = 2 * s == n ? n / 2 : n;
        for (size_t i = 0; i < row; i += VEC_DOUBLES) {
            two far = two_sum(load_anywhere(twice + i + s), -load_anywhere(twice + i));
            vec rest = load_anywhere(twice_low + i + s) - load_anywhere(twice_low + i);
            far = two_sum(far.high, far.low + rest);
            if (slot + i + VEC_DOUBLES <= n * (n - 1) / 2) { /* what spills, later ones cover */
                store_anywhere(d + slot + i, far.high);
                store_anywhere(d_low + slot + i, far.low);
            } else {
                for (size_t lane = 0; i + lane < row; lane++) {
                    d[slot + i + lane] = far.high[lane];
                    d_low[slot + i + lane] = far.low[lane];
                }
            }
        }
        slot += row;
    }
}

/* Separations of all pairs, from one coordinate x of all bodies. */
static void separations(const orr_series *g, const double *x, double *twice, double *d)
{
    size_t n = g->n_active, slot = 0;
    for (size_t again = 0; again <= n; again += n ? n : 1) /* so that i + s never wraps */
        for (size_t i = 0; i < n; i += VEC_DOUBLES)
            store_anywhere(twice + again + i, vec_load(x + i));
    for (size_t s = 1; s <= n / 2; s++) {
        size_t row = 2 * s == n ? n / 2 : n;
        for (size_t i = 0; i < row; i += VEC_DOUBLES)
            store_anywhere(d + slot + i, load_anywhere(twice + i + s) - load_anywhere(twice + i));
        slot += row;
    }
    for (size_t j = 0; j < n && g->n > n; j++) {
        vec xj = vec_set(x[j]);
        size_t i = 0, m = g->n - n;
        for (; i + VEC_DOUBLES <= m; i += VEC_DOUBLES)
            store_anywhere(d + slot + i, load_anywhere(x + n + i) - xj);
        for (; i < m; i++)
            d[slot + i] = x[n + i] - x[j];
        slot += m;
    }
}

/* One order of one machine vector of pairs.  h: orders, each of d (three components), q, u of eight
 * lanes; then -1/q_0 and what pairs_exact() keeps. */
static inline void pairs_order(const orr_series *g, double *h, int k, vec x, vec y, vec z,
                               double *f, vec *growth)
{
    const size_t next_component = g->row;
    double *now = h + k * ORDER, *minus_inverse = h + g->room * ORDER;
    vec_store(now + X, x);
    vec_store(now + Y, y);
    vec_store(now + Z, z);
    vec fx, fy, fz;
    if (k == 0) {
        vec q0 = (x * x + y * y) + (z * z + vec_set(g->eps2)), inverse = 1.0 / q0;
        vec u0 = (inverse * inverse) * vec_sqrt(q0);
        vec_store(h + Q, q0);
        vec_store(h + U, u0);
        vec_store(minus_inverse, -inverse);
        fx = u0 * x, fy = u0 * y, fz = u0 * z;
    } else {
        /* what is new at this order comes last: all before can run ahead */
        vec sx = {0}, sy = {0}, sz = {0}, su = {0}, tu = {0}, tx = {0}, ty = {0}, tz = {0};
        fx = fy = fz = (vec){0};
        double weight = 2 * k + 1;                            /* 2 k + j */
        const double *early = h + ORDER, *late = now - ORDER; /* orders i and k - i, for q */
        const double *a = h + ORDER, *b = now - ORDER;        /* orders j and k - j, j = 2 i - 1 */
        for (int i = 1; 2 * i < k; i++, weight += 2) {
            sx += vec_load(early + X) * vec_load(late + X);
            sy += vec_load(early + Y) * vec_load(late + Y);
            sz += vec_load(early + Z) * vec_load(late + Z);
            vec u1 = vec_load(b + U), u2 = vec_load(b - ORDER + U);
            su += (weight * vec_load(a + Q)) * u1;
            tu += ((weight + 1) * vec_load(a + ORDER + Q)) * u2;
            fx += vec_load(a + X) * u1;
            tx += vec_load(a + ORDER + X) * u2;
            fy += vec_load(a + Y) * u1;
            ty += vec_load(a + ORDER + Y) * u2;
            fz += vec_load(a + Z) * u1;
            tz += vec_load(a + ORDER + Z) * u2;
            early += ORDER, late -= ORDER;
            a += 2 * ORDER, b -= 2 * ORDER;
        }
        vec x0 = vec_load(h + X), y0 = vec_load(h + Y), z0 = vec_load(h + Z), u0 = vec_load(h + U);
        vec qk = 2.0 * (((sx + sy) + sz) + ((x0 * x + y0 * y) + z0 * z));
        if (k % 2 == 0) { /* order k - 1 is left, and the middle of q */
            vec u1 = vec_load(b + U);
            su += (weight * vec_load(a + Q)) * u1;
            fx += vec_load(a + X) * u1;
            fy += vec_load(a + Y) * u1;
            fz += vec_load(a + Z) * u1;
            vec mx = vec_load(early + X), my = vec_load(early + Y), mz = vec_load(early + Z);
            qk += (mx * mx + my * my) + mz * mz;
        }
        vec sum = (su + tu) + ((double)(3 * k) * qk) * u0;
        vec uk = sum * (-1.0 / ((double)(2 * k) * vec_load(h + Q)));
        vec_store(now + Q, qk);
        vec_store(now + U, uk);
        fx = ((fx + tx) + x * u0) + x0 * uk;
        fy = ((fy + ty) + y * u0) + y0 * uk;
        fz = ((fz + tz) + z * u0) + z0 * uk;
        if (k + 2 >= g->room)
            *growth = greater_of(*growth, ((x * x + y * y) + z * z) * -vec_load(minus_inverse));
    }
    vec_store(f, fx);
    vec_store(f + next_component, fy);
    vec_store(f + 2 * next_component, fz);
}

/* f of slot - s: of the pair (i - s, i), whose first body is at the end of the row where i < s. */
static inline vec partner(const double *row, size_t i, size_t s, size_t n)
{
    vec_mask wraps = vec_lanes((int64_t)i) < (int64_t)s;
    vec near = vec_keep(load_anywhere(row + i - s), ~wraps);
    return (vec)((vec_mask)near | (vec_mask)vec_keep(load_anywhere(row + n + i - s), wraps));
}

/* Sum one coordinate of the pulls between active bodies, f + f_low, into acc + acc_low. */
static void pulls_exact(const orr_series *g, const double *f, const double *f_low, double *acc,
                        double *acc_low)
{
    size_t n = g->n_active;
    for (size_t i = 0; i < n; i += VEC_DOUBLES) {
        two sum = {vec_load(acc + i), vec_load(acc_low + i)};
        size_t slot = 0;
        for (size_t s = 1; s <= n / 2; s++, slot += n) {
            vec ahead = load_anywhere(g->gm_twice + i + s);
            vec behind = -load_anywhere(g->gm_twice + i + n - s);
            two p = two_product(ahead, load_anywhere(f + slot + i));
            p.low += ahead * load_anywhere(f_low + slot + i);
            two q;
            if (2 * s < n) {
                q = two_product(behind, partner(f + slot, i, s, n));
                q.low += behind * partner(f_low + slot, i, s, n);
            } else {
                vec_mask first = vec_lanes((int64_t)i) < (int64_t)s;
                q = two_product(behind, load_anywhere(f + slot + i - s));
                q.low += behind * load_anywhere(f_low + slot + i - s);
                p = (two){vec_keep(p.high, first), vec_keep(p.low, first)};
                q = (two){vec_keep(q.high, ~first), vec_keep(q.low, ~first)};
            }
            sum = two_add(sum, two_add(p, q));
        }
        for (size_t lane = 0; lane < VEC_DOUBLES && i + lane < n; lane++) {
            acc[i + lane] = sum.high[lane];
            acc_low[i + lane] = sum.low[lane];
        }
    }
}

/* Sum one coordinate of the pulls of active pairs into acc. */
static void pulls_active(const orr_series *g, const double *f, double *acc)
{
    size_t n = g->n_active;
    for (size_t i = 0; i < n; i += VEC_DOUBLES) {
        vec sum = vec_load(acc + i);
        size_t slot = 0;
        for (size_t s = 1; s <= n / 2; s++, slot += n) {
            vec ahead = load_anywhere(g->gm_twice + i + s) * load_anywhere(f + slot + i);
            vec behind = load_anywhere(g->gm_twice + i + n - s);
            if (2 * s < n) {
                sum += ahead - behind * partner(f + slot, i, s, n);
            } else { /* half a row: the first half looks ahead, the second behind */
                vec_mask first = vec_lanes((int64_t)i) < (int64_t)s;
                vec back = behind * load_anywhere(f + slot + i - s);
                sum += (vec)((vec_mask)vec_keep(ahead, first) | (vec_mask)vec_keep(-back, ~first));
            }
        }
        if (i + VEC_DOUBLES <= n)
            vec_store(acc + i, sum);
        else
            for (size_t lane = 0; i + lane < n; lane++)
                acc[i + lane] = sum[lane];
    }
}

/* The same between active bodies and the others. */
static void pulls_others(const orr_series *g, const double *f, double *acc)
{
    size_t n = g->n_active, slot = n * (n - 1) / 2, m = g->n - n;
    for (size_t j = 0; j < n && m > 0; j++, slot += m) {
        vec gmj = vec_set(g->gm[j]);
        size_t i = 0;
        for (; i + VEC_DOUBLES <= m; i += VEC_DOUBLES)
            store_anywhere(acc + n + i,
                           load_anywhere(acc + n + i) - gmj * load_anywhere(f + slot + i));
        for (; i < m; i++)
            acc[n + i] -= g->gm[j] * f[slot + i];
        for (size_t k = 0; k < g->n_passive; k++)
            acc[j] += g->gm[n + k] * f[slot + k];
    }
}

/* ---- few bodies ---- */

/* Up to six active bodies and no others: what was just stored body by body is put together in
 * registers.  A vector loaded from memory would wait until those stores have left the pipeline,
 * twice an order, and no two orders would overlap. */
static inline vec across(const double *x, const unsigned char *at)
{
#if VEC_DOUBLES == 8
    return (vec){x[at[0]], x[at[1]], x[at[2]], x[at[3]], x[at[4]], x[at[5]], x[at[6]], x[at[7]]};
#elif VEC_DOUBLES == 4
    return (vec){x[at[0]], x[at[1]], x[at[2]], x[at[3]]};
#else
    return (vec){x[at[0]], x[at[1]]};
#endif
}

static void few_pulls(const orr_series *g, const double *f, double *acc)
{
    double sum[FEW] = {0};
    for (size_t p = 0; p < g->pairs; p++) {
        size_t i = g->first[p], j = g->second[p];
        sum[i] += g->gm[j] * f[p];
        sum[j] -= g->gm[i] * f[p];
    }
    for (size_t i = 0; i < g->n; i++)
        acc[i] += sum[i];
}

static void few_series(const orr_series *g, int k, const double *x, const double *low, double *acc,
                       double *acc_low, double *growth)
{
    const size_t row = g->row, stride = g->stride, block_size = ORDER * (size_t)g->room + 8 + KEPT;
    const int exact = k < 2 && low && acc_low;
    vec largest = {0};
    for (size_t slot = 0; slot < g->pairs; slot += VEC_DOUBLES) {
        double *h = g->history + slot / 8 * block_size + slot % 8, *f = g->f + slot;
        const unsigned char *first = g->first + slot, *second = g->second + slot;
        vec d[3], pad = vec_set(0);
        for (size_t lane = 0; k == 0 && lane < VEC_DOUBLES; lane++)
            pad[lane] = slot + lane >= g->pairs; /* lanes without a pair are 1 apart */
        for (size_t c = 0; c < 3; c++) {
            const double *xc = x + c * stride;
            two far = two_sum(across(xc, second), -across(xc, first));
            if (exact) {
                const double *lc = low + c * stride;
                far = two_sum(far.high, far.low + (across(lc, second) - across(lc, first)));
                vec_store(g->d_low + c * row + slot, far.low);
            }
            d[c] = far.high + pad;
            vec_store(g->d + c * row + slot, d[c]);
        }
        pairs_order(g, h, k, d[0], d[1], d[2], f, &largest);
        if (exact)
            pairs_exact(g, h, k, g->d + slot, g->d_low + slot, row, f, g->f_low + slot);
    }
    for (size_t lane = 0; lane < VEC_DOUBLES; lane++)
        if (largest[lane] > *growth)
            *growth = largest[lane];
    for (size_t c = 0; c < 3; c++) {
        if (exact)
            pulls_exact(g, g->f + c * row, g->f_low + c * row, acc + c * stride,
                        acc_low + c * stride);
        else
            few_pulls(g, g->f + c * row, acc + c * stride);
    }
}

/* ---- all ---- */

static void series(const orr_series *g, int k, const double *x, const double *low, double *acc,
                   double *acc_low, double *growth)
{
    const size_t step = g->row, real = g->pairs, block_size = ORDER * (size_t)g->room + 8 + KEPT;
    const int exact = k < 2 && low && acc_low;
    if (g->n_active == g->n && g->n <= FEW) {
        few_series(g, k, x, low, acc, acc_low, growth);
        return;
    }
    for (size_t c = 0; c < 3; c++) {
        double *d = g->d + c * step;
        separations(g, x + c * g->stride, g->twice, d);
        if (low) {
            double *more = g->f + c * step; /* free until the pulls are there */
            separations(g, low + c * g->stride, g->twice, more);
            for (size_t p = 0; p < real; p += VEC_DOUBLES)
                vec_store(d + p, vec_load(d + p) + vec_load(more + p));
        }
        if (exact)
            separations_exact(g, x + c * g->stride, low + c * g->stride, d, g->d_low + c * step);
        for (size_t p = real; p < (real + 7) / 8 * 8; p++)
            d[p] = k == 0; /* lanes without a pair */
    }
    vec largest = {0};
    for (size_t b = 0; 8 * b < real; b++)
        for (size_t v = 0; v < 8; v += VEC_DOUBLES) {
            double *h = g->history + b * block_size + v, *f = g->f + 8 * b + v;
            const double *d = g->d + 8 * b + v;
            pairs_order(g, h, k, vec_load(d), vec_load(d + step), vec_load(d + 2 * step), f,
                        &largest);
            if (exact)
                pairs_exact(g, h, k, d, g->d_low + 8 * b + v, step, f, g->f_low + 8 * b + v);
        }
    for (size_t lane = 0; lane < VEC_DOUBLES; lane++)
        if (largest[lane] > *growth)
            *growth = largest[lane];
    for (size_t c = 0; c < 3; c++) {
        double *out = acc + c * g->stride;
        if (exact)
            pulls_exact(g, g->f + c * step, g->f_low + c * step, out, acc_low + c * g->stride);
        else
            pulls_active(g, g->f + c * step, out);
        pulls_others(g, g->f + c * step, out);
    }
}
