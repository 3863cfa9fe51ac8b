/* far_plain.c - the expansions of far.h as plain loops over whole tensors. */
#include "kernels/gravity/far.h"

#include <math.h>
#include <string.h>

#include <orrery/problem.h>

enum { P = ORR_MOST_ORDER, WHOLE = (P + 1) * (P + 2) * (P + 3) / 6 };

/* Place of a component in a whole tensor: by order, k_z, k_y. */
static size_t whole(int kx, int ky, int kz)
{
    int n = kx + ky + kz;
    return (size_t)(n * (n + 1) * (n + 2) / 6 + kz * (n + 1) - kz * (kz - 1) / 2 + ky);
}

#define EACH_COMPONENT(p)                                                                          \
    for (int n = 0; n <= (p); n++)                                                                 \
        for (int kz = 0; kz <= n; kz++)                                                            \
            for (int ky = 0, kx = n - kz; kx >= 0; ky++, kx--)

static double factorial(int n)
{
    return n < 2 ? 1 : n * factorial(n - 1);
}

static int most_z(orr_expansion kind, int n)
{
    return kind == ORR_HARMONIC && n > 1 ? 1 : n;
}

size_t orr_far_multipoles(orr_expansion kind, int p)
{
    size_t n = (size_t)(p + 1), all = kind == ORR_HARMONIC ? n * n : n * (n + 1) * (n + 2) / 6;
    return (9 + all - 4 + 15) / 16 * 16;
}

size_t orr_far_locals(orr_expansion kind, int p)
{
    size_t n = (size_t)(p + 1), all = kind == ORR_HARMONIC ? n * n : n * (n + 1) * (n + 2) / 6;
    return (all + 7) / 8 * 8;
}

typedef struct row {
    double z[3], gm, size, m[WHOLE];
} row;

static row load(orr_expansion kind, int p, const orr_far_cells *cells, size_t c)
{
    const float *from = cells->multipoles + c * orr_far_multipoles(kind, p);
    row r = {.size = (double)from[8]};
    memcpy(r.z, from, sizeof r.z);
    memcpy(&r.gm, from + 6, sizeof r.gm);
    r.m[0] = 1;
    size_t at = 9;
    EACH_COMPONENT(p)
    if (n >= 2 && kz <= most_z(kind, n))
        r.m[whole(kx, ky, kz)] = (double)from[at++];
    return r;
}

static void store(orr_expansion kind, int p, const orr_far_cells *cells, size_t c, double *m)
{
    float *to = cells->multipoles + c * orr_far_multipoles(kind, p);
    double head[4] = {cells->z[0][c] / cells->length, cells->z[1][c] / cells->length,
                      cells->z[2][c] / cells->length, cells->gm[c] / cells->mass};
    memset(to, 0, orr_far_multipoles(kind, p) * sizeof *to);
    memcpy(to, head, sizeof head);
    to[8] = (float)(cells->size[c] / cells->length);
    if (kind == ORR_HARMONIC)
        for (int n = 2; n <= p; n++)
            for (int kz = n; kz >= 2; kz--)
                for (int ky = 0, kx = n - kz; kx >= 0; ky++, kx--) {
                    m[whole(kx + 2, ky, kz - 2)] -= m[whole(kx, ky, kz)];
                    m[whole(kx, ky + 2, kz - 2)] -= m[whole(kx, ky, kz)];
                }
    size_t at = 9;
    EACH_COMPONENT(p) if (n >= 2 && kz <= most_z(kind, n)) to[at++] = (float)m[whole(kx, ky, kz)];
}

/* r^k / k! */
static void monomials(int p, const double r[3], double *out)
{
    double power[3][P + 1];
    for (int i = 0; i < 3; i++) {
        power[i][0] = 1;
        for (int k = 1; k <= p; k++)
            power[i][k] = power[i][k - 1] * r[i] / k;
    }
    EACH_COMPONENT(p) out[whole(kx, ky, kz)] = power[0][kx] * power[1][ky] * power[2][kz];
}

static void p2m(orr_expansion kind, int p, const orr_far_cells *cells, size_t c, const double *x,
                const double *y, const double *z, const double *gm, size_t begin, size_t n)
{
    double m[WHOLE] = {0}, one[WHOLE];
    for (size_t i = begin; i < begin + n; i++) {
        double r[3] = {(cells->z[0][c] - x[i]) / cells->size[c],
                       (cells->z[1][c] - y[i]) / cells->size[c],
                       (cells->z[2][c] - z[i]) / cells->size[c]};
        monomials(p, r, one);
        for (size_t k = 0; k < whole(0, 0, p) + 1; k++)
            m[k] += gm[i] / cells->gm[c] * one[k];
    }
    store(kind, p, cells, c, m);
}

/* out_m += f sum_k in_k a^|k| shift_{m-k} */
static void shift_up(int p, const double *in, double f, double a, const double *shift, double *out)
{
    EACH_COMPONENT(p)
    for (int lz = 0; lz <= kz; lz++)
        for (int ly = 0; ly <= ky; ly++)
            for (int lx = 0; lx <= kx; lx++)
                out[whole(kx, ky, kz)] += f * pow(a, lx + ly + lz) * in[whole(lx, ly, lz)] *
                                          shift[whole(kx - lx, ky - ly, kz - lz)];
}

static void m2m(orr_expansion kind, int p, const orr_far_cells *cells, size_t parent, size_t first,
                size_t n)
{
    double m[WHOLE] = {0}, shift[WHOLE];
    for (size_t c = first; c < first + n; c++) {
        double d[3];
        for (int i = 0; i < 3; i++)
            d[i] = (cells->z[i][parent] - cells->z[i][c]) / cells->size[parent];
        row r = load(kind, p, cells, c);
        monomials(p, d, shift);
        shift_up(p, r.m, cells->gm[c] / cells->gm[parent], cells->size[c] / cells->size[parent],
                 shift, m);
    }
    store(kind, p, cells, parent, m);
}

static void power(orr_expansion kind, int p, const orr_far_cells *cells, size_t c, float *out)
{
    row r = load(kind, p, cells, c);
    double sum[P + 1] = {0};
    EACH_COMPONENT(p)
    sum[n] += factorial(n) * factorial(kx) * factorial(ky) * factorial(kz) *
              r.m[whole(kx, ky, kz)] * r.m[whole(kx, ky, kz)];
    for (int n = 0; n <= p; n++)
        out[n] = (float)sqrt(sum[n]);
}

/* D_k (R / R0) R0^|k| R0^(1/2) of 1 / sqrt(R^2 + eps^2), R0^2 = R^2 + eps^2; 1 / R0 is given back */
static double derivatives(int p, const double R[3], double eps, double *d)
{
    double h = 1 / sqrt(R[0] * R[0] + R[1] * R[1] + R[2] * R[2] + eps * eps);
    double u[3] = {R[0] * h, R[1] * h, R[2] * h}, t[P + 2][WHOLE], b = 1;
    for (int j = 0; j <= p; j++, b *= -(2 * j - 1))
        t[j][0] = b;
    for (int order = 1; order <= p; order++)
        for (int j = 0; j + order <= p; j++)
            for (int kz = 0; kz <= order; kz++)
                for (int ky = 0, kx = order - kz; kx >= 0; ky++, kx--) {
                    int i = kz ? 2 : ky ? 1 : 0, k = kz ? kz : ky ? ky : kx;
                    int a = kx - (i == 0), e = ky - (i == 1), f = kz - (i == 2);
                    double v = u[i] * t[j + 1][whole(a, e, f)];
                    if (k > 1)
                        v += (k - 1) * t[j + 1][whole(a - (i == 0), e - (i == 1), f - (i == 2))];
                    t[j][whole(kx, ky, kz)] = v;
                }
    memcpy(d, t[0], sizeof t[0]);
    return h;
}

/* F_n += sum_m M_m D_{n+m} for |n| <= most */
static void pull(int p, int most, const row *s, const double R[3], double eps, double size,
                 double *out)
{
    double d[WHOLE], h = derivatives(p, R, eps, d);
    for (int o = 0; o <= most; o++)
        for (int oz = 0; oz <= o; oz++)
            for (int oy = 0, ox = o - oz; ox >= 0; oy++, ox--) {
                double f = 0;
                EACH_COMPONENT(p - o)
                f += s->m[whole(kx, ky, kz)] * d[whole(kx + ox, ky + oy, kz + oz)] *
                     pow(h * s->size, n);
                out[whole(ox, oy, oz)] += s->gm * h * pow(h * size, o) * f;
            }
}

static void m2l(orr_expansion kind, int p, const orr_far_cells *targets, size_t t,
                const orr_far_cells *sources, const uint32_t *list, size_t count, double eps)
{
    double f[WHOLE] = {0}, u = targets->length;
    for (size_t k = 0; k < count; k++) {
        row s = load(kind, p, sources, list[k]);
        double R[3] = {targets->z[0][t] / u - s.z[0], targets->z[1][t] / u - s.z[1],
                       targets->z[2][t] / u - s.z[2]};
        pull(p, p, &s, R, kind == ORR_FULL ? eps / u : 0, targets->size[t] / u, f);
    }
    double *to = targets->locals + t * orr_far_locals(kind, p);
    EACH_COMPONENT(p) if (kz <= most_z(kind, n)) *to++ += f[whole(kx, ky, kz)];
}

static void unfold(orr_expansion kind, int p, const double *from, double *f)
{
    EACH_COMPONENT(p)
    f[whole(kx, ky, kz)] = kz <= most_z(kind, n)
                               ? *from++
                               : -f[whole(kx + 2, ky, kz - 2)] - f[whole(kx, ky + 2, kz - 2)];
}

static void l2l(orr_expansion kind, int p, const orr_far_cells *cells, size_t parent, size_t first,
                size_t count)
{
    double f[WHOLE], shift[WHOLE];
    unfold(kind, p, cells->locals + parent * orr_far_locals(kind, p), f);
    for (size_t c = first; c < first + count; c++) {
        double *to = cells->locals + c * orr_far_locals(kind, p), d[3];
        for (int i = 0; i < 3; i++)
            d[i] = (cells->z[i][c] - cells->z[i][parent]) / cells->size[parent];
        monomials(p, d, shift);
        for (int o = 0; o <= p; o++)
            for (int oz = 0; oz <= most_z(kind, o); oz++)
                for (int oy = 0, ox = o - oz; ox >= 0; oy++, ox--) {
                    double sum = 0;
                    EACH_COMPONENT(p - o)
                    sum += f[whole(kx + ox, ky + oy, kz + oz)] * shift[whole(kx, ky, kz)];
                    *to++ += sum * pow(cells->size[c] / cells->size[parent], o);
                }
    }
}

/* phi and its derivatives from F up to order 2 at a body; lengths over `length` */
static void give(orr_near *at, size_t i, const double *f, double gm, double length)
{
    if (at->want & ORR_WANT_POTENTIAL)
        at->phi[i] -= f[0] * gm / length;
    if (at->want & ORR_WANT_ACC) {
        double unit = gm / length / length;
        at->ax[i] += f[whole(1, 0, 0)] * unit;
        at->ay[i] += f[whole(0, 1, 0)] * unit;
        at->az[i] += f[whole(0, 0, 1)] * unit;
    }
    if (at->want & ORR_WANT_TIDES) {
        double unit = gm / length / length / length;
        const size_t from[6] = {whole(2, 0, 0), whole(1, 1, 0), whole(1, 0, 1),
                                whole(0, 2, 0), whole(0, 1, 1), whole(0, 0, 2)};
        for (int k = 0; k < 6; k++)
            at->tides[k][i] += f[from[k]] * unit;
    }
}

static void l2p(orr_expansion kind, int p, const orr_far_cells *cells, size_t c, orr_near *at)
{
    double f[WHOLE], shift[WHOLE], size = cells->size[c];
    unfold(kind, p, cells->locals + c * orr_far_locals(kind, p), f);
    for (size_t i = 0; i < at->n_targets; i++) {
        double r[3] = {(at->tx[i] - cells->z[0][c]) / size, (at->ty[i] - cells->z[1][c]) / size,
                       (at->tz[i] - cells->z[2][c]) / size},
               out[10] = {0};
        monomials(p, r, shift);
        for (int o = 0; o <= 2; o++)
            for (int oz = 0; oz <= o; oz++)
                for (int oy = 0, ox = o - oz; ox >= 0; oy++, ox--) {
                    double sum = 0;
                    EACH_COMPONENT(p - o)
                    sum += f[whole(kx + ox, ky + oy, kz + oz)] * shift[whole(kx, ky, kz)];
                    out[whole(ox, oy, oz)] = sum * pow(cells->length / size, o);
                }
        give(at, i, out, cells->mass, cells->length);
    }
}

static void m2p(orr_expansion kind, int p, const orr_far_cells *sources, const uint32_t *list,
                size_t n, double eps, orr_near *at)
{
    double u = sources->length;
    for (size_t i = 0; i < at->n_targets; i++) {
        double f[WHOLE] = {0};
        for (size_t k = 0; k < n; k++) {
            row s = load(kind, p, sources, list[k]);
            double R[3] = {at->tx[i] / u - s.z[0], at->ty[i] / u - s.z[1], at->tz[i] / u - s.z[2]};
            pull(p, 2, &s, R, kind == ORR_FULL ? eps / u : 0, 1, f);
        }
        give(at, i, f, sources->mass, u);
    }
}

#define KERNELS_OF(kind, p)                                                                        \
    static void p2m_##kind##p(const orr_far_cells *a, size_t c, const double *x, const double *y,  \
                              const double *z, const double *gm, size_t b, size_t n)               \
    {                                                                                              \
        p2m(kind, p, a, c, x, y, z, gm, b, n);                                                     \
    }                                                                                              \
    static void m2m_##kind##p(const orr_far_cells *a, size_t t, size_t c, size_t n)                \
    {                                                                                              \
        m2m(kind, p, a, t, c, n);                                                                  \
    }                                                                                              \
    static void power_##kind##p(const orr_far_cells *a, size_t c, float *out)                      \
    {                                                                                              \
        power(kind, p, a, c, out);                                                                 \
    }                                                                                              \
    static void m2l_##kind##p(const orr_far_cells *a, size_t t, const orr_far_cells *s,            \
                              const uint32_t *l, size_t n, double eps)                             \
    {                                                                                              \
        m2l(kind, p, a, t, s, l, n, eps);                                                          \
    }                                                                                              \
    static void l2l_##kind##p(const orr_far_cells *a, size_t t, size_t c, size_t n)                \
    {                                                                                              \
        l2l(kind, p, a, t, c, n);                                                                  \
    }                                                                                              \
    static void l2p_##kind##p(const orr_far_cells *a, size_t c, orr_near *at)                      \
    {                                                                                              \
        l2p(kind, p, a, c, at);                                                                    \
    }                                                                                              \
    static void m2p_##kind##p(const orr_far_cells *s, const uint32_t *l, size_t n, double eps,     \
                              orr_near *at)                                                        \
    {                                                                                              \
        m2p(kind, p, s, l, n, eps, at);                                                            \
    }
#define EACH_ORDER(X)                                                                              \
    X(ORR_HARMONIC, 2)                                                                             \
    X(ORR_HARMONIC, 3)                                                                             \
    X(ORR_HARMONIC, 4)                                                                             \
    X(ORR_HARMONIC, 5)                                                                             \
    X(ORR_HARMONIC, 6)                                                                             \
    X(ORR_HARMONIC, 7)                                                                             \
    X(ORR_HARMONIC, 8)                                                                             \
    X(ORR_FULL, 2)                                                                                 \
    X(ORR_FULL, 3)                                                                                 \
    X(ORR_FULL, 4)                                                                                 \
    X(ORR_FULL, 5)                                                                                 \
    X(ORR_FULL, 6)                                                                                 \
    X(ORR_FULL, 7)                                                                                 \
    X(ORR_FULL, 8)
EACH_ORDER(KERNELS_OF)

const orr_far_kernels *orr_far_plain(orr_expansion kind, int p)
{
#define TABLE_OF(kind, p)                                                                          \
    [kind][p] = {p2m_##kind##p, m2m_##kind##p, power_##kind##p, m2l_##kind##p,                     \
                 l2l_##kind##p, l2p_##kind##p, m2p_##kind##p},
    static const orr_far_kernels all[2][P + 1] = {EACH_ORDER(TABLE_OF)};
    return p >= ORR_LEAST_ORDER && p <= ORR_MOST_ORDER ? &all[kind][p] : NULL;
}
