/* near.inc.h - near.h in float, sixteen sources a step.
 *
 * Needs VEC_DOUBLES = 2, 4 or 8, and NEAR, the name of the function.  Sources lie across the lanes,
 * the same sixteen for every instruction set; so each lane sums the same numbers in the same order.
 * Where vectors are shorter than sixteen floats, all blocks are done for the first lanes, then for
 * the next.
 *
 * Pairs nearer than a sixteenth of the scale are left out of the float sums and done in double. */
#include <math.h>
#include <string.h>

#include <orrery/problem.h>

#include "kernels/gravity/near.h"
#include "kernels/gravity/pair.h"
#include "kernels/simd_float.h"

enum {
    LANES = 16,
    FLOATS = VEC_FLOATS,
    TOGETHER = VEC_DOUBLES == 8 ? 4 : 2 /* targets at once: what fits into registers */
};

typedef uint32_t vecf_bits __attribute__((vector_size(8 * VEC_DOUBLES)));

static const float closest2 = 1.0F / 256;

/* ---- vectors of floats ---- */

/* Lanes where a < b, one bit each. */
static inline unsigned vecf_less(vecf a, vecf b)
{
#if VEC_DOUBLES == 8
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ);
#elif VEC_DOUBLES == 4
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)a, (__m256)b, _CMP_LT_OQ));
#else
    vecf_mask m = a < b;
    return (unsigned)(-m[0] | -m[1] * 2 | -m[2] * 4 | -m[3] * 8);
#endif
}

/* v, but 0 where a < b. */
static inline vecf vecf_unless_less(vecf v, vecf a, vecf b)
{
#if VEC_DOUBLES == 8
    return (vecf)_mm512_maskz_mov_ps(_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_NLT_UQ),
                                     (__m512)v);
#else
    return (vecf)((vecf_mask)v & ~(a < b));
#endif
}

static inline vecf vecf_select(vecf_mask mask, vecf a, vecf b)
{
    return (vecf)(((vecf_mask)a & mask) | ((vecf_mask)b & ~mask));
}

/* 1 / sqrt(x) of normal x > 0 to one unit in the last place or two: a guess from the exponent
 * (3.4 %; Lomont 2003), a step of third order, one of second. */
static inline vecf vecf_inverse_sqrt(vecf x)
{
    vecf y = (vecf)(0x5F375A86U - ((vecf_bits)x >> 1));
    vecf e = vecf_fma(-(x * y), y, vecf_set(1));
    y = vecf_fma(y * e, vecf_fma(e, vecf_set(0.375F), vecf_set(0.5F)), y);
    e = vecf_fma(-(x * y), y, vecf_set(1));
    return vecf_fma(y * e, vecf_set(0.5F), y);
}

/* ---- sources, gathered ---- */

typedef struct near_sources {
    float *x, *y, *z, *gm; /* [blocks LANES] over the scales, from the centre */
    uint32_t *index;
    size_t blocks;
} near_sources;

/* Farther sources stand there: beside the bodies of the leaf they pull nothing, and their squared
 * distance stays a float. */
static const double farthest = 1e18;

/* (from - centre) scale as floats, eight at a time: what stands behind the last is overwritten. */
static inline void gather_eight(const double *from, double centre, double scale, float *to)
{
    for (size_t k = 0; k < 8; k += VEC_DOUBLES) {
        vec v;
        memcpy(&v, from + k, sizeof v);
        v = (v - centre) * scale;
        v = vec_select(v > farthest, vec_set(farthest), v);
        v = vec_select(v < -farthest, vec_set(-farthest), v);
        vecf_half f = __builtin_convertvector(v, vecf_half);
        memcpy(to + k, &f, sizeof f);
    }
}

static near_sources gather(const orr_near *l)
{
    static const uint32_t numbers[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    size_t n = 0;
    for (size_t k = 0; k < l->n_spans; k++)
        n += l->spans[k].n;
    near_sources s = {.blocks = (n + LANES - 1) / LANES};
    size_t room = s.blocks * LANES + LANES;
    s.x = l->room;
    s.y = s.x + room;
    s.z = s.y + room;
    s.gm = s.z + room;
    s.index = (uint32_t *)(void *)(s.gm + room);
    const double per_length = 1 / l->scale, per_gm = 1 / l->gm_scale;
    n = 0;
    for (size_t k = 0; k < l->n_spans; k++) {
        const size_t begin = l->spans[k].begin, count = l->spans[k].n;
        for (size_t i = 0; i < count; i += 8) {
            gather_eight(l->x + begin + i, l->center[0], per_length, s.x + n + i);
            gather_eight(l->y + begin + i, l->center[1], per_length, s.y + n + i);
            gather_eight(l->z + begin + i, l->center[2], per_length, s.z + n + i);
            gather_eight(l->gm + begin + i, 0, per_gm, s.gm + n + i);
            for (size_t c = 0; c < 8; c++)
                s.index[n + i + c] = (uint32_t)(begin + i) + numbers[c];
        }
        n += count;
    }
    for (; n < s.blocks * LANES; n++) {
        s.x[n] = s.y[n] = s.z[n] = 0x1p20F; /* nobody is there */
        s.gm[n] = 0;
        s.index[n] = UINT32_MAX;
    }
    return s;
}

/* ---- pairs ---- */

typedef struct near_target {
    vecf x, y, z;
    vecf ax, ay, az, phi;
    vecf tides[6];
} near_target;

typedef struct near_law {
    vecf eps2;     /* Plummer's, or what keeps the root of 0 finite */
    vecf H2, perH; /* of the compact law */
    vecf closest2;
} near_law;

/* Potential over GM, and its derivatives: see pair.h. */
MELT void compact_law(const near_law *law, vecf r2, unsigned want, vecf *f0, vecf *f1, vecf *f2)
{
    if (vecf_less(r2, law->H2) == 0) /* most vectors: sources of one place lie together */
        return;
    vecf_mask inside = r2 < law->H2;
    vecf q2 = r2 * law->perH * law->perH, q = q2 * vecf_inverse_sqrt(q2 + vecf_set(1e-30F));
    vecf perH3 = law->perH * law->perH * law->perH;
    vecf g = vecf_fma(vecf_set(21), q, vecf_set(-90));
    g = vecf_fma(g, q, vecf_set(140));
    g = vecf_fma(g, q, vecf_set(-84));
    g = vecf_fma(g, q2, vecf_set(14));
    *f1 = vecf_select(inside, g * perH3, *f1);
    if (want & ORR_WANT_POTENTIAL) {
        g = vecf_fma(vecf_set(-3), q, vecf_set(15));
        g = vecf_fma(g, q, vecf_set(-28));
        g = vecf_fma(g, q, vecf_set(21));
        g = vecf_fma(g, q2, vecf_set(-7));
        g = vecf_fma(g, q2, vecf_set(3));
        *f0 = vecf_select(inside, g * law->perH, *f0);
    }
    if (want & ORR_WANT_TIDES) {
        g = vecf_fma(vecf_set(-105), q, vecf_set(360));
        g = vecf_fma(g, q, vecf_set(-420));
        g = vecf_fma(g, q, vecf_set(168));
        *f2 = vecf_select(inside, g * perH3 * law->perH * law->perH, *f2);
    }
}

/* FLOATS sources on one target; returns the lanes that are too close. */
MELT unsigned one_step(near_target *t, const near_law *law, unsigned want, bool compact, vecf x,
                       vecf y, vecf z, vecf gm)
{
    vecf dx = x - t->x, dy = y - t->y, dz = z - t->z;
    vecf r2 = vecf_fma(dz, dz, vecf_fma(dy, dy, vecf_fma(dx, dx, law->eps2)));
    vecf f0 = vecf_inverse_sqrt(r2), per_r2 = f0 * f0, f1 = f0 * per_r2, f2 = f1;
    if (want & ORR_WANT_TIDES)
        f2 = f1 * per_r2 * 3;
    if (compact)
        compact_law(law, r2, want, &f0, &f1, &f2);
    gm = vecf_unless_less(gm, r2, law->closest2);
    vecf w = gm * f1;
    if (want & ORR_WANT_ACC) {
        t->ax = vecf_fma(w, dx, t->ax);
        t->ay = vecf_fma(w, dy, t->ay);
        t->az = vecf_fma(w, dz, t->az);
    }
    if (want & ORR_WANT_POTENTIAL)
        t->phi = vecf_fma(gm, f0, t->phi);
    if (want & ORR_WANT_TIDES) {
        vecf g = gm * f2, gx = g * dx, gy = g * dy;
        t->tides[0] = vecf_fma(gx, dx, t->tides[0]) - w;
        t->tides[1] = vecf_fma(gx, dy, t->tides[1]);
        t->tides[2] = vecf_fma(gx, dz, t->tides[2]);
        t->tides[3] = vecf_fma(gy, dy, t->tides[3]) - w;
        t->tides[4] = vecf_fma(gy, dz, t->tides[4]);
        t->tides[5] = vecf_fma(g * dz, dz, t->tides[5]) - w;
    }
    return vecf_less(r2, law->closest2);
}

/* Is one of these pairs more than a body with itself, or one that has a potential? */
static bool matters(const orr_near *l, const near_sources *s, size_t at, unsigned lanes, size_t i)
{
    for (; lanes; lanes &= lanes - 1) {
        size_t j = s->index[at + (size_t)__builtin_ctz(lanes)];
        if (l->x[j] != l->tx[i] || l->y[j] != l->ty[i] || l->z[j] != l->tz[i] ||
            (l->softening.eps > 0 && l->want != ORR_WANT_ACC))
            return true;
    }
    return false;
}

/* The lanes of a sum of sixteen, always in the same order. */
static double sum_lanes(const float *lane)
{
    float s[LANES];
    memcpy(s, lane, sizeof s);
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t k = 0; k < half; k++)
            s[k] += s[k + half];
    return (double)s[0];
}

typedef struct near_sums {
    float ax[LANES], ay[LANES], az[LANES], phi[LANES], tides[6][LANES];
} near_sums;

MELT void keep_sums(near_sums *to, const near_target *t, size_t lane, unsigned want)
{
    memcpy(to->ax + lane, &t->ax, sizeof t->ax);
    memcpy(to->ay + lane, &t->ay, sizeof t->ay);
    memcpy(to->az + lane, &t->az, sizeof t->az);
    memcpy(to->phi + lane, &t->phi, sizeof t->phi);
    for (size_t c = 0; c < 6 && want & ORR_WANT_TIDES; c++)
        memcpy(to->tides[c] + lane, &t->tides[c], sizeof t->tides[c]);
}

static void give_sums(const orr_near *l, size_t i, const near_sums *s)
{
    double f1 = l->gm_scale / l->scale / l->scale;
    if (l->want & ORR_WANT_ACC) {
        l->ax[i] += f1 * sum_lanes(s->ax);
        l->ay[i] += f1 * sum_lanes(s->ay);
        l->az[i] += f1 * sum_lanes(s->az);
    }
    if (l->want & ORR_WANT_POTENTIAL)
        l->phi[i] -= f1 * l->scale * sum_lanes(s->phi);
    for (size_t c = 0; c < 6 && l->want & ORR_WANT_TIDES; c++)
        l->tides[c][i] += f1 / l->scale * sum_lanes(s->tides[c]);
}

/* The pairs that are too close for floats, found again as they were found above. */
static void close_pairs(const orr_near *l, const near_sources *s, const near_law *law, size_t i,
                        const float place[3])
{
    for (size_t at = 0; at < s->blocks * LANES; at += FLOATS) {
        vecf dx = vecf_load(s->x + at) - place[0], dy = vecf_load(s->y + at) - place[1];
        vecf dz = vecf_load(s->z + at) - place[2];
        vecf r2 = vecf_fma(dz, dz, vecf_fma(dy, dy, vecf_fma(dx, dx, law->eps2)));
        for (unsigned m = vecf_less(r2, law->closest2); m; m &= m - 1)
            orr_near_pair(l, i, s->index[at + (size_t)__builtin_ctz(m)]);
    }
}

/* Targets [first, first + TOGETHER). */
MELT void pull_some(const orr_near *l, const near_sources *s, const near_law *law, unsigned want,
                    bool compact, size_t first)
{
    float place[TOGETHER][3];
    near_sums sums[TOGETHER];
    near_target t[TOGETHER];
    for (size_t k = 0; k < TOGETHER; k++) {
        place[k][0] = (float)((l->tx[first + k] - l->center[0]) / l->scale);
        place[k][1] = (float)((l->ty[first + k] - l->center[1]) / l->scale);
        place[k][2] = (float)((l->tz[first + k] - l->center[2]) / l->scale);
    }
    bool is_close[TOGETHER] = {false};
    for (size_t lane = 0; lane < LANES; lane += FLOATS) {
        for (size_t k = 0; k < TOGETHER; k++)
            t[k] = (near_target){
                .x = vecf_set(place[k][0]), .y = vecf_set(place[k][1]), .z = vecf_set(place[k][2])};
        for (size_t at = lane; at < s->blocks * LANES; at += LANES) {
            vecf x = vecf_load(s->x + at), y = vecf_load(s->y + at), z = vecf_load(s->z + at);
            vecf gm = vecf_load(s->gm + at);
            unsigned close[TOGETHER], any = 0;
            for (size_t k = 0; k < TOGETHER; k++)
                any |= close[k] = one_step(&t[k], law, want, compact, x, y, z, gm);
            if (__builtin_expect(any != 0, 0))
                for (size_t k = 0; k < TOGETHER; k++)
                    if (close[k] && first + k < l->n_targets && !is_close[k])
                        is_close[k] = matters(l, s, at, close[k], first + k);
        }
        for (size_t k = 0; k < TOGETHER; k++)
            keep_sums(&sums[k], &t[k], lane, want);
    }
    for (size_t k = 0; k < TOGETHER && first + k < l->n_targets; k++) {
        give_sums(l, first + k, &sums[k]);
        if (is_close[k])
            close_pairs(l, s, law, first + k, place[k]);
    }
}

MELT void pull_all(const orr_near *l, const near_sources *s, const near_law *law, unsigned want,
                   bool compact)
{
    for (size_t i = 0; i < l->n_targets; i += TOGETHER)
        pull_some(l, s, law, want, compact, i);
}

static void pull_acc(const orr_near *l, const near_sources *s, const near_law *law)
{
    pull_all(l, s, law, ORR_WANT_ACC, false);
}

static void pull_acc_compact(const orr_near *l, const near_sources *s, const near_law *law)
{
    pull_all(l, s, law, ORR_WANT_ACC, true);
}

static void pull_acc_phi(const orr_near *l, const near_sources *s, const near_law *law)
{
    pull_all(l, s, law, ORR_WANT_ACC | ORR_WANT_POTENTIAL, false);
}

static void pull_any(const orr_near *l, const near_sources *s, const near_law *law, bool compact)
{
    pull_all(l, s, law, l->want, compact);
}

void NEAR(const orr_near *l)
{
    near_sources s = gather(l);
    double soft = l->softening.eps / l->scale;
    bool compact = soft > 0 && l->softening.law == ORR_SOFTEN_COMPACT;
    near_law law = {.eps2 = vecf_set((float)fmin(1e30, compact ? 1e-14 : soft * soft + 1e-14)),
                    .closest2 = vecf_set(closest2)};
    if (compact) {
        double H = fmin(1e15, 3 * soft);
        law.H2 = vecf_set((float)(H * H));
        law.perH = vecf_set((float)(1 / H));
        law.closest2 = vecf_set(H > 0.25 ? 0 : closest2); /* smooth: nothing is lost */
    }
    if (l->want == ORR_WANT_ACC && compact)
        pull_acc_compact(l, &s, &law);
    else if (l->want == ORR_WANT_ACC)
        pull_acc(l, &s, &law);
    else if (l->want == (ORR_WANT_ACC | ORR_WANT_POTENTIAL) && !compact)
        pull_acc_phi(l, &s, &law);
    else
        pull_any(l, &s, &law, compact);
}
