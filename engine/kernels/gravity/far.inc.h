/* far.inc.h - the expansions of far.h for one kind and one instruction set.
 *
 * What is straight-line stands in EXPANSIONS, which generate/expansions.c writes while building;
 * here is what feeds it.  Sixteen sources (M2L), bodies (P2M, M2P) or eight children (M2M, L2L) or
 * bodies (L2P) lie across the lanes, whatever the width of the machine's vectors: the same numbers
 * are added in the same order everywhere. */
#include <math.h>
#include <string.h>

#include <orrery/problem.h>

#include "kernels/gravity/far.h"
#include "kernels/simd_float.h"

typedef vecf V;
typedef vec Y;

enum {
    LINES = VECS,
    MOST_COMPONENTS = 165, /* of a whole tensor, p = 8 */
    MOST_COLUMNS = 168,    /* size, multipoles, padded to groups of four */
    HEAD = 8,              /* floats before the size: centre and GM as doubles */
    LIST = 1024,           /* pairs that are summed in floats before they are added in double */
    FEW = 64               /* likewise of M2P, whose sums are shorter by the lanes */
};

#define S(c)         vecf_set((float)(c))
#define T(c)         vec_set(c)
#define FMA(a, b, c) vecf_fma(a, b, c)
#define FMS(a, b, c) vecf_fms(a, b, c)
/* Where few pass, and fma may be no instruction: two roundings. */
#define ADD(a, b, c) ((a) * (b) + (c))
#define FLUSH(v)     vecf_flush(v, 0x1p-110f)

/* Straight-line code on what is handed to it: under sanitizers it would take minutes to compile. */
#define UNCHECKED static __attribute__((no_sanitize("address", "undefined")))

#include EXPANSIONS

/* Sizes of one order. */
typedef struct shape {
    int p, multipoles, locals; /* components of orders 2 ... p; of 0 ... p */
} shape;

static size_t row_of(const shape *s)
{
    return orr_far_multipoles(KIND, s->p);
}

/* Size over distance: below 2^-12 its square is no more than rounding. */
static inline V small_ratio(V a)
{
    return vecf_flush(a, 0x1p-12f);
}

/* Columns [0, n) from float HEAD on of VEC_FLOATS rows, a row in each lane. */
static inline void gather(const float *const rows[], int n, V *out)
{
    for (int k = 0; k < n; k += 4) {
        vecf4 part[VEC_FLOATS];
        for (int i = 0; i < VEC_FLOATS; i++)
            memcpy(&part[i], rows[i] + HEAD + k, sizeof part[i]);
        vecf_columns(part, out + k);
    }
}

/* Centre less `from`, and GM, of VEC_FLOATS rows. */
static inline void gather_heads(const float *const rows[], const double from[4], V out[4])
{
    vecf4 part[VEC_FLOATS];
    vecd4 zero;
    memcpy(&zero, from, sizeof zero);
    for (int i = 0; i < VEC_FLOATS; i++) {
        vecd4 head;
        memcpy(&head, rows[i], sizeof head);
        part[i] = __builtin_convertvector(head - zero, vecf4);
    }
    vecf_columns(part, out);
}

/* ---- multipoles ---- */

/* Sums over the lanes of what the kernels left, and the head. */
static void store_row(const shape *s, const orr_far_cells *cells, size_t c, const V *f)
{
    float *row = cells->multipoles + c * row_of(s);
    double head[4] = {cells->z[0][c] / cells->length, cells->z[1][c] / cells->length,
                      cells->z[2][c] / cells->length, cells->gm[c] / cells->mass};
    if (head[3] < 0x1p-100)
        head[3] = 0; /* of the whole mass: pulls nothing that a float could hold */
    memset(row, 0, row_of(s) * sizeof *row);
    memcpy(row, head, sizeof head);
    row[HEAD] = (float)(cells->size[c] / cells->length);
    for (int k = 0; k < s->multipoles; k += 4) {
        vecf4 sum = vecf_sum16((const float *)(f + k * BLOCKS));
        for (int i = 0; i < 4 && k + i < s->multipoles; i++)
            row[HEAD + 1 + k + i] = fabsf(sum[i]) < 0x1p-45f ? 0 : sum[i];
    }
}

static void clear(V *f, int components)
{
    memset(f, 0, (size_t)((components + 3) / 4 * 4 * BLOCKS) * sizeof *f);
}

typedef void p2m_core(V x, V y, V z, V gm, V *f);

static void p2m(const shape *s, p2m_core *core, const orr_far_cells *cells, size_t c,
                const double *const x[4], size_t begin, size_t n)
{
    V f[MOST_COLUMNS * BLOCKS];
    double over = 1 / cells->size[c], gm = cells->gm[c];
    clear(f, s->multipoles);
    for (size_t k = 0; k < n; k += 16) {
        float d[4][16] __attribute__((aligned(64))) = {{0}};
        for (size_t i = 0; i < 16 && k + i < n; i++) {
            for (size_t axis = 0; axis < 3; axis++)
                d[axis][i] = (float)((cells->z[axis][c] - x[axis][begin + k + i]) * over);
            d[3][i] = (float)(x[3][begin + k + i] / gm);
        }
        for (int b = 0; b < BLOCKS; b++) {
            int at = b * VEC_FLOATS;
            core(vecf_load(d[0] + at), vecf_load(d[1] + at), vecf_load(d[2] + at),
                 vecf_flush(vecf_load(d[3] + at), 0x1p-60f), f + b);
        }
    }
    store_row(s, cells, c, f);
}

typedef void m2m_core(V x, V y, V z, V a1, V gm, const V *c, V *f);

static void m2m(const shape *s, m2m_core *core, const orr_far_cells *cells, size_t parent,
                size_t first, size_t n)
{
    V f[MOST_COLUMNS * BLOCKS], columns[MOST_COLUMNS];
    float d[5][16] __attribute__((aligned(64))) = {{0}};
    const float *rows[16];
    double over = 1 / cells->size[parent];
    clear(f, s->multipoles);
    for (size_t i = 0; i < 16; i++)
        rows[i] = cells->multipoles + row_of(s) * (first + (i < n ? i : n - 1));
    for (size_t i = 0; i < n; i++) {
        for (size_t axis = 0; axis < 3; axis++)
            d[axis][i] = (float)((cells->z[axis][parent] - cells->z[axis][first + i]) * over);
        d[3][i] = (float)(cells->size[first + i] * over);
        d[4][i] = (float)(cells->gm[first + i] / cells->gm[parent]);
    }
    for (int b = 0; b < BLOCKS && (size_t)(b * VEC_FLOATS) < n; b++) {
        int at = b * VEC_FLOATS;
        gather(rows + at, s->multipoles + 1, columns);
        core(vecf_load(d[0] + at), vecf_load(d[1] + at), vecf_load(d[2] + at),
             small_ratio(vecf_load(d[3] + at)), vecf_flush(vecf_load(d[4] + at), 0x1p-60f),
             columns + 1, f + b);
    }
    store_row(s, cells, parent, f);
}

/* ---- M2L ---- */

typedef void m2l_core(V x, V y, V z, V a1, V ratio, V w, const V *c, V *f);

/* Up to LIST sources. */
static void m2l_list(const shape *s, m2l_core *core, const orr_far_cells *targets, size_t t,
                     const orr_far_cells *sources, const uint32_t *list, size_t n, double eps)
{
    V f[MOST_COLUMNS * BLOCKS], columns[MOST_COLUMNS], head[4];
    double u = targets->length;
    double from[4] = {targets->z[0][t] / u, targets->z[1][t] / u, targets->z[2][t] / u, 0};
    V size = S(targets->size[t] / u), eps2 = S(eps / u * (eps / u));
    size_t row = row_of(s);
    clear(f, s->locals);
    for (size_t k = 0; k < n; k += 16) {
        const float *rows[16];
        float live[16] __attribute__((aligned(64)));
        for (size_t i = 0; i < 16; i++) {
            rows[i] = sources->multipoles + row * list[k + i < n ? k + i : n - 1];
            live[i] = k + i < n ? 1 : 0;
            if (k + 16 + i < n) /* rows lie anywhere: fetched while these are worked on */
                for (size_t at = 0; at < row; at += 16)
                    __builtin_prefetch(sources->multipoles + row * list[k + 16 + i] + at);
        }
        for (int b = 0; b < BLOCKS; b++) {
            gather_heads(rows + b * VEC_FLOATS, from, head);
            gather(rows + b * VEC_FLOATS, s->multipoles + 1, columns);
            V x = head[0], y = head[1], z = head[2];
            V h = S(1.0) / vecf_sqrt(FMA(x, x, FMA(y, y, FMA(z, z, eps2))));
            core(x * h, y * h, z * h, small_ratio(columns[0] * h), size * h,
                 head[3] * h * vecf_load(live + b * VEC_FLOATS), columns + 1, f + b);
        }
    }
    double *to = targets->locals + t * orr_far_locals(KIND, s->p);
    for (int k = 0; k < s->locals; k += 4) {
        vecf4 sum = vecf_sum16((const float *)(f + k * BLOCKS));
        for (int i = 0; i < 4 && k + i < s->locals; i++)
            to[k + i] += (double)sum[i];
    }
}

static void m2l(const shape *s, m2l_core *core, const orr_far_cells *targets, size_t t,
                const orr_far_cells *sources, const uint32_t *list, size_t n, double eps)
{
    for (size_t k = 0; k < n; k += LIST)
        m2l_list(s, core, targets, t, sources, list + k, n - k < LIST ? n - k : LIST,
                 KIND == ORR_FULL ? eps : 0);
}

/* ---- M2P ---- */

typedef void m2p_core(V x, V y, V z, V a1, V h, V w, const float *c, unsigned want, V *f);

/* A source as the bodies near `center` see it, lengths over `unit`. */
typedef struct seen {
    float x, y, z, gm, size;
    const float *c;
} seen;

static size_t see(const shape *s, const orr_far_cells *sources, const uint32_t *list, size_t n,
                  const orr_near *at, double unit, seen *out)
{
    double over = 1 / unit, scale = sources->length * over, center[3];
    for (int axis = 0; axis < 3; axis++)
        center[axis] = at->center[axis] * over;
    for (size_t k = 0; k < n; k++) {
        const float *row = sources->multipoles + row_of(s) * list[k];
        double head[4];
        memcpy(head, row, sizeof head);
        out[k] = (seen){(float)(head[0] * scale - center[0]), (float)(head[1] * scale - center[1]),
                        (float)(head[2] * scale - center[2]), (float)head[3],
                        (float)((double)row[HEAD] * scale),   row + HEAD + 1};
    }
    return n;
}

/* Adds up what FEW sources do to bodies [i, i + n), n <= VEC_FLOATS. */
static void give(const orr_near *at, size_t i, size_t n, const V f[10], double mass, double unit)
{
    double phi = mass / unit, acc = phi / unit, tide = acc / unit;
    for (size_t k = 0; k < n && at->want & ORR_WANT_POTENTIAL; k++)
        at->phi[i + k] -= (double)f[0][k] * phi;
    for (size_t k = 0; k < n && at->want & ORR_WANT_ACC; k++) {
        at->ax[i + k] += (double)f[1][k] * acc;
        at->ay[i + k] += (double)f[2][k] * acc;
        at->az[i + k] += (double)f[3][k] * acc;
    }
    for (int c = 0; c < 6 && at->want & ORR_WANT_TIDES; c++)
        for (size_t k = 0; k < n; k++)
            at->tides[c][i + k] += (double)f[4 + c][k] * tide;
}

static void m2p(const shape *s, m2p_core *core, const orr_far_cells *sources, const uint32_t *list,
                size_t n, double eps, orr_near *at)
{
    int exponent;
    frexp(at->scale, &exponent);
    double unit = ldexp(1, exponent), over = 1 / unit;
    V eps2 = S(KIND == ORR_FULL ? eps * over * (eps * over) : 0);
    seen some[FEW];
    for (size_t k = 0; k < n; k += FEW) {
        size_t m = see(s, sources, list + k, n - k < FEW ? n - k : FEW, at, unit, some);
        for (size_t i = 0; i < at->n_targets; i += VEC_FLOATS) {
            size_t count = at->n_targets - i < VEC_FLOATS ? at->n_targets - i : VEC_FLOATS;
            V f[10] = {{0}};
            double d[3][VEC_FLOATS];
            for (size_t l = 0; l < VEC_FLOATS; l++) {
                d[0][l] = (at->tx[i + l] - at->center[0]) * over;
                d[1][l] = (at->ty[i + l] - at->center[1]) * over;
                d[2][l] = (at->tz[i + l] - at->center[2]) * over;
            }
            V bx = vecf_of(d[0]), by = vecf_of(d[1]), bz = vecf_of(d[2]);
            for (size_t q = 0; q < m; q++) {
                V x = S(some[q].x) - bx, y = S(some[q].y) - by, z = S(some[q].z) - bz;
                V h = S(1.0) / vecf_sqrt(FMA(x, x, FMA(y, y, FMA(z, z, eps2))));
                core(x * h, y * h, z * h, small_ratio(S(some[q].size) * h), h, S(some[q].gm) * h,
                     some[q].c, at->want, f);
            }
            if (KIND == ORR_HARMONIC)
                f[9] = -(f[4] + f[7]);
            give(at, i, count, f, sources->mass, unit);
        }
    }
}

/* ---- locals ---- */

typedef void unfold_core(const double *row, double *f);
typedef void l2l_core(Y x, Y y, Y z, Y a1, const double *f, Y *to);
typedef void l2p_core(Y x, Y y, Y z, const double *f, unsigned want, Y *to);

static void l2l(const shape *s, unfold_core *unfold, l2l_core *core, const orr_far_cells *cells,
                size_t parent, size_t first, size_t n)
{
    Y to[MOST_COMPONENTS * LINES];
    size_t row = orr_far_locals(KIND, s->p);
    double f[MOST_COMPONENTS], d[4][8] __attribute__((aligned(64))) = {{0}};
    double over = 1 / cells->size[parent];
    unfold(cells->locals + parent * row, f);
    for (size_t i = 0; i < n; i++) {
        for (size_t axis = 0; axis < 3; axis++)
            d[axis][i] = (cells->z[axis][first + i] - cells->z[axis][parent]) * over;
        d[3][i] = cells->size[first + i] * over;
    }
    for (int b = 0; b < LINES; b++) {
        int at = b * VEC_DOUBLES;
        core(vec_load(d[0] + at), vec_load(d[1] + at), vec_load(d[2] + at), vec_load(d[3] + at), f,
             to + b);
    }
    for (size_t i = 0; i < n; i++) {
        double *child = cells->locals + (first + i) * row;
        for (int k = 0; k < s->locals; k++)
            child[k] += ((const double *)to)[8 * k + (int)i];
    }
}

/* v += f unit for the lanes of one vector that are bodies. */
static inline void add_to(double *v, Y f, double unit, size_t n)
{
    for (size_t k = 0; k < VEC_DOUBLES && k < n; k++)
        v[k] += f[k] * unit;
}

static void l2p(const shape *s, unfold_core *unfold, l2p_core *core, const orr_far_cells *cells,
                size_t c, orr_near *at)
{
    double f[MOST_COMPONENTS], over = 1 / cells->size[c];
    double phi = cells->mass / cells->length, acc = phi * over, tide = acc * over;
    unfold(cells->locals + c * orr_far_locals(KIND, s->p), f);
    for (size_t i = 0; i < at->n_targets; i += VEC_DOUBLES) {
        Y to[10];
        size_t n = at->n_targets - i;
        core((vec_load(at->tx + i) - T(cells->z[0][c])) * T(over),
             (vec_load(at->ty + i) - T(cells->z[1][c])) * T(over),
             (vec_load(at->tz + i) - T(cells->z[2][c])) * T(over), f, at->want, to);
        if (at->want & ORR_WANT_POTENTIAL)
            add_to(at->phi + i, to[0], -phi, n);
        if (at->want & ORR_WANT_ACC) {
            add_to(at->ax + i, to[1], acc, n);
            add_to(at->ay + i, to[2], acc, n);
            add_to(at->az + i, to[3], acc, n);
        }
        for (int k = 0; k < 6 && at->want & ORR_WANT_TIDES; k++)
            add_to(at->tides[k] + i, to[4 + k], tide, n);
    }
}

/* ---- tables ---- */

#define FAR_ORDER(P, MULTIPOLES, LOCALS)                                                           \
    static const shape shape##P = {P, MULTIPOLES, LOCALS};                                         \
    static void p2m##P(const orr_far_cells *a, size_t c, const double *x, const double *y,         \
                       const double *z, const double *gm, size_t begin, size_t n)                  \
    {                                                                                              \
        p2m(&shape##P, p2m_core##P, a, c, (const double *const[]){x, y, z, gm}, begin, n);         \
    }                                                                                              \
    static void m2m##P(const orr_far_cells *a, size_t parent, size_t first, size_t n)              \
    {                                                                                              \
        m2m(&shape##P, m2m_core##P, a, parent, first, n);                                          \
    }                                                                                              \
    static void power##P(const orr_far_cells *a, size_t c, float *out)                             \
    {                                                                                              \
        power_core##P(a->multipoles + c * row_of(&shape##P) + HEAD + 1, out);                      \
    }                                                                                              \
    static void m2l##P(const orr_far_cells *a, size_t t, const orr_far_cells *b,                   \
                       const uint32_t *list, size_t n, double eps)                                 \
    {                                                                                              \
        m2l(&shape##P, m2l_core##P, a, t, b, list, n, eps);                                        \
    }                                                                                              \
    static void l2l##P(const orr_far_cells *a, size_t parent, size_t first, size_t n)              \
    {                                                                                              \
        l2l(&shape##P, unfold##P, l2l_core##P, a, parent, first, n);                               \
    }                                                                                              \
    static void l2p##P(const orr_far_cells *a, size_t c, orr_near *at)                             \
    {                                                                                              \
        l2p(&shape##P, unfold##P, l2p_core##P, a, c, at);                                          \
    }                                                                                              \
    static void m2p##P(const orr_far_cells *a, const uint32_t *list, size_t n, double eps,         \
                       orr_near *at)                                                               \
    {                                                                                              \
        m2p(&shape##P, m2p_core##P, a, list, n, eps, at);                                          \
    }
EACH_FAR_ORDER(FAR_ORDER)

#define FAR_TABLE(P, MULTIPOLES, LOCALS)                                                           \
    [P] = {p2m##P, m2m##P, power##P, m2l##P, l2l##P, l2p##P, m2p##P},
const orr_far_kernels FAR_KERNELS[ORR_MOST_ORDER + 1] = {EACH_FAR_ORDER(FAR_TABLE)};
